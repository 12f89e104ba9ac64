"""`flask reports`: staff read what people report about listings, and say what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask.cli import with_appcontext
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import OperationalError, ProgrammingError

from referral.cli.import_report import make_console, visible
from referral.database import start_writing
from referral.extensions import db
from referral.models import Report
from referral.models.change import start_changing
from referral.models.report import (
    KINDS,
    MAX_TEXT,
    OUTCOMES,
    TEXT_KEPT_DAYS,
    delete_old_texts,
    report_by_code,
    reports_for_staff,
)
from referral.models.report_code import read_code, shown
from referral.reports.forms import plain_text


@click.command("list")
@click.option("--all", "is_closed_too", is_flag=True, help="Closed reports too, not only open ones.")
@with_appcontext
def list_command(is_closed_too: bool) -> None:
    """List the reports that wait for somebody, the oldest first."""
    with _database_told():
        found = reports_for_staff(db.session, is_closed_too=is_closed_too)
    if not found:
        click.echo("There are no reports." if is_closed_too else "No report is open.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Code", "Reported", "State", "What", "Listing"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "Code")
    for report in found:
        cells = (
            shown(report.code),
            f"{report.created_on}",
            _state(report),
            KINDS[report.kind].label,
            _listing(report),
        )
        table.add_row(*(Text(visible(cell)) for cell in cells))
    make_console().print(table)


@click.command("show")
@click.argument("code")
@with_appcontext
def show_command(code: str) -> None:
    """Show one report with what its sender wrote."""
    with _database_told():
        report = _find(code)
        lines = {
            "Code": shown(report.code),
            "Reported": f"{report.created_on}",
            "Listing": _listing(report),
            "What": KINDS[report.kind].label,
            "In their words": report.text or "(nothing)",
            "State": _state(report),
            "Answer": report.answer,
        }
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for heading, text in lines.items():
        if text:
            table.add_row(heading, Text(visible(text)))
    make_console().print(table)


@click.command("close")
@click.argument("code")
@click.option("--outcome", type=click.Choice(list(OUTCOMES)), required=True, help="What became of the report.")
@click.option("--answer", default="", help="More about it, in plain words. Whoever has the code can read it.")
@with_appcontext
def close_command(code: str, outcome: str, answer: str) -> None:
    """Close a report. Its listing is no longer "being checked" when none is open."""
    text = plain_text(answer)
    if len(text) > MAX_TEXT:
        raise click.BadParameter(f"at most {MAX_TEXT:,} characters; these are {len(text):,}.", param_hint="--answer")

    def close(report: Report) -> None:
        if report.status == "closed":
            raise click.ClickException(f"{shown(report.code)} is closed already. `flask reports reopen` opens it.")
        if report.is_contradicted(outcome):
            raise click.ClickException("Its listing is still open. Take it off the list first, in the browser.")
        report.close(outcome, text)

    report_code = _change(code, close)
    click.echo(f"Closed {report_code}. Under its code it says: {OUTCOMES[outcome]}")


@click.command("reopen")
@click.argument("code")
@with_appcontext
def reopen_command(code: str) -> None:
    """Open a closed report again. Its outcome and answer are taken away."""

    def reopen(report: Report) -> None:
        if report.status == "open":
            raise click.ClickException(f"{shown(report.code)} is open already.")
        report.reopen()

    click.echo(f"Opened {_change(code, reopen)} again.")


@click.command("purge")
@with_appcontext
def purge_command() -> None:
    """Delete what senders wrote in reports that were closed 90 days ago. Run it every day."""
    with _database_told():
        start_writing(db.session)
        n_reports = delete_old_texts(db.session)
        db.session.commit()
    click.echo(f"Reports closed {TEXT_KEPT_DAYS} days ago or earlier whose words were deleted now: {n_reports:,}.")


def _change(code: str, act: Callable[[Report], None]) -> str:
    """Find the report, act on it, commit. Gives its code as people read it."""
    with _database_told():
        start_changing(db.session)
        report = _find(code)
        act(report)
        known = shown(report.code)
        db.session.commit()
    return known


def _find(typed: str) -> Report:
    code = read_code(typed)
    report = report_by_code(db.session, code) if code else None
    if report is None:
        raise click.ClickException(
            visible(f"No report has the code {typed}. `flask reports list --all` lists all codes.")
        )
    return report


def _state(report: Report) -> str:
    return f"{report.outcome}, {report.closed_on}" if report.outcome else "open"


def _listing(report: Report) -> str:
    provider = report.provider
    return ", ".join(filter(None, (f"{provider.id} {provider.name}", provider.city, provider.state)))


@contextmanager
def _database_told() -> Iterator[None]:
    """What goes wrong with the database, in one line and not as a traceback."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            f"The database cannot be used: {error.orig}. Has `flask setup` been run?"
        ) from error
