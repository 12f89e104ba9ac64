"""The matcher: its budgets, the memory it takes, an edit, and the same question by other means."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg

from benchmarks import rivals
from benchmarks.synthetic import cities, directory, questions
from benchmarks.timing import Line, median_and_p99, milliseconds_each, spread
from referral.matching import MatchIndex, ProgramEntry, ProviderEntry, Query, Requirement, Whereabouts, search
from tests.postgres import running_server

N_LARGE = 1_000_000


def budgets(name: str, index: MatchIndex, n: int, median: float, p99: float) -> Line:
    """Match with totals, relaxations and a page of ten, over the mixture of questions."""
    asked = questions(n)
    for query in asked[:20]:
        search(index, query)
    taken = milliseconds_each(lambda query: search(index, query), asked)
    measured = median_and_p99(taken)
    return Line(
        f"match with totals, relaxations and page of 10, {name} ({index.n_programs:,} programs), 5 to 100 miles",
        f"median ≤ {median} ms, p99 ≤ {p99:g} ms",
        spread(taken),
        measured[0] <= median and measured[1] <= p99,
    )


def at_any_distance(index: MatchIndex) -> Line:
    """The costliest question: no radius to narrow it. Told apart, without a budget of its own."""
    asked = questions(100, radii=(None,))
    taken = milliseconds_each(lambda query: search(index, query), asked)
    return Line(f"the same questions, all at any distance, {index.n_programs:,} programs", "", spread(taken))


def by_other_means(name: str, index: MatchIndex, *, with_loop: bool) -> Iterator[Line]:
    """Each with the same answers to the same questions as the matcher."""
    detox = Requirement(_group(), (rivals.FACT,))
    asked = [
        replace(query, needs=(rivals.NEED,), requirements=(detox,), radius_miles=25.0) for query in questions(200)
    ]
    expected = [rivals.ours(index)(query) for query in asked]
    yield _timed(f"one need, one requirement, 25 miles, {name}: this matcher", rivals.ours(index), asked, expected)
    if with_loop:
        yield _timed("the same: a plain geopy loop", rivals.plain_loop(index), asked[:5], expected)
    yield _timed("the same: SQLite R*Tree", rivals.r_tree(index), asked, expected)
    try:
        with running_server() as server:
            url = server.replace("postgresql+psycopg", "postgresql")
            yield _timed("the same: PostgreSQL with PostGIS", rivals.postgis(index, url), asked, expected)
    except (FileNotFoundError, psycopg.Error) as error:
        yield Line("the same: PostgreSQL with PostGIS", "", f"not here ({type(error).__name__})")


def _group() -> str:
    return "payment"


def _timed(
    what: str, answer: Callable[[Query], rivals.Answer], asked: list[Query], expected: list[rivals.Answer]
) -> Line:
    for query, wanted in zip(asked, expected, strict=False):
        if answer(query) != wanted:
            raise AssertionError(f"{what}: another answer than the matcher's")
    return Line(what, "", spread(milliseconds_each(answer, asked)))


def an_edit(index: MatchIndex) -> Line:
    """What it costs to take one changed provider into the index."""
    latitude, longitude, _share = cities()

    def change(number: int) -> MatchIndex:
        programs = (ProgramEntry(10**8 + 2 * number, "detox"), ProgramEntry(10**8 + 2 * number + 1, "outpatient"))
        entry = ProviderEntry(
            number + 1,
            "Changed",
            "KY",
            float(latitude[number]),
            float(longitude[number]),
            is_approximate=False,
            whereabouts=Whereabouts.LOCATED,
            facts={"takes_medicaid": True},
            programs=programs,
        )
        return index.updated([entry], [])

    taken = milliseconds_each(change, range(20))
    what = f"an edit taken into an index of {index.n_programs:,} programs"
    return Line(what, "≤ 50 ms", spread(taken), median_and_p99(taken)[0] <= 50)


_MEMORY = """
from benchmarks.synthetic import entries
from benchmarks.timing import rss_mb
from referral.following import settle
from referral.matching import MatchIndex, search
before = rss_mb()
index = MatchIndex.build(entries({n}))
settle()
print(rss_mb() - before)
"""


def memory() -> Line:
    """A fresh process that reads so many programs one by one, as a worker does."""
    code = _MEMORY.format(n=N_LARGE)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    used = float(done.stdout)
    what = f"memory for {N_LARGE:,} programs above an empty process"
    return Line(what, "≤ 200 MB", f"{used:.0f} MB", used <= 200)


def large() -> MatchIndex:
    return directory(N_LARGE)
