"""The links by which a person keeps places on a list while looking on. The list stands in the address only."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from referral.pages.kept import format_ids, parse_ids, toggled
from referral.pages.text import _


@dataclass(frozen=True, slots=True)
class KeepLinks:
    """Of one page."""

    params: str
    """What the address of the page carries beside the list, escaped for HTML: `page=2`."""
    kept: tuple[int, ...]
    on: str
    off: str

    @property
    def suffix(self) -> str:
        """What makes the address of another page carry the list; empty without one."""
        return f"?list={format_ids(self.kept)}" if self.kept else ""

    def carry(self, url: str) -> str:
        """The address of another page, with the list."""
        if not self.kept:
            return url
        return f"{url}{'&' if '?' in url else '?'}list={format_ids(self.kept)}"

    def fill(self, slots: dict[str, str], identity: int) -> None:
        """Fill the slots of a card's link that keeps a provider, or takes it off the list again."""
        is_kept, ids = identity in self.kept, toggled(self.kept, identity)
        # Relative: the address of the page is long, and would stand on it once for each card.
        slots["query"] = "&amp;".join(filter(None, (self.params, f"list={format_ids(ids)}" if ids else "")))
        slots["pressed"] = ' data-kept=""' if is_kept else ""
        slots["keep"] = self.on if is_kept else self.off


def keep_links(params: str = "") -> KeepLinks:
    """For a page whose address carries these parameters, with the list that it carries too."""
    kept = parse_ids(request.args.get("list", "")) or ()
    return KeepLinks(params.replace("&", "&amp;"), kept, on=_("On your list ✓"), off=_("Keep"))
