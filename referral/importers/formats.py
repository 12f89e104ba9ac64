"""Which source a file is: found from what stands in it, never from its name, unless a mapping says how to read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from referral.importers.loading.load import load
from referral.importers.mapping import KeptRules, apply, open_table
from referral.importers.messages import Message, joined, say
from referral.importers.own import file_format
from referral.importers.own.load import load_own
from referral.importers.reading.csv_rows import read_csv
from referral.importers.reading.files import OLD_WORKBOOK, SourceFile, UnreadableFileError
from referral.importers.reading.tables import Table
from referral.importers.reading.xlsx_rows import read_xlsx
from referral.importers.report import Report
from referral.importers.samhsa import locator_export, locator_json, national_directory
from referral.vocabulary.words import N_

LABELS: dict[str, Message] = {
    national_directory.SOURCE: national_directory.LABEL,
    locator_export.SOURCE: locator_export.LABEL,
    locator_json.SOURCE: locator_json.LABEL,
    file_format.SOURCE: file_format.LABEL,
}
"""Every source that can be read without a mapping: its code, and what its files look like."""


def label_of(source: str) -> str:
    """What the files of a source look like; of a mapping, its name."""
    return LABELS.get(source, source)


def loader_of(source: str) -> Callable[..., Report]:
    """The function that takes what `open_items` gave for this source into the directory: load or load_own."""
    return load_own if source == file_format.SOURCE else load


def open_items(
    source: SourceFile,
    *,
    stated: str | None = None,
    include_mental_health: bool = False,
    mapping: KeptRules | None = None,
) -> tuple[str, Iterator[Any]]:
    """(source code, stream of what it says), for `loader_of(source code)`.

    `stated` overrules what the file looks like, and `mapping` says how to read a table of somebody's own.
    Raises UnreadableFileError at once for a file of no known format, or later for one that breaks off.
    """
    if source.sample.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFileError(OLD_WORKBOOK)
    beginning = _beginning(source.sample)
    is_json = beginning.startswith(("{", "["))
    if mapping is not None:
        if is_json:
            raise UnreadableFileError(say(N_("The file is JSON: a mapping reads csv and xlsx tables.")))
        return mapping.source, apply(mapping.rules, open_table(source, mapping.rules.sheet))
    if is_json:
        return _open_json(source, beginning, stated, include_mental_health=include_mental_health)
    if stated == locator_json.SOURCE:
        return stated, locator_json.parse(source, include_mental_health=include_mental_health)
    table = read_xlsx(source) if source.is_workbook else read_csv(source)
    name = stated or _recognise(table)
    if name == file_format.SOURCE:
        return name, file_format.parse(table)
    if name == national_directory.SOURCE:
        return name, national_directory.parse(table)
    return name, locator_export.parse(table, include_mental_health=include_mental_health)


def _open_json(
    source: SourceFile, beginning: str, stated: str | None, *, include_mental_health: bool
) -> tuple[str, Iterator[Any]]:
    name = stated or (file_format.SOURCE if file_format.recognises_json(beginning) else locator_json.SOURCE)
    if name == file_format.SOURCE:
        return name, file_format.parse_json(source)
    if name == locator_json.SOURCE:
        return name, locator_json.parse(source, include_mental_health=include_mental_health)
    raise UnreadableFileError(say(N_("The file is JSON, which %(format)s is not."), format=name))


def _beginning(sample: bytes) -> str:
    encoding = "utf-16" if sample[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return sample[:100].decode(encoding, errors="replace").lstrip()


def _recognise(table: Table) -> str:
    if file_format.recognises(table):
        return file_format.SOURCE
    if national_directory.recognises(table):
        return national_directory.SOURCE
    if locator_export.recognises(table):
        return locator_export.SOURCE
    known = joined("\n", *(joined(": ", f"  {name}", label) for name, label in LABELS.items()))
    raise UnreadableFileError(
        say(
            N_(
                "The file is in none of the formats that are known:\n%(known)s\n"
                "Any other table comes in through a mapping."
            ),
            known=known,
        )
    )
