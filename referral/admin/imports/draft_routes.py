"""The page of an import on its way: how far it is, what it would do, and applying or discarding it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral.admin.imports import process
from referral.admin.imports.blueprint import imports
from referral.admin.imports.forms import WhyForm
from referral.admin.imports.words import (
    ABOUT,
    OUTCOMES,
    field_words,
    line_of,
    message_of,
    reason_of,
    size_text,
    title_of,
)
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.admin.shared.addresses import listing_url
from referral.admin.shared.paging import page_of
from referral.admin.shared.times import when_text
from referral.database import start_writing
from referral.extensions import db
from referral.importers.drafts import kept
from referral.importers.drafts.work import MAX_LISTED
from referral.importers.messages import in_words
from referral.importers.own.cells import to_cell
from referral.importers.sources import source_label
from referral.language import current_language, translations
from referral.models import ImportDraft, ImportDraftRow, utc_now
from referral.models.provider import MAX_ID
from referral.pages.text import _
from referral.phrases import level_label
from referral.vocabulary import LEVELS

REFRESH_SECONDS = 2
CSV_CHUNK = 1000


def known_draft(draft_id: int) -> ImportDraft:
    draft = db.session.get(ImportDraft, draft_id) if draft_id <= MAX_ID else None
    if draft is None or not draft.file_name:
        abort(404)
    return draft


@imports.get("/imports/drafts/<int:draft_id>")
@needs(VIEWER)
def draft(draft_id: int) -> ResponseReturnValue:
    found = known_draft(draft_id)
    if found.status == "applied" and found.import_run_id is not None:
        return redirect(url_for("admin.imports.run", run_id=found.import_run_id), 303)
    return draft_page(found, WhyForm(formdata=None))


def draft_page(found: ImportDraft, form: WhyForm, status: int = 200) -> Response:
    is_dead = kept.is_interrupted(found, utc_now())
    is_working = found.status in kept.WORKING and not is_dead
    is_still = request.args.get("still") == "1"
    counts = found.counts if found.status in ("compared", "applied") else {}
    form.seen.data = counts.get("digest", "")
    text = render_template(
        "admin/imports/draft.html",
        draft=found,
        form=form,
        title=title_of(found),
        message=message_of(found),
        source=source_label(db.session, found.source, _) if found.source else "",
        size=size_text(found.size_bytes),
        when=when_text(found.created_at),
        compared=when_text(found.alive_at),
        is_dead=is_dead,
        is_working=is_working,
        is_still=is_still,
        percent=percent_of(found),
        needs_columns=found.status == "uploaded" and "sample" in found.options,
        has_rules="rules" in found.options,
        outcomes=_outcomes(counts),
        counts=counts,
        fields=[(field_words(name), count) for name, count in counts.get("fields", {}).items()],
        programs=[(level_label(code), count) for code, count in counts.get("programs", {}).items() if code in LEVELS],
        skipped=[(reason_of(said), count) for said, count in counts.get("skipped_by_reason", {}).items()],
        notes=[(reason_of(said), *note) for said, note in counts.get("notes", {}).items()],
        is_without_effect=not (counts.get("added") or counts.get("changed")),
    )
    response = make_response(text, status)
    if is_working and not is_still:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def percent_of(found: ImportDraft) -> int | None:
    """How much of the file has been read, where that can be told."""
    if found.status == "applying" and found.counts.get("read"):
        return min(99, 100 * found.n_rows_done // int(found.counts["read"]))
    percent = found.counts.get("percent") if found.status == "comparing" else None
    return percent if isinstance(percent, int) else None


def _outcomes(counts: dict[str, Any]) -> list[dict[str, Any]]:
    """What can be listed, each with its count and what it is."""
    return [
        {"code": code, "label": _(label), "about": _(ABOUT[code]), "count": counts[code]}
        for code, label in OUTCOMES.items()
        if counts.get(code)
    ]


@imports.get("/imports/drafts/<int:draft_id>/rows/<outcome>")
@needs(VIEWER)
def rows(draft_id: int, outcome: str) -> ResponseReturnValue:
    found = known_draft(draft_id)
    if outcome not in OUTCOMES or found.status not in ("compared", "applying", "applied"):
        abort(404)
    of_outcome = (ImportDraftRow.draft_id == draft_id, ImportDraftRow.outcome == outcome)
    total = db.session.execute(sa.select(sa.func.count()).select_from(ImportDraftRow).where(*of_outcome)).scalar_one()
    page = page_of(total)
    select = sa.select(ImportDraftRow).where(*of_outcome).order_by(ImportDraftRow.id)
    return render_template(
        "admin/imports/rows.html",
        draft=found,
        outcome=outcome,
        title=_(OUTCOMES[outcome]),
        about=_(ABOUT[outcome]),
        page=page,
        rows=[_row(row) for row in db.session.scalars(select.offset(page.offset).limit(page.size))],
        n_all=found.counts.get(outcome, total),
        is_cut=total >= MAX_LISTED,
    )


def _row(row: ImportDraftRow) -> dict[str, Any]:
    is_of_values = row.outcome in ("changed", "kept")
    return {
        "label": row.label,
        "row": row.row,
        "url": listing_url(row.provider_id) if row.provider_id else "",
        "lines": [line_of(change) for change in row.detail or []] if is_of_values else [],
        "reason": None if is_of_values else reason_of(row.detail or ""),
    }


@imports.get("/imports/drafts/<int:draft_id>/rejected.csv")
@needs(VIEWER)
def rejected(draft_id: int) -> ResponseReturnValue:
    """The rows that cannot be used, as a file. No cell of it can be taken for a formula."""
    found = known_draft(draft_id)
    if found.status not in ("compared", "applying", "applied"):
        abort(404)
    # It is written when the request is over, and nobody knows its language any more.
    in_language = translations(current_language()).gettext
    response = Response(_csv(db.engine, draft_id, in_language), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{draft_id}-rows.csv"'
    return response


def _csv(engine: sa.Engine, draft_id: int, translate: Callable[[str], str]) -> Iterator[bytes]:
    yield "\ufeffrow,outcome,reason\r\n".encode()
    last = 0
    while True:
        select = sa.select(ImportDraftRow.id, ImportDraftRow.row, ImportDraftRow.outcome, ImportDraftRow.detail)
        select = select.where(
            ImportDraftRow.draft_id == draft_id,
            ImportDraftRow.outcome.in_(("rejected", "skipped")),
            ImportDraftRow.id > last,
        )
        with engine.connect() as connection:
            found = connection.execute(select.order_by(ImportDraftRow.id).limit(CSV_CHUNK)).all()
        if not found:
            return
        last = found[-1].id
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerows([row.row, row.outcome, to_cell(in_words(row.detail, translate))] for row in found)
        yield text.getvalue().encode()


@imports.post("/imports/drafts/<int:draft_id>/compare")
@needs(EDITOR)
def compare(draft_id: int) -> ResponseReturnValue:
    """Begin again: after it was interrupted or failed, or to see what it would do by now."""
    start_writing(db.session)
    found = known_draft(draft_id)
    is_undecided = found.options.get("by_hand") and not found.options.get("rules")
    is_look = is_undecided or request.form.get("task") == "look"
    return begin(draft_id, "look" if is_look else "compare", "comparing")


@imports.post("/imports/drafts/<int:draft_id>/apply")
@needs(EDITOR)
def apply(draft_id: int) -> ResponseReturnValue:
    form = WhyForm()
    is_valid = form.validate()
    start_writing(db.session)
    found = known_draft(draft_id)
    if found.status == "applying" and kept.is_interrupted(found, utc_now()):
        return begin(draft_id, "apply", "applying")
    if found.status == "compared" and form.seen.data != found.counts.get("digest"):
        db.session.rollback()
        flash(_("It was compared again meanwhile. Look at it, then apply it."))
        return redirect(url_for("admin.imports.draft", draft_id=draft_id), 303)
    if not is_valid:
        return draft_page(found, form, 422)
    asked = {"user_id": current_user().id, "why": form.why.data or "", "at": utc_now().isoformat()}
    return begin(draft_id, "apply", "applying", options={**found.options, "apply": asked})


def begin(draft_id: int, task: str, status: str, **values: Any) -> ResponseReturnValue:
    """Claim the draft in the transaction at work, and have the task done."""
    claimed_at: datetime | None = kept.claim(db.session.connection(), draft_id, status, **values)
    db.session.commit()
    if claimed_at is None:
        flash(_("It is worked on already."))
    else:
        process.start(draft_id, task, claimed_at)
    return redirect(url_for("admin.imports.draft", draft_id=draft_id), 303)


@imports.post("/imports/drafts/<int:draft_id>/discard")
@needs(EDITOR)
def discard(draft_id: int) -> ResponseReturnValue:
    start_writing(db.session)
    name = known_draft(draft_id).file_name
    is_done = kept.discard(db.session.connection(), draft_id)
    db.session.commit()
    if not is_done:
        flash(_("It is being applied: it can no longer be discarded."))
        return redirect(url_for("admin.imports.draft", draft_id=draft_id), 303)
    flash(_("%(name)s was discarded. Nothing was changed.", name=name))
    return redirect(url_for("admin.imports.index"), 303)
