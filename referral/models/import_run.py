"""Import run: one file that was taken into the directory, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from referral.models.base import JSON, Base, utc_now


class ImportRun(Base):
    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    finished_at: Mapped[datetime] = mapped_column(default=utc_now)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """read, added, changed, unchanged, merged, skipped, rejected, gone: rows of the file (gone: of the directory)."""
    undone_at: Mapped[datetime | None]
    """When it was taken back as a whole."""
