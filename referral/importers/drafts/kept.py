"""Imports on their way: the file that somebody sent, kept in pieces, and whose turn it is to work on it.

A process claims a draft by writing the time into `alive_at`, and writes it anew while it works. Whoever finds another
time there than their own has been taken for dead, and stops: so two never work on one draft.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, Any

import sqlalchemy as sa

from referral.importers.contact import clean_text
from referral.importers.messages import say
from referral.importers.reading.files import SourceFile, UnreadableFileError, source_of
from referral.models import ImportDraft, ImportDraftChunk, utc_now
from referral.models.import_draft import CHUNK_BYTES
from referral.vocabulary.words import N_

MAX_UPLOAD_BYTES = 50_000_000
"""The largest file that can be sent. The national directory has 8 MB."""
MAX_FILE_NAME = 200
KEPT_DAYS = 30
DEAD_SECONDS = 30
"""Seconds after which a process that says nothing is taken for dead."""

WORKING = ("comparing", "applying")
MAY_BECOME = {"comparing": ("uploaded", "compared", "failed"), "applying": ("compared",)}
"""From which states each kind of work may begin. Work that was interrupted may begin again too."""


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One short transaction that may write."""
    with engine.connect() as connection:
        connection.execution_options(is_write=True)
        with connection.begin():
            yield connection


def clean_file_name(text: str) -> str:
    """The last part of a file's name, in visible characters: browsers of old sent the whole path."""
    name = clean_text(PureWindowsPath(PurePosixPath(text).name).name)
    return name[-MAX_FILE_NAME:] or "file"


def store(
    engine: sa.Engine, stream: IO[bytes], file_name: str, *, user_id: int | None, options: dict[str, Any]
) -> int:
    """Keep a file that was sent, and give the number of its draft. `stream` is seekable.

    Each piece is packed before it is written, so that nobody waits long. A file that did not arrive whole is found
    out when it is opened, by its digest. Raises UnreadableFileError for one that is empty or too large.
    """
    digest, size = hashlib.sha256(), 0
    for piece in _read(stream):
        digest.update(piece)
        size += len(piece)
    if not size:
        raise UnreadableFileError(say(N_("The file is empty.")))
    if size > MAX_UPLOAD_BYTES:
        what = N_("The file is larger than %(n)s MB.")
        raise UnreadableFileError(say(what, n=MAX_UPLOAD_BYTES // 1_000_000))
    row = {"file_sha256": digest.hexdigest(), "size_bytes": size, "user_id": user_id, "options": options}
    with writing(engine) as connection:
        insert = sa.insert(ImportDraft).values(file_name=clean_file_name(file_name), **row)
        draft_id: int = connection.execute(insert.returning(ImportDraft.id)).scalar_one()
    for number, piece in enumerate(_read(stream)):
        chunk = {"draft_id": draft_id, "number": number, "content": zlib.compress(piece, 1)}
        with writing(engine) as connection:
            connection.execute(sa.insert(ImportDraftChunk).values(chunk))
    return draft_id


def _read(stream: IO[bytes]) -> Iterator[bytes]:
    """The pieces of a stream from its beginning; one more than may be kept, and no further."""
    stream.seek(0)
    n_left = MAX_UPLOAD_BYTES // CHUNK_BYTES + 2
    while n_left and (piece := stream.read(CHUNK_BYTES)):
        yield piece
        n_left -= 1


@contextmanager
def opened(engine: sa.Engine, draft_id: int) -> Iterator[SourceFile]:
    """The file of a draft, as if it had been opened where it came from. Raises UnreadableFileError."""
    with engine.connect() as connection:
        select = sa.select(ImportDraft.file_name, ImportDraft.file_sha256).where(ImportDraft.id == draft_id)
        file_name, sha256 = connection.execute(select).one()
    # A file without a name, so that nothing is left of it however this process ends.
    with tempfile.TemporaryFile() as file:
        for piece in _pieces(engine, draft_id):
            file.write(piece)
        with source_of(file, file_name) as source:
            if source.sha256 != sha256:
                raise UnreadableFileError(say(N_("The file did not arrive whole: send it again.")))
            yield source


def _pieces(engine: sa.Engine, draft_id: int) -> Iterator[bytes]:
    number = 0
    while True:
        of_number = (ImportDraftChunk.draft_id == draft_id, ImportDraftChunk.number == number)
        with engine.connect() as connection:
            content = connection.execute(sa.select(ImportDraftChunk.content).where(*of_number)).scalar()
        if content is None:
            return
        yield zlib.decompressobj().decompress(content, CHUNK_BYTES)
        number += 1


def is_interrupted(draft: ImportDraft, now: datetime) -> bool:
    """Whether a process should be at work on it, and is not."""
    return draft.status in WORKING and draft.alive_at < now - timedelta(seconds=DEAD_SECONDS)


def claim(connection: sa.Connection, draft_id: int, status: str, **values: Any) -> datetime | None:
    """Begin a kind of work (`comparing` or `applying`) in the caller's transaction.

    Gives the time by which whoever does the work is known; None when the draft is not in a state to begin it, or is
    worked on already.
    """
    now = utc_now()
    is_dead = (ImportDraft.status == status) & (ImportDraft.alive_at < now - timedelta(seconds=DEAD_SECONDS))
    begun = (
        sa.update(ImportDraft)
        .where(ImportDraft.id == draft_id, ImportDraft.status.in_(MAY_BECOME[status]) | is_dead)
        .values(status=status, alive_at=now, n_rows_done=0, message="", **values)
    )
    return now if connection.execute(begun).rowcount else None


def discard(connection: sa.Connection, draft_id: int) -> bool:
    """Delete a draft with its file, unless it is being applied or was applied."""
    is_free = ImportDraft.status.not_in(("applying", "applied"))
    is_dead = ImportDraft.alive_at < utc_now() - timedelta(seconds=DEAD_SECONDS)
    of_draft = (ImportDraft.id == draft_id, is_free | (is_dead & (ImportDraft.status == "applying")))
    return bool(connection.execute(sa.delete(ImportDraft).where(*of_draft)).rowcount)


def delete_old(engine: sa.Engine) -> int:
    """Delete drafts that nobody has worked on for KEPT_DAYS, each with its file and its lists. Gives how many."""
    is_old = ImportDraft.alive_at < utc_now() - timedelta(days=KEPT_DAYS)
    with engine.connect() as connection:
        if connection.execute(sa.select(ImportDraft.id).where(is_old).limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        return connection.execute(sa.delete(ImportDraft).where(is_old)).rowcount
