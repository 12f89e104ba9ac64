"""Whatever stands in a file of our own format or in anybody's table, nothing crashes and each row is accounted for
(THREATS 17 to 20)."""

from __future__ import annotations

import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.extensions import db
from referral.importers.formats import loader_of, open_items
from referral.importers.mapping import (
    ColumnRule,
    Combination,
    KeptRules,
    Meaning,
    Rules,
    RulesError,
    apply,
    open_table,
    sample,
    suggest,
    unmapped,
)
from referral.importers.own.columns import table_columns
from referral.importers.reading.files import UnreadableFileError, open_source
from referral.importers.report import Report
from referral.models import Provider
from tests.importers.test_generated_files import BROKEN, VALUES, folder
from tests.rounds import rounds

__all__ = ["folder"]

FEW = settings(max_examples=rounds(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

OWN = tuple(column.name for column in table_columns(2))
FIRST = ("onward_id", "source", "source_key", "name", "state", "latitude", "longitude", "phone", "spanish")
CELLS = st.one_of(
    st.sampled_from(["", "1", "yes", "no", "KY", "38.2", "-85", "502-555-0100", "staff", "2026-01-01", "outpatient"]),
    st.sampled_from(
        ["'=1", '\'"a"', '\'"\\ud800"', "'\"", "=1", "1e999", "99999999999", "0", "list:a", "Residential"]
    ),
    st.sampled_from(BROKEN),
    st.text(max_size=20),
    st.just("x" * 25_000),
)
RULES = Rules(
    {
        "name": ColumnRule("name"),
        "phone": ColumnRule("phone"),
        "address": ColumnRule("full_address"),
        "loc": ColumnRule(
            "care", split=";", values={"residential": Meaning(("residential",)), "@yes": Meaning(("detox",))}
        ),
        "days": ColumnRule("stay_days"),
        "beds": ColumnRule("licensed_beds"),
        "expires": ColumnRule("license_expires_on"),
        "latitude": ColumnRule("latitude"),
        "longitude": ColumnRule("longitude"),
    },
    (Combination({"loc": "residential", "days": "> 30"}, Meaning(("residential_long",))),),
)


def n_providers() -> int:
    with db.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count(Provider.id))).scalar_one())


def survives(path: Path, mapping: KeptRules | None = None) -> Report | None:
    """Import the file; what was accepted must be in the database, and a refusal must change nothing."""
    before = n_providers()
    told: list[Any] = []
    try:
        with open_source(path) as source:
            name, items = open_items(source, mapping=mapping)
            report = loader_of(name)(db.engine, name, items, tell=told.append)
    except UnreadableFileError:
        assert n_providers() == before
        return None
    report.check()
    assert n_providers() == before + report.added
    return report


def lines_of(draw: Any, header: tuple[str, ...], end: str) -> str:
    """A header and some rows, not always with as many cells as it."""
    rows = draw(
        st.lists(
            st.one_of(
                st.lists(CELLS, min_size=len(header), max_size=len(header)),
                st.lists(CELLS, max_size=len(header) + 2),
                st.just(["", "", "", "A name"] + [""] * (len(header) - 4)),
            ),
            max_size=8,
        )
    )
    return end.join([",".join(header), *(",".join(row) for row in rows)])


@FEW
@given(data=st.data())
def test_generated_tables_of_ours_never_crash_and_their_rows_add_up(folder: Path, data: st.DataObject) -> None:
    more = data.draw(st.lists(st.sampled_from(OWN), max_size=12, unique=True))
    header = tuple(dict.fromkeys([*FIRST, *more]))
    end, encoding = (
        data.draw(st.sampled_from(["\n", "\r\n"])),
        data.draw(st.sampled_from(["utf-8-sig", "utf-16", "cp1252"])),
    )
    path = folder / "a.csv"
    path.write_bytes(lines_of(data.draw, header, end).encode(encoding, errors="replace"))
    survives(path)


