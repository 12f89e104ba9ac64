"""Random listings and filters: few words, days and facts, so that ties, overlaps and misspellings are common."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from referral.finding import FactFilter, Filters, Known, ListingEntry, Order, Point, terms_of
from referral.matching import Whereabouts

TODAY = date(2026, 11, 20)
WORDS = [
    *("Heart", "Hart", "River", "Rivr", "Rivers", "Alcohol", "Alchol", "Center", "Ctr", "Centre", "Blue", "Door"),
    *("Bluedoor", "St.", "Saint", "Émile", "Emile", "Women's", "Womens", "12", "24", "7th", "Recovery", "Recoverie"),
    *("Aa", "A&B", "東京"),
]
CITIES = ["", "Bismarck", "Bismark", "St. Louis", "New Salem", "Door"]
STATES = ["", "KY", "ND", "MO"]
PHONES = [
    "701-555-0123",
    "(701) 555-0199",
    "502 555 0123",
    "+1 701 555 0123",
    "988",
    "5550123",
    "",
    "701-555-0123 x9",
]
ZIPS = ["", "58601", "58601-1234", "02139", "5860", "40202"]
FACTS = ["spanish", "takes_medicaid", "carf", "accepts_women"]
LEVELS = ["detox", "outpatient", "recovery_residence"]
STATUSES = ["active", "temporarily_closed", "inactive"]
SOURCES = ["staff", "demo", "elsewhere"]
TYPED = [
    *WORDS,
    *CITIES[1:],
    *("heart rivr", "Hart Rivr Alchol", "emile", "recovry", "Rceovery", "bismarcks", "nothing", "st louis", "ctr"),
    *(
        "#3",
        "3",
        "03",
        "701",
        "0123",
        "555-0123",
        "(701) 555-0123",
        "701 555 0123",
        "701 0123",
        "58601",
        "58",
        "58600",
        "9880",
    ),
    *("58601-1234", "a", "al", "12", "99", "99999999999", "#99999999999", "٣"),
]

days = st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)


def entry(identity: int) -> st.SearchStrategy[ListingEntry]:
    return st.builds(
        ListingEntry,
        id=st.just(identity),
        name=texts | st.text(min_size=1, max_size=12),
        organization=texts,
        city=st.sampled_from(CITIES),
        state=st.sampled_from(STATES),
        postal_code=st.sampled_from(ZIPS),
        phones=st.lists(st.sampled_from(PHONES), max_size=2).map(tuple),
        status=st.sampled_from(STATUSES),
        source=st.sampled_from(SOURCES),
        whereabouts=st.sampled_from(Whereabouts),
        is_approximate=st.booleans(),
        levels=st.lists(st.sampled_from(LEVELS), max_size=3).map(tuple),
        facts=st.dictionaries(st.sampled_from(FACTS), st.booleans()),
        confirmed_on=days,
        license_expires_on=days,
        updated_at=st.sampled_from([datetime(2026, 11, day, 12, 0, 0, 5) for day in (1, 2, 3)]),  # noqa: DTZ001
        n_open_reports=st.sampled_from([0, 0, 1, 2]),
        has_corrections=st.booleans(),
        has_offers=st.booleans(),
    )


def directories(max_size: int = 8) -> st.SearchStrategy[list[ListingEntry]]:
    """Listings with different ids, not in the order of their ids."""
    return st.lists(st.integers(1, 40), unique=True, max_size=max_size).flatmap(
        lambda ids: st.tuples(*(entry(identity) for identity in ids)).map(list)
    )


def _rarely(values: st.SearchStrategy[object], otherwise: object) -> st.SearchStrategy[object]:
    return st.sampled_from([False] * 8 + [True]).flatmap(lambda it: values if it else st.just(otherwise))


filters = st.builds(
    Filters,
    terms=_rarely(st.sampled_from(TYPED) | st.lists(st.sampled_from(TYPED), max_size=3).map(" ".join), "").map(
        lambda typed: terms_of(str(typed))
    ),
    state=_rarely(st.sampled_from(STATES), ""),
    level=_rarely(st.sampled_from([*LEVELS, "none", "detox_hospital"]), ""),
    facts=_rarely(
        st.lists(st.builds(FactFilter, st.sampled_from(FACTS), st.sampled_from(Known)), max_size=2).map(tuple), ()
    ),
    status=_rarely(st.sampled_from(STATUSES), ""),
    source=_rarely(st.sampled_from([*SOURCES, "unheard of"]), ""),
    confirmed_since=_rarely(days, None),
    confirmed_before=_rarely(days, None),
    never_confirmed=_rarely(st.just(True), otherwise=False),
    point=_rarely(st.sampled_from(Point), None),
    has_reports=_rarely(st.just(True), otherwise=False),
    has_corrections=_rarely(st.just(True), otherwise=False),
    has_offers=_rarely(st.just(True), otherwise=False),
    is_license_expired=_rarely(st.just(True), otherwise=False),
)


@st.composite
def _mistyped(draw: st.DrawFn) -> str:
    """A word with one or two letters that are wrong, missing, too many or changed with their neighbour."""
    word = draw(st.sampled_from([word for word in WORDS if len(word) > 3]))
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(word) - 1))
        letter = draw(st.sampled_from("aeqxz"))
        word = draw(
            st.sampled_from(
                [
                    word[:at] + letter + word[at:],
                    word[:at] + letter + word[at + 1 :],
                    word[:at] + word[at + 1 :] or letter,
                    word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
                ]
            )
        )
    return word


_typed = st.sampled_from(TYPED) | _mistyped()
typed_only = st.builds(Filters, terms=(_typed | st.lists(_typed, max_size=3).map(" ".join)).map(terms_of))
orders = st.sampled_from(Order)
