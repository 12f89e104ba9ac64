"""Whatever stands in a file, the import ends with a report that adds up or with a reason (THREATS 17, 20)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.extensions import db
from referral.importers.reading.files import UnreadableFileError
from referral.importers.report import Report
from tests.conftest import make_app
from tests.importers.loading import everything, import_file
from tests.importers.made_files import LOCATOR_CONTACT, NATIONAL_WITH_POINTS, row
from tests.rounds import rounds

BROKEN = [
    '"',
    '""',
    "\0",
    "\r",
    "\n",
    "\r\n",
    "\x1a",
    "\ufeff",
    ",",
    ";",
    "\x85",
    "\u2028",
    "é",
    "’",
    "\x1b[2J",
    "٣",
    "💊",
]
CELLS = st.one_of(
    st.sampled_from(
        ["", "1", "0", "nan", "1e999", "KY", "PR", "2139", "502-555-0100 x5", "http://", "SA DT * OP MD"]
    ),
    st.sampled_from(BROKEN),
    st.text(max_size=30),
    st.just("x" * 25_000),
)
LINES = st.one_of(
    st.lists(CELLS, max_size=18).map(",".join),
    st.dictionaries(st.sampled_from(NATIONAL_WITH_POINTS), CELLS, max_size=5).map(
        lambda cells: ",".join(row(**cells).get(name, "") for name in NATIONAL_WITH_POINTS)
    ),
    st.sampled_from([",".join(row().get(name, "") for name in NATIONAL_WITH_POINTS)]),
)
HEADERS = st.sampled_from([NATIONAL_WITH_POINTS, (*LOCATOR_CONTACT, "sa", "op", "qq"), ("name1", "zip")])
FEW = settings(max_examples=rounds(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    with make_app(request.getfixturevalue(f"{request.param}_url")).app_context():
        yield tmp_path
        db.engine.dispose()


def survives(path: Path) -> Report | None:
    """Import the file; what was accepted must be in the database, and a refusal must change nothing."""
    before = len(everything(db.engine)["provider"])
    try:
        report = import_file(db.engine, path, include_mental_health=True)
    except UnreadableFileError:
        assert len(everything(db.engine)["provider"]) == before
        return None
    report.check()
    assert len(everything(db.engine)["provider"]) == before + report.added
    return report


@FEW
@given(header=HEADERS, lines=st.lists(LINES, max_size=12), end=st.sampled_from(["\n", "\r\n", "\r"]), data=st.data())
def test_generated_tables_never_crash_and_their_rows_add_up(
    folder: Path, header: tuple[str, ...], lines: list[str], end: str, data: st.DataObject
) -> None:
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"]))
    path = folder / "a.csv"
    path.write_bytes(end.join([",".join(header), *lines]).encode(encoding, errors="replace"))
    survives(path)


@FEW
@given(content=st.binary(max_size=300), is_csv=st.booleans())
def test_generated_bytes_never_crash(folder: Path, content: bytes, is_csv: bool) -> None:
    path = folder / "a.csv"
    path.write_bytes(",".join(NATIONAL_WITH_POINTS).encode() + b"\n" + content if is_csv else content)
    survives(path)


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.sampled_from(["SA", "MH"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)
TEXTS = ("name1", "zip", "latitude", "longitude", "phone", "website", "state")
SERVICES = st.lists(
    st.fixed_dictionaries({"f2": VALUES, "f3": st.sampled_from(["Medicaid; Residential", "?", "", 5])}), max_size=3
)


@FEW
@given(
    rows=st.lists(
        st.one_of(
            VALUES,
            st.fixed_dictionaries(
                {
                    "typeFacility": st.sampled_from(["SA", "MH", "OTP", "x", None]),
                    "services": st.one_of(SERVICES, VALUES),
                },
                optional=dict.fromkeys(TEXTS, VALUES),
            ),
        ),
        max_size=6,
    ),
    n_cut=st.integers(0, 3),
)
def test_generated_json_never_crashes_and_its_rows_add_up(folder: Path, rows: list[Any], n_cut: int) -> None:
    text = json.dumps({"rows": rows})
    path = folder / "a.json"
    path.write_text(text[: len(text) - n_cut], encoding="utf-8")
    report = survives(path)
    assert report is None or report.read == len(rows)


@pytest.mark.parametrize("n_rows", [1, 60, 2500])
def test_every_line_of_a_clean_file_is_one_row(sqlite_template: Path, tmp_path: Path, n_rows: int) -> None:
    shutil.copy(sqlite_template, tmp_path / "onward.db")
    with make_app(f"sqlite:///{tmp_path / 'onward.db'}").app_context():
        lines = [",".join(row(name1=f"Place {n}").get(c, "") for c in NATIONAL_WITH_POINTS) for n in range(n_rows)]
        path = tmp_path / "a.csv"
        path.write_text("\n".join([",".join(NATIONAL_WITH_POINTS), *lines]), encoding="utf-8")
        report = import_file(db.engine, path)
        db.engine.dispose()
    assert (report.read, report.added) == (n_rows, n_rows)
