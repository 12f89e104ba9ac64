"""What is being done, by whom and why: said once, and kept with every change that a session makes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from referral.models.tracking import ActAtWork


@contextmanager
def act(
    session: Session,
    kind: str,
    *,
    user_id: int | None = None,
    why: str = "",
    import_run_id: int | None = None,
    report_id: int | None = None,
    undoes_id: int | None = None,
) -> Iterator[ActAtWork]:
    """Record what the session changes inside under one act of this kind (models.history.ACT_KINDS).

    Flush or commit inside: what is flushed later belongs to no act of a person. Acts do not nest.
    """
    at_work = ActAtWork(kind, user_id, why, import_run_id, report_id, undoes_id)
    session.info["act"] = at_work
    try:
        yield at_work
    finally:
        del session.info["act"]


def act_number(session: Session) -> int:
    """Number of the act at work in history, for a row that refers to it. Written there now, if it was not yet."""
    at_work: ActAtWork = session.info["act"]
    return at_work.number(session.connection())
