"""The real National Directory: import, import again, and a worker that starts on it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.timing import Line, peak_rss_mb
from config import ROOT

SAMHSA = ROOT.parent / "shared" / "data" / "samhsa"
XLSX = SAMHSA / "samhsa_su_directory_2023_official.xlsx"
CSV = SAMHSA / "samhsa_su_directory_2023_with_coords.csv.gz"


def environment(folder: Path, name: str) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{folder / name}",
        "SECRET_KEY": "only for this benchmark",
        "RATELIMIT_ENABLED": "0",
    }


def run(settings: dict[str, str], *arguments: str) -> tuple[float, str]:
    """Run a flask command; seconds from start to end, and what it printed."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        env=os.environ | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - started, done.stdout


def watched(settings: dict[str, str], *arguments: str) -> tuple[float, float]:
    """Run a flask command; seconds, and the most memory that it held, in MB."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        env=os.environ | settings,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    peak_mb = 0.0
    while process.poll() is None:
        with suppress(LookupError, OSError):
            peak_mb = max(peak_mb, peak_rss_mb(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise AssertionError("the command failed")
    return time.perf_counter() - started, peak_mb


def imports(folder: Path) -> Iterator[Line]:
    """From the official xlsx."""
    settings = environment(folder, "xlsx.db")
    run(settings, "setup")
    seconds, peak_mb = watched(settings, "directory", "import", str(XLSX))
    yield Line(
        "national import, 12,744 rows, xlsx",
        "≤ 15 s, ≤ 300 MB",
        f"{seconds:.1f} s, {peak_mb:.0f} MB",
        seconds <= 15 and peak_mb <= 300,
    )
    seconds, output = run(settings, "directory", "import", str(XLSX))
    is_same = "12,744  unchanged" in " ".join(output.split("\n"))
    yield Line("the same file again: nothing written", "≤ 6 s", f"{seconds:.1f} s", seconds <= 6 and is_same)


_READY = """
import time
started = time.perf_counter()
from wsgi import app
from referral import catalog
with app.app_context():
    catalog.current()
print(time.perf_counter() - started)
"""


def worker_ready(settings: dict[str, str]) -> Line:
    """From the first import to the first answer that could be given."""
    done = subprocess.run(
        [sys.executable, "-c", _READY],
        env=os.environ | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = float(done.stdout)
    return Line("worker ready with the national directory", "≤ 2 s", f"{seconds:.2f} s", seconds <= 2)


_SEEN = """
import time
import sqlalchemy as sa
from config import Config
from referral import catalog, create_app
from referral.extensions import db
from referral.models import Provider
workers = [create_app(Config.from_env()) for _ in range(3)]
for worker in workers:
    with worker.app_context():
        catalog.current()
longest = 0.0
for number in range(20):
    with workers[0].app_context():
        provider = db.session.scalars(sa.select(Provider).order_by(Provider.id).offset(number).limit(1)).one()
        provider.name = f"Changed {number}"
        db.session.commit()
        started = time.perf_counter()
    for worker in workers:
        with worker.app_context():
            while f"Changed {number}" not in catalog.current().providers.names:
                pass
    longest = max(longest, time.perf_counter() - started)
print(longest)
"""


def seen_by_all(settings: dict[str, str]) -> Line:
    """The longest of twenty edits, until three workers answer with it."""
    done = subprocess.run(
        [sys.executable, "-c", _SEEN], env=os.environ | settings, cwd=ROOT, capture_output=True, text=True, check=True
    )
    seconds = float(done.stdout)
    return Line(
        "an edit seen by every worker (longest of 20, three workers)", "≤ 1 s", f"{seconds:.3f} s", seconds <= 1
    )
