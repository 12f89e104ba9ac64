"""The `flask directory` group. Its commands are read only when one is called: a web worker needs none of them."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "import": "referral.cli.directory_import:import_command",
    "show": "referral.cli.directory_import:show_command",
    "load-demo": "referral.cli.demo:load_demo_command",
    "clear-demo": "referral.cli.demo:clear_demo_command",
}


class Directory(click.Group):
    """Commands by name, read when they are asked for (click's own pattern for lazy loading)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group("directory", cls=Directory)
def directory_group() -> None:
    """Look after the directory: import, show, demo listings."""
