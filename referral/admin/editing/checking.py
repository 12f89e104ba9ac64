"""What looks wrong with a form, though it can be saved by whoever has looked at it."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.admin.editing.forms import Doubt, ListingForm
from referral.models import Place, Provider
from referral.pages.text import _
from referral.places.geocode import miles_from_zip
from referral.places.nearest import state_near

FAR_MILES = 100.0
MAX_SIMILAR = 5


class Similar(NamedTuple):
    id: int
    name: str
    city: str
    phone: str


def find_warnings(session: Session, form: ListingForm, similar: list[Similar]) -> list[Doubt]:
    """What the person has not set aside yet."""
    found = [_about_zip(session, form), _about_point(session, form)]
    if similar:
        about = " ".join(str(listing.id) for listing in similar)
        found.append(Doubt("similar", about, _("A listing like this is already there. Look at it below first.")))
    return [doubt for doubt in found if doubt and doubt.answer not in form.sure]


def _about_zip(session: Session, form: ListingForm) -> Doubt | None:
    zip5, state = (form.postal_code.data or "")[:5], form.state.data or ""
    unchanged = (form.stored.get("postal_code"), form.stored.get("state"))
    if not zip5 or (form.postal_code.data, state) == unchanged:
        return None
    states = session.scalars(sa.select(Place.state).where(Place.kind == "zip", Place.key == zip5)).all()
    if not states:
        return Doubt("zip", zip5, _("We do not know the ZIP code %(zip)s. Is it right?", zip=zip5))
    if state and state not in states:
        text = _("The ZIP code %(zip)s is in %(there)s, not in %(here)s.", zip=zip5, there=states[0], here=state)
        return Doubt("zip", f"{zip5} {state}", text)
    return None


def _about_point(session: Session, form: ListingForm) -> Doubt | None:
    point = form.point
    if form.point_how.data != "hand" or not form.is_at_street or point is None:
        return None
    stored = form.stored.get("point")
    if stored and tuple(stored[:2]) == point:
        return None
    if not state_near(session, *point):
        return Doubt("point", f"{point}", _("This point is not in the United States or its territories."))
    zip5 = (form.postal_code.data or "")[:5]
    miles = miles_from_zip(session, point, zip5)
    if miles is not None and miles > FAR_MILES:
        text = _("This point is %(n)s miles from the middle of the ZIP code.", n=f"{miles:,.0f}")
        return Doubt("point", f"{point} {zip5}", text)
    return None


def similar_listings(session: Session, form: ListingForm) -> list[Similar]:
    """Listings with the same phone, or with the same name in the same ZIP."""
    phone, name, zip5 = form.phone.data, form.name.data or "", (form.postal_code.data or "")[:5]
    same = []
    if phone:
        same.append(Provider.phone == phone)
    if name and zip5:
        same.append(sa.and_(sa.func.lower(Provider.name) == name.lower(), Provider.postal_code.startswith(zip5)))
    if not same:
        return []
    columns = sa.select(Provider.id, Provider.name, Provider.city, Provider.phone)
    rows = session.execute(columns.where(sa.or_(*same)).order_by(Provider.id).limit(MAX_SIMILAR))
    return [Similar(*row) for row in rows]
