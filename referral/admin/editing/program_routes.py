"""Addresses of the programs of a listing: add, edit, duplicate, close, reopen, remove."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from referral.admin.editing.blueprint import editing
from referral.admin.editing.conflict import (
    Conflict,
    base_values,
    conflict_page,
    find_conflict,
    sent,
    since_it_began,
    version_at_first,
    who_since,
)
from referral.admin.editing.gone import is_added_already, listing_of_removed
from referral.admin.editing.listing_values import PROGRAM_FIELDS, only, own_program_values, set_values
from referral.admin.editing.moved import moved_page
from referral.admin.editing.program_forms import ProgramForm, ProgramStatusForm
from referral.admin.editing.saving import commit_or_refuse, doing, lock_listing, read_listing
from referral.admin.shared.access import EDITOR, current_user, needs
from referral.extensions import db
from referral.models import Program, Provider
from referral.models.provider import MAX_ID
from referral.models.recording import Values
from referral.pages.text import _
from referral.phrases import level_label
from referral.vocabulary.words import N_

SAID = {
    "active": N_("The program is open again."),
    "temporarily_closed": N_("The program is closed for now."),
    "inactive": N_("The program is taken off the list."),
    "removed": N_("The program is removed. Its history is kept."),
}


@editing.get("/listings/<int:provider_id>/programs/new")
@needs(EDITOR)
def new_program(provider_id: int) -> ResponseReturnValue:
    provider = read_listing(provider_id)
    return _page(ProgramForm(None, {}, version=str(provider.version)), provider)


@editing.post("/listings/<int:provider_id>/programs/new")
@needs(EDITOR)
def create_program(provider_id: int) -> ResponseReturnValue:
    """Whatever else was changed meanwhile: a new program takes nothing from anybody. Sent twice it is added once."""
    form = ProgramForm(request.form, {})
    if not form.validate():
        return _page(form, read_listing(provider_id)), 422
    provider, values, me = lock_listing(provider_id), form.values(), current_user().id
    if not is_added_already(db.session, provider, values, since=form.seen_version, user_id=me):
        program = Program()
        set_values(program, PROGRAM_FIELDS, values)
        with doing("edit", form.why.data or ""):
            provider.programs.append(program)
            if not commit_or_refuse(form):
                return _page(form, read_listing(provider_id)), 422
    return _done(provider_id, _("Program added: %(what)s.", what=level_label(form.level.data or "")))


@editing.get("/programs/<int:program_id>/edit")
@needs(EDITOR)
def edit_program(program_id: int) -> ResponseReturnValue:
    program = _program(program_id)
    form = ProgramForm(None, own_program_values(program), version=str(program.provider.version))
    return _page(form, program.provider, program)


@editing.post("/programs/<int:program_id>/edit")
@needs(EDITOR)
def save_program(program_id: int) -> ResponseReturnValue:
    program = _find(program_id)
    if program is None:
        return _removed_page(program_id)
    form = ProgramForm(request.form, own_program_values(program))
    if not form.validate():
        return _page(form, program.provider, program), 422
    provider = lock_listing(program.provider_id)
    program = _find(program_id)
    if program is None:
        return _removed_page(program_id)
    stored = own_program_values(program)
    known = base_values(db.session, provider, form.seen_version)
    before = known[1].get(program_id) if known else None
    base = only(PROGRAM_FIELDS, before) if before else None
    came = sent(form.values(), base)
    conflict = find_conflict(came, base, stored)
    if conflict is not None:
        return _conflict(provider, program_id, form, *conflict)
    form = ProgramForm(MultiDict([("version", form.version.data or ""), *form.pairs(came.mine)]), stored)
    if not form.validate():
        return _page(form, provider, program), 422
    with doing("edit", form.why.data or ""):
        set_values(program, PROGRAM_FIELDS, form.values())
        if not commit_or_refuse(form):
            return _page(form, read_listing(provider.id), _program(program_id)), 422
    return _done(provider.id, _("Saved."))


@editing.get("/programs/<int:program_id>/duplicate")
@needs(EDITOR)
def duplicate_program(program_id: int) -> ResponseReturnValue:
    """The form of a new program filled in like this one: nothing is public before somebody has saved it."""
    program = _program(program_id)
    values = own_program_values(program)
    form = ProgramForm(None, values, version=str(program.provider.version))
    return _page(form, program.provider, is_copy=True)


@editing.post("/programs/<int:program_id>/status")
@needs(EDITOR)
def set_program_status(program_id: int) -> ResponseReturnValue:
    form = ProgramStatusForm(request.form)
    provider = lock_listing(_program(program_id).provider_id)
    program = _program(program_id)
    if not form.validate():
        abort(400)
    status = form.status.data or ""
    if str(provider.version) != form.version.data:
        action = url_for("admin.editing.set_program_status", program_id=program_id)
        return moved_page(provider, form.version.data, action, [("status", status)])
    with doing("close"):
        if status == "removed":
            provider.programs.remove(program)
        else:
            program.status = status
        db.session.commit()
    return _done(provider.id, _(SAID[status]))


def _find(program_id: int) -> Program | None:
    return db.session.get(Program, program_id) if program_id <= MAX_ID else None


def _program(program_id: int) -> Program:
    return _find(program_id) or abort(404)


def _page(form: ProgramForm, provider: Provider, program: Program | None = None, *, is_copy: bool = False) -> str:
    template = "admin/editing/program.html"
    return render_template(template, form=form, provider=provider, program=program, is_copy=is_copy)


def _removed_page(program_id: int) -> ResponseReturnValue:
    """The program was removed while somebody changed it: what they typed, to be added as a program again."""
    provider = listing_of_removed(db.session, program_id)
    if provider is None:
        abort(404)
    form = ProgramForm(request.form, {})
    who = who_since(db.session, provider.id, form.seen_version) or _("somebody else")
    form.refuse(
        _("This program was removed while you changed it, by: %(who)s. If you save, it is added again.", who=who)
    )
    return _page(form, provider), 409


def _conflict(
    provider: Provider, program_id: int, form: ProgramForm, choices: list[Any], values: Values
) -> ResponseReturnValue:
    is_unanswered = form.seen_version == provider.version
    began = version_at_first(form.seen_version)
    choices = since_it_began(db.session, provider, choices, began, program_id)
    return conflict_page(
        Conflict(choices, form.pairs(values), provider.version, began, is_unanswered),
        provider.id,
        action=url_for("admin.editing.save_program", program_id=program_id),
        title=f"{provider.name}: {level_label(form.level.data or '')}",
        who=who_since(db.session, provider.id, began),
    )


def _done(provider_id: int, text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for("admin.editing.listing", provider_id=provider_id) + "#programs", 303)
