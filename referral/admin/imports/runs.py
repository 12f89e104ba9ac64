"""The page of an import that was applied, and taking it back as a whole."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Response, abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral.admin.imports import process
from referral.admin.imports.blueprint import imports
from referral.admin.imports.draft_routes import REFRESH_SECONDS
from referral.admin.imports.forms import UndoForm
from referral.admin.imports.words import OUTCOMES, field_words, message_of, words_of
from referral.admin.shared.access import ADMIN, VIEWER, current_user, needs
from referral.admin.shared.addresses import listing_url
from referral.admin.shared.paging import page_of
from referral.admin.shared.times import when_text
from referral.database import start_writing
from referral.extensions import db
from referral.history.undoing import BuiltOn, CannotUndoError, Plan, plan_undo, undo_import
from referral.importers.drafts.kept import is_interrupted
from referral.importers.sources import source_label
from referral.models import Act, Change, Correction, ImportDraft, ImportRun, User, utc_now
from referral.models.provider import MAX_ID
from referral.pages.text import _, ngettext

HISTORY = "admin.history.index"
SMALL = 1500
"""Changed values that are taken back within the request: under two seconds."""


def _known(run_id: int) -> ImportRun:
    run = db.session.get(ImportRun, run_id) if run_id <= MAX_ID else None
    return run or abort(404)


def _act(run_id: int, kind: str) -> Any:
    """Number, time, reason and person of what was done with an import."""
    select = sa.select(Act.id, Act.at, Act.why, User.name).outerjoin(User, User.id == Act.user_id)
    return db.session.execute(select.where(Act.kind == kind, Act.import_run_id == run_id).order_by(Act.id)).first()


def _drafts(run_id: int) -> tuple[ImportDraft | None, ImportDraft | None]:
    """(the draft that became this import, the one that takes it back), as far as they are there."""
    found = db.session.scalars(sa.select(ImportDraft).where(ImportDraft.import_run_id == run_id)).all()
    own = next((draft for draft in found if draft.file_name), None)
    return own, next((draft for draft in found if not draft.file_name), None)


@imports.get("/imports/<int:run_id>")
@needs(VIEWER)
def run(run_id: int) -> ResponseReturnValue:
    found = _known(run_id)
    own, undoing = _drafts(run_id)
    is_dead = undoing is not None and is_interrupted(undoing, utc_now())
    is_working = undoing is not None and undoing.status == "applying" and not is_dead
    offered = sa.select(sa.func.count()).select_from(Correction)
    offered = offered.where(Correction.is_offered, Correction.offered_run_id == run_id)
    text = render_template(
        "admin/imports/run.html",
        run=found,
        source=source_label(db.session, found.source, _),
        when=when_text(found.finished_at),
        act=_act(run_id, "import"),
        undo=_act(run_id, "undo"),
        undone=when_text(found.undone_at) if found.undone_at else "",
        history_url=_history_url,
        draft=own,
        outcomes=[(code, _(label), found.counts.get(code, 0)) for code, label in OUTCOMES.items()],
        n_offered=db.session.execute(offered).scalar_one(),
        undoing=undoing,
        message=message_of(undoing) if undoing else "",
        is_working=is_working,
        is_dead=is_dead,
        is_still=request.args.get("still") == "1",
    )
    response = make_response(text)
    if is_working and request.args.get("still") != "1":
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _history_url(act_id: int) -> str:
    """What an act changed; empty where there is no history part."""
    return url_for(HISTORY, act=act_id) if HISTORY in current_app.view_functions else ""


@imports.get("/imports/<int:run_id>/undo")
@needs(ADMIN)
def undo(run_id: int) -> ResponseReturnValue:
    found = _known(run_id)
    try:
        plan = plan_undo(db.session.connection(), run_id)
    except CannotUndoError:
        return _undone_already(run_id)
    return _undo_page(found, plan, UndoForm(formdata=None))


def _undone_already(run_id: int) -> ResponseReturnValue:
    db.session.rollback()
    flash(_("This import was taken back already, or changed nothing."))
    return redirect(url_for("admin.imports.run", run_id=run_id), 303)


def _undo_page(found: ImportRun, plan: Plan, form: UndoForm, status: int = 200) -> Response:
    came = {one.provider_id for one in plan.differences if one.field == "listing"}
    touched = {one.provider_id for one in plan.differences} - came
    page = page_of(len(plan.built_on))
    text = render_template(
        "admin/imports/undo.html",
        run=found,
        form=form,
        n_came=len(came),
        n_changed=len(touched),
        page=page,
        built_on=[_built_on(one) for one in plan.built_on[page.offset : page.offset + page.size]],
        n_built_on=len(plan.built_on),
    )
    return make_response(text, status)


def _built_on(one: BuiltOn) -> dict[str, Any]:
    is_listing = one.field == "listing"
    return {
        "url": listing_url(one.provider_id),
        "name": one.name,
        "label": field_words(one.field),
        "then": _("came with this import") if is_listing else words_of(one.field, one.then),
        "now": _("was changed or is used since") if is_listing else words_of(one.field, one.now),
    }


@imports.post("/imports/<int:run_id>/undo")
@needs(ADMIN)
def take_back(run_id: int) -> ResponseReturnValue:
    form = UndoForm()
    is_valid = form.validate()
    start_writing(db.session)
    found = _known(run_id)
    try:
        if not is_valid:
            return _undo_page(found, plan_undo(db.session.connection(), run_id), form, 422)
        return _undo(found, form)
    except CannotUndoError:
        return _undone_already(run_id)


def _undo(found: ImportRun, form: UndoForm) -> ResponseReturnValue:
    run_id, even_partly = found.id, form.even_partly.data == "1"
    if found.undone_at is not None:
        return _undone_already(run_id)
    asked: dict[str, Any] = {"user_id": current_user().id, "why": form.why.data or "", "even_partly": even_partly}
    if _n_changes(run_id) > SMALL:
        return _start(found, asked)
    plan = undo_import(db.session.connection(), run_id, **asked)
    if plan.built_on and not even_partly:
        form.refuse(_("Something was built on this import. Choose below whether the rest is taken back."))
        return _undo_page(found, plan, form, 409)
    db.session.commit()
    n_listings = len({one.provider_id for one in plan.differences})
    flash(ngettext("%(n)s listing was taken back.", "%(n)s listings were taken back.", n_listings))
    return redirect(url_for("admin.imports.run", run_id=run_id), 303)


def _n_changes(run_id: int) -> int:
    changes = sa.select(Change.id).join(Act).where(Act.kind == "import", Act.import_run_id == run_id).limit(SMALL + 1)
    return db.session.execute(sa.select(sa.func.count()).select_from(changes.subquery())).scalar_one()


def _start(found: ImportRun, asked: dict[str, Any]) -> ResponseReturnValue:
    """Have it taken back by a process of its own, unless one is at it."""
    now = utc_now()
    _own, undoing = _drafts(found.id)
    if undoing is not None and undoing.status == "applying" and not is_interrupted(undoing, now):
        db.session.rollback()
        flash(_("It is being taken back already."))
        return redirect(url_for("admin.imports.run", run_id=found.id), 303)
    if undoing is not None:
        db.session.delete(undoing)
    draft = ImportDraft(
        user_id=asked["user_id"],
        file_name="",
        file_sha256="",
        size_bytes=0,
        status="applying",
        source=found.source,
        options={"undo": asked},
        alive_at=now,
        import_run_id=found.id,
    )
    db.session.add(draft)
    db.session.flush()
    draft_id, run_id = draft.id, found.id
    db.session.commit()
    process.start(draft_id, "undo", now)
    return redirect(url_for("admin.imports.run", run_id=run_id), 303)
