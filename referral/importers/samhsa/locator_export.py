"""The export of FindTreatment.gov (.xlsx or csv): contact columns, then one column of 1 or blank for each code.

Only SU and MH rows have usable flags. All BUPREN rows carry the same 271 and all OTP rows the same 270, so each
says one thing: the one medicine. Other lists are no addiction treatment: skipped.
"""

from __future__ import annotations

from collections.abc import Iterator

from referral.importers.messages import Message, say
from referral.importers.reading.tables import Table
from referral.importers.records import Item, Rejected, Skipped
from referral.importers.samhsa.codes import Codebook, codebook_from_sheet, is_newer_generation
from referral.importers.samhsa.record import CONTACT_COLUMNS, REQUIRED_COLUMNS, Said, build, said_by
from referral.vocabulary.words import N_

SOURCE = "locator_export"
LABEL = say(N_("FindTreatment.gov locator export (xlsx or csv with the columns name1 and type_facility)"))
LIST = "type_facility"

LISTS = {"SU": "SU", "SA": "SU", "MH": "MH", "BUPREN": "BUPREN", "OTP": "OTP"}
"""How each list is called in one year or another."""
SAID_BY_LIST = {
    "BUPREN": Said(("outpatient",), frozenset({"buprenorphine"})),
    "OTP": Said(("outpatient",), frozenset({"methadone"})),
}
NO_ADDICTION_TREATMENT = say(N_("mental health only (no addiction treatment)"))


def other_list(stated: str) -> Message:
    """Why a row of a list that is none of ours is skipped."""
    return say(N_("facility type %(type)s"), type=repr(stated[:20]))


def recognises(table: Table) -> bool:
    """Whether this is such a table, by its header."""
    return "name1" in table.header and LIST in table.header


def parse(table: Table, *, include_mental_health: bool = False) -> Iterator[Item]:
    """A record for each row that is addiction treatment (or any MH row, where asked for).

    Raises UnreadableFileError when a needed column is missing.
    """
    columns = table.columns([*REQUIRED_COLUMNS, LIST])
    contacts = {name: index for name, index in columns.items() if name in CONTACT_COLUMNS}
    flags = {name: index for name, index in columns.items() if name not in CONTACT_COLUMNS and name != LIST}
    codebook = codebook_from_sheet(table.code_rows) if table.code_rows else Codebook(is_newer_generation(flags))
    has_points = "latitude" in columns and "longitude" in columns
    for row in table.rows:
        if isinstance(row, Rejected):
            yield row
            continue
        stated = row.cells[columns[LIST]].strip().upper()
        listed_as = LISTS.get(stated, "")
        if not listed_as:
            yield Skipped(row.number, other_list(stated))
            continue
        codes = [name.upper() for name, index in flags.items() if is_flagged(row.cells[index])]
        said = SAID_BY_LIST.get(listed_as) or said_by(codes, codebook)
        if listed_as == "MH" and "SA" not in codes and not include_mental_health:
            yield Skipped(row.number, NO_ADDICTION_TREATMENT)
            continue
        cells = {name: row.cells[index] for name, index in contacts.items()}
        yield build(row.number, cells, said, listed_as=listed_as, has_points=has_points)


def is_flagged(cell: str) -> bool:
    """A flag is 1; blank and 0 are none. Any other text is taken for one, so that its column is not lost unseen."""
    return cell.strip() not in ("", "0")
