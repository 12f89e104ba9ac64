"""`python -m benchmarks`: prints the table. Exits with 1 when a budget is not kept."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import directory, finding, matching, serving
from benchmarks.synthetic import directory as synthetic
from benchmarks.timing import Line
from config import Config
from referral import catalog, create_app
from referral.matching import MatchIndex


def national(settings: dict[str, str]) -> MatchIndex:
    """The index of the imported National Directory."""
    app = create_app(Config.from_env(settings))
    with app.app_context():
        return catalog.current()


def lines(folder: Path) -> Iterator[Line]:
    if directory.XLSX.exists():
        yield from directory.imports(folder)
        settings = directory.environment(folder, "csv.db")
        directory.run(settings, "setup")
        directory.run(settings, "directory", "import", str(directory.CSV))
        name, index = "national directory", national(settings)
        yield directory.worker_ready(settings)
        yield from serving.lines(settings)
        yield directory.seen_by_all(settings)
    else:
        name, index = "made-up directory of national size", synthetic(27_440)
    yield matching.budgets(name, index, 2000, 0.5, 2)
    yield matching.at_any_distance(index)
    large = matching.large()
    yield matching.budgets("made-up directory", large, 1000, 3, 15)
    yield matching.at_any_distance(large)
    yield matching.an_edit(large)
    yield from finding.lines(folder)
    yield matching.memory()
    yield from matching.by_other_means(name, index, with_loop=True)
    yield from matching.by_other_means("1,000,000 programs", large, with_loop=False)


def main() -> int:
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| what | budget | measured | |\n| --- | --- | --- | --- |")
    is_kept = True
    with tempfile.TemporaryDirectory() as folder:
        for line in lines(Path(folder)):
            mark = {True: "kept", False: "**missed**", None: ""}[line.is_kept]
            print(f"| {line.what} | {line.budget} | {line.measured} | {mark} |", flush=True)
            is_kept &= line.is_kept is not False
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
