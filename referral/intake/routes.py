"""Pages of the intake: form, results with their filters, plan.

Nothing that is asked is stored, logged or put in an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral import catalog
from referral.extensions import db, limit_searches
from referral.intake.arranging import MUTUAL_HELP
from referral.intake.forms import OWN_LOCATION, FilterForm, IntakeForm, group_words
from referral.intake.plan_page import plan_page
from referral.intake.results_page import results_page
from referral.matching import Order
from referral.pages.asked import sealed as seal
from referral.pages.asked import unsealed
from referral.pages.kept import format_ids, parse_ids
from referral.pages.text import _
from referral.pages.turns import in_turn
from referral.sealing import Asked, SealError
from referral.vocabulary import CONCERNS, FACTS, FAMILIES, NEEDS

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
    text = seal(Asked(form.to_query(origin), form.typed_place, tuple(form.concern.data or ())))
    return redirect(url_for("intake.results", sealed=text, list=_listed(request.form)), 303)


@intake.post("/refine/<sealed>")
@limit_searches
def refine(sealed: str) -> ResponseReturnValue:
    """The same question with the filters of its results page."""
    asked, form = unsealed(sealed), FilterForm(request.form)
    if not form.validate():
        return _form_page(IntakeForm.from_asked(asked)), 422
    query = replace(form.to_query(asked.query.origin), order=_order(request.form) or asked.query.order)
    text = seal(replace(asked, query=query))
    return redirect(
        url_for("intake.results", sealed=text, filters=1, list=_listed(request.form), _anchor="list"), 303
    )


@intake.get("/results/<sealed>")
@in_turn
def results(sealed: str) -> ResponseReturnValue:
    if "call" in request.args:
        return _to_call(sealed)
    has_filters = "filters" in request.args
    page = results_page(
        catalog.current(),
        unsealed(sealed),
        sealed,
        _page_number(),
        order=_order(request.args),
        has_filters=has_filters,
    )
    return render_template("intake/results.html", page=page, listed=_listed(request.args))


@intake.get("/plan/<sealed>")
@in_turn
def plan(sealed: str) -> ResponseReturnValue:
    if "call" in request.args:
        return _to_call(sealed)
    page = plan_page(catalog.current(), unsealed(sealed), sealed)
    if page is None:
        return redirect(url_for("intake.results", sealed=sealed), 303)
    groups = [(_(name), url) for name, url in MUTUAL_HELP]
    return render_template("intake/plan.html", page=page, groups=groups)


@intake.get("/change/<sealed>")
def change(sealed: str) -> ResponseReturnValue:
    return _form_page(IntakeForm.from_asked(unsealed(sealed)))


@intake.app_errorhandler(SealError)
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
        concerns=CONCERNS,
        explained=EXPLAINED_GROUPS,
        own_location=_(OWN_LOCATION),
        is_gone=is_gone,
        listed=_listed(request.values) or "",
    )


def _order(args: Mapping[str, str]) -> Order | None:
    text = args.get("order")
    return Order(text) if text in set(Order) else None


def _to_call(sealed: str) -> ResponseReturnValue:
    """The page that prepares a call. Cards lead to it by `?call=`: its address would stand on each of them whole."""
    ids = parse_ids(request.args["call"])
    if ids is None:
        abort(404)
    return redirect(url_for("handout.call_for", provider_id=ids[0], sealed=sealed), 303)


def _listed(args: Mapping[str, str]) -> str | None:
    """The list that a form or an address carries, where it is one."""
    ids = parse_ids(args.get("list", ""))
    return format_ids(ids) if ids else None


def _page_number() -> int:
    """The page that the address asks for; what is no page number is the first."""
    text = request.args.get("page", "1")
    if text.isascii() and text.isdigit() and len(text) <= MAX_PAGE_DIGITS:
        return max(1, int(text))
    return 1
