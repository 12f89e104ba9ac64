"""The list of pairs, two listings side by side, and dismissing a pair."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral.admin.duplicates import listing_pairs, starting
from referral.admin.duplicates.blueprint import duplicates
from referral.admin.duplicates.comparing import compare
from referral.admin.duplicates.forms import DismissForm, NumbersForm
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.admin.shared.paging import page_of
from referral.database import start_writing
from referral.duplicates.choices import Two, two_of
from referral.duplicates.listing import read_two
from referral.duplicates.scoring import Shared, score
from referral.extensions import db
from referral.models import DirectoryChange, DuplicatePair, Provider, utc_now
from referral.models.duplicate import is_running, latest_search
from referral.models.provider import MAX_ID
from referral.pages.text import _
from referral.pages.wording import address_text

PAGE_SIZE = 20

REFRESH_SECONDS = 2
"""After which the page of a search that runs comes again."""


@duplicates.get("/duplicates")
@needs(VIEWER)
def index() -> ResponseReturnValue:
    status = "dismissed" if request.args.get("status") == "dismissed" else "open"
    state = request.args.get("state", "")
    state = state if len(state) == 2 and state.isalpha() else ""
    page = page_of(listing_pairs.n_pairs(db.session, status, state), PAGE_SIZE)
    search = latest_search(db.session)
    latest_change = db.session.get(DirectoryChange, 1)
    is_at_work = search is not None and is_running(search)
    is_still = request.args.get("still") == "1"
    text = render_template(
        "admin/duplicates/index.html",
        rows=listing_pairs.pairs_page(db.session, status, state, page.offset, page.size),
        page=page,
        status=status,
        state=state,
        states=listing_pairs.states_of(db.session),
        search=search,
        is_running=is_at_work,
        is_still=is_still,
        has_changed=search is None or latest_change is None or latest_change.latest != search.seen_change,
        reason_texts=listing_pairs.reason_texts,
        dismissal_text=listing_pairs.dismissal_text,
        address_text=address_text,
    )
    response = make_response(text)
    if is_at_work and not is_still:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@duplicates.post("/duplicates/search")
@needs(EDITOR)
def search() -> ResponseReturnValue:
    if not starting.start(current_user().id):
        flash(_("A search is already running."))
    return redirect(url_for("admin.duplicates.index"), 303)


@duplicates.get("/duplicates/<int:pair_id>")
@needs(VIEWER)
def pair(pair_id: int) -> ResponseReturnValue:
    found = _pair(pair_id)
    two = two_of(db.session, found.first, found.second)
    return compare_page(two, found, DismissForm(formdata=None), keep=request.args.get("keep", ""))


@duplicates.get("/duplicates/new")
@needs(VIEWER)
def new() -> ResponseReturnValue:
    """Any two listings, by number."""
    form = NumbersForm(request.args)
    if "second" not in request.args:
        return render_template("admin/duplicates/new.html", form=form)
    if not form.validate():
        return render_template("admin/duplicates/new.html", form=form), 422
    first, second = (db.session.get(Provider, number) for number in (form.first.data, form.second.data))
    if first is None or second is None or first is second:
        form.refuse(_("Enter the numbers of two listings."))
        return render_template("admin/duplicates/new.html", form=form), 422
    two = two_of(db.session, first, second)
    return compare_page(two, pair_of(two), DismissForm(formdata=None), keep=request.args.get("keep", ""))


@duplicates.post("/duplicates/<int:pair_id>/dismiss")
@needs(EDITOR)
def dismiss(pair_id: int) -> ResponseReturnValue:
    start_writing(db.session)
    found = _pair(pair_id)
    form = DismissForm()
    if not form.validate():
        two = two_of(db.session, found.first, found.second)
        return compare_page(two, found, form), 422
    if found.status == "merged":
        flash(_("These two have been merged meanwhile. Nothing was changed."))
        return redirect(url_for("admin.duplicates.index"), 303)
    found.status, found.why = "dismissed", form.kept
    found.user_id, found.decided_at = current_user().id, utc_now()
    db.session.commit()
    flash(_("Dismissed: these two will not be suggested again."))
    return redirect(url_for("admin.duplicates.index"), 303)


@duplicates.post("/duplicates/<int:pair_id>/reopen")
@needs(EDITOR)
def reopen(pair_id: int) -> ResponseReturnValue:
    start_writing(db.session)
    found = _pair(pair_id)
    if found.status == "dismissed":
        found.status, found.why, found.user_id, found.decided_at = "open", "", None, None
        db.session.commit()
        flash(_("The pair is open again."))
    return redirect(url_for("admin.duplicates.pair", pair_id=pair_id), 303)


def compare_page(two: Two, pair: DuplicatePair | None, dismiss_form: DismissForm, *, keep: str = "") -> str:
    """The page of two listings, with what was sent to it."""
    page = compare(two, keep)
    return render_comparison(two, pair, page_form=page, dismiss_form=dismiss_form)


def render_comparison(
    two: Two, pair: DuplicatePair | None, *, page_form: object, dismiss_form: DismissForm, notice: str = ""
) -> str:
    reasons = pair.reasons if pair else _reasons(two)
    speaks_for, against = listing_pairs.reason_texts(reasons)
    return render_template(
        "admin/duplicates/pair.html",
        page=page_form,
        pair=pair,
        dismiss_form=dismiss_form,
        speaks_for=speaks_for,
        against=against,
        notice=notice,
        can_merge="inactive" not in (two.first.status, two.second.status),
        dismissal_text=listing_pairs.dismissal_text,
    )


def pair_of(two: Two) -> DuplicatePair | None:
    ids = sorted((two.first.id, two.second.id))
    return db.session.query(DuplicatePair).filter_by(first_id=ids[0], second_id=ids[1]).one_or_none()


def _reasons(two: Two) -> list[str]:
    """For two that no search has found. Whether a phone is common is not looked up for two alone."""
    a, b = read_two(db.session.connection(), two.first.id, two.second.id)
    return score(a, b, Shared()).reasons


def _pair(pair_id: int) -> DuplicatePair:
    found = db.session.get(DuplicatePair, pair_id) if pair_id <= MAX_ID else None
    if found is None:
        abort(404)
    return found
