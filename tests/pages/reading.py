"""Pages as a strict HTML5 parser reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Page:
    status: int
    root: Element
    html: str

    def find(self, tag: str = "*", **attributes: str) -> list[Element]:
        """Elements with this tag and these attributes; class_ asks for one of the classes."""
        return [e for e in self.root.iter() if tag in ("*", e.tag) and _has(e, attributes)]

    def texts(self, tag: str = "*", **attributes: str) -> list[str]:
        return [text_of(element) for element in self.find(tag, **attributes)]

    def text(self) -> str:
        return text_of(self.find("main")[0])

    def link(self, text: str) -> str:
        """The address of the only link with this text in it."""
        found = {a.get("href", "") for a in self.find("a") if text in text_of(a)}
        assert len(found) == 1, (text, found)
        return found.pop()

    def checked(self, name: str) -> list[str]:
        return [str(e.get("value")) for e in self.find("input", name=name) if e.get("checked") is not None]


def read(response: TestResponse) -> Page:
    """The page of an answer. Fails where the HTML is not what the standard wants."""
    html = response.get_data(as_text=True)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    page = Page(response.status_code, parser.parse(html), html)
    _hold_the_house_rules(page)
    return page


def without_seals(text: str) -> str:
    """The text without sealed parts of addresses, in which any few letters stand some day by chance."""
    return re.sub(r"gAAAA[\w-]+", "", text)


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _has(element: Element, attributes: dict[str, str]) -> bool:
    for name, value in attributes.items():
        known = element.get(name.rstrip("_"), "")
        if value not in known.split() if name == "class_" else known != value:
            return False
    return True


def _hold_the_house_rules(page: Page) -> None:
    """What holds on every page, whatever the test is about."""
    assert len(page.find("h1")) == 1
    assert page.find("html")[0].get("lang") in ("en", "es")
    assert [a.get("href") for a in page.find("a", class_="skip")] == ["#main"]
    numbers = {a.get("href") for a in _below(page.find(class_="crisis"))}
    assert numbers >= {"tel:911", "tel:988", "sms:988", "tel:+18006624357"}
    assert not page.find("style")
    assert not [e for e in page.root.iter() if e.get("style") or any(a.startswith("on") for a in e.attrib)]
    assert all("/static/" in script.get("src", "") for script in page.find("script"))
    ids = [e.get("id") for e in page.root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    levels = [int(e.tag[1]) for e in page.root.iter() if e.tag in ("h1", "h2", "h3", "h4")]
    first_h1 = levels.index(1)
    assert all(b - a <= 1 for a, b in zip(levels[first_h1:], levels[first_h1 + 1 :], strict=False))


def _below(elements: list[Element]) -> Iterator[Element]:
    for element in elements:
        yield from element.iter("a")
