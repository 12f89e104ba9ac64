"""SAMHSA's National Directory of Drug and Alcohol Use Treatment Facilities: a yearly table, codes in one column.

As published (.xlsx, no points), or as csv, where it may have latitude, longitude and coord_source.
Codes stand in one text, categories parted by `*` and absent when empty, so they are never read by position.
"""

from __future__ import annotations

from collections.abc import Iterator

from referral.importers.messages import say
from referral.importers.reading.tables import Table
from referral.importers.records import Item, Rejected
from referral.importers.samhsa.codes import Codebook, codebook_from_sheet, is_newer_generation
from referral.importers.samhsa.record import REQUIRED_COLUMNS, build, said_by
from referral.vocabulary.words import N_

SOURCE = "samhsa_national_directory"
LABEL = say(N_("SAMHSA National Directory (xlsx or csv with the columns name1 and service_code_info)"))
CODES = "service_code_info"


def recognises(table: Table) -> bool:
    """Whether this is such a table, by its header."""
    return "name1" in table.header and CODES in table.header


def parse(table: Table) -> Iterator[Item]:
    """A record for each row. Raises UnreadableFileError when a needed column is missing."""
    columns = table.columns([*REQUIRED_COLUMNS, CODES])
    codebook = _codebook(table)
    has_points = "latitude" in columns and "longitude" in columns
    for row in table.rows:
        if isinstance(row, Rejected):
            yield row
            continue
        cells = {name: row.cells[index] for name, index in columns.items()}
        said = said_by(cells[CODES].replace("*", " ").split(), codebook)
        yield build(row.number, cells, said, has_points=has_points)


def _codebook(table: Table) -> Codebook:
    if table.code_rows:
        return codebook_from_sheet(table.code_rows)
    # A csv travels without its list: its year shows in the codes themselves, and nine rows of ten have one of those.
    return Codebook(is_newer_generation(table.sample.replace("*", " ").replace(",", " ").split()))
