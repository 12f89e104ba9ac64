"""Groups of `flask` commands. A command is read only when it is called: a web worker needs none of them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

DIRECTORY = {
    "import": "referral.cli.directory_import:import_command",
    "show": "referral.cli.directory_import:show_command",
    "export": "referral.cli.directory_export:export_command",
    "mappings": "referral.cli.directory_mappings:mappings_group",
    "undo-import": "referral.cli.directory_drafts:undo_import_command",
    "differences": "referral.cli.directory_drafts:differences_command",
    "run-draft": "referral.cli.directory_drafts:run_draft_command",
    "load-demo": "referral.cli.demo:load_demo_command",
    "clear-demo": "referral.cli.demo:clear_demo_command",
    "find-duplicates": "referral.cli.duplicates:find_duplicates_command",
}

REPORTS = {
    "list": "referral.cli.reports:list_command",
    "show": "referral.cli.reports:show_command",
    "close": "referral.cli.reports:close_command",
    "reopen": "referral.cli.reports:reopen_command",
    "purge": "referral.cli.reports:purge_command",
}

USERS = {
    "add": "referral.cli.users:add_command",
    "list": "referral.cli.users:list_command",
    "role": "referral.cli.users:role_command",
    "disable": "referral.cli.users:disable_command",
    "enable": "referral.cli.users:enable_command",
    "reset-link": "referral.cli.users:reset_link_command",
}


class LazyGroup(click.Group):
    """Commands by name, read when they are asked for (click's own pattern for lazy loading)."""

    def __init__(self, *args: Any, places: Mapping[str, str], **values: Any) -> None:
        super().__init__(*args, **values)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._places:
            return None
        module, name = self._places[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group("directory", cls=LazyGroup, places=DIRECTORY)
def directory_group() -> None:
    """Look after the directory: import, export, show, demo listings."""


@click.group("reports", cls=LazyGroup, places=REPORTS)
def reports_group() -> None:
    """Read and close what people report about listings."""


@click.group("users", cls=LazyGroup, places=USERS)
def users_group() -> None:
    """Look after the people who keep the directory."""
