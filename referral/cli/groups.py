"""Groups of `flask` commands. A command is read only when it is called: a web worker needs none of them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

DIRECTORY = {
    "import": "referral.cli.directory_import:import_command",
    "show": "referral.cli.directory_import:show_command",
    "load-demo": "referral.cli.demo:load_demo_command",
    "clear-demo": "referral.cli.demo:clear_demo_command",
}

REPORTS = {
    "list": "referral.cli.reports:list_command",
    "show": "referral.cli.reports:show_command",
    "close": "referral.cli.reports:close_command",
    "reopen": "referral.cli.reports:reopen_command",
    "purge": "referral.cli.reports:purge_command",
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
    """Look after the directory: import, show, demo listings."""


@click.group("reports", cls=LazyGroup, places=REPORTS)
def reports_group() -> None:
    """Read and close what people report about listings."""
