"""Each reason has its own plain message that says what to do next."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.places import CREDITS
from referral.places.gazetteer import lookup
from referral.places.messages import message
from referral.places.results import Choices, Found, NotFound, Reason

SOMEWHERE = Found("Louisville, KY", 38.2542, -85.7594, "city", "KY", "city")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_says_what_to_do_next(places_app: Flask, reason: Reason) -> None:
    with places_app.test_request_context():
        for result in (NotFound(reason), Choices(reason, (SOMEWHERE,))):
            text = message(result)
            assert any(word in text for word in ("Enter", "enter", "Choose", "choose", "Check", "0 missing"))
            assert len(text.split()) <= 30


def test_reasons_do_not_share_a_message(places_app: Flask) -> None:
    with places_app.test_request_context():
        texts = [message(NotFound(reason)) for reason in Reason]
    assert len(set(texts)) == len(texts)


def test_a_found_place_needs_no_message(places_app: Flask, places: sa.Connection) -> None:
    with places_app.test_request_context():
        assert message(lookup(places, "40202")) == ""


def test_the_sources_of_the_places_are_credited() -> None:
    assert "GeoNames" in CREDITS
    assert "CC BY 4.0" in CREDITS
    assert "zipcodes" in CREDITS