@FEW
@given(
    rows=st.lists(
        st.one_of(
            VALUES,
            st.fixed_dictionaries(
                {"name": st.one_of(VALUES, st.just("A name"))},
                optional={
                    **dict.fromkeys(("onward_id", "source", "source_key", "latitude", "longitude", "phone"), VALUES),
                    "facts": st.one_of(VALUES, st.dictionaries(st.sampled_from(["spanish", "x"]), VALUES)),
                    "programs": st.lists(
                        st.fixed_dictionaries({"level": VALUES}, optional={"id": VALUES}), max_size=3
                    ),
                    "other_phones": st.one_of(VALUES, st.just([{"number": "502-555-0100"}])),
                },
            ),
        ),
        max_size=6,
    ),
    n_cut=st.integers(0, 3),
)
def test_generated_json_of_ours_never_crashes_and_its_rows_add_up(folder: Path, rows: list[Any], n_cut: int) -> None:
    text = json.dumps({"onward": 1, "listings": rows})
    path = folder / "a.json"
    path.write_text(text[: len(text) - n_cut], encoding="utf-8")
    report = survives(path)
    assert report is None or report.read == len(rows)


@FEW
@given(data=st.data(), title=st.sampled_from(["", "A list\n", "A list,,,\n\n"]))
def test_generated_tables_through_a_mapping_never_crash_and_their_rows_add_up(
    folder: Path, data: st.DataObject, title: str
) -> None:
    path = folder / "a.csv"
    text = title + lines_of(data.draw, tuple(RULES.columns), data.draw(st.sampled_from(["\n", "\r\n", "\r"])))
    path.write_bytes(text.encode(data.draw(st.sampled_from(["utf-8", "utf-16", "latin-1"])), errors="replace"))
    survives(path, KeptRules("list:generated", RULES))


@FEW
@given(
    header=st.lists(st.one_of(st.sampled_from(["Name", "LOC", "Zip", "x", "", "Phone"]), CELLS), max_size=8),
    rows=st.lists(st.lists(CELLS, max_size=9), max_size=10),
)
def test_suggestions_for_any_table_never_crash_and_can_be_applied(
    tmp_path_factory: pytest.TempPathFactory, header: list[str], rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("table") / "a.csv"
    path.write_bytes("\n".join(map(",".join, [header, *rows])).encode("utf-8", errors="replace") or b" ")
    try:
        with open_source(path) as source:
            seen = sample(open_table(source))
            rules = suggest(seen)
            assert Rules(rules.columns, rules.combinations).to_json()
            unmapped(rules, seen)
            items = list(apply(rules, open_table(source)))
    except (UnreadableFileError, RulesError):
        return
    assert len(items) == seen.n_rows


def quick(path: Path, message: str) -> None:
    """The table is refused within 2 seconds and 20 MB."""
    started = time.monotonic()
    tracemalloc.start()
    with pytest.raises(UnreadableFileError, match=message), open_source(path) as source:
        sample(open_table(source))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert time.monotonic() - started < 2


def test_tables_built_to_exhaust_memory_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Name,City\n" + "," * 1_100_000, encoding="utf-8")
    quick(path, "more than 1,000,000 characters")
    path.write_text(",".join(f"c{n}" for n in range(501)) + "\n", encoding="utf-8")
    quick(path, "more than 500 columns")
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Name", "City"])
    book.worksheets[0].cell(row=1_048_576, column=16_384, value="x")
    book.save(tmp_path / "a.xlsx")
    quick(tmp_path / "a.xlsx", "blank ones in a row")
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 100)
    quick(path, "old Excel workbook")
    path.write_text("only one column\nx\n", encoding="utf-8")
    quick(path, "no table with two columns")


def test_a_table_with_ever_new_values_stays_small_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Name,City\n" + "".join(f"{'x' * 500}{n},{n}\n" for n in range(20_000)), encoding="utf-8")
    tracemalloc.start()
    with open_source(path) as source:
        sample(open_table(source))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.shared
def test_suggestions_for_real_tables_are_sensible_and_the_rest_is_listed(shared_data: Path) -> None:
    with open_source(shared_data / "fixtures" / "otp_directory_cp1252.csv") as source:
        rules = suggest(sample(open_table(source)))
        items = list(apply(rules, open_table(source)))
    assert {name: rule.role for name, rule in rules.columns.items()} == {
        "id": "name",
        "address": "street",
        "city": "city",
        "state": "state",
        "postal": "postal_code",
        "latitude": "latitude",
        "longitude": "longitude",
    }
    assert len(items) > 1000
    for path in sorted([*(shared_data / "fixtures").glob("*.csv"), *(shared_data / "codes").glob("*.csv")]):
        with open_source(path) as source:
            seen = sample(open_table(source))
        left = {one.column for one in unmapped(suggest(seen), seen)}
        assert left <= {column.name for column in seen.columns}
        assert seen.n_rows > 0
