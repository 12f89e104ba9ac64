"""Random directories and queries: few points and few facts, so that ties, overlaps and unknowns are common."""

from __future__ import annotations

from hypothesis import strategies as st

from referral.matching import Order, Origin, ProgramEntry, ProviderEntry, Query, Requirement, Whereabouts
from referral.vocabulary import LEVELS, NEEDS

POINTS = [
    (38.2527, -85.7585),
    (38.2527, -85.7585),
    (38.30, -85.70),
    (38.60, -85.7585),
    (39.10, -84.51),
    (61.2181, -149.9003),
    (25.7617, -80.1918),
    (0.0, 10.0),
    (90.0, 0.0),
    (-90.0, 123.0),
    (89.99, 179.0),
    (51.88, 179.99),
    (51.88, -179.99),
    (-13.3, 180.0),
    (18.4655, -66.1057),
]
GROUP_FACTS = {
    "payment": ["takes_medicaid", "sliding_fee", "free_care"],
    "medication": ["methadone", "buprenorphine", "naltrexone", "accepts_on_medication"],
    "gender": ["accepts_women"],
    "population": ["pregnant_postpartum", "veterans"],
    "language": ["spanish", "yupik"],
    "setting": ["telehealth"],
}
FACTS = ["co_occurring", *(fact for facts in GROUP_FACTS.values() for fact in facts)]

facts = st.dictionaries(st.sampled_from(FACTS), st.booleans(), max_size=6)
points = st.one_of(
    st.sampled_from(POINTS),
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)).filter(lambda point: point != (0.0, 0.0)),
    st.tuples(st.floats(37.9, 38.7), st.floats(-86.3, -85.2)),
)


@st.composite
def provider(draw: st.DrawFn, identity: int) -> ProviderEntry:
    whereabouts = draw(st.sampled_from([Whereabouts.LOCATED] * 6 + list(Whereabouts)))
    latitude, longitude = draw(points) if whereabouts == Whereabouts.LOCATED else (None, None)
    programs = draw(
        st.lists(
            st.tuples(
                st.sampled_from(list(LEVELS)),
                st.sampled_from([None, None, 28, 89, 90, 180]),
                st.one_of(st.none(), facts),
            ),
            max_size=4,
        )
    )
    return ProviderEntry(
        id=identity,
        name=draw(st.sampled_from(["Alder House", "Blue Door", "Álamo", "blue door", ""])) + str(identity % 2),
        state=draw(st.sampled_from(["KY", "IN", "AK"])),
        latitude=latitude,
        longitude=longitude,
        is_approximate=draw(st.booleans()),
        whereabouts=whereabouts,
        facts=draw(facts),
        programs=tuple(
            ProgramEntry(identity * 10 + number, level, stay, own)
            for number, (level, stay, own) in enumerate(programs)
        ),
    )


@st.composite
def directories(draw: st.DrawFn) -> list[ProviderEntry]:
    n = draw(st.integers(0, 14))
    return [draw(provider(identity)) for identity in draw(st.permutations(range(1, n + 1)))]


@st.composite
def queries(draw: st.DrawFn) -> Query:
    latitude, longitude = draw(points)
    groups = draw(st.lists(st.sampled_from(list(GROUP_FACTS)), unique=True, max_size=3))
    requirements = tuple(
        Requirement(group, tuple(draw(st.lists(st.sampled_from(GROUP_FACTS[group]), unique=True, min_size=1))))
        for group in groups
    )
    return Query(
        origin=Origin(latitude, longitude, state=draw(st.sampled_from(["KY", "AK", ""]))),
        needs=tuple(draw(st.lists(st.sampled_from(list(NEEDS)), unique=True, max_size=3))),
        requirements=requirements,
        radius_miles=draw(st.sampled_from([5.0, 10.0, 25.0, 25.0, 50.0, 100.0, 3000.0, None])),
        order=draw(st.sampled_from(Order)),
    )
