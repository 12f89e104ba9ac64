"""What axe finds on a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "light": {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}},
    "dark": {"runOnly": ["color-contrast"]},
}
"""Only the colours differ in the dark. The sizes of WCAG 2.2 are looked at only when asked for."""


def findings(page: Page, scheme: str = "light", within: str | None = None) -> list[tuple[str, list[str]]]:
    """Each rule that is broken, with the elements that break it.

    The page must be the one that was waited for: a click returns before the page that it leads to has come, and axe
    then looks at neither page.
    """
    page.wait_for_load_state()
    response: dict[str, Any] = Axe().run(page, context=within, options=RULES[scheme]).response
    return [(found["id"], [node["html"] for node in found["nodes"]]) for found in response["violations"]]
