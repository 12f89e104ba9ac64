"""`python -m benchmarks.lighthouse`: Lighthouse (mobile) on the pages that people see first. Needs npm and Chromium.

Exits with 1 where a score is under its target: 100 for accessibility and best practices, 95 for performance.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import directory
from benchmarks.serving import ask, server

VERSION = "12.8.2"
TARGETS = {"accessibility": 100, "best-practices": 100, "performance": 95}
CHROME_FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-sync"


def scores(url: str, folder: Path) -> dict[str, int]:
    """Score of each category, 0 to 100."""
    report = folder / "report.json"
    subprocess.run(
        ["npx", "--yes", f"lighthouse@{VERSION}", url, "--quiet", "--output=json", f"--output-path={report}",
         f"--only-categories={','.join(TARGETS)}", f"--chrome-flags={CHROME_FLAGS}"],
        env=os.environ | {"CHROME_PATH": "/usr/bin/chromium"},
        check=True,
        capture_output=True,
    )  # fmt: skip
    categories = json.loads(report.read_text("utf-8"))["categories"]
    return {name: round(categories[name]["score"] * 100) for name in TARGETS}


def main() -> int:
    is_kept = True
    print(f"| page | {' | '.join(TARGETS)} |\n| --- | {' | '.join('---' for _ in TARGETS)} |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = directory.environment(folder, "demo.db")
        directory.run(settings, "setup", "--demo-if-empty")
        with server("wsgi", settings) as port:
            pages = {"intake": "/", "results": ask(port), "provider": "/providers/1", "list": "/list/1-2-3-4"}
            for page, path in pages.items():
                found = scores(f"http://127.0.0.1:{port}{path}", folder)
                print(f"| {page} | {' | '.join(str(found[name]) for name in TARGETS)} |", flush=True)
                is_kept &= all(found[name] >= least for name, least in TARGETS.items())
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
