"""The page with the kinds of file, and the files themselves, sent while they are written."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from referral.admin.exports.sending import Write, begun
from referral.admin.exports.words import FILES, say_in
from referral.admin.shared.access import VIEWER, needs
from referral.admin.shared.listing_filters import Asked, asked, matching_ids, query_of
from referral.exporters import FORMATS, CellTooLongError, Choice, TooManyProgramsError, count_listings
from referral.exporters.xlsx_file import write_xlsx
from referral.extensions import db
from referral.language import current_language
from referral.models import utc_now
from referral.pages.text import _

exports = Blueprint("exports", __name__, url_prefix="/exports")

TEMPLATES = ("xlsx", "csv")
NO_NOTES = "0"
"""Value of `notes` with which the notes of staff are left out."""


@exports.get("")
@needs(VIEWER)
def index() -> ResponseReturnValue:
    """What there is to download: all listings, or those of the list from which somebody came here."""
    found = asked(request.args)
    if found.problems:
        return render_template("admin/exports/index.html", files=[], n=0, is_part=False, problems=found.problems), 422
    n = count_listings(db.engine, _choice(found))
    files = [
        {
            "label": _(label),
            "about": _(about),
            "url": _file_url(kind, found),
            "url_to_pass_on": _file_url(kind, found, notes=NO_NOTES),
        }
        for kind, (label, about) in FILES.items()
    ]
    return render_template("admin/exports/index.html", files=files, n=n, is_part=_is_part(found), problems={})


@exports.get("/<kind>")
@needs(VIEWER)
def download(kind: str) -> ResponseReturnValue:
    """One file. What goes wrong once it is on its way breaks the connection, so that half a file is never whole."""
    if kind not in FORMATS:
        abort(404)
    found = asked(request.args)
    if found.problems:
        return redirect(url_for("admin.exports.index", **_args(request.args)), 303)
    try:
        blocks = begun(db.engine, _choice(found), _write(kind))
    except TooManyProgramsError:
        flash(_("A listing has more programs than a table has columns for. Choose JSON."))
        return redirect(url_for("admin.exports.index", **_args(request.args)), 303)
    except CellTooLongError:
        flash(_("A text is longer than a cell of Excel can be. Choose CSV."))
        return redirect(url_for("admin.exports.index", **_args(request.args)), 303)
    name = f"{'listings-part' if _is_part(found) else 'listings'}-{utc_now():%Y-%m-%d}.{kind}"
    return _file(name, kind, blocks)


@exports.get("/template/<kind>")
@needs(VIEWER)
def template(kind: str) -> ResponseReturnValue:
    """The file that an export writes, without any listing: to fill in."""
    if kind not in TEMPLATES:
        abort(404)
    blocks = begun(db.engine, Choice(ids=[]), _write(kind))
    return _file(f"listings-template.{kind}", kind, blocks)


def _write(kind: str) -> Write:
    return FORMATS[kind].write if kind != "xlsx" else partial(write_xlsx, say=say_in(current_language()))


def _file(name: str, kind: str, blocks: Iterator[bytes]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(blocks, headers=headers, content_type=FORMATS[kind].media_type)


def _is_part(found: Asked) -> bool:
    return bool(found.filters.parts())


def _choice(found: Asked) -> Choice:
    ids = matching_ids(found.filters).tolist() if _is_part(found) else None
    return Choice(ids=ids, has_staff_notes=request.args.get("notes") != NO_NOTES)


def _file_url(kind: str, found: Asked, **more: Any) -> str:
    return url_for("admin.exports.download", **_args(MultiDict(query_of(found))), **more, kind=kind)


def _args(args: MultiDict[str, str]) -> dict[str, Any]:
    return {name: values for name, values in args.lists() if name not in ("kind", "page", "order")}
