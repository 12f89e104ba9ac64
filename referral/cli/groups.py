"""The command groups that several files add to."""

import click


@click.group("directory")
def directory_group() -> None:
    """Look after the directory: import, show, demo listings."""
