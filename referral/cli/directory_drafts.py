"""`flask directory run-draft`, `undo-import` and `differences`."""

from __future__ import annotations

import gc
import logging
import sys
from datetime import datetime

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from referral.access_log import without_words
from referral.cli.change_report import field_text
from referral.cli.import_report import make_console, visible
from referral.extensions import db
from referral.history.fields import value_words
from referral.history.settling import offered, our_value
from referral.history.undoing import CannotUndoError, Plan, plan_undo, undo_import
from referral.importers.drafts.kept import claim, writing
from referral.importers.drafts.limits import limit_this_process
from referral.importers.drafts.tasks import TASKS, run
from referral.models import Provider

FIRST_BUILT_ON = 50
STATUS_OF = {"compare": "comparing", "apply": "applying", "undo": "applying"}


@click.command("run-draft", hidden=True)
@click.argument("draft_id", type=int)
@click.argument("task", type=click.Choice(list(TASKS)))
@click.option("--claimed-at", type=datetime.fromisoformat, help="When the site claimed it for this process.")
@with_appcontext
def run_draft_command(draft_id: int, task: str, claimed_at: datetime | None) -> None:
    """Work on an import that was sent in the browser. The site starts this by itself."""
    gc.disable()
    if claimed_at is None:
        with writing(db.engine) as connection:
            claimed_at = claim(connection, draft_id, STATUS_OF[task])
        if claimed_at is None:
            raise click.ClickException("There is no such draft, or it is worked on already.")
    else:
        limit_this_process()
    try:
        run(db.engine, draft_id, task, claimed_at)
    except Exception:
        # The person is told on the page; what goes into the log quotes no file.
        logging.getLogger("onward.error").error("A draft failed with %s", without_words())
        sys.exit(1)


@click.command("undo-import")
@click.argument("run_id", type=click.IntRange(1, 2**31 - 1), metavar="RUN")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Say what would be taken back, and change nothing.")
@click.option("--even-partly", is_flag=True, help="Take back all that nothing was built on since.")
@click.option("--why", default="", help="The reason, for the history of each listing.")
@with_appcontext
def undo_import_command(run_id: int, is_dry_run: bool, even_partly: bool, why: str) -> None:
    """Take the import number RUN back, as long as nothing was built on it since."""
    try:
        if is_dry_run:
            with db.engine.connect() as connection:
                plan = plan_undo(connection, run_id)
        else:
            with writing(db.engine) as connection:
                plan = undo_import(connection, run_id, user_id=None, why=why, even_partly=even_partly)
    except CannotUndoError as error:
        raise click.ClickException(f"There is no import {run_id}, or it was taken back already.") from error
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        raise click.ClickException(f"The database did not take it: {reason}\nNothing was changed.") from error
    _print_plan(plan, is_dry_run=is_dry_run, even_partly=even_partly)


def _print_plan(plan: Plan, *, is_dry_run: bool, even_partly: bool) -> None:
    for one in plan.built_on[:FIRST_BUILT_ON]:
        words = [
            visible(text) for text, _is_english in (value_words(one.field, one.then), value_words(one.field, one.now))
        ]
        click.echo(f"{one.provider_id}  {visible(one.name)}: {field_text(one.field)}: {words[0]}, now {words[1]}")
    if len(plan.built_on) > FIRST_BUILT_ON:
        click.echo(f"and {len(plan.built_on) - FIRST_BUILT_ON:,} more")
    n_listings = len({one.provider_id for one in plan.differences})
    listings = f"{n_listings:,} listing{'' if n_listings == 1 else 's'}"
    if plan.built_on and not even_partly:
        click.echo(
            f"{len(plan.built_on):,} values were built on this import since. Nothing was changed. "
            f"--even-partly takes back the rest: {listings}."
        )
        if not is_dry_run:
            sys.exit(1)
    elif is_dry_run:
        click.echo(f"{listings} would be taken back. Nothing was changed.")
    else:
        click.echo(f"Done: took {listings} back.")


@click.command("differences")
@with_appcontext
def differences_command() -> None:
    """List where a source says something else now than staff do. They are settled on the staff pages."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Listing", "Name", "What", "Ours", "Theirs"):
        table.add_column(heading, overflow="fold")
    try:
        rows = offered(db.session)
        for row in rows:
            provider = db.session.get_one(Provider, row.provider_id)
            ours, _ = value_words(row.field, our_value(provider, row.field))
            theirs, _ = value_words(row.field, row.offered_value)
            cells = (str(row.provider_id), provider.name, field_text(row.field), ours, theirs)
            table.add_row(*(Text(visible(cell)) for cell in cells))
    except (OperationalError, ProgrammingError, sa.exc.InterfaceError) as error:
        raise click.ClickException("The database is not set up yet: run `flask setup` first.") from error
    if not rows:
        click.echo("There is nothing to settle.")
        return
    make_console().print(table)
