"""Files built to exhaust memory or time are refused, quickly and by name (THREATS 17 to 20)."""

from __future__ import annotations

import codecs
import gzip
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from referral.importers.reading import files, xlsx_bounds
from referral.importers.reading.files import UnreadableFileError
from tests.importers.made_files import NATIONAL, csv_text, one_record, read, row, sheet_of, write_xlsx


@contextmanager
def small_and_quick() -> Iterator[None]:
    """At most 20 MB more memory and 2 seconds of work: not of the clock, since others share the machine."""
    started = time.process_time()
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert time.process_time() - started < 2


def refuse(path: Path, message: str) -> None:
    with small_and_quick(), pytest.raises(UnreadableFileError, match=message):
        read(path)


def workbook_with(path: Path, name: str, size: int) -> Path:
    """A workbook with one more part, of this many zeros."""
    write_xlsx(path, {"Facilities List": sheet_of([row()])})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book, book.open(name, "w") as part:
        for _ in range(size // 1_000_000):
            part.write(b"0" * 1_000_000)
    return path


@pytest.mark.parametrize("name", ["xl/sharedStringsToo.xml", "xl/worksheets/sheet2.xml"])
def test_a_workbook_part_that_unpacks_a_hundredfold_is_refused(tmp_path: Path, name: str) -> None:
    refuse(workbook_with(tmp_path / "a.xlsx", name, 60_000_000), "far too large")


def test_a_workbook_part_that_would_be_held_in_memory_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Facilities List": sheet_of([row()])})
    monkeypatch.setattr(xlsx_bounds, "MAX_HELD", 100)
    refuse(path, "far too large")


def test_a_workbook_with_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Facilities List": sheet_of([row()])})
    with zipfile.ZipFile(path, "a") as book:
        for number in range(300):
            book.writestr(f"part{number}", b"")
    refuse(path, "far too large")


def test_a_workbook_whose_parts_are_larger_than_they_say_gives_no_more_than_they_say(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Facilities List": sheet_of([row()] * 1000)})
    with zipfile.ZipFile(path) as book:
        size = book.getinfo("xl/worksheets/sheet1.xml").file_size
    content = path.read_bytes()
    assert content.count(size.to_bytes(4, "little")) >= 1
    path.write_bytes(content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    refuse(path, "damaged")


def test_a_sheet_with_one_cell_in_the_last_corner_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(NATIONAL))
    sheet.cell(row=1_048_576, column=16_384, value="x")
    book.save(tmp_path / "a.xlsx")
    refuse(tmp_path / "a.xlsx", "blank ones in a row")


SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
STRINGS_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
DECLARED = {
    "entities": '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>',
    "billion laughs": f'<!DOCTYPE a [<!ENTITY a0 "laugh">{LAUGHS}]>',
    "external entity": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
    "external subset": '<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd">',
    "late": "<!-- " + "a comment " * 2000 + '--><?x <!DOCTYPE?><!DOCTYPE a [<!ENTITY b "b">]>',
}


def workbook_with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Blue Door's workbook, its name in the list of shared strings, with one part changed."""
    write_xlsx(path, {"Facilities List": sheet_of([row()])})
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts[SHEET] = parts[SHEET].replace(b't="inlineStr"><is><t>Blue Door</t></is>', b't="s"><v>0</v>')
    parts[TYPES] = parts[TYPES].replace(b"</Types>", STRINGS_TYPE + b"</Types>")
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts[STRINGS] = b'<sst xmlns="%b"><si><t>Blue Door</t></si></sst>' % space
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w") as book:
        for part, content in parts.items():
            book.writestr(part, content)
    return path


def after_declaration(content: bytes, text: str) -> bytes:
    """A part of XML with this text before its first element."""
    body = content.split(b"?>", 1)[1] if content.startswith(b"<?xml") else content
    return b'<?xml version="1.0"?>' + text.encode() + body


@pytest.mark.parametrize("name", [SHEET, STRINGS, "xl/workbook.xml", TYPES, "_rels/.rels"])
@pytest.mark.parametrize("declared", DECLARED.values(), ids=DECLARED.keys())
def test_a_workbook_with_a_document_type_is_refused(tmp_path: Path, name: str, declared: str) -> None:
    path = workbook_with_part(tmp_path / "a.xlsx", name, lambda content: after_declaration(content, declared))
    refuse(path, "document type")


def test_a_document_type_is_found_in_a_part_of_any_name(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Facilities List": sheet_of([row()])})
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/strings.bin", f"{DECLARED['billion laughs']}<sst>&a9;</sst>")
    refuse(path, "document type")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", [SHEET, STRINGS])
def test_a_workbook_in_another_encoding_is_refused(tmp_path: Path, name: str, encoding: str) -> None:
    def change(content: bytes) -> bytes:
        return content.split(b"?>", 1)[-1].decode().encode(encoding)

    refuse(workbook_with_part(tmp_path / "a.xlsx", name, change), "not in UTF-8")


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-7", "UTF-16"])
def test_a_workbook_that_says_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    def change(content: bytes) -> bytes:
        return f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + content.split(b"?>", 1)[-1]

    refuse(workbook_with_part(tmp_path / "a.xlsx", STRINGS, change), "not in UTF-8")


def test_a_workbook_part_without_end_before_its_first_element_is_refused(tmp_path: Path) -> None:
    path = workbook_with_part(tmp_path / "a.xlsx", SHEET, lambda content: after_declaration(content, " " * 900_000))
    refuse(path, "does not begin as XML should")


def test_a_workbook_with_a_mark_comments_and_leftovers_is_read(tmp_path: Path) -> None:
    def change(content: bytes) -> bytes:
        return codecs.BOM_UTF8 + after_declaration(content, "<!-- <!DOCTYPE a> <!ENTITY b> -->\n")

    path = workbook_with_part(tmp_path / "a.xlsx", STRINGS, change)
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/printerSettings/printerSettings1.bin", b"\0\0P\0r\0i\0n\0t")
        book.writestr("[trash]/0000.dat", b"")
        book.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    assert one_record(path).name == "Blue Door"


def test_workbooks_are_read_by_the_parser_in_c() -> None:
    assert not openpyxl.DEFUSEDXML


def test_a_gzip_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 30_000_000)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 40_000_000))
    refuse(path, "larger than 30 MB")


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    path = tmp_path / "a.csv"
    path.write_bytes(b"0" * 2000)
    refuse(path, "larger than")


def test_an_open_quote_over_many_lines_is_cheap(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    first, rest = csv_text(NATIONAL, [row()] * 2000).split("\n", 1)
    path.write_text(f'{first}\n"\n{rest}', encoding="utf-8")
    with small_and_quick():
        assert len(read(path)[1]) == 2001


def test_open_quotes_on_every_line_are_cheap(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(NATIONAL) + "\n" + '"""",x"\n' * 3000, encoding="utf-8")
    with small_and_quick():
        read(path)


def test_a_line_of_a_million_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(NATIONAL) + "\n" + "," * 1_100_000, encoding="utf-8")
    refuse(path, "more than 1,000,000 characters")


def test_thousands_of_long_lines_with_too_many_cells_are_each_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(NATIONAL) + "\n" + ("x," * 600 + "\n") * 500, encoding="utf-8")
    with small_and_quick():
        assert len(read(path)[1]) == 500
