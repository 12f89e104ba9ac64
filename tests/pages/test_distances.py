"""What a distance says of itself: no finer than the points at its ends."""

from __future__ import annotations

import pytest
from flask import Flask

from referral.database import start_writing
from referral.extensions import db
from referral.matching import Origin, Precision, Query
from referral.pages.wording import distance_text
from referral.sealing import Asked
from tests.pages.reading import read
from tests.pages.world import at, provider

MIDDLE = at(38.25, -85.75, "zip")


@pytest.mark.parametrize(
    ("miles", "start", "is_approximate", "said"),
    [
        (0.0, Precision.EXACT, False, "less than 0.1 miles"),
        (0.44, Precision.EXACT, False, "0.4 miles"),
        (0.0, Precision.ZIP, True, "in the same ZIP code"),
        (0.0, Precision.CITY, True, "in the same city or county"),
        (0.0, Precision.ZIP, False, "within about a mile"),
        (0.0, Precision.EXACT, True, "within about a mile"),
        (0.0, Precision.ROUNDED, True, "within about a mile"),
        (0.44, Precision.ZIP, True, "within about a mile"),
        (1.04, Precision.ZIP, True, "about 1.0 miles"),
        (12.3, Precision.EXACT, True, "about 12.3 miles"),
        (1234.5, Precision.ROUNDED, False, "about 1,234.5 miles"),
    ],
)
def test_a_distance_is_no_finer_than_its_ends(
    site: Flask, miles: float, start: Precision, is_approximate: bool, said: str
) -> None:
    with site.test_request_context("/"):
        assert distance_text(miles, start, is_approximate=is_approximate) == said


def test_places_at_the_middle_of_the_same_zip_are_said_to_be_in_it(app: Flask) -> None:
    start_writing(db.session)
    db.session.add(provider("detox", "Middle Detox", "detox", **MIDDLE))
    db.session.add(provider("after", "Middle Clinic", "outpatient", **MIDDLE))
    db.session.commit()
    origin = Origin(38.25, -85.75, Precision.ZIP, "40202 (Louisville, KY)")
    text = app.extensions["seal"].seal(Asked(Query(origin, ("detox", "outpatient")), "40202"))
    answer = app.test_client().get(f"/results/{text}")
    results = read(answer)
    assert results.texts(class_="distance") == ["in the same ZIP code"] * 2
    assert "Of some places, too, we know only the ZIP code or city." in results.text()
    assert "Middle Clinic, in the same ZIP code" in answer.get_data(as_text=True), "the map says it too"
    plan = read(app.test_client().get(f"/plan/{text}"))
    assert plan.texts(class_="leg") == ["Distance from the first place of the step before: in the same ZIP code."]
    spanish = read(app.test_client().get(f"/es/results/{text}"))
    assert spanish.texts(class_="distance") == ["en el mismo código postal"] * 2
