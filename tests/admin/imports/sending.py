"""Sending files as staff do, and waiting for the process that works on them."""

from __future__ import annotations

import html
import io
import re
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from referral.extensions import db
from referral.models import Act, Correction, ImportDraft, ImportRun, Provider
from tests.admin.people import csrf
from tests.importers.drafting import draft_of
from tests.importers.loading import import_file
from tests.importers.made_files import rows_named, write_csv

IMPORTS = "/en/admin/imports"
ACCOUNT = "/en/admin/account"
DEADLINE_SECONDS = 60

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests in which nothing depends on the kind of database."""


def send(client: FlaskClient, content: bytes, name: str = "list.csv", **more: Any) -> TestResponse:
    file = FileStorage(io.BytesIO(content), name, "file")
    boundary, body = encode_multipart({"csrf_token": csrf(client, ACCOUNT), "file": file, **more})
    return client.post(IMPORTS, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def post(client: FlaskClient, path: str, **data: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client, ACCOUNT), **data})


def number_in(response: TestResponse) -> int:
    """The number of the draft that a response leads to."""
    found = re.search(r"/imports/drafts/([0-9]+)", response.headers["Location"])
    assert found, response.headers["Location"]
    return int(found[1])


def settled(draft_id: int) -> Any:
    """The draft once no process is at work on it."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        draft = draft_of(db.engine, draft_id)
        if draft.status not in ("comparing", "applying"):
            return draft
        time.sleep(0.05)
    raise AssertionError(f"still {draft.status} after {DEADLINE_SECONDS} seconds")


def text(response: TestResponse) -> str:
    """What a person reads on the page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))).split())


def disputed(folder: Path, *names: str) -> None:
    """Listings whose phone staff corrected, and of which the source says another one since."""
    import_file(db.engine, write_csv(folder / "a.csv", rows_named(*names)))
    correct(*names, phone="502-555-0177")
    import_file(db.engine, write_csv(folder / "b.csv", rows_named(*names, phone="502-555-0188")))
    db.session.rollback()


def correct(*names: str, **values: Any) -> None:
    from referral.history import act

    with act(db.session, "edit"):
        for provider in db.session.scalars(sa.select(Provider).where(Provider.name.in_(names))):
            for field, value in values.items():
                setattr(provider, field, value)
        db.session.commit()


def state() -> tuple[int, int, int]:
    """How many listings, imports and drafts there are."""
    db.session.rollback()
    counts = (sa.select(sa.func.count()).select_from(model) for model in (Provider, ImportRun, ImportDraft))
    found = tuple(db.session.execute(count).scalar_one() for count in counts)
    db.session.rollback()
    return found  # type: ignore[return-value]


def acts(kind: str) -> list[Act]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Act).where(Act.kind == kind).order_by(Act.id)))


def offers() -> dict[int, tuple[bool, Any]]:
    db.session.rollback()
    return {one.provider_id: (one.is_offered, one.source_value) for one in db.session.scalars(sa.select(Correction))}


def listing(name: str) -> Provider:
    db.session.rollback()
    return db.session.scalars(sa.select(Provider).where(Provider.name == name)).one()
