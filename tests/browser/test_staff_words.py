"""Words on staff pages stay whole: a narrow column of a table must not break them in the middle."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open

BROKEN = """(selector) => [...document.querySelectorAll(selector)].flatMap((cell) => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), broken = [];
  while (texts.nextNode()) {
    for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      if (range.getClientRects().length > 1) broken.push(word[0]);
    }
  }
  return broken;
})"""
"""The words of these elements that stand on more than one line."""


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [720, 1280])
def test_no_word_of_a_table_is_broken(open_staff: Open, language: str, width: int) -> None:
    page = open_staff(f"/{language}/admin/listings", viewport={"width": width, "height": 800})
    assert page.evaluate(BROKEN, ".listings td:nth-child(2), .listings thead th") == []
    page.locator(".listings tbody th a").first.click()
    page.locator(".known").wait_for()
    many = "Medicaid, Medicare, private insurance, cash, sliding fee, free care, tribal funds. " * 4
    page.locator(".known td:nth-child(2)").first.evaluate("(cell, text) => { cell.textContent = text }", many)
    assert page.evaluate(BROKEN, ".known th") == []
