"""What came of an import: every row of the file is counted once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from referral.importers.messages import Message
from referral.importers.records import Item, OwnRecord, ProviderRecord, Rejected, Skipped

FIRST_ROWS = 5


class CountsDisagreeError(AssertionError):
    """Rows that were read and what came of them do not add up: the import is undone."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A listing of the same source that is not in the file. It stays as it is."""

    provider_id: int
    name: str
    city: str
    state: str


@dataclass
class Note:
    """Something in accepted rows that could not be used: how many rows, and the numbers of the first few."""

    count: int = 0
    rows: list[int] = field(default_factory=list)


@dataclass
class Report:
    """Counts of an import. Everything but `gone`, `kept` and the programs counts rows of the file."""

    source: str
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    rejected: int = 0
    gone: int = 0
    kept: int = 0
    """Values that staff corrected and that the file now says otherwise than before: to be settled."""
    run_id: int | None = None
    """Number of the import run, once it is written."""
    skipped_by_reason: Counter[Message] = field(default_factory=Counter)
    unknown_codes: Counter[str] = field(default_factory=Counter)
    contradictions: Counter[str] = field(default_factory=Counter)
    """Providers by fact that their rows say both ways."""
    contradicting: int = 0
    """Providers with at least one contradiction."""
    notes: dict[Message, Note] = field(default_factory=dict)
    programs: Counter[str] = field(default_factory=Counter)
    """Programs in the file by level."""
    without_point: int = 0
    without_program: int = 0

    @property
    def skipped(self) -> int:
        return self.skipped_by_reason.total()

    @property
    def is_without_effect(self) -> bool:
        return not self.added and not self.changed

    def take(self, item: Item | OwnRecord) -> None:
        """Count a row as it is read."""
        self.read += 1
        if isinstance(item, Rejected):
            self.rejected += 1
        elif isinstance(item, Skipped):
            self.skipped_by_reason[item.reason] += 1
        else:
            self.unknown_codes.update(item.unknown_codes)
            for text in dict.fromkeys(item.notes):
                note = self.notes.setdefault(text, Note())
                note.count += 1
                if len(note.rows) < FIRST_ROWS:
                    note.rows.append(item.row)

    def take_contradictions(self, record: ProviderRecord, sign: int = 1) -> None:
        """Count a provider's contradictions; sign -1 takes them back, when it was merged with another row."""
        for fact in sorted(record.contradictions):
            self.contradictions[fact] += sign
        self.contradicting += sign * bool(record.contradictions)

    def counts(self) -> dict[str, int]:
        """The counts that are kept with the import run."""
        names = ("read", "added", "changed", "unchanged", "merged", "skipped", "rejected", "gone", "kept")
        return {name: getattr(self, name) for name in names}

    def check(self) -> None:
        """Raises CountsDisagreeError unless every row that was read is accounted for exactly once."""
        parts = self.added + self.changed + self.unchanged + self.merged + self.skipped + self.rejected
        if self.read != parts:
            raise CountsDisagreeError(f"{self.read} rows were read, but {parts} are accounted for.")
