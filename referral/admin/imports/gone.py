"""Listings that are not in a file any more: somebody may take them off the list, all in one act. Never by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from referral.admin.imports.blueprint import imports
from referral.admin.imports.draft_routes import known_draft
from referral.admin.imports.forms import TakeOffForm
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.admin.shared.addresses import listing_url
from referral.admin.shared.paging import page_of
from referral.database import start_writing
from referral.extensions import db
from referral.history.taking_off import gone_of, is_last_of_source, not_confirmed_since, take_off
from referral.importers.sources import source_label
from referral.language import current_language
from referral.models import ImportDraft, ImportRun, Provider
from referral.pages.text import _, ngettext
from referral.pages.wording import confirmed_text, today


def _known(draft_id: int) -> ImportDraft:
    """A draft that was applied, or that had nothing to apply."""
    draft = known_draft(draft_id)
    has_nothing = draft.status == "compared" and not (draft.counts["added"] or draft.counts["changed"])
    return draft if draft.status == "applied" or has_nothing else abort(404)


def _obstacle(draft: ImportDraft) -> str:
    """Why this list is not the one to go by; else empty."""
    run = db.session.get(ImportRun, draft.import_run_id) if draft.import_run_id else None
    if run is not None and run.undone_at is not None:
        return _(
            "This import was taken back. What its file did not name is no reason to take a listing off the list."
        )
    if not is_last_of_source(db.session, draft):
        return _("A later file of this source was imported. Go by the list of that one.")
    return ""


@imports.get("/imports/drafts/<int:draft_id>/gone")
@needs(VIEWER)
def gone(draft_id: int) -> ResponseReturnValue:
    draft = _known(draft_id)
    form = TakeOffForm(formdata=None)
    form.spare_confirmed.data = True
    return _page(draft, form)


def _page(draft: ImportDraft, form: TakeOffForm, status: int = 200) -> Response:
    which = gone_of(draft)
    n_gone, n_confirmed = _count(which), _count(which) - _count((*which, not_confirmed_since(today())))
    page = page_of(n_gone)
    columns = Provider.id, Provider.name, Provider.city, Provider.state, Provider.confirmed_on
    select = sa.select(*columns).where(*which).order_by(Provider.state, Provider.city, Provider.name, Provider.id)
    form.seen.data = str(n_gone)
    text = render_template(
        "admin/imports/gone.html",
        draft=draft,
        source=source_label(db.session, draft.source, _),
        form=form,
        obstacle=_obstacle(draft),
        page=page,
        rows=[_row(row) for row in db.session.execute(select.offset(page.offset).limit(page.size))],
        n_gone=n_gone,
        n_confirmed=n_confirmed,
    )
    return make_response(text, status)


def _count(which: Sequence[sa.ColumnElement[bool]]) -> int:
    return db.session.execute(sa.select(sa.func.count()).select_from(Provider).where(*which)).scalar_one()


def _row(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "place": ", ".join(filter(None, (row.city, row.state))),
        "url": listing_url(row.id),
        "confirmed": confirmed_text(row.confirmed_on, current_language()),
    }


@imports.post("/imports/drafts/<int:draft_id>/gone")
@needs(EDITOR)
def take_gone_off(draft_id: int) -> ResponseReturnValue:
    form = TakeOffForm()
    is_valid = form.validate()
    start_writing(db.session)
    draft = _known(draft_id)
    which = gone_of(draft)
    seen, n_gone, obstacle = form.seen.data, _count(which), _obstacle(draft)
    if obstacle:
        form.refuse(obstacle)
    elif is_valid and seen != str(n_gone):
        form.refuse(_("The list has changed meanwhile. Look at it again."))
    if form.errors:
        return _page(draft, form, 422)
    if form.spare_confirmed.data:
        which = (*which, not_confirmed_since(today()))
    n_done = take_off(
        db.session.connection(),
        which,
        user_id=current_user().id,
        why=form.why.data or "",
        import_run_id=draft.import_run_id,
    )
    db.session.commit()
    flash(ngettext("%(n)s listing was taken off the list.", "%(n)s listings were taken off the list.", n_done))
    return redirect(url_for("admin.imports.gone", draft_id=draft_id), 303)
