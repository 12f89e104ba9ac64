"""The ids of kept providers as they stand in an address: `12-45-99`. The list stands nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from flask import request, url_for

from referral.language import current_language
from referral.models.provider import MAX_ID
from referral.pages.links import link
from referral.pages.text import ngettext

MAX_KEPT = 8
"""Providers on a list: so many print on two sheets."""

_IDS = re.compile(r"[0-9]{1,10}(?:-[0-9]{1,10}){0,31}")


def parse_ids(text: str) -> tuple[int, ...] | None:
    """Ids in their order, each once, at most MAX_KEPT; None where the text is no list of ids."""
    if not _IDS.fullmatch(text):
        return None
    ids = tuple(dict.fromkeys(map(int, text.split("-"))))
    return ids[:MAX_KEPT] if all(0 < identity <= MAX_ID for identity in ids) else None


def format_ids(ids: Iterable[int]) -> str:
    return "-".join(map(str, ids))


def toggled(ids: tuple[int, ...], identity: int) -> tuple[int, ...]:
    """The list with this provider taken off where it stands on it, else added as far as there is room."""
    if identity in ids:
        return tuple(other for other in ids if other != identity)
    return (*ids, identity)[:MAX_KEPT]


class ListBar(NamedTuple):
    """What the bar says: how many places are kept, and where they stand side by side."""

    ids: tuple[int, ...]
    base: str
    """Address to which the ids of a list are added."""
    url: str
    """Empty while nothing is kept."""
    counts: tuple[str, ...]
    """The words for 1, 2 … MAX_KEPT places: the script shows one of them."""
    is_full: bool

    @property
    def text(self) -> str:
        return self.counts[max(len(self.ids), 1) - 1]


def list_bar(ids: tuple[int, ...]) -> ListBar:
    base = link("handout.shortlist", "")
    url = base + format_ids(ids) if ids else ""
    return ListBar(ids, base, url, _counts(current_language()), len(ids) >= MAX_KEPT)


@lru_cache
def _counts(_language: str) -> tuple[str, ...]:
    return tuple(ngettext("Your list: %(n)s place", "Your list: %(n)s places", n) for n in range(1, MAX_KEPT + 1))


class Keeping(NamedTuple):
    """The list on the page of one provider, and the address of the same page with the provider kept or taken off."""

    ids: tuple[int, ...]
    provider_id: int
    is_kept: bool
    url: str


def keeping(provider_id: int) -> Keeping:
    """For the provider page at work, with the list that its address carries."""
    ids = parse_ids(request.args.get("list", "")) or ()
    listed = format_ids(toggled(ids, provider_id)) or None
    url = url_for("directory.provider", provider_id=provider_id, list=listed)
    return Keeping(ids, provider_id, provider_id in ids, url)
