"""What a workbook may hold: one that is built to exhaust memory or time is refused before anything of it is read."""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from typing import IO, NamedTuple
from xml.parsers import expat

from referral.importers.messages import say
from referral.importers.reading.files import SourceFile, UnreadableFileError
from referral.vocabulary.words import N_

if expat.version_info < (2, 4, 1):  # pragma: no cover - older than every supported Python's own
    raise ImportError("expat is older than 2.4.1: workbooks could not be read safely")

MAX_ENTRIES = 200
MAX_SIGNATURES = 10_000
"""Of entries of zip files, in the whole file: workbooks may hold other workbooks."""
MAX_UNPACKED = 400_000_000
"""All parts of a workbook together. The national directory has 12 MB; a full locator export about 20 times that."""
MAX_HELD = 50_000_000
"""Bytes of each part that is held in memory as a whole: all but the sheets. The national directory has 6 MB."""
MAX_RATIO = 100
"""Unpacked to packed size of a part over 1 MB. Real sheets reach 10."""
MAX_PROLOG = 65_536
"""Bytes of a part before its first element. Real parts reach 200."""
_BLOCK = 1 << 20
_MAX_TAG_NAME = 64
_PLAIN_ENCODINGS = ("utf-8", "us-ascii", "ascii")
_PACKED_BADLY = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError)


class Room(NamedTuple):
    """How much may come between two rows, or stand in a part."""

    size: int
    marks: int
    """Tags and attributes: each takes up to 100 bytes of memory, and where it makes an object up to 1,000."""


ROW = Room(1_000_000, 100_000)
"""As much as a line of a csv. A row of 16,384 coloured cells has 65,000 tags and attributes."""
AFTER_ROWS = Room(10_000_000, 400_000)
"""Links and merged cells stand after the rows: a sheet can have 65,530 links."""
WITH_COMMENTS = Room(MAX_HELD, 2_000_000)
"""From a comment on, of all rows together: hardly any program writes one into a sheet."""
HELD = Room(MAX_HELD, 8_000_000)
"""100,000 listings have some 800,000 different texts, each with four tags."""
SMALL = Room(5_000_000, 200_000)
"""Styles, names of sheets and the like. A workbook can have 65,490 styles."""

_SMALL_NAMES = re.compile(
    r"(?:.*\.rels|\[Content_Types\]\.xml|docProps/.*|xl/(?:styles|workbook|theme/.*)\.xml)", re.IGNORECASE
)
_SMALL_ROOTS = frozenset(
    {"workbook", "styleSheet", "Types", "Relationships", "chartsheet", "theme", "coreProperties", "Properties"}
)
_PREFIX = rb"(?:[^\s<>/:!?]+:)?"
_END_OF_ROWS = re.compile(rb"</%bsheetData[\s>]" % _PREFIX)


def look_through(source: SourceFile) -> bool:
    """Whether any sheet of the workbook has a formula. Raises UnreadableFileError for one that must not be read."""
    _refuse_many_entries(source)
    try:
        book = zipfile.ZipFile(source.stream)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise UnreadableFileError(say(N_("The workbook is damaged: fetch it again."))) from error
    with book:
        parts = book.infolist()
        _refuse_sizes(parts)
        formulas = [_look_through_part(book, part) for part in parts]
        return any(formulas)


def _refuse_many_entries(source: SourceFile) -> None:
    """Before the directory is read, which takes 500 bytes of memory for an entry of 47."""
    n_found, before = 0, b""
    source.stream.seek(0)
    while block := source.stream.read(_BLOCK):
        n_found += (before + block).count(b"PK\x01\x02")
        before = block[-3:]
        if n_found > MAX_SIGNATURES:
            raise _bomb()
    source.stream.seek(0)


def _refuse_sizes(parts: list[zipfile.ZipInfo]) -> None:
    # zipfile never gives more bytes of a part than its directory says, so checking the directory is enough.
    is_bomb = len(parts) > MAX_ENTRIES or sum(part.file_size for part in parts) > MAX_UNPACKED
    for part in parts:
        is_bomb |= part.file_size > 1_000_000 and part.file_size > MAX_RATIO * max(part.compress_size, 1)
    if is_bomb:
        raise _bomb()


def _bomb() -> UnreadableFileError:
    return UnreadableFileError(say(N_("Unpacked, the workbook would be far too large: it is refused.")))


