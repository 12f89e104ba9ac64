"""The map point of a listing: from its address or by hand, and what to say about it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.admin.editing.forms import ListingForm
from referral.admin.editing.listing_values import ADDRESS_FIELDS
from referral.models import Act, Change, Provider
from referral.models.history import BY_STAFF
from referral.models.recording import Values
from referral.pages.text import _
from referral.places.geocode import Address, Geocoder, Located, Trouble, find_point
from referral.vocabulary.words import N_

TROUBLES = {
    Trouble.NO_GEOCODER: "",
    Trouble.NO_STREET: N_("There is no street to find."),
    Trouble.NOT_FOUND: N_("The geocoder does not know this address."),
    Trouble.SILLY: N_("The geocoder gave a point far from this ZIP code, so it was not taken."),
    Trouble.NO_ANSWER: N_("The geocoder did not answer."),
    Trouble.PAUSED: N_("The geocoder did not answer a moment ago, so it was not asked."),
}


def address_of(values: Values) -> Address:
    return Address(*(values.get(name) or "" for name in ADDRESS_FIELDS))


def usual_way(session: Session, provider: Provider | None) -> str:
    """How the form proposes to set the point: as it was set last."""
    if provider is None:
        return "auto"
    if provider.latitude is not None:
        return "hand" if provider.is_point_by_hand else "auto"
    # A place without a public address never has a point: that says nothing about what its street would get.
    return "none" if provider.address_kind == "street" and _was_taken_away(session, provider.id) else "auto"


def _was_taken_away(session: Session, provider_id: int) -> bool:
    """Whether it was staff who took the point off the map."""
    last = session.execute(
        sa.select(Change.new, Act.kind)
        .join(Act, Act.id == Change.act_id)
        .where(Change.provider_id == provider_id, Change.field == "point")
        .order_by(Change.id.desc())
        .limit(1)
    ).first()
    return last is not None and last.new is None and last.kind in BY_STAFF


def is_to_be_found(form: ListingForm, stored: Values) -> bool:
    """Whether the point has to be found again: the address changed in more than its unit, or there is none yet."""
    if form.point_how.data != "auto" or not form.is_at_street:
        return False
    values = form.values(None)
    if address_of(values).asked != address_of(stored).asked or not stored.get("point"):
        return True
    return bool(stored["point"][2] != "exact")


def point_for(
    session: Session, geocoder: Geocoder, form: ListingForm, stored: Values
) -> tuple[list[Any] | None, str]:
    """The point to store, and what to say about it. Asks the geocoder where it has to; holds no lock meanwhile."""
    if not form.is_at_street or form.point_how.data == "none":
        return None, ""
    if form.point_how.data == "hand":
        return form.values(None)["point"], ""
    if not is_to_be_found(form, stored):
        return stored.get("point"), ""
    address = address_of(form.values(None))
    is_same_address = address.asked == address_of(stored).asked
    located = find_point(session, geocoder, address)
    point = list(located.point) if located.point else None
    if is_same_address and located.trouble is not None and stored.get("point"):
        return stored["point"], ""
    return point, about(located)


def about(located: Located) -> str:
    """What a point stands on, in one or two sentences."""
    trouble = _(TROUBLES[located.trouble]) if located.trouble and TROUBLES[located.trouble] else ""
    if located.point is None:
        what = _("There is no point on the map: the ZIP code is not known.")
    elif located.point.precision == "exact":
        what = _("The point is that of the address.")
    else:
        what = _("The point is the middle of the ZIP code: approximate.")
    return f"{trouble} {what}".strip()
