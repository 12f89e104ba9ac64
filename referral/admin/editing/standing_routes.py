"""Whether a listing is on the list, and what is settled with its source: small forms that each change one thing."""

from __future__ import annotations

from datetime import date, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, ValidationError
from wtforms.validators import AnyOf

from referral.admin.editing.blueprint import editing
from referral.admin.editing.fields import DayField, Pairs, TextField
from referral.admin.editing.forms import ChoiceField
from referral.admin.editing.listing_page import listing_page
from referral.admin.editing.moved import moved_page
from referral.admin.editing.saving import commit_or_refuse, doing, lock_listing, read_listing
from referral.admin.shared.access import EDITOR, needs
from referral.admin.shared.forms import StaffForm
from referral.extensions import db
from referral.history import settling
from referral.history.fields import STATUS_LABELS
from referral.models import Correction, Provider
from referral.models.history import MAX_WHY
from referral.pages.text import _
from referral.pages.wording import today
from referral.vocabulary.words import N_

LONGEST_CLOSING = timedelta(days=3 * 366)

STATUS_CHOICES = {
    "active": N_("Open: people find it"),
    "temporarily_closed": N_("Closed for now: its page says so, and no search finds it"),
    "inactive": N_("Taken off the list: closed for good, or no addiction treatment"),
}

SAID = {
    "active": N_("The listing is open again."),
    "temporarily_closed": N_("The listing is closed for now."),
    "inactive": N_("The listing is taken off the list."),
}


class StatusForm(StaffForm):
    version = HiddenField()
    report = HiddenField()
    status = ChoiceField(N_("Is the place open?"), STATUS_CHOICES)
    closed_until = DayField(N_("It opens again on"))
    why = TextField(N_("Why do you change this?"), MAX_WHY)

    def validate_closed_until(self, field: DayField) -> None:
        if self.status.data != "temporarily_closed" or not field.day:
            return
        if not today() < field.day <= today() + LONGEST_CLOSING:
            raise ValidationError(_("The day must be after today, and at most three years away."))

    @property
    def opens_on(self) -> date | None:
        return self.closed_until.day if self.status.data == "temporarily_closed" else None

    def pairs(self) -> Pairs:
        names = ("report", "status", "closed_until", "why")
        return [(name, getattr(self, name).data or "") for name in names]


class SettleForm(StaffForm):
    version = HiddenField()
    field = HiddenField()
    keep = HiddenField(validators=[AnyOf(("ours", "theirs"))])


@editing.get("/listings/<int:provider_id>/status")
@needs(EDITOR)
def status(provider_id: int) -> ResponseReturnValue:
    provider = read_listing(provider_id)
    until = provider.closed_until.isoformat() if provider.closed_until else ""
    report = request.args.get("report", "")
    known = {"version": str(provider.version), "status": provider.status, "closed_until": until, "report": report}
    return _status_page(provider, StatusForm(None, data=known))


@editing.post("/listings/<int:provider_id>/status")
@needs(EDITOR)
def set_status(provider_id: int) -> ResponseReturnValue:
    form = StatusForm(request.form)
    if not form.validate():
        return _status_page(read_listing(provider_id), form), 422
    provider = lock_listing(provider_id)
    if str(provider.version) != form.version.data:
        action = url_for("admin.editing.set_status", provider_id=provider_id)
        return moved_page(provider, form.version.data, action, form.pairs())
    with doing("close", form.why.data or "", provider_id, form.report.data or ""):
        provider.status, provider.closed_until = form.status.data or "", form.opens_on
        if not commit_or_refuse(form):
            return _status_page(read_listing(provider_id), form), 422
    flash(_(SAID[provider.status]))
    return redirect(url_for("admin.editing.listing", provider_id=provider_id), 303)


@editing.post("/listings/<int:provider_id>/settle")
@needs(EDITOR)
def settle(provider_id: int) -> ResponseReturnValue:
    form, provider = SettleForm(request.form), lock_listing(provider_id)
    if not form.validate():
        abort(400)
    if str(provider.version) != form.version.data:
        pairs = [("field", form.field.data or ""), ("keep", form.keep.data or "")]
        action = url_for("admin.editing.settle", provider_id=provider_id)
        return moved_page(provider, form.version.data, action, pairs)
    correction = db.session.get(Correction, (provider_id, form.field.data or ""), with_for_update=True)
    if correction is None or not correction.is_offered:
        flash(_("This was settled already."))
        return redirect(url_for("admin.editing.listing", provider_id=provider_id), 303)
    with doing("settle"):
        try:
            settling.settle(db.session, provider_id, correction.field, form.keep.data or "", correction.offered_value)
        except settling.CannotSettleError:
            abort(400)
        db.session.commit()
    flash(_("Kept as it is here.") if form.keep.data == "ours" else _("Taken over from the source."))
    return redirect(url_for("admin.editing.listing", provider_id=provider_id), 303)


def _status_page(provider: Provider, form: StatusForm) -> str:
    return render_template(
        "admin/editing/status.html",
        form=form,
        provider=provider,
        page=listing_page(provider),
        now=_(STATUS_LABELS[provider.status]),
    )
