"""Starting the work on a draft in a process of its own, which outlives the request and the web worker."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from threading import Thread

from flask import current_app

from config import ROOT

NO_TIMEOUT = "-c statement_timeout=0"
"""Web workers give a statement of PostgreSQL ten seconds; an import may need more."""


def start(draft_id: int, task: str, claimed_at: datetime) -> None:
    """Have a task (importers.draft_tasks.TASKS) done for a draft that was claimed, and committed so, at this time."""
    config = current_app.config["ONWARD"]
    own = {
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} {NO_TIMEOUT}".strip(),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "directory", "run-draft", str(draft_id), task]
    process = subprocess.Popen(  # noqa: S603 - our own command, with nothing in it that anybody typed
        [*command, "--claimed-at", claimed_at.isoformat()],
        cwd=ROOT,
        env=os.environ | own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Somebody has to take note of its end, or it stays in the list of processes.
    Thread(target=process.wait, daemon=True).start()
