"""The page that asks, and the same page with the answer. Nothing is stored, and nothing stands in the address."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from referral import catalog
from referral.admin.shared.access import VIEWER, needs
from referral.admin.why.answer import WhyAnswer, why_answer
from referral.admin.why.forms import WhyForm, listing_number
from referral.extensions import db
from referral.models import Provider
from referral.pages.turns import in_turn
from referral.phrases import family_label
from referral.vocabulary import FACTS, FAMILIES, GROUPS

why = Blueprint("why", __name__)


@why.get("/why")
@needs(VIEWER)
def index() -> ResponseReturnValue:
    form = WhyForm()
    number = request.args.get("provider", "")
    if listing_number(number) is not None:
        form.listing.data = number
    return _page(form)


@why.post("/why")
@needs(VIEWER)
@in_turn
def ask() -> ResponseReturnValue:
    form = WhyForm(request.form)
    is_valid = form.validate()
    provider_id = form.provider_id(db.session)
    origin = form.origin(db.session.connection())
    # What was chosen from several stays chosen, whatever else has to be asked again.
    if provider_id is not None:
        form.listing.data = str(provider_id)
    form.near.data = form.typed_place
    if not is_valid or provider_id is None or origin is None:
        return _page(form), 422
    provider = db.session.get_one(Provider, provider_id)
    return _page(form, why_answer(db.session, catalog.current(), provider, form.to_query(origin)))


def _page(form: WhyForm, answer: WhyAnswer | None = None) -> str:
    return render_template(
        "admin/why/index.html",
        form=form,
        answer=answer,
        name=_name(form),
        groups={group: family_label(group) for group in GROUPS},
        families=FAMILIES,
        facts=FACTS,
    )


def _name(form: WhyForm) -> str:
    """Name of the listing whose number stands in the form."""
    number = listing_number(form.listing.data or "")
    provider = None if number is None else db.session.get(Provider, number)
    return provider.name if provider else ""
