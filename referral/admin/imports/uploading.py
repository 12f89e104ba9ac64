"""The first page of imports, and the upload of a file."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import sqlalchemy as sa
from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import defer, joinedload
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException

from referral.admin.imports import process
from referral.admin.imports.blueprint import imports
from referral.admin.imports.forms import BY_HAND, UploadForm
from referral.admin.imports.words import STATUSES, done_text, message_of, size_text, title_of
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.admin.shared.errors import PAGES
from referral.admin.shared.paging import page_of
from referral.admin.shared.times import when_text
from referral.extensions import db
from referral.importers.drafts.kept import MAX_UPLOAD_BYTES, claim, delete_old, is_interrupted, store, writing
from referral.importers.formats import LABELS
from referral.importers.messages import in_words
from referral.importers.reading.files import UnreadableFileError
from referral.importers.sources import source_label, source_of_kept
from referral.models import Act, Correction, ImportDraft, ImportMapping, ImportRun, User, utc_now
from referral.pages.text import _

ROOM = 100_000
"""For what is sent besides the file."""
DRAINED_BYTES = 4 * MAX_UPLOAD_BYTES
RUNS_OF_A_PAGE = 20


@imports.get("/imports")
@needs(VIEWER)
def index() -> ResponseReturnValue:
    form = UploadForm(formdata=None, how=request.args.get("how", ""))
    form.include_mental_health.data = request.args.get("include_mental_health") == "1"
    return _page(form)


def _page(form: UploadForm) -> str:
    names = sa.select(ImportMapping.id, ImportMapping.name).order_by(sa.func.lower(ImportMapping.name))
    mappings = {str(row.id): row.name for row in db.session.execute(names)}
    form.offer(mappings)
    # Their options hold whole samples of tables.
    whole = (joinedload(ImportDraft.user), defer(ImportDraft.options), defer(ImportDraft.counts))
    drafts = sa.select(ImportDraft).options(*whole).where(ImportDraft.status != "applied")
    page = page_of(db.session.execute(sa.select(sa.func.count()).select_from(ImportRun)).scalar_one(), RUNS_OF_A_PAGE)
    return render_template(
        "admin/imports/index.html",
        form=form,
        max_megabytes=MAX_UPLOAD_BYTES // 1_000_000,
        n_mappings=len(mappings),
        n_offered=db.session.execute(sa.select(sa.func.count()).where(Correction.is_offered)).scalar_one(),
        drafts=[_draft_row(draft) for draft in db.session.scalars(drafts.order_by(ImportDraft.id.desc()))],
        runs=[_run_row(row) for row in _runs(page.offset, page.size)],
        page=page,
    )


def _draft_row(draft: ImportDraft) -> dict[str, Any]:
    is_of_run = not draft.file_name
    state = _("Was interrupted") if is_interrupted(draft, utc_now()) else _(STATUSES[draft.status])
    url = (
        url_for("admin.imports.run", run_id=draft.import_run_id)
        if is_of_run
        else url_for("admin.imports.draft", draft_id=draft.id)
    )
    return {
        "title": title_of(draft),
        "url": url,
        "state": state,
        "mood": "bad" if draft.status == "failed" else "ask" if draft.status in ("uploaded", "compared") else "",
        "message": message_of(draft),
        "source": source_label(db.session, draft.source, _) if draft.source else "",
        "size": "" if is_of_run else size_text(draft.size_bytes),
        "who": draft.user.name if draft.user else _("a command"),
        "when": when_text(draft.created_at),
    }


def _runs(offset: int, limit: int) -> list[Any]:
    act = sa.select(Act.import_run_id, Act.user_id).where(Act.kind == "import").subquery()
    select = (
        sa.select(ImportRun.__table__, User.name.label("user_name"))
        .outerjoin(act, act.c.import_run_id == ImportRun.id)
        .outerjoin(User, User.id == act.c.user_id)
        .order_by(ImportRun.id.desc())
    )
    return list(db.session.execute(select.offset(offset).limit(limit)))


def _run_row(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "file_name": row.file_name,
        "source": source_label(db.session, row.source, _),
        "when": when_text(row.finished_at),
        "who": row.user_name or _("a command"),
        "done": done_text(row.counts),
        "is_undone": row.undone_at is not None,
    }


@imports.post("/imports")
@needs(EDITOR, max_bytes=MAX_UPLOAD_BYTES + ROOM)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate():
        return _page(form), 422
    options = _options(form)
    file: FileStorage = form.file.data
    with closing(file):
        try:
            user_id = current_user().id
            draft_id = store(db.engine, file.stream, file.filename or "", user_id=user_id, options=options)
        except UnreadableFileError as error:
            form.file.errors = [in_words(error.message, _)]
            return _page(form), 422
    delete_old(db.engine)
    with writing(db.engine) as connection:
        claimed_at = claim(connection, draft_id, "comparing")
    if claimed_at is not None:
        process.start(draft_id, "look" if options.get("by_hand") else "compare", claimed_at)
    return redirect(url_for("admin.imports.draft", draft_id=draft_id), 303)


def _options(form: UploadForm) -> dict[str, Any]:
    """What was chosen, as it is kept with the draft. The rules of a mapping are copied: it may be changed later."""
    how = form.how.data or ""
    options: dict[str, Any] = {"how": how, "include_mental_health": bool(form.include_mental_health.data)}
    if how == BY_HAND:
        options["by_hand"] = True
    elif how in LABELS:
        options["stated"] = how
    elif how.isascii() and how.isdigit() and len(how) < 10:
        mapping = db.session.get(ImportMapping, int(how))
        if mapping is not None:
            options |= {"mapping": mapping.name, "rules": mapping.rules, "mapping_source": source_of_kept(mapping)}
    return options


@imports.errorhandler(413)
def too_large(_error: HTTPException) -> Response:
    """Said on the page of the form. What was sent is read to its end, or the browser would not hear the answer."""
    if request.endpoint != "admin.imports.upload":
        title, message = (_(text) for text in PAGES[413])
        return make_response(render_template("admin/error.html", title=title, message=message), 413)
    n_left = DRAINED_BYTES
    while n_left > 0 and (block := request.environ["wsgi.input"].read(min(n_left, 1 << 16))):
        n_left -= len(block)
    form = UploadForm(formdata=None)
    form.file.errors = [
        _("The file is larger than %(n)s MB. Split it, or pack it with gzip.", n=MAX_UPLOAD_BYTES // 1_000_000)
    ]
    return make_response(_page(form), 413)
