"""Tables of somebody's own: saying what their columns and values are, and the mappings that are kept."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from referral.admin.imports import mapping_form, mapping_view
from referral.admin.imports.blueprint import FORM_BYTES, imports
from referral.admin.imports.draft_routes import begin, known_draft
from referral.admin.imports.kept_mappings import all_kept
from referral.admin.imports.mapping_form import MAX_MAPPING_NAME, Sent
from referral.admin.imports.meaning_text import suggestions
from referral.admin.shared.access import EDITOR, VIEWER, current_user, needs
from referral.admin.shared.forms import clean_line
from referral.admin.shared.times import when_text
from referral.database import start_writing
from referral.extensions import db
from referral.importers.drafts.columns import from_json
from referral.importers.drafts.kept import WORKING
from referral.importers.mapping import ROLES, source_of
from referral.importers.sources import kept_by_source, source_of_kept
from referral.language import current_language
from referral.models import ImportDraft, ImportMapping, Provider
from referral.models.provider import MAX_ID
from referral.pages.text import _
from referral.phrases import level_label
from referral.vocabulary import LEVELS


@imports.get("/imports/drafts/<int:draft_id>/mapping")
@needs(EDITOR)
def mapping(draft_id: int) -> ResponseReturnValue:
    draft = known_draft(draft_id)
    if draft.status in WORKING or draft.status == "applied":
        return redirect(url_for("admin.imports.draft", draft_id=draft_id), 303)
    if "sample" not in draft.options:
        return render_template("admin/imports/no_sample.html", draft=draft)
    rules = mapping_form.unfinished(draft.options["suggested"])
    return _page(draft, Sent(rules, draft.options.get("mapping", "")), {})


def _page(draft: ImportDraft, sent: Sent, typed: Mapping[str, str], status: int = 200) -> Response:
    seen, rules = from_json(draft.options["sample"]), sent.rules
    every = mapping_view.shown("every", None if rules.every_row.is_empty else rules.every_row, typed)
    text = render_template(
        "admin/imports/mapping.html",
        draft=draft,
        name=sent.name,
        problems=sent.problems,
        columns=mapping_view.columns_of(rules, seen, typed),
        together=mapping_view.together_of(rules, seen, typed),
        constants=[(role, _(ROLES[role]), value) for role, value in mapping_view.constants_of(rules, typed)],
        every=every,
        rules=rules,
        sheets=draft.options.get("sheets", []),
        not_mapped=mapping_view.not_mapped(rules, seen),
        n_rows=seen.n_rows,
        roles=[(code, _(label)) for code, label in ROLES.items()],
        levels=[(code, level_label(code)) for code in LEVELS],
        separators=mapping_view.separators(),
        phone_kinds=mapping_view.phone_kinds(),
        kinds_of=mapping_view.kinds_of,
        suggestions=suggestions(current_language()),
        max_name=MAX_MAPPING_NAME,
    )
    return make_response(text, status)


@imports.post("/imports/drafts/<int:draft_id>/mapping")
@needs(EDITOR, max_bytes=FORM_BYTES)
def save_mapping(draft_id: int) -> ResponseReturnValue:
    """Shows the page again with what follows from the choices, or keeps the rules and compares the file with them."""
    start_writing(db.session)
    draft = known_draft(draft_id)
    if draft.status in WORKING or draft.status == "applied" or "sample" not in draft.options:
        db.session.rollback()
        return redirect(url_for("admin.imports.draft", draft_id=draft_id), 303)
    seen = from_json(draft.options["sample"])
    sent = mapping_form.read(request.form, mapping_form.unfinished(draft.options["suggested"]), seen)
    options = {**draft.options, "suggested": sent.rules.to_json()}
    sheet = request.form.get("sheet", "")
    if sheet in draft.options.get("sheets", []) and sheet != draft.options.get("sheet", ""):
        return begin(draft_id, "look", "comparing", options={**options, "sheet": sheet})
    is_to_be_kept = request.form.get("do") == "keep"
    if is_to_be_kept:
        mapping_form.check(sent)
        source = "" if sent.problems else _keep(sent, draft)
        if not sent.problems:
            options |= {"rules": options["suggested"], "mapping": sent.name, "mapping_source": source}
            return begin(draft_id, "compare", "comparing", options=options)
    draft.options = options
    db.session.commit()
    return _page(draft, sent, request.form if sent.problems else {}, 422 if sent.problems else 200)


def _keep(sent: Sent, draft: ImportDraft) -> str:
    """Keep the rules under their name; give the code of their source. Another mapping's name is a problem."""
    kept = db.session.scalars(sa.select(ImportMapping).where(ImportMapping.name == sent.name)).one_or_none()
    if kept is not None and draft.options.get("mapping") != kept.name:
        sent.problems.append(("name", _("There is a mapping with this name already. Choose another name.")))
        return ""
    source = source_of_kept(kept) if kept else source_of(sent.name)
    if kept is None and source in kept_by_source(db.session):
        sent.problems.append(("name", _("This name is too like that of another mapping. Choose another name.")))
        return ""
    if kept is None:
        kept = ImportMapping(name=sent.name)
        db.session.add(kept)
    kept.rules = {**sent.rules.to_json(), "source": source}
    kept.user_id = current_user().id
    return source


@imports.get("/imports/mappings")
@needs(VIEWER)
def mappings() -> ResponseReturnValue:
    counts = dict(
        db.session.execute(
            sa.select(Provider.source, sa.func.count())
            .where(Provider.source.like("list:%"))
            .group_by(Provider.source)
        ).all()
    )
    return render_template(
        "admin/imports/mappings.html",
        rows=[
            {
                "id": kept.id,
                "name": kept.name,
                "n_columns": len(kept.rules.get("columns", {})),
                "n_listings": counts.get(source_of_kept(kept), 0),
                "when": when_text(kept.updated_at),
            }
            for kept in all_kept(db.session)
        ],
        max_name=MAX_MAPPING_NAME,
    )


def _known(mapping_id: int) -> ImportMapping:
    kept = db.session.get(ImportMapping, mapping_id) if mapping_id <= MAX_ID else None
    return kept or abort(404)


@imports.post("/imports/mappings/<int:mapping_id>/rename")
@needs(EDITOR)
def rename_mapping(mapping_id: int) -> ResponseReturnValue:
    """The listings keep their source: a new name must not make them new listings."""
    name = clean_line(request.form.get("name"))
    start_writing(db.session)
    kept = _known(mapping_id)
    if not 0 < len(name) <= MAX_MAPPING_NAME:
        db.session.rollback()
        flash(_("A name has 1 to %(max)s characters. Nothing was changed.", max=MAX_MAPPING_NAME))
        return redirect(url_for("admin.imports.mappings"), 303)
    kept.rules = {**kept.rules, "source": source_of_kept(kept)}
    kept.name = name
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        flash(_("There is a mapping with this name already. Choose another name."))
    else:
        flash(_("It is called “%(name)s” now.", name=name))
    return redirect(url_for("admin.imports.mappings"), 303)


@imports.post("/imports/mappings/<int:mapping_id>/delete")
@needs(EDITOR)
def delete_mapping(mapping_id: int) -> ResponseReturnValue:
    start_writing(db.session)
    kept = _known(mapping_id)
    name = kept.name
    db.session.delete(kept)
    db.session.commit()
    flash(_("The mapping “%(name)s” was deleted. Its listings stay.", name=name))
    return redirect(url_for("admin.imports.mappings"), 303)
