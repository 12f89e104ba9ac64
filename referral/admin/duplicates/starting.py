"""Starting a search: at once where the directory is small, else in a process of its own, so that nobody waits."""

from __future__ import annotations

import sqlalchemy as sa

from referral.admin.shared import own_process
from referral.database import start_writing
from referral.duplicates.search import begin, run
from referral.extensions import db
from referral.models import DirectoryChange, Provider
from referral.models.duplicate import is_running, latest_search

SMALL = 3000
"""Listings that are compared within the request: under a second."""


def start(user_id: int) -> bool:
    """Begin a search and do it, here or elsewhere. False where one is running already."""
    start_writing(db.session)
    # Two people who begin at once wait for each other here.
    db.session.execute(sa.select(DirectoryChange.latest).with_for_update())
    latest = latest_search(db.session)
    if latest is not None and is_running(latest):
        db.session.rollback()
        return False
    number = begin(db.session.connection(), user_id)
    n_listings = db.session.execute(sa.select(sa.func.count()).select_from(Provider)).scalar_one()
    db.session.commit()
    if n_listings <= SMALL:
        run(db.engine, number)
    else:
        own_process.start("directory", "find-duplicates", "--search", str(number))
    return True
