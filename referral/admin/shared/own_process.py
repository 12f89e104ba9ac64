"""Long work, done by a `flask` command in a process of its own, which outlives the request and the worker."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Thread

from flask import current_app

from config import ROOT

NO_TIMEOUT = "-c statement_timeout=0"
"""Web workers give a statement of PostgreSQL ten seconds; such work may need more."""


def start(*command: str) -> None:
    """Start `flask` with this command, on the same database and with the same key."""
    config = current_app.config["ONWARD"]
    own = {
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} {NO_TIMEOUT}".strip(),
    }
    process = subprocess.Popen(  # noqa: S603 - our own command, with nothing in it that anybody typed
        [sys.executable, "-m", "flask", "--app", "wsgi", *command],
        cwd=ROOT,
        env=os.environ | own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Somebody has to take note of its end, or it stays in the list of processes.
    Thread(target=process.wait, daemon=True).start()