def _look_through_part(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether it is a sheet with a formula. A part is what the workbook says it is, whatever its name.

    A part that cannot be unpacked is often a leftover that nothing refers to; openpyxl could not read it either.
    """
    try:
        with book.open(part) as stream:
            root, at = root_of(stream)
        is_small = bool(_SMALL_NAMES.fullmatch(part.filename))
        if root == "worksheet" and not is_small:
            with book.open(part) as stream:
                stream.read(at)
                return _look_through_sheet(stream)
        if part.file_size > MAX_HELD:
            raise _bomb()
        if root is not None:
            with book.open(part) as stream:
                _refuse_crowded(stream, SMALL if is_small or root in _SMALL_ROOTS else HELD)
    except _PACKED_BADLY:
        pass
    return False


def _refuse_crowded(stream: IO[bytes], room: Room) -> None:
    used = Room(0, 0)
    while block := stream.read(_BLOCK):
        used = _filled(used, block, room)


def _filled(used: Room, text: bytes, room: Room) -> Room:
    now = Room(used.size + len(text), used.marks + text.count(b"<") + text.count(b"="))
    if now.size > room.size or now.marks > room.marks:
        raise _bomb()
    return now


def _look_through_sheet(stream: IO[bytes]) -> bool:
    """Whether there is a formula in it. openpyxl holds one row of a sheet, and what stands around the rows."""
    has_formula, has_comments, used, room, rest = False, False, Room(0, 0), ROW, b""
    while block := stream.read(_BLOCK):
        text = rest + block
        end = _end_of_whole_tags(text)
        if _tag(b"si", text).search(text):
            raise _bomb()  # a table of texts, which would be held as a whole
        has_formula = has_formula or _tag(b"f", text).search(text) is not None
        has_comments = has_comments or b"<!" in text or b"<?" in text
        start = 0
        # In a comment rows can stand that are none: from there on none counts.
        for row in () if has_comments else _tag(b"row", text).finditer(text, 0, end):
            if used.size or row.start() - start > ROW.marks:
                _filled(used, text[start : row.start()], room)
            start, used, room = row.start(), Room(0, 0), ROW
        ended = None if has_comments or room is AFTER_ROWS else _END_OF_ROWS.search(text, start)
        if ended:
            _filled(used, text[start : ended.start()], room)
            room = AFTER_ROWS
        used, rest = _filled(used, text[start:end], WITH_COMMENTS if has_comments else room), text[end:]
    return has_formula


def _tag(name: bytes, text: bytes) -> re.Pattern[bytes]:
    """Finds where such an element begins. Few write a prefix, and looking for one takes long."""
    prefix = _PREFIX if b":" + name in text else b""
    return re.compile(rb"<%b%b[\s/>]" % (prefix, name))


def _end_of_whole_tags(text: bytes) -> int:
    """Where the last tag begins, when the next block may be needed to tell its name."""
    at = text.rfind(b"<", max(0, len(text) - _MAX_TAG_NAME))
    return len(text) if at < 0 else at


def root_of(stream: IO[bytes]) -> tuple[str | None, int]:
    """The name of the first element of a part, and where it stands; None for a part that is not XML.

    Raises UnreadableFileError where a part has a document type (so no entity can be declared), is in an encoding
    other than UTF-8 or ASCII, or does not come to its first element in MAX_PROLOG bytes. Found out by the parser that
    reads the part later, so both see the same.
    """
    parser, start, n_read = expat.ParserCreate(), b"", 0
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.XmlDeclHandler = _check_declaration
    parser.StartElementHandler = _stop
    try:
        while n_read < MAX_PROLOG:
            block = stream.read(4096)
            start = start or block[:2]
            n_read += len(block)
            parser.Parse(block, not block)
    except _FirstElement as found:
        if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\0" in start:
            raise UnreadableFileError(_OTHER_ENCODING) from None
        return str(found).rpartition(":")[2], parser.CurrentByteIndex
    except expat.ExpatError:
        return None, 0
    raise UnreadableFileError(_NOT_XML)


_OTHER_ENCODING = say(N_("A part of the workbook is not in UTF-8: save it again as .xlsx."))
_NOT_XML = say(N_("A part of the workbook does not begin as XML should: it is refused."))
_HAS_TYPE = say(N_("A part of the workbook has a document type, which no workbook needs: it is refused."))


class _FirstElement(Exception):  # noqa: N818 - no error
    """The prolog of a part is over."""


def _stop(name: str, attributes: dict[str, str]) -> None:
    raise _FirstElement(name)


def _refuse_declaration(name: str, system: str | None, public: str | None, has_subset: bool) -> None:
    raise UnreadableFileError(_HAS_TYPE)


def _check_declaration(version: str, encoding: str | None, standalone: int) -> None:
    if encoding and encoding.lower() not in _PLAIN_ENCODINGS:
        raise UnreadableFileError(_OTHER_ENCODING)
