"""A file on its way. Its first block is made before the answer begins: what fails at once is told on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from referral.exporters import Choice, Export, open_export

Write = Callable[[Export], Iterator[bytes]]


def begun(engine: sa.Engine, choice: Choice, write: Write) -> Iterator[bytes]:
    """The blocks of a file, begun. Raises what making the first one raises; closing it gives the database back."""
    blocks = _blocks(engine, choice, write)
    return _led_by(next(blocks), blocks)


def _blocks(engine: sa.Engine, choice: Choice, write: Write) -> Iterator[bytes]:
    with open_export(engine, choice) as export:
        yield from write(export)


def _led_by(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others
