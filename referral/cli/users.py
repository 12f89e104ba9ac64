"""`flask users`: the people who keep the directory, and links with which they choose a password."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import OperationalError, ProgrammingError

from config import Config
from referral.accounts import links, people
from referral.accounts.people import EMAIL, LastAdminError, email_key
from referral.cli.import_report import make_console, visible
from referral.database import start_writing
from referral.extensions import db
from referral.importers.contact import clean_text
from referral.models import User, utc_now
from referral.models.user import MAX_EMAIL, MAX_PERSON_NAME, ROLES, all_users, user_by_email


def _read_site(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    if given and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", given):
        raise click.BadParameter("like https://care.example.org.")
    return given


site_option = click.option(
    "--site", callback=_read_site, help="Address of the site that the link begins with, as https://care.example.org."
)


@click.command("add")
@click.option("--name", prompt="Name", help="As others see it in the history of a listing.")
@click.option("--email", prompt="E-mail address", help="With which the person signs in.")
@click.option("--role", prompt="Role", type=click.Choice(list(ROLES)), help="What the person may do.")
@site_option
@with_appcontext
def add_command(name: str, email: str, role: str, site: str | None) -> None:
    """Add a person. Prints a link with which they choose their password: it works once, for a week."""
    name, email = clean_text(name), clean_text(email)
    if not name or len(name) > MAX_PERSON_NAME:
        raise click.BadParameter(f"1 to {MAX_PERSON_NAME} characters.", param_hint="--name")
    if not EMAIL.fullmatch(email) or len(email) > MAX_EMAIL:
        raise click.BadParameter("like name@example.org.", param_hint="--email")
    with _database_told():
        start_writing(db.session)
        if user_by_email(db.session, email_key(email)) is not None:
            raise click.ClickException("Somebody with this e-mail address has an account already.")
        _user, token = people.invite(db.session, email, name, role, utc_now(), by_id=None)
        db.session.commit()
    _print_link("links", token, site)


@click.command("list")
@with_appcontext
def list_command() -> None:
    """List everybody, with role and state."""
    with _database_told():
        found = all_users(db.session)
    if not found:
        click.echo("There is nobody yet. `flask users add` adds the first.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("E-mail address", "Name", "Role", "State", "Second step", "Last signed in"):
        table.add_column(heading, overflow="fold")
    for user in found:
        cells = (
            user.email,
            user.name,
            user.role,
            _state(user),
            "yes" if user.has_second_step else "no",
            f"{user.signed_in_at:%Y-%m-%d}" if user.signed_in_at else "never",
        )
        table.add_row(*(Text(visible(cell)) for cell in cells))
    make_console().print(table)


@click.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(list(ROLES)))
@with_appcontext
def role_command(email: str, role: str) -> None:
    """Change what a person may do. They have to sign in again."""
    with _changing(email) as (user, admins):
        people.set_role(db.session, user, role, admins, by_id=None)
    click.echo(f"{visible(email)} is {role} now.")


@click.command("disable")
@click.argument("email")
@with_appcontext
def disable_command(email: str) -> None:
    """No longer let a person sign in. What they did stays in the history under their name."""
    with _changing(email) as (user, admins):
        people.disable(db.session, user, admins, by_id=None)
    click.echo(f"{visible(email)} can no longer sign in.")


@click.command("enable")
@click.argument("email")
@with_appcontext
def enable_command(email: str) -> None:
    """Let a person sign in again."""
    with _changing(email) as (user, _admins):
        people.enable(db.session, user, by_id=None)
    click.echo(f"{visible(email)} can sign in again.")


@click.command("reset-link")
@click.argument("email")
@click.option("--remove-second-step", is_flag=True, help="Also remove the second step: the phone is lost.")
@site_option
@with_appcontext
def reset_link_command(email: str, remove_second_step: bool, site: str | None) -> None:
    """Print a link with which a person chooses a new password. It works once, for a day."""
    with _changing(email) as (user, _admins):
        if user.is_disabled:
            raise click.ClickException("This account is disabled. `flask users enable` comes first.")
        _purpose, token = people.make_link(
            db.session, user, utc_now(), by_id=None, removes_second_step=remove_second_step
        )
    _print_link("links", token, site)


def print_setup_link() -> None:
    """For a site without accounts: a link that makes the first, an admin. The one of an earlier run ends."""
    start_writing(db.session)
    if links.has_users(db.session):
        db.session.rollback()
        return
    token = links.new_link(db.session, "setup", None, utc_now())
    db.session.commit()
    click.echo("There is no account yet. Make the first, an admin, with this link (it works once, for a day):")
    click.echo(f"  {_site(None)}/admin/setup/{token}")


def _print_link(kind: str, token: str, site: str | None) -> None:
    click.echo("Hand on this link. It works once:")
    click.echo(f"  {_site(site)}/admin/{kind}/{token}")


def _site(given: str | None) -> str:
    if given:
        return given.rstrip("/")
    config: Config = current_app.config["ONWARD"]
    if config.trusted_hosts:
        return f"https://{config.trusted_hosts[0]}"
    return f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"


def _state(user: User) -> str:
    if user.is_disabled:
        return "disabled"
    return "active" if user.password_hash else "invited"


@contextmanager
def _changing(email: str) -> Iterator[tuple[User, list[int]]]:
    """The user of this address and the active admins, locked until what is done in the block is committed."""
    with _database_told():
        start_writing(db.session)
        admins = list(people.admins_for(db.session, None))
        user = user_by_email(db.session, email_key(email))
        if user is None:
            raise click.ClickException(
                visible(f"Nobody has the address {email}. `flask users list` lists everybody.")
            )
        try:
            yield user, admins
        except LastAdminError as error:
            raise click.ClickException(
                "This is the only admin who can sign in. Make somebody else an admin first."
            ) from error
        db.session.commit()


@contextmanager
def _database_told() -> Iterator[None]:
    """What goes wrong with the database, in one line and not as a traceback."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            f"The database cannot be used: {error.orig}. Has `flask setup` been run?"
        ) from error
