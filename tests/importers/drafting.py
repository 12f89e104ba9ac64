"""Drafts in a test: a file that was sent, and the work on it done here instead of in a process of its own."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from referral.importers.drafts.kept import DEAD_SECONDS, claim, store, writing
from referral.importers.drafts.tasks import run
from referral.models import ImportDraft, ImportDraftRow, utc_now

STATUS_OF = {"look": "comparing", "compare": "comparing", "apply": "applying"}


def sent(engine: sa.Engine, path: Path, **options: Any) -> int:
    """The draft of a file that was sent."""
    return store(engine, io.BytesIO(path.read_bytes()), path.name, user_id=None, options=options)


def work(engine: sa.Engine, draft_id: int, task: str = "compare") -> Any:
    """Do a task; give the draft then."""
    begun(engine, draft_id, task)
    return draft_of(engine, draft_id)


def begun(engine: sa.Engine, draft_id: int, task: str = "compare") -> None:
    more: dict[str, Any] = {}
    if task == "apply":
        asked = {"user_id": None, "why": "It is time.", "at": utc_now().isoformat()}
        more["options"] = {**draft_of(engine, draft_id).options, "apply": asked}
    with writing(engine) as connection:
        claimed_at = claim(connection, draft_id, STATUS_OF[task], **more)
    assert claimed_at is not None
    run(engine, draft_id, task, claimed_at)


def draft_of(engine: sa.Engine, draft_id: int) -> Any:
    with engine.connect() as connection:
        return connection.execute(sa.select(ImportDraft.__table__).where(ImportDraft.id == draft_id)).one()


def rows_of(engine: sa.Engine, draft_id: int, outcome: str) -> list[Any]:
    select = sa.select(ImportDraftRow.__table__).order_by(ImportDraftRow.id)
    of_outcome = (ImportDraftRow.draft_id == draft_id, ImportDraftRow.outcome == outcome)
    with engine.connect() as connection:
        return list(connection.execute(select.where(*of_outcome)))


def make_dead(engine: sa.Engine, draft_id: int) -> None:
    """As long after the process was last heard of as it takes to give it up."""
    with writing(engine) as connection:
        long_ago = utc_now() - timedelta(seconds=DEAD_SECONDS + 1)
        connection.execute(sa.update(ImportDraft).where(ImportDraft.id == draft_id).values(alive_at=long_ago))
