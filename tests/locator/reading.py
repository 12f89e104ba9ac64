"""A map as a strict HTML5 parser reads it."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib

PAGE = '<!doctype html><html lang="en"><head><title>x</title></head><body>{}</body></html>'


@dataclass(frozen=True)
class Figure:
    html: str
    root: Element

    def find(self, tag: str) -> list[Element]:
        return [e for e in self.root.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == tag]

    def svg(self) -> Element:
        return self.find("svg")[0]

    def markers(self) -> list[Element]:
        return [e for e in self.svg().iter() if isinstance(e.tag, str) and e.tag.endswith("}a")]

    def caption(self) -> str:
        return " ".join("".join(self.find("figcaption")[0].itertext()).split())

    def by_id(self, identity: str) -> Element:
        return next(e for e in self.root.iter() if e.get("id") == identity)


def read_figure(html: str) -> Figure:
    """Fails where the HTML is not what the standard wants."""
    parser = html5lib.HTMLParser(strict=True)
    return Figure(html, parser.parse(PAGE.format(html)))


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
