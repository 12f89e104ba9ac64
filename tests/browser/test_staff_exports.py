"""The page of exports in a real browser: axe finds nothing, nothing is wider than a phone, a file comes whole."""

from __future__ import annotations

import zipfile

import pytest

from tests.browser.conftest import Open
from tests.browser.looks import findings

PATHS = ("/en/admin/exports", "/es/admin/exports?state=KY", "/en/admin/exports?state=XX")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_finding_and_fits_a_phone(open_staff: Open, scheme: str) -> None:
    page = open_staff(PATHS[0], role="viewer", color_scheme=scheme, viewport={"width": 320, "height": 800})
    for path in PATHS:
        page.goto(path)
        assert findings(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_a_workbook_is_downloaded_by_keyboard(open_staff: Open) -> None:
    page = open_staff(PATHS[0], role="viewer")
    page.get_by_role("link", name="Download Excel workbook (.xlsx)").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".xlsx")
    assert zipfile.ZipFile(download.value.path()).testzip() is None
