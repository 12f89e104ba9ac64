"""Whatever stands in the address, the list answers below 500 and repeats no markup."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.finding import Order, Point
from referral.vocabulary import FACTS, LEVELS
from tests.admin.listings.world import LIST
from tests.rounds import rounds
from tests.security.test_fuzz import HOSTILE, MARKUP

NAMES = [
    *("q", "state", "level", "fact", "is", "status", "source", "before", "since", "never", "point", "reports"),
    *("corrections", "offers", "license", "order", "page"),
]
GOOD = [*FACTS, *LEVELS, *Order, *Point, "yes", "no", "unknown", "1", "KY", "2026-01-31", "0001-01-01", "9999-12-31"]
values = st.sampled_from(HOSTILE) | st.sampled_from(GOOD) | st.text(max_size=40)
queries = st.lists(st.tuples(st.sampled_from(NAMES) | values, values), max_size=8)


@settings(max_examples=rounds(150), deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(queries)
def test_no_address_breaks_the_list(sqlite_staff: FlaskClient, pairs: list[tuple[str, str]]) -> None:
    query = urlencode([(name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in pairs])
    response = sqlite_staff.get(f"{LIST}?{query}")
    assert response.status_code in (200, 303, 422)
    assert MARKUP.encode() not in response.data


@pytest.mark.parametrize(
    "raw", ["q=%ff%fe", "q=%00", "page=%00", "q=%ED%A0%80", "fact[]=x", "&&&=", "q", "=1", "page=-1"]
)
def test_bytes_that_are_no_text_are_taken_calmly(sqlite_staff: FlaskClient, raw: str) -> None:
    assert sqlite_staff.get(f"{LIST}?{raw}").status_code in (200, 303, 422)


def test_what_was_typed_comes_back_as_text(sqlite_staff: FlaskClient) -> None:
    html = sqlite_staff.get(f"{LIST}?{urlencode({'q': 'fir <x-mark>', 'source': '<x-mark>'})}").get_data(as_text=True)
    assert "&lt;x-mark&gt;" in html
    assert "<x-mark>" not in html
