"""Whatever is done, in whatever order: no correction is lost, history tells all, and what is taken back is as it was.

`make torture` walks many more and longer ways.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from referral.extensions import db
from tests.admin.people import make_user
from tests.keeping.taking_back import LongWalk
from tests.rounds import IS_TORTURE, rounds

N_STEPS = 400 if IS_TORTURE else 60
SEEDS = range(rounds(3))

STEPS = (
    *("import_source",) * 6,
    *("edit",) * 4,
    *("work_on_programs",) * 3,
    *("settle",) * 3,
    *("merge", "unmerge", "put_back", "undo_import"),
    *("import_own", "close_or_reopen", "confirm", "report"),
)


def walk(folder: Path, seed: int, n_steps: int) -> None:
    folder.mkdir(exist_ok=True)
    way = LongWalk(db.engine, seed, folder, make_user().id)
    try:
        for _ in range(n_steps):
            getattr(way, way.chance.choice(STEPS))()
            way.check()
    except BaseException as error:
        error.add_note(f"seed {seed}, after {len(way.told)} steps:\n" + "\n".join(way.told[-30:]))
        raise


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_on_a_random_walk(app: Flask, tmp_path: Path, seed: int) -> None:
    walk(tmp_path / "files", seed, N_STEPS)
