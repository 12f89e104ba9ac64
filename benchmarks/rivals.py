"""The same question by other means: a plain loop, SQLite's R*Tree, PostgreSQL with PostGIS.

One need (detox), one fact (Medicaid), 25 miles, ten nearest in the order of the contract, and the totals. Each gives
the same ids and totals as the matcher, or the benchmark fails.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from typing import Any

import numpy as np
import psycopg
from geopy.distance import geodesic

from referral.matching import MatchIndex, Query, search
from referral.matching.entries import ASK_SHIFT, FACT_BIT

NEED, FACT, RADIUS_MILES, N = "detox", "takes_medicaid", 25.0, 10
Answer = tuple[tuple[int, ...], int, int]
"""Ids of the ten best, providers that meet it, providers that may meet it."""


def points(index: MatchIndex) -> list[tuple[int, str, float, float, int]]:
    """Provider id, name, latitude, longitude and verdict (1 ask, 2 yes), a row for each program that fits."""
    rows = index.located_rows(0b11 << ASK_SHIFT[NEED])
    word, bit = divmod(FACT_BIT[FACT], 64)
    yes = (index.rows.yes[word, rows] >> np.uint64(bit) & np.uint64(1)).astype(int)
    no = (index.rows.no[word, rows] >> np.uint64(bit) & np.uint64(1)).astype(int)
    verdict = np.where(yes > 0, 2, np.where(no > 0, 0, 1))
    numbers = index.rows.provider[rows]
    x, y = index.rows.x[rows], index.rows.y[rows]
    longitude = np.degrees(np.arctan2(y, x))
    names, ids = index.providers.names, index.providers.ids
    return [
        (int(ids[number]), names[number], float(latitude), float(lon), int(v))
        for number, latitude, lon, v in zip(numbers, index.rows.latitude[rows], longitude, verdict, strict=True)
        if v
    ]


def ours(index: MatchIndex) -> Callable[[Query], Answer]:
    def answer(query: Query) -> Answer:
        results = search(index, query, per_page=N)
        return tuple(m.provider_id for m in results.matches), results.totals.meets_all, results.totals.may_meet_all

    return answer


def _answer(found: dict[int, tuple[int, float, str]]) -> Answer:
    ordered = sorted((-v, miles, name, identity) for identity, (v, miles, name) in found.items())
    n_yes = sum(v == 2 for v, _miles, _name in found.values())
    return tuple(item[3] for item in ordered[:N]), n_yes, len(found) - n_yes


def plain_loop(index: MatchIndex) -> Callable[[Query], Answer]:
    """What a tutorial would do: geopy's geodesic to every provider that could fit."""
    rows = points(index)

    def answer(query: Query) -> Answer:
        origin, found = (query.origin.latitude, query.origin.longitude), dict[int, tuple[int, float, str]]()
        for identity, name, latitude, longitude, verdict in rows:
            miles = geodesic(origin, (latitude, longitude)).miles
            if miles <= RADIUS_MILES:
                known = found.get(identity, (0, miles, name))
                found[identity] = (max(verdict, known[0]), miles, name)
        return _answer(found)

    return answer


def r_tree(index: MatchIndex) -> Callable[[Query], Answer]:
    """A box from SQLite's R*Tree, then the geodesic to what is in it."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE box USING rtree(id, south, north, west, east, +provider, +name, +verdict)"
    )
    connection.executemany(
        "INSERT INTO box VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((number, la, la, lo, lo, i, name, v) for number, (i, name, la, lo, v) in enumerate(points(index))),
    )
    exact = {number: (la, lo) for number, (_i, _name, la, lo, _v) in enumerate(points(index))}

    def answer(query: Query) -> Answer:
        latitude, longitude = query.origin.latitude, query.origin.longitude
        high = RADIUS_MILES / 68.7
        wide = high / max(0.01, math.cos(math.radians(abs(latitude) + high)))
        found: dict[int, tuple[int, float, str]] = {}
        for number, identity, name, verdict in connection.execute(
            "SELECT id, provider, name, verdict FROM box WHERE north >= ? AND south <= ? AND east >= ? AND west <= ?",
            (latitude - high, latitude + high, longitude - wide, longitude + wide),
        ):
            miles = geodesic((latitude, longitude), exact[number]).miles
            if miles <= RADIUS_MILES:
                known = found.get(identity, (0, miles, name))
                found[identity] = (max(verdict, known[0]), miles, name)
        return _answer(found)

    return answer


_POSTGIS = """
WITH found AS (
    SELECT provider, min(name) AS name, max(verdict) AS verdict, min(ST_Distance(point, o.here)) AS meters
    FROM programs, (SELECT ST_Point(%s, %s)::geography AS here) AS o
    WHERE ST_DWithin(point, o.here, %s)
    GROUP BY provider
)
SELECT provider, count(*) FILTER (WHERE verdict = 2) OVER (), count(*) FILTER (WHERE verdict = 1) OVER ()
FROM found ORDER BY verdict DESC, meters, name COLLATE "C", provider LIMIT %s
"""


def postgis(index: MatchIndex, url: str) -> Callable[[Query], Answer]:
    """One SQL query over a GiST index on geography. Raises psycopg.Error where PostGIS is not installed."""
    connection: psycopg.Connection[Any] = psycopg.connect(url, autocommit=True)
    connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    connection.execute("DROP TABLE IF EXISTS programs")
    connection.execute("CREATE TABLE programs (provider bigint, name text, verdict smallint, point geography(Point))")
    with connection.cursor() as cursor, cursor.copy("COPY programs FROM STDIN") as copy:
        for identity, name, latitude, longitude, verdict in points(index):
            copy.write_row((identity, name, verdict, f"SRID=4326;POINT({longitude!r} {latitude!r})"))
    connection.execute("CREATE INDEX ON programs USING gist (point)")
    connection.execute("ANALYZE programs")

    def answer(query: Query) -> Answer:
        meters = RADIUS_MILES * 1609.344
        rows = connection.execute(_POSTGIS, (query.origin.longitude, query.origin.latitude, meters, N)).fetchall()
        return tuple(row[0] for row in rows), rows[0][1] if rows else 0, rows[0][2] if rows else 0

    return answer
