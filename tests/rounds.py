"""How often a test that plays with chance does so: often enough to see a break, and fifty times that to search."""

from __future__ import annotations

import os

IS_TORTURE = os.environ.get("ONWARD_TORTURE") == "1"
"""Whether `make torture` runs the tests."""


def rounds(n: int) -> int:
    return 50 * n if IS_TORTURE else n
