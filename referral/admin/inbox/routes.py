"""Reports of the public: read them, share them out, answer them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral.admin.inbox import found
from referral.admin.inbox.blueprint import inbox
from referral.admin.inbox.forms import CloseForm, FindForm
from referral.admin.inbox.report_page import day_text, report_page
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.admin.shared.assigning import AssignForm, Person, is_overtaken, person_named, say_assigned
from referral.admin.shared.paging import page_of
from referral.extensions import db
from referral.models import Provider, Report, User
from referral.models.change import start_changing
from referral.models.provider import MAX_ID
from referral.models.report import KINDS, OUTCOMES
from referral.models.report_code import read_code
from referral.pages.text import _


@inbox.get("/reports")
@needs(VIEWER)
def index() -> ResponseReturnValue:
    form = FindForm(request.args)
    if "code" in request.args:
        return _find(form)
    return _list(form)


@inbox.get("/reports/<int:report_id>")
@needs(VIEWER)
def report(report_id: int) -> ResponseReturnValue:
    return _page(_known(report_id))


@inbox.post("/reports/<int:report_id>/assign")
@needs(EDITOR)
def assign(report_id: int) -> ResponseReturnValue:
    form, report = AssignForm(), _locked(report_id)
    now = db.session.get(User, report.assigned_to_id) if report.assigned_to_id else None
    person = person_named(db.session, form)
    if not is_overtaken(form, Person(now.id, now.name) if now else None):
        report.assigned_to_id = person.id if person else None
        db.session.commit()
        say_assigned(person)
    return redirect(url_for("admin.inbox.report", report_id=report_id), 303)


@inbox.post("/reports/<int:report_id>/close")
@needs(EDITOR)
def close(report_id: int) -> ResponseReturnValue:
    form = CloseForm()
    is_valid = form.validate()
    if form.do.data == "preview" and is_valid:
        return _page(_known(report_id), form, is_preview=True)
    report = _locked(report_id)
    if report.status == "closed":
        form.refuse(_("Somebody closed this report meanwhile. What you wrote was not stored."))
        return _page(report, form), 409
    if is_valid and report.is_contradicted(form.outcome.data):
        form.outcome.errors = [_("The listing is still open. Take it off the list first, or choose another answer.")]
        is_valid = False
    if not is_valid:
        return _page(report, form), 422
    report.close(form.outcome.data, form.answer.data or "", current_user().id)
    db.session.commit()
    flash(_("The report is closed. Whoever has its code can read the answer."))
    return redirect(url_for("admin.inbox.report", report_id=report_id), 303)


@inbox.post("/reports/<int:report_id>/reopen")
@needs(EDITOR)
def reopen(report_id: int) -> ResponseReturnValue:
    report = _locked(report_id)
    if report.status == "closed":
        report.reopen()
        db.session.commit()
        flash(_("The report is open again."))
    return redirect(url_for("admin.inbox.report", report_id=report_id), 303)


def _find(form: FindForm) -> ResponseReturnValue:
    """To the report that has the code; or the list again, with what is wrong with the code."""
    if not form.validate():
        return _list(form), 422
    report_id = found.with_code(db.session, read_code(form.code.data or "") or "")
    if report_id is None:
        form.code.errors = [_("No report has this code. Ask for it once more, letter by letter.")]
        return _list(form), 404
    return redirect(url_for("admin.inbox.report", report_id=report_id), 303)


def _list(form: FindForm) -> str:
    choice = _choice()
    page = page_of(found.count(db.session, choice))
    return render_template(
        "admin/inbox/index.html",
        form=form,
        choice=choice,
        page=page,
        rows=found.rows(db.session, choice, page.offset, page.size),
        provider=db.session.get(Provider, choice.provider_id) if choice.provider_id is not None else None,
        **_words(),
    )


def _known(report_id: int) -> Report:
    report = db.session.get(Report, report_id) if report_id <= MAX_ID else None
    return report or abort(404)


def _locked(report_id: int) -> Report:
    """The report as it stays until the commit. Its listing is locked first, as by whoever sends a report."""
    start_changing(db.session)
    number = sa.select(Report.provider_id).where(Report.id == min(report_id, MAX_ID))
    provider_id = db.session.execute(number).scalar()
    if provider_id is None:
        abort(404)
    db.session.get(Provider, provider_id, with_for_update=True)
    return db.session.get(Report, report_id, with_for_update=True) or abort(404)


def _page(report: Report, form: CloseForm | None = None, *, is_preview: bool = False) -> str:
    page = report_page(report, form, is_preview=is_preview)
    return render_template("admin/inbox/report.html", page=page, report=report, form=page.form, **_words())


def _words() -> dict[str, Any]:
    return {
        "kinds": {code: _(kind.label) for code, kind in KINDS.items()},
        "outcomes": {code: _(label) for code, label in OUTCOMES.items()},
        "day_text": day_text,
    }


def _choice() -> found.Choice:
    """Which reports the address asks for."""
    args = request.args
    number = args.get("provider", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 11 and int(number) <= MAX_ID
    return found.Choice(
        state="closed" if args.get("state") == "closed" else "open",
        whose=whose if (whose := args.get("whose", "")) in found.WHOSE else "all",
        user_id=current_user().id,
        kind=kind if (kind := args.get("kind", "")) in KINDS else "",
        provider_id=int(number) if is_number else None,
    )
