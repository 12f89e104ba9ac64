"""Time measured and told."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    budget: str
    measured: str
    is_kept: bool | None = None
    """None: there is no budget."""


def milliseconds_each(call: Callable[[Any], object], inputs: Iterable[Any]) -> list[float]:
    """How long each call took, in milliseconds."""
    taken = []
    for value in inputs:
        started = time.perf_counter()
        call(value)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def median_and_p99(taken: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(taken)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]


def spread(taken: Sequence[float]) -> str:
    median, p99 = median_and_p99(taken)
    return f"median {median:.3g} ms, p99 {p99:.3g} ms"


def peak_rss_mb(pid: int | str = "self") -> float:
    """The most memory that a process has held, in MB (Linux)."""
    return _status(pid, "VmHWM:")


def rss_mb(pid: int | str = "self") -> float:
    """The memory that a process holds now, in MB (Linux)."""
    return _status(pid, "VmRSS:")


def _status(pid: int | str, key: str) -> float:
    with open(f"/proc/{pid}/status", encoding="ascii") as file:  # noqa: PTH123 - not a file of the project
        for line in file:
            if line.startswith(key):
                return int(line.split()[1]) / 1024
    raise LookupError(key)
