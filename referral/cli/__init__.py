"""The `flask` commands: one file for each, put together here."""

from flask import Flask

from referral.cli.groups import directory_group, reports_group, users_group
from referral.cli.setup import setup_command


def init_app(app: Flask) -> None:
    """Add all commands to the application."""
    app.cli.add_command(setup_command)
    app.cli.add_command(directory_group)
    app.cli.add_command(reports_group)
    app.cli.add_command(users_group)
