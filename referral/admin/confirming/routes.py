"""The queue of what to check next, and whose each listing is."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral.admin.confirming import queue
from referral.admin.confirming.blueprint import confirming
from referral.admin.confirming.box import assigned_to, day_text
from referral.admin.confirming.urgency import REASONS
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.admin.shared.addresses import listing_url
from referral.admin.shared.assigning import AssignForm, is_overtaken, person_named, say_assigned
from referral.admin.shared.paging import page_of
from referral.database import start_writing
from referral.extensions import db
from referral.language import current_language
from referral.models import Assignment, Provider, utc_now
from referral.models.check import CHECK_OUTCOMES
from referral.models.provider import MAX_ID
from referral.pages.phones import phone_link
from referral.pages.text import _, ngettext
from referral.pages.wording import address_text, today
from referral.places.states import STATES


@confirming.get("/queue")
@needs(VIEWER)
def index() -> ResponseReturnValue:
    whose, state = _choice()
    found = queue.queue(today(), whose=whose, user_id=current_user().id, state=state)
    page = page_of(len(found.rows))
    return render_template(
        "admin/confirming/index.html",
        page=page,
        rows=queue.shown(db.session, found, page.offset, page.size),
        whose=whose,
        state=state,
        states=sorted(found.states(), key=lambda code: STATES.get(code, code)),
        state_names=STATES,
        reason_labels={code: _(label) for code, label in REASONS.items()},
        outcome_labels={code: _(label) for code, label in CHECK_OUTCOMES.items()},
        address_text=address_text,
        phone_of=lambda listing: phone_link(listing.phone, listing.phone_extension, current_language()),
        day_text=day_text,
    )


@confirming.post("/queue/take")
@needs(EDITOR)
def take() -> ResponseReturnValue:
    """Give this person the most urgent listings that are nobody's."""
    me = current_user().id
    _whose, state = _choice()
    ids = queue.queue(today(), whose="nobody", state=state).ids(is_due=True)
    start_writing(db.session)
    n_taken = queue.take(db.session, ids, me)
    db.session.commit()
    if n_taken:
        flash(ngettext("%(n)s listing is yours now.", "%(n)s listings are yours now.", n_taken))
    else:
        flash(_("Nothing was left to take."))
    return redirect(url_for("admin.confirming.index", whose="mine"), 303)


@confirming.get("/queue/next")
@needs(EDITOR)
def go_on() -> ResponseReturnValue:
    """The most urgent listing of one's own."""
    number = queue.next_of(current_user().id, today())
    if number is None:
        flash(_("Nothing of yours is waiting today. Take some with “Give me the next 10”."))
        return redirect(url_for("admin.confirming.index"), 303)
    return redirect(url_for("admin.confirming.listing", provider_id=number), 303)


@confirming.post("/listings/<int:provider_id>/assign")
@needs(EDITOR)
def assign(provider_id: int) -> ResponseReturnValue:
    form = AssignForm()
    start_writing(db.session)
    provider = db.session.get(Provider, provider_id, with_for_update=True) if provider_id <= MAX_ID else None
    if provider is None:
        abort(404)
    person = person_named(db.session, form)
    if not is_overtaken(form, assigned_to(provider_id)):
        _set(provider_id, person.id if person else 0)
        say_assigned(person)
    address = url_for("admin.confirming.listing", provider_id=provider_id)
    return redirect(address if form.then.data == "queue" else listing_url(provider_id), 303)


def _set(provider_id: int, user_id: int) -> None:
    """Make it this user's, or nobody's (0). The provider is locked."""
    assignment = db.session.get(Assignment, provider_id)
    if assignment is not None and user_id:
        assignment.user_id, assignment.assigned_at = user_id, utc_now()
    elif assignment is not None:
        db.session.delete(assignment)
    elif user_id:
        db.session.add(Assignment(provider_id=provider_id, user_id=user_id))
    db.session.commit()


def _choice() -> tuple[str, str]:
    """Whose and which state the address asks for."""
    whose, state = request.values.get("whose", ""), request.values.get("state", "")
    return whose if whose in queue.WHOSE else "all", state if len(state) == 2 else ""
