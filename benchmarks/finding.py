"""The staff list over 100,000 listings: each kind of page against a bare Flask hello, an edit, and the memory."""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks import directory
from benchmarks.finding_directory import load, made_up
from benchmarks.serving import server
from benchmarks.timing import Line, median_and_p99, milliseconds_each, spread
from config import Config
from referral import create_app
from referral.accounts import sessions
from referral.database import start_writing
from referral.extensions import db
from referral.finding import Filters, ListingEntry, StaffIndex, terms_of
from referral.models import User, utc_now

N_LISTINGS = 100_000
MOST_HELLOS = 10
LIST = "/en/admin/listings"
VIEWS = {
    "plain": "",
    "one state, never confirmed": "state=KY&never=1",
    "a fact not known, active": "fact=spanish&is=unknown&status=active",
    "a name": "q=hartariver+counseling",
    "words that a fifth of all listings have": "q=recovery",
    "misspelt words": "q=hartariverr+recovry",
    "the last digits of a phone": "q=0123",
    "by place": "order=place",
    "by confirmation": "order=confirmed",
    "changed last": "order=updated",
    "page 3,900": "page=3900",
    "page 700 of many found": "q=recovery&page=700",
    "nothing found": "q=nowhere&state=KY&level=detox",
}
TODAY = date(2026, 11, 1)


def lines(folder: Path) -> Iterator[Line]:
    yield from _pages(folder)
    entries = list(made_up(N_LISTINGS))
    index = StaffIndex.build(entries)
    yield _an_edit(index, entries)
    yield _words(index)
    yield _memory()


def _pages(folder: Path) -> Iterator[Line]:
    settings = directory.environment(folder, "staff.db")
    directory.run(settings, "setup")
    cookie = _prepared(settings)
    with server("wsgi", settings) as ours, server("benchmarks.hello", settings) as bare:
        _milliseconds(ours, LIST, cookie)  # makes the index
        for what, query in VIEWS.items():
            path = f"{LIST}?{query}" if query else LIST
            pairs = [(_milliseconds(ours, path, cookie), _milliseconds(bare, "/", "")) for _ in range(60)]
            times = [statistics.median(times) for times in zip(*pairs, strict=True)]
            ratio = times[0] / times[1]
            yield Line(
                f"staff list, {N_LISTINGS:,} listings, {what}, end to end, against a bare Flask hello",
                f"≤ {MOST_HELLOS} ×",
                f"{ratio:.1f} × ({times[0]:.2f} of {times[1]:.2f} ms)",
                ratio <= MOST_HELLOS,
            )


def _prepared(settings: dict[str, str]) -> str:
    """Fill the database, sign somebody in, and give the cookie."""
    app = create_app(Config.from_env(settings))
    with app.app_context():
        with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
            load(connection, N_LISTINGS)
        start_writing(db.session)
        user = User(email="viewer@staff.example", name="Viewer", role="viewer")
        db.session.add(user)
        db.session.flush()
        token = sessions.start(db.session, user.id, utc_now())
        db.session.commit()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'token': token})}"


def _milliseconds(port: int, path: str, cookie: str) -> float:
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200 or not body:
        raise AssertionError(f"{path}: {answer.status}")
    return (time.perf_counter() - started) * 1000


def _an_edit(index: StaffIndex, entries: list[ListingEntry]) -> Line:
    changed = [entry._replace(name=f"Changed {entry.name}") for entry in entries[:20]]
    taken = milliseconds_each(lambda entry: index.updated([entry]), changed)
    what = f"an edit taken into the staff index of {N_LISTINGS:,} listings"
    return Line(what, "≤ 50 ms", spread(taken), median_and_p99(taken)[0] <= 50)


def _words(index: StaffIndex) -> Line:
    typed = ["hartariver", "recovery center", "cornonville recovry", "701", "555-0123", "counselling associats"]
    asked = [Filters(terms=terms_of(text)) for text in typed * 20]
    taken = milliseconds_each(lambda filters: index.search(filters, today=TODAY), asked)
    return Line(f"words found among {N_LISTINGS:,} listings, without the page", "", spread(taken))


_MEMORY = """
from benchmarks.finding_directory import made_up
from benchmarks.timing import rss_mb
from referral.following import settle
from referral.finding import StaffIndex
before = rss_mb()
index = StaffIndex.build(made_up({n}))
settle()
print(rss_mb() - before)
"""


def _memory() -> Line:
    code = _MEMORY.format(n=N_LISTINGS)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return Line(f"memory of the staff index of {N_LISTINGS:,} listings", "", f"{float(done.stdout):.0f} MB")
