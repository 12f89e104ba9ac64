"""Differences to settle: values of staff where the source says something new now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import selectinload
from wtforms import HiddenField

from referral.admin.imports.blueprint import imports
from referral.admin.imports.forms import WhyForm
from referral.admin.imports.words import field_words, words_of
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.admin.shared.addresses import listing_url
from referral.admin.shared.forms import StaffForm, clean_line
from referral.admin.shared.paging import page_of
from referral.admin.shared.returning import address_of, own_page
from referral.database import start_writing
from referral.extensions import db
from referral.history import act
from referral.history.settling import (
    CHOICES,
    OURS,
    CannotSettleError,
    digest,
    offered,
    our_value,
    settle_many,
)
from referral.history.settling import settle as settle_one
from referral.importers.sources import source_label
from referral.models import Correction, Provider, User
from referral.models.provider import MAX_ID
from referral.pages.text import _, ngettext
from referral.vocabulary.words import N_

MAX_AT_ONCE = 500
"""Differences that are settled by one press: a second or two."""

REFUSED: dict[str, str] = {
    CannotSettleError.GONE: N_("This was settled already, or the source has changed its mind again."),
    CannotSettleError.OTHER: N_("The source says something else by now. Look at it again. Nothing was changed."),
    CannotSettleError.HIDDEN: N_("The address of this listing is not shown, so it has no map point. Keep ours."),
    CannotSettleError.UNKNOWN: N_("The directory no longer knows this kind of fact or care. Keep ours."),
}

FILTERS = ("field", "source", "state", "run")


class SettleForm(StaffForm):
    """One difference; every page that offers it sends these."""

    provider_id = HiddenField()
    field = HiddenField()
    choice = HiddenField()
    """ours or theirs. Besides these the form sends `offered`: as JSON, the value of the source that was seen."""
    next = HiddenField()
    """The staff page to go on with."""


class Choice(NamedTuple):
    value: str
    label: str


def _values(args: Mapping[str, str]) -> dict[str, str]:
    """What an address or a form filters by."""
    return {name: value for name in FILTERS if (value := clean_line(args.get(name))[:100])}


def _which(values: Mapping[str, str]) -> list[sa.ColumnElement[bool]]:
    columns: dict[str, Any] = {"field": Correction.field, "source": Provider.source, "state": Provider.state}
    which = [columns[name] == value for name, value in values.items() if name in columns]
    if "run" in values:
        text = values["run"]
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0
        which.append(Correction.offered_run_id == min(number, MAX_ID))
    return which


@imports.get("/imports/differences")
@needs(VIEWER)
def differences() -> ResponseReturnValue:
    values = _values(request.args)
    which = (Correction.is_offered, *_which(values))
    of_provider = Provider.id == Correction.provider_id
    count = sa.select(sa.func.count()).select_from(Correction).join(Provider, of_provider).where(*which)
    page = page_of(db.session.execute(count).scalar_one())
    select = sa.select(Correction, Provider, User.name).join(Provider, of_provider)
    select = select.outerjoin(User, User.id == Correction.user_id).options(selectinload(Provider.programs))
    select = select.where(*which).order_by(Correction.provider_id, Correction.field)
    found = db.session.execute(select.offset(page.offset).limit(page.size)).all()
    return render_template(
        "admin/imports/differences.html",
        page=page,
        rows=[_row(correction, provider, name) for correction, provider, name in found],
        values=values,
        is_filtered=bool(values),
        choices=_choices(),
        here=f"{request.path}?{request.query_string.decode('ascii', 'ignore')}".rstrip("?"),
    )


def _row(correction: Correction, provider: Provider, user_name: str | None) -> dict[str, Any]:
    field = correction.field
    return {
        "id": f"{provider.id}-{field.replace('.', '-')}",
        "provider_id": provider.id,
        "url": listing_url(provider.id),
        "name": provider.name,
        "place": ", ".join(filter(None, (provider.city, provider.state))),
        "field": field,
        "label": field_words(field),
        "ours": words_of(field, our_value(provider, field)),
        "theirs": words_of(field, correction.offered_value),
        "said_before": words_of(field, correction.source_value),
        "offered": json.dumps(correction.offered_value),
        "who": user_name or "",
    }


def _choices() -> dict[str, list[Choice]]:
    """What one can filter by: each value that there is, with its count."""
    columns: dict[str, Any] = {
        "field": Correction.field,
        "source": Provider.source,
        "state": Provider.state,
        "run": Correction.offered_run_id,
    }
    found = {}
    for name, column in columns.items():
        select = sa.select(column, sa.func.count()).select_from(Correction)
        select = select.join(Provider, Provider.id == Correction.provider_id).where(Correction.is_offered)
        counts = [(value, n) for value, n in db.session.execute(select.group_by(column)) if value not in (None, "")]
        choices = [Choice(str(value), f"{_label(name, value)} ({n:,})") for value, n in counts]
        found[name] = sorted(choices, key=lambda choice: choice.label)
    return found


def _label(name: str, value: Any) -> str:
    if name == "field":
        return field_words(value)
    if name == "run":
        return _("Import %(n)s", n=value)
    return source_label(db.session, value, _) if name == "source" else str(value)


@imports.post("/imports/differences/settle")
@needs(EDITOR)
def settle() -> ResponseReturnValue:
    form = SettleForm()
    text = form.provider_id.data or ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0
    try:
        # As it was sent: the text fields of a form are made tidy, and this is compared with what is kept.
        expected = json.loads(request.form.get("offered", ""))
    except (ValueError, RecursionError):
        abort(422)
    if form.choice.data not in CHOICES or not 0 < number <= MAX_ID:
        abort(422)
    start_writing(db.session)
    of_field = (Correction.provider_id == number, Correction.field == (form.field.data or ""))
    run_id = db.session.scalar(sa.select(Correction.offered_run_id).where(*of_field))
    try:
        with act(db.session, "settle", user_id=current_user().id, import_run_id=run_id):
            settle_one(db.session, number, form.field.data or "", form.choice.data, expected)
            db.session.commit()
        flash(_("Ours is kept.") if form.choice.data == OURS else _("Theirs is taken."))
    except CannotSettleError as error:
        db.session.rollback()
        flash(_(REFUSED[error.reason]))
    page = own_page(form.next.data)
    return redirect(address_of(page) if page else url_for("admin.imports.differences"), 303)


@imports.get("/imports/differences/all")
@needs(EDITOR)
def ask_to_settle_all() -> ResponseReturnValue:
    """Asks once more before all of a kind are settled."""
    form = WhyForm(formdata=None)
    return _all_page(form, _values(request.args), request.args.get("choice", ""))


def _all_page(form: WhyForm, values: dict[str, str], choice: str, status: int = 200) -> ResponseReturnValue:
    if choice not in CHOICES:
        abort(404)
    rows = offered(db.session, *_which(values))
    form.seen.data = digest(rows)
    return render_template(
        "admin/imports/settle_all.html",
        form=form,
        values=values,
        choice=choice,
        n_rows=len(rows),
        fields=_by_field(rows),
        filtered=[(_(_FILTER_LABELS[name]), _label(name, value)) for name, value in values.items()],
        max_at_once=MAX_AT_ONCE,
    ), status


_FILTER_LABELS = {"field": N_("What"), "source": N_("Source"), "state": N_("State"), "run": N_("Import")}


def _by_field(rows: Sequence[Any]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.field] = counts.get(row.field, 0) + 1
    return sorted((field_words(field), count) for field, count in counts.items())


@imports.post("/imports/differences/all")
@needs(EDITOR)
def settle_all() -> ResponseReturnValue:
    form = WhyForm()
    values, choice = _values(request.form), request.form.get("choice", "")
    is_valid = form.validate()
    if not is_valid:
        return _all_page(form, values, choice, 422)
    start_writing(db.session)
    rows = offered(db.session, *_which(values))
    if choice not in CHOICES or form.seen.data != digest(rows):
        form.refuse(_("The list has changed meanwhile. Look at it again."))
        return _all_page(form, values, choice, 422)
    part = [(row.provider_id, row.field, row.offered_value) for row in rows[:MAX_AT_ONCE]]
    with act(db.session, "settle", user_id=current_user().id, why=form.why.data or ""):
        n_settled, refused = settle_many(db.session, choice, part)
        db.session.commit()
    flash(ngettext("%(n)s difference was settled.", "%(n)s differences were settled.", n_settled))
    if refused:
        text = ngettext("%(n)s could not be.", "%(n)s could not be.", len(refused))
        flash(text + " " + _("Settle what is left one by one."))
    if len(rows) > len(part):
        flash(ngettext("%(n)s is left.", "%(n)s are left.", len(rows) - len(part)))
        again: dict[str, Any] = {**values, "choice": choice}
        return redirect(url_for("admin.imports.ask_to_settle_all", **again), 303)
    return redirect(url_for("admin.imports.differences"), 303)
