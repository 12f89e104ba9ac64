"""Starting the work on a draft in a process of its own."""

from __future__ import annotations

from datetime import datetime

from referral.admin.shared import own_process


def start(draft_id: int, task: str, claimed_at: datetime) -> None:
    """Have a task (importers.drafts.tasks) done for a draft that was claimed, and committed so, at this time."""
    own_process.start("directory", "run-draft", str(draft_id), task, "--claimed-at", claimed_at.isoformat())
