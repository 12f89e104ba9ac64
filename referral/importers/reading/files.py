"""Opening a file that somebody else made: what it holds is found from its content, and its size is bounded."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from referral.importers.messages import MessageError, say
from referral.vocabulary.words import N_

MAX_BYTES = 500_000_000
"""Largest file, unpacked. The national directory is 8 MB; 100,000 rows are about 60 MB."""

SAMPLE_BYTES = 4096

OLD_WORKBOOK = say(N_("This is an old Excel workbook (.xls) or one with a password. Save it as .xlsx."))
NOT_TEXT = say(N_("The file is not text in an encoding that is known."))
_CHUNK = 1 << 20


class UnreadableFileError(MessageError):
    """The file as a whole cannot be read. The message says why, and what to do where there is something to do."""


@dataclass(frozen=True)
class SourceFile:
    """A file to read, unpacked where it was gzip. `stream` is seekable and stands at its beginning."""

    name: str
    stream: IO[bytes]
    size: int
    """Bytes, unpacked."""
    sha256: str
    """Of the file as it was given."""
    sample: bytes
    """The beginning of the content, unpacked."""

    @property
    def is_workbook(self) -> bool:
        return self.sample.startswith(b"PK\x03\x04")

    @property
    def share_read(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return self.stream.tell() / self.size


@contextmanager
def open_source(path: Path) -> Iterator[SourceFile]:
    """Open a file, gzip or not. Raises UnreadableFileError; OSError where the file cannot be opened at all."""
    with path.open("rb") as raw, source_of(raw, path.name) as source:
        yield source


@contextmanager
def source_of(raw: IO[bytes], name: str) -> Iterator[SourceFile]:
    """What a stream that can be sought holds. Raises UnreadableFileError."""
    digest = hashlib.sha256()
    raw.seek(0)
    while block := raw.read(_CHUNK):
        digest.update(block)
    size = raw.tell()
    raw.seek(0)
    is_gzip = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    if not size:
        raise UnreadableFileError(say(N_("The file is empty.")))
    if size > MAX_BYTES:
        raise UnreadableFileError(say(N_("The file is larger than %(n)s MB."), n=MAX_BYTES // 1_000_000))
    if not is_gzip:
        yield SourceFile(name, raw, size, digest.hexdigest(), _sample(raw))
        return
    with tempfile.TemporaryFile() as unpacked:
        size = _unpack(raw, unpacked)
        yield SourceFile(name, unpacked, size, digest.hexdigest(), _sample(unpacked))


def _sample(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    sample = stream.read(SAMPLE_BYTES)
    stream.seek(0)
    return sample


def _unpack(packed: IO[bytes], unpacked: IO[bytes]) -> int:
    size = 0
    try:
        with gzip.GzipFile(fileobj=packed) as content:
            while block := content.read(_CHUNK):
                size += len(block)
                if size > MAX_BYTES:
                    what = N_("Unpacked, the file is larger than %(n)s MB.")
                    raise UnreadableFileError(say(what, n=MAX_BYTES // 1_000_000))
                unpacked.write(block)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableFileError(say(N_("The file is a damaged gzip file: fetch it again."))) from error
    if not size:
        raise UnreadableFileError(say(N_("The file is empty.")))
    unpacked.seek(0)
    return size


def open_text(source: SourceFile) -> io.TextIOWrapper:
    """The content as text, with line ends as they stand. UTF-8 or UTF-16 with their marks, UTF-8, else cp1252."""
    encoding = _encoding(source)
    # Five bytes mean nothing in cp1252: one of them in a name must not cost the whole file.
    errors = "replace" if encoding == "cp1252" else "strict"
    return io.TextIOWrapper(io.BufferedReader(_Unclosed(source.stream)), encoding=encoding, errors=errors, newline="")


def _encoding(source: SourceFile) -> str:
    start = source.sample[:4]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := source.stream.read(_CHUNK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        source.stream.seek(0)
    return "utf-8"


class _Unclosed(io.RawIOBase):
    """A stream that stays open when the text reader on top of it goes away."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)
