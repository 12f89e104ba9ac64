"""Which source a file is: found from what stands in it, never from its name."""

from __future__ import annotations

from collections.abc import Iterator

from referral.importers import locator_export, locator_json, samhsa_national_directory
from referral.importers.csv_rows import read_csv
from referral.importers.files import SourceFile, UnreadableFileError
from referral.importers.records import Item
from referral.importers.tables import Table
from referral.importers.xlsx_rows import read_xlsx

LABELS: dict[str, str] = {
    samhsa_national_directory.SOURCE: samhsa_national_directory.LABEL,
    locator_export.SOURCE: locator_export.LABEL,
    locator_json.SOURCE: locator_json.LABEL,
}
"""Every source that can be read: its code, and what its files look like."""


def open_items(
    source: SourceFile, *, stated: str | None = None, include_mental_health: bool = False
) -> tuple[str, Iterator[Item]]:
    """(source code, stream of its records). `stated` overrules what the file looks like.

    Raises UnreadableFileError at once for a file of no known format, or later for one that breaks off.
    """
    sample = source.sample
    if sample.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFileError("This is an old Excel workbook (.xls) or one with a password. Save it as .xlsx.")
    is_json = _beginning(sample).startswith(("{", "["))
    if stated == locator_json.SOURCE or (stated is None and is_json):
        return locator_json.SOURCE, locator_json.parse(source, include_mental_health=include_mental_health)
    if is_json:
        raise UnreadableFileError(f"The file is JSON, which {stated} is not.")
    table = read_xlsx(source) if source.is_workbook else read_csv(source)
    name = stated or _recognise(table)
    if name == samhsa_national_directory.SOURCE:
        return name, samhsa_national_directory.parse(table)
    return name, locator_export.parse(table, include_mental_health=include_mental_health)


def _beginning(sample: bytes) -> str:
    encoding = "utf-16" if sample[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return sample[:100].decode(encoding, errors="replace").lstrip()


def _recognise(table: Table) -> str:
    if samhsa_national_directory.recognises(table):
        return samhsa_national_directory.SOURCE
    if locator_export.recognises(table):
        return locator_export.SOURCE
    known = "\n".join(f"  {name}: {label}" for name, label in LABELS.items())
    raise UnreadableFileError(f"The file is in none of the formats that are known:\n{known}")
