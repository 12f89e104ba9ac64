"""Accounts in a real browser: signing in with a second step, one's own account, people by keyboard, signing out."""

from __future__ import annotations

import re
import time
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.admin.people import PASSWORD, email_of
from tests.browser.conftest import Open
from tests.browser.looks import findings

PHONE = {"width": 320, "height": 640}


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def look(page: Page) -> None:
    """What must hold at every stop."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    for part in page.locator("button, input.text, .check, .parts a, .who a").all():
        box = part.bounding_box()
        assert box is not None
        assert box["height"] >= 47.9, part.text_content()
    assert findings(page) == [], page.url


def invite(page: Page, name: str, email: str) -> str:
    """As an admin; gives the link."""
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("radio", name=re.compile("^Viewer")).check()
    page.get_by_role("button", name="Make the link").click()
    return page.get_by_label("Link").input_value()


@pytest.mark.parametrize("settings", [{}, {"java_script_enabled": False}], ids=str)
def test_from_the_invitation_to_the_second_step_and_out(open_staff: Open, settings: dict[str, Any]) -> None:
    email = f"new{len(settings)}@staff.example"
    link = invite(open_staff("/en/admin/users", role="admin"), "Noa Example", email)
    page = open_staff(link, role=None, **settings)
    page.get_by_label("New password", exact=True).fill("nine grey otters went under")
    page.get_by_label("New password once more").fill("nine grey otters went under")
    page.get_by_role("button", name="Save the password").click()
    sign_in(page, email, "nine grey otters went under")
    page.get_by_role("link", name="Noa Example").click()
    page.get_by_role("link", name="Set it up").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill(pyotp.TOTP(secret).at(int(time.time()) - 30))
    page.get_by_label("Your current password").fill("nine grey otters went under")
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    sign_in(page, email, "nine grey otters went under")
    page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def test_back_after_signing_out_shows_nothing(open_staff: Open) -> None:
    page = open_staff("/en/admin/account", role=None)
    sign_in(page, email_of("viewer"))
    expect(page.get_by_text("viewer@staff.example")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_text("viewer@staff.example")).to_have_count(0)


def test_people_are_looked_after_by_keyboard(open_staff: Open) -> None:
    page = open_staff("/en/admin/users", role="admin")
    invite(page, "Kim Example", "kim@staff.example")
    page.goto("/en/admin/users")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Invite somebody")).to_be_focused()
    page.get_by_role("link", name="Kim Example").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name=re.compile("^Viewer")).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The role is saved")
    expect(page.get_by_role("radio", name=re.compile("^Editor"))).to_be_checked()
    page.get_by_role("button", name="Disable the account").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Kim Example can no longer sign in.")
    page.get_by_role("button", name="Enable the account").press("Space")
    expect(page.get_by_role("status")).to_contain_text("Kim Example can sign in again.")


def test_a_wrong_password_is_told_where_it_can_be_put_right(open_staff: Open) -> None:
    page = open_staff("/en/admin/sign-in", role=None)
    sign_in(page, "nobody@staff.example")
    expect(page.locator(".problems")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_value("nobody@staff.example")
    expect(page.get_by_label("Password")).to_have_value("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off(open_staff: Open, scheme: str) -> None:
    settings: dict[str, Any] = {"viewport": PHONE, "color_scheme": scheme}
    page = open_staff("/en/admin/sign-in", role=None, **settings)
    look(page)
    sign_in(page, "nobody@staff.example")
    look(page)
    page = open_staff("/es/admin/users", role="admin", **settings)
    for path in ("/en/admin/users", "/es/admin/users/1", "/en/admin/users/invite", "/es/admin/account"):
        page.goto(path)
        look(page)
    page.goto("/en/admin/account/second-step")
    look(page)
    page.goto("/en/admin/users/invite")
    page.get_by_role("button", name="Make the link").click()
    look(page)
    page = open_staff("/en/admin/users", role="viewer", **settings)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your role does not allow this")
    look(page)
