"""A list of places side by side. Nothing in it says where the person is or what they asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from babel.dates import format_date
from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import selectinload

from referral.extensions import db
from referral.handout.addresses import list_url, whole_list_address
from referral.handout.listed import ListedProvider, listed
from referral.handout.print_size import print_classes
from referral.handout.qr import qr_svg
from referral.handout.sending import Sending, sending
from referral.language import LANGUAGES, current_language
from referral.models import Provider
from referral.models.duplicate import shown_ids
from referral.pages.kept import format_ids
from referral.pages.text import _, ngettext
from referral.pages.wording import today
from referral.vocabulary.words import N_


@dataclass(frozen=True, slots=True)
class ListPage:
    ids: tuple[int, ...]
    """Of the places that are shown."""
    key: str
    """The ids as they stand in the address."""
    providers: list[ListedProvider]
    n_gone: int
    gone: str
    """Says that some are no longer listed; empty where none is."""
    is_large: bool
    print_classes: str
    size_url: str
    """The same list in the other size."""
    other_language: str
    """Code of a language to print it in as well."""
    other_language_text: str
    text_url: str
    day: str
    """On which this is what the directory says: paper does not change with it."""
    address: str
    """The whole one."""
    qr: Markup
    sending: Sending

    @property
    def is_cut_on_paper(self) -> bool:
        """Whether print leaves out minor facts, so that it stays on two sheets."""
        return "short" in self.print_classes or (self.is_large and len(self.providers) > 1)


PRINT_IN = {"en": N_("List in English"), "es": N_("List in Spanish")}


def listed_providers(ids: Sequence[int]) -> list[Provider]:
    """Those of these ids that are listed, closed for now too, in the order of the ids."""
    found = db.session.scalars(
        sa.select(Provider)
        .where(Provider.id.in_(ids), Provider.status != "inactive")
        .options(selectinload(Provider.programs), selectinload(Provider.open_reports))
    )
    by_id = {provider.id: provider for provider in found}
    return [by_id[identity] for identity in ids if identity in by_id]


def list_page(ids: tuple[int, ...], *, is_large: bool) -> ListPage:
    providers = listed_providers(ids)
    if len(providers) < len(ids) and (merged := shown_ids(db.session, ids)):
        ids = tuple(dict.fromkeys(merged.get(identity, identity) for identity in ids))
        providers = listed_providers(ids)
    shown = tuple(provider.id for provider in providers)
    n_gone = len(ids) - len(shown)
    language = next(code for code in LANGUAGES if code != current_language())
    address = whole_list_address(shown)
    listings = [
        listed(provider, list_url([other for other in shown if other != provider.id], is_large=is_large))
        for provider in providers
    ]
    return ListPage(
        ids=shown,
        key=format_ids(shown),
        providers=listings,
        n_gone=n_gone,
        gone=gone_text(n_gone),
        is_large=is_large,
        print_classes=print_classes(listings),
        size_url=list_url(shown, is_large=not is_large),
        other_language=language,
        other_language_text=_(PRINT_IN[language]),
        text_url=url_for("handout.plain_text", ids=format_ids(shown)) if shown else "",
        day=format_date(today(), format="long", locale=current_language()),
        address=address,
        qr=qr_svg(address),
        sending=sending(providers, address),
    )


def gone_text(n_gone: int) -> str:
    if not n_gone:
        return ""
    return ngettext(
        "%(n)s place of this list is no longer listed.", "%(n)s places of this list are no longer listed.", n_gone
    )
