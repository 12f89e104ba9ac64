"""Pages of the intake: form, results, plan. Nothing that is asked is stored, logged or put in an address."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral import catalog
from referral.extensions import db, limit_searches
from referral.intake.asked import sealed as seal
from referral.intake.asked import unsealed
from referral.intake.forms import OWN_LOCATION, IntakeForm, group_words
from referral.intake.plan_page import plan_page
from referral.intake.results_page import results_page
from referral.pages.text import _
from referral.sealing import Asked, SealError
from referral.vocabulary import FACTS, FAMILIES, NEEDS

intake = Blueprint("intake", __name__)

EXPLAINED_GROUPS = frozenset({"payment", "medication", "accessibility", "setting"})
"""Groups whose choices need a sentence each; in the others the label says it all."""

MAX_PAGE_DIGITS = 5


@intake.get("/")
def form() -> ResponseReturnValue:
    return _form_page(IntakeForm.from_link(request.args))


@intake.post("/")
@limit_searches
def ask() -> ResponseReturnValue:
    form = IntakeForm(request.form)
    is_valid = form.validate()
    with db.engine.connect() as connection:
        origin = form.origin(connection)
    if not is_valid or origin is None:
        return _form_page(form), 422
    text = seal(Asked(form.to_query(origin), form.typed_place))
    return redirect(url_for("intake.results", sealed=text), 303)


@intake.get("/results/<sealed>")
def results(sealed: str) -> ResponseReturnValue:
    page = results_page(catalog.current(), unsealed(sealed), sealed, _page_number())
    return render_template("intake/results.html", page=page)


@intake.get("/plan/<sealed>")
def plan(sealed: str) -> ResponseReturnValue:
    page = plan_page(catalog.current(), unsealed(sealed), sealed)
    if page is None:
        return redirect(url_for("intake.results", sealed=sealed), 303)
    return render_template("intake/plan.html", page=page)


@intake.get("/change/<sealed>")
def change(sealed: str) -> ResponseReturnValue:
    return _form_page(IntakeForm.from_asked(unsealed(sealed)))


@intake.errorhandler(SealError)
def start_again(_error: SealError) -> ResponseReturnValue:
    """An address that is damaged or too old leads to the form, not to a dead end."""
    return _form_page(IntakeForm(), is_gone=True), 410


def _form_page(form: IntakeForm, *, is_gone: bool = False) -> str:
    return render_template(
        "intake/form.html",
        form=form,
        groups=group_words(),
        families=FAMILIES,
        facts=FACTS,
        needs=NEEDS,
        explained=EXPLAINED_GROUPS,
        own_location=_(OWN_LOCATION),
        is_gone=is_gone,
    )


def _page_number() -> int:
    """The page that the address asks for; what is no page number is the first."""
    text = request.args.get("page", "1")
    if text.isascii() and text.isdigit() and len(text) <= MAX_PAGE_DIGITS:
        return max(1, int(text))
    return 1
