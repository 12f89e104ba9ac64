"""Pages of a long list, by ?page=."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from flask import request, url_for

PAGE_SIZE = 50


class Page(NamedTuple):
    """One page of a list of `total` rows. The macro `pager` shows it."""

    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def n_pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.offset + self.size, self.total)

    def url(self, number: int) -> str:
        """The address of another page, with everything else as it is now."""
        # Not through url_for: what the address says must stay out of its keywords (_scheme, _external).
        args = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
        path = url_for(request.endpoint or "", **(request.view_args or {}))
        return f"{path}?{urlencode([*args, ('page', number)])}"


def page_of(total: int, size: int = PAGE_SIZE) -> Page:
    """The page that the address asks for, or the nearest there is."""
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    n_pages = max(1, -(-total // size))
    return Page(min(max(number, 1), n_pages), total, size)
