"""The directory as a file: csv, a workbook or JSON, in our own format (docs/file_format.md). Knows no web.

    with open_export(db.engine, Choice(state="KY")) as export:
        for block in FORMATS["csv"].write(export): ...

All of them stream: memory does not grow with the number of listings, and a file shows the directory at one instant.
"""

from referral.exporters.formats import FORMATS, Format
from referral.exporters.reading import Choice, Export, Listing, TooManyProgramsError, count_listings, open_export
from referral.exporters.xlsx_file import CellTooLongError

__all__ = [
    "FORMATS",
    "CellTooLongError",
    "Choice",
    "Export",
    "Format",
    "Listing",
    "TooManyProgramsError",
    "count_listings",
    "open_export",
]
