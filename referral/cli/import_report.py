"""How an import's report and the directory's contents are printed: tables on a terminal, the same text in a file."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

import sqlalchemy as sa
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from referral.importers.records import Rejected, Skipped
from referral.importers.report import Gone, Report
from referral.models import ImportRun, Program, Provider
from referral.vocabulary import FACTS, LEVELS

FIRST_GONE = 50
N_RUNS = 10
_LAST_RUNS = (
    sa.select(
        ImportRun.id,
        ImportRun.finished_at,
        ImportRun.source,
        ImportRun.file_name,
        ImportRun.counts,
        ImportRun.undone_at,
    )
    .order_by(ImportRun.id.desc())
    .limit(N_RUNS)
)
_PROGRAMS_BY_LEVEL = sa.select(Program.level, sa.func.count()).group_by(Program.level)
COUNTS = {
    "added": "new listings",
    "changed": "listings brought up to date",
    "unchanged": "as they were",
    "merged": "rows of a facility that stands in the file more than once",
    "skipped": "rows that do not belong in the directory",
    "rejected": "rows that could not be understood",
}


def make_console() -> Console:
    """A console that prints plain lines, never cut, when it does not write to a terminal."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=max(shutil.get_terminal_size().columns, 160))
    return console


class ReportPrinter:
    """Prints what goes wrong as it is found, and the counts at the end."""

    def __init__(self, console: Console, *, is_complete: bool) -> None:
        self._console = console
        self._is_complete = is_complete
        self._n_gone = 0

    def tell(self, found: Rejected | Skipped | Gone) -> None:
        """Print a rejected row, or a listing that is not in the file (the first 50, or all)."""
        if isinstance(found, Rejected):
            self.say(f"Row {found.row} was rejected: {found.reason}.")
            return
        if isinstance(found, Skipped):
            return
        self._n_gone += 1
        if self._n_gone == 1:
            self.say("Not in this file any more (they stay in the directory):")
        if self._is_complete or self._n_gone <= FIRST_GONE:
            place = ", ".join(filter(None, (found.city, found.state)))
            self.say(f"  {found.provider_id}  {found.name}, {place}")

    def print_report(self, report: Report, *, is_dry_run: bool) -> None:
        """Print the counts: first what may need a look, last what was done."""
        if not self._is_complete and report.gone > FIRST_GONE:
            self.say(f"  and {report.gone - FIRST_GONE:,} more (--all lists them)")
        self._count_table("Rows skipped, by reason", report.skipped_by_reason.most_common())
        self._count_table("Codes that are not known, by rows", report.unknown_codes.most_common())
        facts = report.contradictions.most_common()
        labels = ((f"{FACTS[fact].label} ({fact})", count) for fact, count in facts if count)
        title = f"Listings that say yes and no to the same thing, taken as not known: {report.contradicting:,}"
        self._count_table(title, labels)
        notes = (
            (f"{text}, as in row {', '.join(map(str, note.rows))}", note.count) for text, note in report.notes.items()
        )
        self._count_table("Details left out", notes)
        self._count_table(
            f"Programs: {report.programs.total():,}",
            ((LEVELS[level].label, report.programs[level]) for level in LEVELS if report.programs[level]),
        )
        self.say(f"\nRows read: {report.read:,}")
        table = _table("right", "left")
        for name, meaning in COUNTS.items():
            table.add_row(f"{getattr(report, name):,}", f"{name}: {meaning}")
        self._console.print(table)
        self._print_outcome(report, is_dry_run=is_dry_run)

    def _print_outcome(self, report: Report, *, is_dry_run: bool) -> None:
        if report.without_point:
            self.say(f"Listings in the file without a point on the map: {report.without_point:,}")
        if report.without_program:
            self.say(f"Listings in the file that name no level of care: {report.without_program:,}")
        if report.gone:
            self.say(f"Listings of this source that are not in the file: {report.gone:,}. None was deleted.")
        if is_dry_run:
            self.say("This was a dry run: nothing was changed.")
        elif report.is_without_effect:
            self.say("Nothing differs from the directory: nothing was changed.")
        else:
            self.say(f"Done: {report.added:,} added, {report.changed:,} changed.")
            self.say(f"This is import {report.run_id}. To take it back: flask directory undo-import {report.run_id}")

    def _count_table(self, title: str, rows: Iterable[tuple[str, int]]) -> None:
        table = _table("right", "left")
        for text, count in rows:
            table.add_row(f"{count:,}", Text(visible(text)))
        if table.row_count:
            self.say(f"\n{title}")
            self._console.print(table)

    def say(self, text: str) -> None:
        """Print a line, however long, as it stands."""
        self._console.print(Text(visible(text)), soft_wrap=True)


def visible(text: str) -> str:
    """Text out of a file, fit for a terminal: no control characters but line ends of ours."""
    return "".join(mark if mark.isprintable() or mark == "\n" else "?" for mark in text)


def _table(*columns: JustifyMethod) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for justify in columns:
        table.add_column(justify=justify, overflow="fold")
    return table


def print_directory(console: Console, connection: sa.Connection) -> None:
    """Print listings by source, programs by level, and the last imports."""
    n_rows = sa.func.count()
    located = sa.func.count(Provider.latitude)
    exact = sa.func.count(sa.case((Provider.precision == "exact", 1)))
    sources = connection.execute(
        sa.select(Provider.source, n_rows, located, exact).group_by(Provider.source).order_by(Provider.source)
    ).all()
    _section(
        console,
        f"Listings: {sum(row[1] for row in sources):,}",
        _table("right", "left"),
        [
            (f"{count:,}", f"{name}: {n_located:,} with a point on the map, {n_exact:,} of them exact")
            for name, count, n_located, n_exact in sources
        ],
    )
    counts: dict[str, int] = dict(connection.execute(_PROGRAMS_BY_LEVEL).all())
    _section(
        console,
        f"Programs: {sum(counts.values()):,}",
        _table("right", "left"),
        [(f"{counts[level]:,}", LEVELS[level].label) for level in LEVELS if level in counts],
    )
    runs = connection.execute(_LAST_RUNS).all()
    if runs:
        rows = [
            (
                str(run.id),
                f"{run.finished_at:%Y-%m-%d %H:%M} UTC",
                run.source,
                run.file_name,
                "taken back" if run.undone_at else _done(run.counts),
            )
            for run in runs
        ]
        _section(console, "Last imports", _table("right", "left", "left", "left", "left"), rows)


def _section(console: Console, title: str, table: Table, rows: Iterable[tuple[str, ...]]) -> None:
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    console.print(Text(f"\n{title}"))
    console.print(table)


def _done(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
