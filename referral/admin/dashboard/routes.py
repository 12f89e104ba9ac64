"""The overview, and the lists behind two of its numbers that no other part has."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from referral.admin.dashboard.facts import fact_rows
from referral.admin.dashboard.page import month_of, overview
from referral.admin.dashboard.reading import count_checks
from referral.admin.dashboard.told import checks_told, month_text
from referral.admin.shared.access import VIEWER, needs
from referral.admin.shared.paging import page_of
from referral.extensions import db
from referral.pages.turns import in_turn
from referral.phrases import family_label
from referral.vocabulary import FACTS_BY_FAMILY

dashboard = Blueprint("dashboard", __name__)


@dashboard.get("/overview")
@needs(VIEWER)
@in_turn
def index() -> ResponseReturnValue:
    return render_template("admin/dashboard/index.html", page=overview(db.session))


@dashboard.get("/overview/facts/<family>")
@needs(VIEWER)
@in_turn
def facts(family: str) -> ResponseReturnValue:
    """How many open listings say yes and no to each fact of a family, and of how many it is not known."""
    if not FACTS_BY_FAMILY.get(family):
        abort(404)
    return render_template("admin/dashboard/facts.html", family=family_label(family), rows=fact_rows(family))


@dashboard.get("/overview/confirmations")
@needs(VIEWER)
def confirmations() -> ResponseReturnValue:
    """What was confirmed in a month."""
    days = month_of(request.args.get("month", "")) or abort(404)
    page = page_of(count_checks(db.session, *days))
    return render_template(
        "admin/dashboard/confirmations.html",
        month=month_text(days[0]),
        page=page,
        rows=checks_told(db.session, *days, page.offset, page.size),
    )
