"""Saying that a listing is still right, and logging attempts to find out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from referral.admin.confirming import parts, queue
from referral.admin.confirming.blueprint import confirming
from referral.admin.confirming.box import box_of
from referral.admin.confirming.forms import CallForm, CheckForm, ConfirmForm
from referral.admin.confirming.script import opening, phones, questions
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.admin.shared.addresses import edit_url, listing_url, status_url
from referral.extensions import db
from referral.history import act
from referral.models import Assignment, Check, Provider
from referral.models.change import start_changing
from referral.models.history import MAX_WHY
from referral.models.provider import MAX_ID
from referral.models.report import KINDS
from referral.pages.text import _
from referral.pages.wording import address_text, today

NEEDS_EDIT = ("wrong_number", "moved")
"""Outcomes after which somebody has to correct the listing."""


@confirming.get("/queue/<int:provider_id>")
@needs(VIEWER)
def listing(provider_id: int) -> ResponseReturnValue:
    return _page(_known(provider_id))


@confirming.post("/listings/<int:provider_id>/confirm")
@needs(EDITOR)
def confirm(provider_id: int) -> ResponseReturnValue:
    form = ConfirmForm()
    is_valid = form.validate()
    provider = _known(provider_id, is_locked=True)
    chosen = [part for part in parts.parts_of(provider) if part in (form.part.data or [])]
    if not form.is_whole and not chosen:
        form.part.errors = [_("Tick the parts that are right.")]
        is_valid = False
    check = _check(provider, "confirmed", form, parts=[] if form.is_whole else chosen)
    if is_valid and parts.is_logged_already(db.session, check, form.after.data):
        return _once(form, provider)
    if refused := _refused(provider, form, is_valid=is_valid):
        return refused
    is_whole = _confirm(provider, check)
    _tell(form, provider, _("Confirmed. Thank you.") if is_whole else _("These parts are confirmed."))
    return _onward(form, provider_id)


@confirming.post("/listings/<int:provider_id>/calls")
@needs(EDITOR)
def log_call(provider_id: int) -> ResponseReturnValue:
    form = CallForm()
    is_valid = form.validate()
    provider = _known(provider_id, is_locked=True)
    outcome = form.outcome.data
    check = _check(provider, outcome, form, note=form.note.data or "")
    if is_valid and parts.is_logged_already(db.session, check, form.after.data):
        return _once(form, provider)
    if refused := _refused(provider, form, is_valid=is_valid):
        return refused
    if outcome == "confirmed":
        _confirm(provider, check)
        _tell(form, provider, _("Confirmed. Thank you."))
    elif form.take_off.data:
        _take_off(provider, check)
        _tell(form, provider, _("Logged. The listing is off the list."))
    else:
        db.session.add(check)
        db.session.commit()
        if address := _where_to_correct(form, provider_id):
            flash(_("Logged. Now correct the listing, then confirm it."))
            return redirect(address, 303)
        _tell(form, provider, _("Logged."))
    return _onward(form, provider_id)


def _once(form: ConfirmForm | CallForm, provider: Provider) -> ResponseReturnValue:
    """To where the form led the first time."""
    db.session.rollback()
    address = _where_to_correct(form, provider.id)
    _tell(form, provider, _("This form came twice. It is logged once."))
    return redirect(address, 303) if address else _onward(form, provider.id)


def _known(provider_id: int, *, is_locked: bool = False) -> Provider:
    """The provider, or the request ends here. Locked: it stays as it is until the commit."""
    if is_locked:
        start_changing(db.session)
    is_possible = provider_id <= MAX_ID
    provider = db.session.get(Provider, provider_id, with_for_update=is_locked or None) if is_possible else None
    return provider or abort(404)


def _refused(provider: Provider, form: ConfirmForm | CallForm, *, is_valid: bool) -> ResponseReturnValue | None:
    """The page again with what is wrong; nothing that was typed is lost. None where the form can be taken."""
    status = 422
    if provider.status == "inactive":
        form.refuse(_("This listing is off the list. Nothing was stored."))
        is_valid, status = False, 409
    elif form.version.data != str(provider.version) and is_about_the_listing(form):
        form.refuse(_("The listing was changed while this page was open. Look at it again, then send it once more."))
        is_valid, status = False, 409
    if is_valid:
        return None
    form.version.process_data(str(provider.version))
    page = _page(
        provider,
        confirm_form=form if isinstance(form, ConfirmForm) else None,
        call_form=form if isinstance(form, CallForm) else None,
    )
    db.session.rollback()
    return page, status


def is_about_the_listing(form: ConfirmForm | CallForm) -> bool:
    """Whether the form says that the listing is right, or takes it off: then it must be the one that was seen."""
    return isinstance(form, ConfirmForm) or form.outcome.data == "confirmed" or bool(form.take_off.data)


def _check(
    provider: Provider, outcome: str, form: ConfirmForm | CallForm, *, parts: Sequence[str] = (), note: str = ""
) -> Check:
    me = current_user().id
    how = form.how.data
    return Check(provider_id=provider.id, user_id=me, outcome=outcome, how=how, parts=list(parts), note=note)


def _confirm(provider: Provider, check: Check) -> bool:
    with act(db.session, "confirm", user_id=current_user().id):
        is_whole = parts.confirm(db.session, provider, check, today())
        if is_whole:
            _unassign(provider)
        db.session.commit()
    return is_whole


def _take_off(provider: Provider, check: Check) -> None:
    with act(db.session, "close", user_id=current_user().id, why=check.note[:MAX_WHY]):
        db.session.add(check)
        provider.status, provider.closed_until = "inactive", None
        _unassign(provider)
        db.session.commit()


def _unassign(provider: Provider) -> None:
    assignment = db.session.get(Assignment, provider.id)
    if assignment is not None:
        db.session.delete(assignment)


def _where_to_correct(form: ConfirmForm | CallForm, provider_id: int) -> str:
    if isinstance(form, ConfirmForm) or form.take_off.data:
        return ""
    outcome = form.outcome.data
    if outcome in NEEDS_EDIT:
        return edit_url(provider_id)
    return status_url(provider_id) if outcome == "closed" else ""


def _tell(form: CheckForm, provider: Provider, text: str) -> None:
    """What happened; on the page of the next listing it says of which one."""
    flash(f"{provider.name}: {text}" if form.then.data == "queue" else text)


def _onward(form: CheckForm, provider_id: int) -> ResponseReturnValue:
    """To the next listing of one's own queue where the form came from there, else back to the listing."""
    if form.then.data != "queue":
        return redirect(listing_url(provider_id), 303)
    number = queue.next_of(current_user().id, today(), after=provider_id)
    if number is None:
        flash(_("Nothing else of yours is waiting today."))
        return redirect(url_for("admin.confirming.index"), 303)
    return redirect(url_for("admin.confirming.listing", provider_id=number), 303)


def _reported(provider: Provider) -> list[str]:
    """Each problem once, with how many told it where there were several."""
    told = Counter(report.kind for report in provider.open_reports)
    return [f"{_(KINDS[kind].label)} ({n})" if n > 1 else _(KINDS[kind].label) for kind, n in told.items()]


def _page(provider: Provider, *, confirm_form: ConfirmForm | None = None, call_form: CallForm | None = None) -> str:
    form = confirm_form or call_form
    then = "listing" if form is not None and form.then.data != "queue" else "queue"
    return render_template(
        "admin/confirming/listing.html",
        provider=provider,
        form=form,
        box=box_of(provider, then, is_folded=False, confirm_form=confirm_form, call_form=call_form),
        address=address_text(provider),
        phones=phones(provider),
        opening=opening(current_user().name),
        questions=questions(provider),
        reported=_reported(provider),
    )
