"""What may be sent, by whom, and how the site refuses the rest (THREATS 17 to 20 and 23). Never an error of ours."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral.admin.imports.uploading import ROOM
from referral.extensions import db
from referral.importers.drafts.kept import MAX_UPLOAD_BYTES, store
from referral.importers.messages import in_english
from tests.admin.conftest import Staff
from tests.admin.imports.sending import ACCOUNT, IMPORTS, number_in, post, send, settled, state, text
from tests.admin.people import StaffClient, csrf
from tests.conftest import make_app
from tests.importers.drafting import work
from tests.importers.made_files import NATIONAL_WITH_POINTS, csv_text, row, rows_named


@pytest.fixture
def app(sqlite_url: str) -> Iterator[Flask]:
    """One kind of database is enough for what is decided before anything is written."""
    app = make_app(sqlite_url)
    app.test_client_class = StaffClient
    with app.app_context():
        engine = db.engine
        yield app
    engine.dispose()


def table(*names: str) -> bytes:
    return csv_text(NATIONAL_WITH_POINTS, rows_named(*names)).encode()


def zipped(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return content.getvalue()


DOCUMENT_TYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
HOSTILE: dict[str, bytes] = {
    "bomb.xlsx": zipped({"xl/workbook.xml": bytes(60_000_000)}),
    "entities.xlsx": zipped({"[Content_Types].xml": DOCUMENT_TYPE, "xl/workbook.xml": DOCUMENT_TYPE}),
    "nul.csv": b"name1,service_code_info\nBlue\0Door,OP\n",
    "quote.csv": b'name1,service_code_info\n"Blue Door,OP\n' + b"x,y\n" * 2000,
    "utf16.csv": csv_text(NATIONAL_WITH_POINTS, [row()]).encode("utf-16"),
    "half.csv": csv_text(NATIONAL_WITH_POINTS, [row()]).encode("utf-16")[:-1],
    "deep.json": b'{"rows": ' + b"[" * 100_000,
    "formula.csv": csv_text(NATIONAL_WITH_POINTS, [row(name1='=HYPERLINK("http://x")')]).encode(),
}


def test_no_hostile_file_makes_an_error_of_ours(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    numbers = {}
    for name, content in HOSTILE.items():
        response = send(editor, content, name)
        assert response.status_code == 303, name
        numbers[name] = number_in(response)
    for name, number in numbers.items():
        draft = settled(number)
        page = editor.get(f"{IMPORTS}/drafts/{number}")
        assert page.status_code == 200, name
        assert "not your fault" not in draft.message, name
        assert draft.status in ("failed", "compared", "uploaded"), name
        if draft.status == "failed":
            assert in_english(draft.message).split("\n")[0][:30] in text(page), name
    assert state() == (0, 0, len(HOSTILE))


def test_a_formula_in_a_name_stays_a_name(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    stream = io.BytesIO(HOSTILE["formula.csv"])
    number = store(db.engine, stream, "<script>alert(1)<|script>.csv", user_id=None, options={})
    work(db.engine, number)
    page = editor.get(f"{IMPORTS}/drafts/{number}/rows/added")
    assert '=HYPERLINK("http://x")' in text(page)
    assert b"<script>alert" not in page.data


@pytest.mark.parametrize(("content", "name"), [(b"", "empty.csv"), (b"x", "")])
def test_no_file_or_an_empty_one_keeps_the_choices(app: Flask, staff: Staff, content: bytes, name: str) -> None:
    chosen = {"how": "locator_export", "include_mental_health": "y"}
    response = send(staff("editor"), content, name, **chosen)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert '<option selected value="locator_export">' in page
    assert 'checked id="include_mental_health"' in page or 'id="include_mental_health" name=' in page
    assert "checked" in page
    assert "There is a problem" in text(response)
    assert state() == (0, 0, 0)


def body_of(client: FlaskClient, n_bytes: int) -> dict[str, object]:
    """A form with a file of so many bytes, none of which is held in memory."""
    token = csrf(client, ACCOUNT)
    head = (
        f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    )
    body = head.encode() + bytes(n_bytes) + b"\r\n--b--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=b"}


def test_a_file_over_the_limit_is_refused_on_the_page_of_the_form(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    response = editor.post(IMPORTS, **body_of(editor, MAX_UPLOAD_BYTES + ROOM))
    assert response.status_code == 413
    assert "The file is larger than 50 MB" in text(response)
    assert state() == (0, 0, 0)


@pytest.mark.parametrize("role", ["viewer", None])
def test_nobody_else_sends_a_file_however_large(
    app: Flask, staff: Staff, anybody: FlaskClient, role: str | None
) -> None:
    client = staff(role) if role else anybody
    body = body_of(staff("editor"), 200_000)
    response = client.post(IMPORTS, **body)
    assert response.status_code in ((403, 413) if role else (303, 413))
    assert state() == (0, 0, 0)


@pytest.mark.parametrize(
    "path", [f"{IMPORTS}/differences/settle", f"{IMPORTS}/drafts/1/apply", "/en/admin/account/name"]
)
def test_no_other_form_takes_a_large_body(app: Flask, staff: Staff, path: str) -> None:
    editor = staff("editor")
    assert editor.post(path, **body_of(editor, 200_000)).status_code == 413


def test_the_format_that_was_said_is_the_one_that_is_read(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    number = number_in(send(editor, table("First"), how="locator_export"))
    draft = settled(number)
    assert (draft.status, "type_facility" in in_english(draft.message)) == ("failed", True)
    page = editor.get(f"{IMPORTS}/drafts/{number}").get_data(as_text=True)
    assert "how=locator_export" in page
    assert '<option selected value="locator_export">' in editor.get(f"{IMPORTS}?how=locator_export").text


def test_odd_addresses_of_a_draft_lead_nowhere(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    number = store(db.engine, io.BytesIO(table("First")), "a.csv", user_id=None, options={})
    work(db.engine, number)
    for path in (
        f"drafts/{number}/rows/everything",
        f"drafts/{10**18}",
        f"drafts/{number}/rows",
        "drafts/-1",
        f"{10**18}",
    ):
        assert editor.get(f"{IMPORTS}/{path}").status_code == 404, path
    for page in ("0", "-1", "99999999999", "x", "%00"):
        assert editor.get(f"{IMPORTS}/drafts/{number}/rows/added?page={page}").status_code == 200


@pytest.mark.parametrize("sent", ["", "x", "null", "[" * 15_000, "NaN", "9" * 5000, json.dumps("\0"), "{}"])
def test_no_hostile_settling_makes_an_error_of_ours(app: Flask, staff: Staff, sent: str) -> None:
    editor = staff("editor")
    for number in ("1", "0", "-1", "9" * 20, "x", "٣"):
        data = {
            "provider_id": number,
            "field": "phone\0",
            "choice": "theirs",
            "offered": sent,
            "next": "//evil.example",
        }
        response = post(editor, f"{IMPORTS}/differences/settle", **data)
        assert response.status_code in (303, 422)
        assert "evil" not in response.headers.get("Location", "")
    assert (
        editor.get(f"{IMPORTS}/differences?field=%00&state=%00&run=99999999999999999999&source=%ff").status_code
        == 200
    )
