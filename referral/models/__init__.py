"""What the database holds: one file per aggregate, each with the selects that are used more than once."""

from referral.models.base import Base, utc_now
from referral.models.change import DirectoryChange, changed
from referral.models.import_run import ImportRun
from referral.models.place import Place, PlaceData
from referral.models.program import Program
from referral.models.provider import Provider
from referral.models.report import Report
from referral.models.tracking import _mark_changed as _mark_changed

__all__ = [
    "Base",
    "DirectoryChange",
    "ImportRun",
    "Place",
    "PlaceData",
    "Program",
    "Provider",
    "Report",
    "changed",
    "utc_now",
]
