"""Merging two listings, the merges that were made, and undoing one."""

from __future__ import annotations

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from referral.admin.duplicates.blueprint import duplicates
from referral.admin.duplicates.comparing import compare
from referral.admin.duplicates.forms import DismissForm, UndoForm
from referral.admin.duplicates.pairs import pair_of, render_comparison
from referral.admin.duplicates.since import since_lines
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.admin.shared.addresses import history_url, listing_url
from referral.admin.shared.paging import page_of
from referral.duplicates import merging, undoing
from referral.duplicates.choices import two_of
from referral.extensions import db
from referral.history import act
from referral.models import Act, Merge, Provider, User
from referral.models.change import start_changing
from referral.models.provider import MAX_ID
from referral.pages.text import _, ngettext


@duplicates.post("/duplicates/merge")
@needs(EDITOR)
def merge() -> ResponseReturnValue:
    start_changing(db.session)
    first_id, second_id = (_number(request.form.get(name, "")) for name in ("first_id", "second_id"))
    try:
        first, second = merging.lock_two(db.session, first_id, second_id)
    except merging.CannotMergeError:
        db.session.rollback()
        flash(_("These two cannot be merged: one of them is no longer on the list. Nothing was changed."))
        return redirect(url_for("admin.duplicates.index"), 303)
    two = two_of(db.session, first, second)
    page = compare(two, request.form.get("keep", ""), request.form)
    dismiss_form = DismissForm(formdata=None)
    if not page.form.validate():
        return render_comparison(two, pair_of(two), page_form=page, dismiss_form=dismiss_form), 422
    user_id = current_user().id
    try:
        with act(db.session, "merge", user_id=user_id, why=page.form.why.data or ""):
            made = merging.merge(db.session, two, page.form.choices(), page.form.versions, user_id)
            db.session.commit()
    except merging.ChangedMeanwhileError:
        page.form.show_current()
        notice = _(
            "Somebody has changed one of the two meanwhile. Nothing was merged. "
            "Here is what stands there now, with what you chose. Look at it and merge once more."
        )
        answer = render_comparison(two, pair_of(two), page_form=page, dismiss_form=dismiss_form, notice=notice)
        db.session.rollback()
        return answer, 409
    flash(_("Merged. Number %(loser)s is off the list, and its page leads to this one.", loser=made.loser_id))
    return redirect(url_for("admin.duplicates.merge_made", merge_id=made.id), 303)


@duplicates.get("/duplicates/merges")
@needs(VIEWER)
def merges() -> ResponseReturnValue:
    total = db.session.execute(sa.select(sa.func.count()).select_from(Merge)).scalar_one()
    page = page_of(total)
    winner, loser = sa.orm.aliased(Provider), sa.orm.aliased(Provider)
    rows = (
        sa.select(Merge, winner.name, loser.name, User.name)
        .join(winner, winner.id == Merge.winner_id)
        .join(loser, loser.id == Merge.loser_id)
        .outerjoin(User, User.id == Merge.user_id)
        .order_by(Merge.id.desc())
    )
    found = db.session.execute(rows.offset(page.offset).limit(page.size)).all()
    return render_template("admin/duplicates/merges.html", rows=found, page=page)


@duplicates.get("/duplicates/merges/<int:merge_id>")
@needs(VIEWER)
def merge_made(merge_id: int) -> ResponseReturnValue:
    return _merge_page(_merge(merge_id))


@duplicates.post("/duplicates/merges/<int:merge_id>/undo")
@needs(EDITOR)
def undo(merge_id: int) -> ResponseReturnValue:
    start_changing(db.session)
    made = _merge(merge_id)
    form = UndoForm()
    try:
        with act(db.session, "unmerge", user_id=current_user().id, undoes_id=made.act_id):
            n_left = undoing.undo(db.session, made, leaves_changed=form.leaves_changed.data)
            db.session.commit()
    except undoing.CannotUndoError:
        db.session.rollback()
        flash(_("This merge cannot be undone now. Nothing was changed."))
        return redirect(url_for("admin.duplicates.merge_made", merge_id=merge_id), 303)
    except undoing.BuiltOnError:
        db.session.rollback()
        return _merge_page(_merge(merge_id), is_built_on=True), 409
    if n_left:
        flash(
            ngettext(
                "Undone, but for %(n)s value that was changed since.",
                "Undone, but for %(n)s values that were changed since.",
                n_left,
            )
        )
    else:
        flash(_("Undone: both listings are as they were."))
    return redirect(url_for("admin.duplicates.merge_made", merge_id=merge_id), 303)


def _merge_page(made: Merge, *, is_built_on: bool = False) -> str:
    is_standing = made.undone_at is None
    return render_template(
        "admin/duplicates/merge.html",
        made=made,
        winner=db.session.get(Provider, made.winner_id),
        loser=db.session.get(Provider, made.loser_id),
        act=db.session.get(Act, made.act_id, options=[joinedload(Act.user)]),
        since=since_lines(undoing.changed_since(db.session, made)) if is_standing else [],
        later=undoing.later_merge(db.session, made) if is_standing else None,
        is_built_on=is_built_on,
        listing_url=listing_url,
        history_url=history_url,
    )


def _merge(merge_id: int) -> Merge:
    found = db.session.get(Merge, merge_id) if merge_id <= MAX_ID else None
    if found is None:
        abort(404)
    return found


def _number(text: str) -> int:
    """The number of a listing; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
