"""A real browser, and the real server with the directory of tests/pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import filled_copy, skip_or_fail
from tests.pages.world import fill
from tests.security.server import free_port, running

CHROMIUM = Path("/usr/bin/chromium")

QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
"""The browser itself asks nobody for anything, so that every request seen is a page's own."""

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        skip_or_fail(f"{CHROMIUM} is not here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(sqlite_places_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the site is served."""
    path = filled_copy(sqlite_places_template, tmp_path_factory.mktemp("browser"), fill)
    port = free_port()
    env = {"PORT": str(port), "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": "a key for tests only"}
    with running(["gunicorn", "wsgi:app"], "Onward is at", RATELIMIT_ENABLED="0", **env):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Open]:
    """Opens a path in a context of its own with these settings.

    After every test: no page asked another host for anything, logged an error, or set a cookie.
    """
    strangers, errors, contexts = list[str](), list[str](), list[BrowserContext]()

    def open_at(path: str = "/", **settings: Any) -> Page:
        context = chromium.new_context(base_url=address, **settings)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: None if request.url.startswith(address) else strangers.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Security Policy" in message.text else None)
        page.goto(path)
        return page

    yield open_at
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert (strangers, errors, cookies) == ([], [], [])
