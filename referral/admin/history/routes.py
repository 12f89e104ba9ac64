"""Pages of history: what was done, newest first; one act with all its changes; and putting one change back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from referral.admin.history.blueprint import history
from referral.admin.history.filters import Asked, asked, choices, number_of
from referral.admin.history.putting_back import PutBackForm, Sight, sight_of
from referral.admin.history.told import act_told, parts_of, told
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.database import start_writing
from referral.extensions import db
from referral.history import act
from referral.history.putting_back import CannotPutBackError, put_back
from referral.history.reading import act_by_id, acts, changes_of, count_changes, names_of
from referral.models import Change, Provider
from referral.models.provider import MAX_ID
from referral.pages.text import _

ACTS_OF_A_PAGE = 20
CHANGES_OF_A_PAGE = 100


@history.get("/history")
@needs(VIEWER)
def index() -> ResponseReturnValue:
    found = asked(db.session, request.args)
    if "act" in request.args:
        return _one_act(number_of(request.args, "act") or abort(404), found)
    before = number_of(request.args, "before")
    rows: Sequence[Any] = []
    if not found.problems:
        rows = acts(db.session, found.wanted, before=before, limit=ACTS_OF_A_PAGE + 1)
    shown = rows[:ACTS_OF_A_PAGE]
    return render_template(
        "admin/history/index.html",
        acts=told(db.session, shown, found.wanted),
        asked=found,
        choices=choices(db.session),
        listing=_listing(found),
        newest=_url(found) if before is not None else "",
        older=_url(found, before=shown[-1].id) if len(rows) > len(shown) else "",
    ), 422 if found.problems else 200


@history.get("/listings/<int:provider_id>/history")
@needs(VIEWER)
def listing(provider_id: int) -> ResponseReturnValue:
    return redirect(url_for("admin.history.index", provider=provider_id), 303)


@history.get("/history/<int:change_id>/put-back")
@needs(EDITOR)
def ask_to_put_back(change_id: int) -> ResponseReturnValue:
    change = _known(change_id)
    return _put_back_page(sight_of(db.session, change), PutBackForm(formdata=None))


@history.post("/history/<int:change_id>/put-back")
@needs(EDITOR)
def save_put_back(change_id: int) -> ResponseReturnValue:
    form = PutBackForm()
    is_valid = form.validate()
    start_writing(db.session)
    change = _known(change_id)
    provider = db.session.get(Provider, change.provider_id, with_for_update=True)
    sight = sight_of(db.session, change)
    if not is_valid:
        return _put_back_page(sight, form), 422
    if provider is None or sight.obstacle:
        return _put_back_page(sight, form), 409
    if form.version.data != str(provider.version):
        return _put_back_page(sight, form, is_overtaken=True), 409
    try:
        with act(db.session, "put_back", user_id=current_user().id, why=form.why.data or "", undoes_id=change.act_id):
            put_back(db.session, change)
            db.session.commit()
    except (IntegrityError, CannotPutBackError):
        db.session.rollback()
        form.refuse(_("The listing as it is now does not go with this value. Change it on the page of the listing."))
        return _put_back_page(sight_of(db.session, _known(change_id)), form), 422
    flash(_("It is put back."))
    return redirect(url_for("admin.history.index", provider=provider.id), 303)


def _known(change_id: int) -> Change:
    change = db.session.get(Change, change_id) if change_id <= MAX_ID else None
    return change or abort(404)


def _put_back_page(sight: Sight, form: PutBackForm, *, is_overtaken: bool = False) -> str:
    form.version.data = sight.version
    return render_template("admin/history/put_back.html", sight=sight, form=form, is_overtaken=is_overtaken)


def _one_act(act_id: int, found: Asked) -> ResponseReturnValue:
    row = act_by_id(db.session, act_id) or abort(404)
    after = number_of(request.args, "after") or 0
    select = changes_of(act_id, found.wanted, after=after).limit(CHANGES_OF_A_PAGE + 1)
    rows = db.session.execute(select).all()
    shown = rows[:CHANGES_OF_A_PAGE]
    return render_template(
        "admin/history/act.html",
        act=act_told(row, parts_of(db.session, shown).get(act_id, [])),
        n_changes=count_changes(db.session, act_id, found.wanted),
        listing=_listing(found),
        whole=url_for("admin.history.index", act=act_id) if found.values else "",
        first=_url(found, act=act_id) if after else "",
        further=_url(found, act=act_id, after=shown[-1].id) if len(rows) > len(shown) else "",
    )


def _listing(found: Asked) -> str:
    """Name of the listing that is asked about."""
    number = found.provider_id
    if number is None:
        return ""
    name, _is_there = names_of(db.session, [number]).get(number, ("", False))
    return name or _("Listing %(number)s", number=number)


def _url(found: Asked, **more: int) -> str:
    values: dict[str, Any] = {**found.values, **more}
    return url_for("admin.history.index", **values)
