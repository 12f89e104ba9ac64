"""A real browser, and the real server with the directory of tests/pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from referral.models.user import ROLES
from tests.admin.people import PASSWORD, email_of, make_user
from tests.conftest import filled_copy, skip_or_fail
from tests.pages.world import fill
from tests.rounds import IS_TORTURE
from tests.security.server import free_port, running

CHROMIUM = Path("/usr/bin/chromium")

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
"""The browser itself asks nobody for anything, so that every request seen is a page's own."""

Open = Callable[..., Page]

PATIENCE = 20_000
"""Milliseconds that a page may take on a machine which does much else."""

LATENCY = 400 if IS_TORTURE else 0
"""Milliseconds that `make torture` adds to each request: a test that does not wait for its page fails then."""

expect.set_options(timeout=PATIENCE)


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
    with watched(chromium, address) as (open_at, contexts):
        yield open_at
        assert [cookie for context in contexts for cookie in context.cookies()] == []


@contextmanager
def watched(chromium: Browser, address: str) -> Iterator[tuple[Open, list[BrowserContext]]]:
    """Opens paths, and the contexts they are in; at the end no page has asked a stranger or logged an error."""
    strangers, errors, contexts = list[str](), list[str](), list[BrowserContext]()

    def open_at(path: str = "/", **settings: Any) -> Page:
        context = chromium.new_context(base_url=address, **settings)
        context.set_default_timeout(PATIENCE)
        context.on("page", on_a_slow_network)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: None if request.url.startswith(address) else strangers.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Security Policy" in message.text else None)
        page.goto(path)
        return page

    try:
        yield open_at, contexts
    finally:
        for context in contexts:
            context.close()
    assert (strangers, errors) == ([], [])


def on_a_slow_network(page: Page) -> None:
    if LATENCY:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        conditions = {"offline": False, "latency": LATENCY, "downloadThroughput": -1, "uploadThroughput": -1}
        network.send("Network.emulateNetworkConditions", conditions)


@pytest.fixture(scope="session")
def staff_address(sqlite_places_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a second site is served, with a user of each role, so that what staff change changes no other test."""

    def fill_with_staff() -> None:
        fill()
        for role in ROLES:
            make_user(role)

    path = filled_copy(sqlite_places_template, tmp_path_factory.mktemp("staff"), fill_with_staff)
    port = free_port()
    env = {"PORT": str(port), "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": "a key for tests only"}
    with running(["gunicorn", "wsgi:app"], "Onward is at", RATELIMIT_ENABLED="0", **env):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def signed_in_states(chromium: Browser, staff_address: str) -> Callable[[str], Any]:
    """The cookies of somebody of a role, who signs in by the real form once for all tests."""

    @cache
    def state(role: str) -> Any:
        context = chromium.new_context(base_url=staff_address)
        page = context.new_page()
        page.goto("/en/admin/sign-in")
        page.get_by_label("E-mail address").fill(email_of(role))
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out", exact=True).wait_for()
        known = context.storage_state()
        context.close()
        return known

    return state


@pytest.fixture
def open_staff(chromium: Browser, staff_address: str, signed_in_states: Callable[[str], Any]) -> Iterator[Open]:
    """Opens a staff page as somebody of this role; role=None: signed in as nobody. Who signs out needs that too.

    After every test as for open_page, but there may be the one cookie of staff, and only for staff pages.
    """
    with watched(chromium, staff_address) as (open_at, contexts):

        def open_as(path: str, role: str | None = "editor", **settings: Any) -> Page:
            return open_at(path, storage_state=signed_in_states(role) if role else None, **settings)

        yield open_as
        cookies = [cookie for context in contexts for cookie in context.cookies()]
        assert {cookie.get("name") for cookie in cookies} <= {"onward_staff"}
        assert {cookie.get("path") for cookie in cookies} <= {"/admin", "/en/admin", "/es/admin"}
