"""What the database holds: one file per aggregate, each with the selects that are used more than once."""

from referral.models.account_event import AccountEvent
from referral.models.base import Base, utc_now
from referral.models.change import DirectoryChange, changed
from referral.models.check import Assignment, Check
from referral.models.correction import Correction
from referral.models.duplicate import DuplicatePair, Merge
from referral.models.history import Act, Change
from referral.models.import_draft import ImportDraft, ImportDraftChunk, ImportDraftRow, ImportMapping
from referral.models.import_run import ImportRun
from referral.models.place import Place, PlaceData
from referral.models.program import Program
from referral.models.provider import Provider
from referral.models.report import Report
from referral.models.tracking import _mark_changed as _mark_changed
from referral.models.user import (
    AddressLoad,
    KnownAddress,
    LoginFailure,
    OneTimeLink,
    RecoveryCode,
    StaffSession,
    User,
)

__all__ = [
    "AccountEvent",
    "Act",
    "AddressLoad",
    "Assignment",
    "Base",
    "Change",
    "Check",
    "Correction",
    "DirectoryChange",
    "DuplicatePair",
    "ImportDraft",
    "ImportDraftChunk",
    "ImportDraftRow",
    "ImportMapping",
    "ImportRun",
    "KnownAddress",
    "LoginFailure",
    "Merge",
    "OneTimeLink",
    "Place",
    "PlaceData",
    "Program",
    "Provider",
    "RecoveryCode",
    "Report",
    "StaffSession",
    "User",
    "changed",
    "utc_now",
]
