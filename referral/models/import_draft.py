"""An import on its way: the file, what it would do, and how far it is. And mappings of columns, kept by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referral.models.base import JSON, VALUE, Base, one_of, utc_now
from referral.models.user import User

DRAFT_STATUSES = ("uploaded", "comparing", "compared", "applying", "applied", "failed")
ROW_OUTCOMES = ("added", "changed", "gone", "rejected", "skipped", "kept")
"""kept: staff corrected what the file says otherwise now."""

CHUNK_BYTES = 1 << 20


class ImportDraft(Base):
    __tablename__ = "import_draft"
    __table_args__ = (sa.CheckConstraint(one_of("status", DRAFT_STATUSES), "status_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    size_bytes: Mapped[int]
    status: Mapped[str] = mapped_column(default="uploaded")
    source: Mapped[str] = mapped_column(default="")
    """Code of the source; empty until it is known or chosen."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What was chosen for reading it: include_mental_health, the mapping …"""
    n_rows_done: Mapped[int] = mapped_column(default=0)
    """Rows read so far: for progress."""
    message: Mapped[str] = mapped_column(default="")
    """Why it failed, in plain words."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seen_change: Mapped[int] = mapped_column(default=0)
    """Value of the change counter when the file was compared with the directory."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    alive_at: Mapped[datetime] = mapped_column(default=utc_now)
    """When the process at work was last heard of."""
    import_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_run.id"))
    """The import that it became."""

    user: Mapped[User | None] = relationship()


class ImportDraftChunk(Base):
    """A piece of the file."""

    __tablename__ = "import_draft_chunk"

    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("import_draft.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


class ImportDraftRow(Base):
    """What the import would do to one listing, or why it cannot use a row. Unchanged ones are only counted."""

    __tablename__ = "import_draft_row"
    __table_args__ = (
        sa.Index("ix_import_draft_row_draft_id", "draft_id", "outcome", "id"),
        sa.CheckConstraint(one_of("outcome", ROW_OUTCOMES), "outcome_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("import_draft.id", ondelete="CASCADE"))
    outcome: Mapped[str]
    provider_id: Mapped[int | None]
    row: Mapped[int | None]
    """Row of the file, where it is known."""
    label: Mapped[str] = mapped_column(default="")
    """Name, city and state of the listing."""
    detail: Mapped[Any | None] = mapped_column(VALUE)
    """changed: list of [field, old, new]. rejected, skipped: the reason. kept: list of [field, ours, theirs]."""


class ImportMapping(Base):
    """How to read a table of somebody's own: which column is what, and which values mean which level or fact."""

    __tablename__ = "import_mapping"
    __table_args__ = (sa.CheckConstraint("length(name) BETWEEN 1 AND 100", "name_length"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
