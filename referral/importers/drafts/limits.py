"""What a process that reads somebody else's file may take of the machine, whatever the file does to its reader."""

from __future__ import annotations

import resource
from contextlib import suppress

MAX_MEMORY = 2_000_000_000
"""Bytes. The national directory takes 150 MB; beyond this there is a MemoryError, and the machine goes on."""
MAX_CPU_SECONDS = 1800
"""The national directory takes 5. Beyond it the process ends, and nothing of what it began stays."""


def limit_this_process() -> None:
    for what, most in ((resource.RLIMIT_DATA, MAX_MEMORY), (resource.RLIMIT_CPU, MAX_CPU_SECONDS)):
        _now, hard = resource.getrlimit(what)
        with suppress(ValueError, OSError):  # systems that do not know it
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
