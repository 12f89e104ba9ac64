"""Addresses for reporting a problem with a listing, and for seeing what became of it."""

from __future__ import annotations

import math
from datetime import date

from babel.dates import format_date
from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import IntegrityError

from referral.extensions import db, limit_report_codes, limit_reports, retry_seconds
from referral.language import current_language
from referral.models import Provider, Report
from referral.models.change import start_changing
from referral.models.duplicate import shown_ids
from referral.models.provider import MAX_ID
from referral.models.report import KINDS, OUTCOMES, code_by_nonce, has_enough_open, report_by_code
from referral.models.report_code import new_code, read_code, shown
from referral.pages.text import _, ngettext
from referral.reports.forms import CodeForm, ReportForm
from referral.reports.token import new_token, read_nonce

reports = Blueprint("reports", __name__)


class EnoughOpenError(Exception):
    """The listing has as many open reports as it can have."""


@reports.get("/providers/<int:provider_id>/report")
def form(provider_id: int) -> ResponseReturnValue:
    provider = _listed(provider_id)
    if has_enough_open(db.session, provider_id):
        raise EnoughOpenError
    return _form_page(provider, ReportForm())


@reports.post("/providers/<int:provider_id>/report")
def send(provider_id: int) -> ResponseReturnValue:
    form = ReportForm(request.form)
    if form.homepage.data:
        abort(400)
    is_valid = form.validate()
    nonce = read_nonce(_key(), provider_id, form.token.data or "")
    if nonce is None:
        form.refuse(_("This form was open for too long. Send it once more."))
        return _form_page(_listed(provider_id), form), 422
    code = _code_of(nonce)
    if code is None and not is_valid:
        return _form_page(_listed(provider_id), form), 422
    try:
        code = code or _store(provider_id, form, nonce)
    except RateLimitExceeded:
        return _too_many(provider_id, form)
    return redirect(url_for("reports.status", code=shown(code)), 303)


@reports.get("/reports")
def find() -> ResponseReturnValue:
    return _code_page(CodeForm())


@reports.post("/reports")
def look() -> ResponseReturnValue:
    form = CodeForm(request.form)
    is_valid = form.validate()
    code = read_code(form.code.data or "")
    if not is_valid or code is None:
        return _code_page(form), 422
    return redirect(url_for("reports.status", code=shown(code)), 303)


@reports.get("/reports/<code>")
@limit_report_codes
def status(code: str) -> ResponseReturnValue:
    known = read_code(code)
    report = report_by_code(db.session, known) if known else None
    if report is None:
        return _code_page(CodeForm(code=code), is_unknown=True), 404
    return render_template(
        "reports/status.html",
        report=report,
        code=shown(report.code),
        kind=_(KINDS[report.kind].label),
        outcome=_(OUTCOMES[report.outcome]) if report.outcome else "",
        answer=[line for line in report.answer.splitlines() if line],
        created_on=_day(report.created_on),
        closed_on=_day(report.closed_on) if report.closed_on else "",
    )


@reports.errorhandler(EnoughOpenError)
def already_being_checked(_error: EnoughOpenError) -> ResponseReturnValue:
    provider = _listed(int((request.view_args or {})["provider_id"]))
    return render_template("reports/enough.html", provider=provider), 409


@limit_reports
def _store(provider_id: int, form: ReportForm, nonce: str) -> str:
    """Write the report, and give its code. Forms with the same nonce that come at once become one report."""
    start_changing(db.session)
    provider = _listed(provider_id, is_locked=True)
    if has_enough_open(db.session, provider.id):
        raise EnoughOpenError
    code = new_code()
    db.session.add(Report(provider=provider, kind=form.kind.data, text=form.text.data, code=code, nonce=nonce))
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        winner = _code_of(nonce)
        if winner is None:
            raise
        return winner
    return code


def _too_many(provider_id: int, form: ReportForm) -> ResponseReturnValue:
    """The form again with all that was written: it can be sent when the hour is over."""
    seconds = retry_seconds()
    wait = ngettext("Wait %(n)s minute", "Wait %(n)s minutes", math.ceil(seconds / 60))
    form.refuse(
        _("Many reports came from your network in a short time. %(wait)s, then send this one again.", wait=wait)
    )
    return _form_page(_listed(provider_id), form), 429, {"Retry-After": str(seconds)}


def _listed(provider_id: int, *, is_locked: bool = False) -> Provider:
    """The provider; or the request ends here, as on its own page. Locked: it stays as it is until the commit.

    One that was merged into another is that other: what somebody wrote meanwhile is not lost.
    """
    known = provider_id <= MAX_ID
    provider = db.session.get(Provider, provider_id, with_for_update=is_locked or None) if known else None
    if provider is None:
        abort(404)
    if provider.status == "inactive":
        merged = shown_ids(db.session, [provider_id])
        if merged and request.method == "GET":
            abort(redirect(url_for("reports.form", provider_id=merged[provider_id]), 301))
        if merged:
            return _listed(merged[provider_id], is_locked=is_locked)
        abort(make_response(render_template("directory/closed.html", name=provider.name), 410))
    return provider


def _form_page(provider: Provider, form: ReportForm) -> str:
    if read_nonce(_key(), provider.id, form.token.data or "") is None:
        form.token.data = new_token(_key(), provider.id)
    return render_template("reports/form.html", provider=provider, form=form)


def _code_page(form: CodeForm, *, is_unknown: bool = False) -> str:
    return render_template("reports/find.html", form=form, is_unknown=is_unknown)


def _day(day: date) -> str:
    return str(format_date(day, format="long", locale=current_language()))


def _code_of(nonce: str) -> str | None:
    with db.engine.connect() as connection:
        return code_by_nonce(connection, nonce)


def _key() -> str:
    return str(current_app.secret_key)
