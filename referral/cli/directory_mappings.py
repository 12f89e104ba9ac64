"""`flask directory mappings`: rules for tables of somebody's own, to look at, to write down and to take over."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import OperationalError, ProgrammingError

from referral.cli.import_report import make_console, visible
from referral.database import start_writing
from referral.extensions import db
from referral.importers.mapping import (
    KeptRules,
    Rules,
    RulesError,
    open_table,
    sample,
    source_of,
    suggest,
    unmapped,
)
from referral.importers.mapping.kept import keep_rules, kept_rules
from referral.importers.reading.files import UnreadableFileError, open_source
from referral.models import ImportMapping

Found = TypeVar("Found")

FIRST_UNMAPPED = 200
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("mappings")
def mappings_group() -> None:
    """Rules by which other tables (a county's list, a state's license file) are read."""


@mappings_group.command("list")
@with_appcontext
def list_command() -> None:
    """List the mappings by name, with the source that their listings have."""
    select = sa.select(ImportMapping.name).order_by(ImportMapping.name)
    names = _asked(lambda connection: connection.scalars(select).all())
    if not names:
        click.echo("There are no mappings. `flask directory mappings suggest FILE` writes a first one.")
    for name in names:
        click.echo(visible(f"{name}  ({source_of(name)})"))


@mappings_group.command("show")
@click.argument("name")
@with_appcontext
def show_command(name: str) -> None:
    """Show what each column of a mapping is, and which values mean what."""
    rules = find_rules(name).rules
    console = make_console()
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Column", "What it is", "Values"):
        table.add_column(heading, overflow="fold")
    for column, rule in rules.columns.items():
        values = "; ".join(f"{value} = {_short(meaning.to_json())}" for value, meaning in rule.values.items())
        table.add_row(
            *(Text(visible(cell)) for cell in (column, f"{rule.role or '(undecided)'} {rule.kind}", values))
        )
    console.print(table)
    for one in rules.combinations:
        when = " and ".join(f"{column} is {condition}" for column, condition in one.when.items())
        click.echo(visible(f"When {when}: {_short(one.meaning.to_json())}"))
    for role, value in rules.constants.items():
        click.echo(visible(f"In every row {role} is {value}"))
    if not rules.every_row.is_empty:
        click.echo(visible(f"Every row is {_short(rules.every_row.to_json())}"))


@mappings_group.command("export-json")
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@with_appcontext
def export_command(name: str, file: Path | None) -> None:
    """Write a mapping as JSON, to a file or to the terminal."""
    _print_rules(find_rules(name).rules, file)


@mappings_group.command("import-json")
@click.argument("name")
@click.argument("file", type=FILE)
@with_appcontext
def import_command(name: str, file: Path) -> None:
    """Keep the rules of a JSON file under a name, in place of those that are kept there."""
    try:
        rules = Rules.from_json(json.loads(file.read_text(encoding="utf-8")))
        start_writing(db.session)
        keep_rules(db.session, name, rules)
        db.session.commit()
    except (RulesError, ValueError, RecursionError) as error:
        raise click.ClickException(visible(f"{file.name}: {error}\nNothing was changed.")) from error
    click.echo(visible(f"Kept as {name}. Import with: flask directory import FILE --mapping {name!r}"))


@mappings_group.command("suggest")
@click.argument("file", type=FILE)
@click.argument("json_file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def suggest_command(file: Path, json_file: Path | None) -> None:
    """Look through a table and write what its columns may mean, to be checked; then what is not mapped."""
    try:
        with open_source(file) as source:
            seen = sample(open_table(source))
    except (UnreadableFileError, OSError) as error:
        raise click.ClickException(visible(f"{file.name}: {error}")) from error
    rules = suggest(seen)
    _print_rules(rules, json_file)
    left = unmapped(rules, seen)
    for one in left[:FIRST_UNMAPPED]:
        what = f"{one.column}: {one.value}" if one.value else f"{one.column} (the whole column)"
        click.echo(visible(f"Not mapped: {what}, {one.n_cells:,} times"), err=True)
    if len(left) > FIRST_UNMAPPED:
        click.echo(f"and {len(left) - FIRST_UNMAPPED:,} more", err=True)


def find_rules(name: str) -> KeptRules:
    """The rules kept under a name, or an error that a person understands."""
    try:
        found = _asked(lambda connection: kept_rules(connection, name))
    except RulesError as error:
        raise click.ClickException(visible(f"The mapping {name} cannot be used: {error}")) from error
    if found is None:
        raise click.ClickException(
            visible(f"There is no mapping {name}. `flask directory mappings list` lists them.")
        )
    return found


def _asked(ask: Callable[[sa.Connection], Found]) -> Found:
    try:
        with db.engine.connect() as connection:
            return ask(connection)
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            f"The database cannot be used: {error.orig}. Has `flask setup` been run?"
        ) from error


def _print_rules(rules: Rules, file: Path | None) -> None:
    text = json.dumps(rules.to_json(), ensure_ascii=False, indent=2) + "\n"
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")
        click.echo(visible(f"Wrote {file}"))


def _short(meaning: dict[str, object]) -> str:
    return json.dumps(meaning, ensure_ascii=False) if meaning else "nothing"
