"""The question as seekers fill it, and the listing that it is asked of."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session
from wtforms import StringField

from referral.admin.shared.staff_index import current_staff_index
from referral.admin.shared.typed_place import words_and_state
from referral.finding import MAX_TERMS, Filters, terms_of
from referral.models import Provider
from referral.models.provider import MAX_ID
from referral.pages.question import ChecksField, QuestionForm, need_choices
from referral.pages.text import _
from referral.pages.wording import today
from referral.vocabulary import ASKS

MAX_CHOICES = 10
MAX_LISTING = 200


class Option(NamedTuple):
    """One of several listings that may be meant."""

    id: int
    name: str
    place: str


class WhyForm(QuestionForm):
    """Nothing of it stands in an address: what is asked about may be a person's."""

    need = ChecksField(choices=need_choices(ASKS))
    listing = StringField()
    chosen_listing = StringField()
    """Sent by the button of one of several listings, beside what was typed."""

    listing_options: tuple[Option, ...] = ()

    @property
    def typed_listing(self) -> str:
        return (self.chosen_listing.data or self.listing.data or "").strip()[:MAX_LISTING]

    def provider_id(self, session: Session) -> int | None:
        """The listing that is meant, by its number or by words of it. None puts errors on the form."""
        number = listing_number(self.typed_listing)
        if number is not None and _exists(session, number):
            return number
        words, state = words_and_state(self.typed_listing)
        terms = terms_of(words)
        if terms and len(terms) <= MAX_TERMS:
            filters = Filters(terms=terms, state=state)
            found = current_staff_index().search(filters, per_page=MAX_CHOICES, today=today())
            if found.n_found == 1 and not found.is_close:
                return found.ids[0]
            self.listing_options = _options(session, found.ids)
        self.listing.errors = [*self.listing.errors, self._problem()]
        return None

    def _problem(self) -> str:
        if self.listing_options:
            return _("Choose the listing.")
        if self.typed_listing:
            return _("There is no such listing.")
        return _("Enter the number of a listing, or words of its name.")


def listing_number(text: str) -> int | None:
    """The number that a text is; None where it is none that a listing can have."""
    is_number = text.isascii() and text.isdigit() and len(text) <= 10
    return int(text) if is_number and int(text) <= MAX_ID else None


def _exists(session: Session, provider_id: int) -> bool:
    return session.execute(sa.select(Provider.id).where(Provider.id == provider_id)).first() is not None


def _options(session: Session, ids: list[int]) -> tuple[Option, ...]:
    """In the order of the ids."""
    rows = session.execute(
        sa.select(Provider.id, Provider.name, Provider.city, Provider.state).where(Provider.id.in_(ids))
    )
    options = {row.id: Option(row.id, row.name, ", ".join(filter(None, (row.city, row.state)))) for row in rows}
    return tuple(options[number] for number in ids if number in options)
