"""The frame that all staff pages share: forms that come in clean, forms that are not lost, paging, navigation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import InputRequired

from referral.admin.shared.access import EDITOR, needs
from referral.admin.shared.forms import StaffForm
from referral.admin.shared.paging import page_of
from referral.extensions import db
from referral.vocabulary.words import N_
from tests.admin.conftest import Staff
from tests.admin.people import PASSWORD, StaffClient, csrf, email_of, sign_in
from tests.conftest import make_app
from tests.pages.reading import read

HOME = "/en/admin/account"
OWN = {"Sec-Fetch-Site": "same-origin"}


class NoteForm(StaffForm):
    title = StringField(N_("Name"), validators=[InputRequired(N_("Enter a name."))])
    text = TextAreaField("<b>Text</b>")
    secret = PasswordField("Secret")
    hidden = HiddenField()
    kind = RadioField(N_("Role"), choices=lambda: [SelectChoice("a", "<i>A</i>")], validate_choice=False)


def note() -> ResponseReturnValue:
    form = NoteForm()
    if form.validate():
        return {"title": form.title.data, "text": form.text.data, "secret": form.secret.data, "n": len(request.form)}
    text = """{% extends "admin/base.html" %}{% block title %}x{% endblock %}{% block main %}<h1>x</h1>
    {% from "admin/_macros.html" import errors, text_field, textarea_field, radio_field, check_field %}
    {{ errors(form) }}<form>{{ text_field(form.title, 'hint', maxlength=9) }}{{ textarea_field(form.text) }}
    {{ radio_field(form.kind, beside=true) }}</form>{% endblock %}"""
    return render_template_string(text, form=form), 422


@pytest.fixture
def app(sqlite_url: str) -> Iterator[Flask]:
    app = make_app(sqlite_url)
    app.test_client_class = StaffClient
    app.add_url_rule("/admin/note", "admin.note", needs(EDITOR, max_bytes=200_000)(note), methods=["POST"])
    with app.app_context():
        engine = db.engine
        yield app
    engine.dispose()


def test_what_is_typed_comes_in_clean(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    data = {
        "title": "  Blue\x00 Door\r\n\u202e \ud83d House ",
        "text": "one\r\n\r\ntwo\ttabs\x1b[31m\rthree \n",
        "secret": " kept as\ttyped ",
        "csrf_token": csrf(editor, HOME),
        "id": "7",
    }
    answer = editor.post("/en/admin/note", data={k: v.encode("utf-8", "replace") for k, v in data.items()}).get_json()
    assert answer["title"] == "Blue Door ? House"
    assert answer["text"] == "one\n\ntwo tabs [31m\nthree"
    assert answer["secret"] == " kept as\ttyped "


def test_a_form_is_never_poured_into_an_object(app: Flask) -> None:
    with app.test_request_context("/admin/note", method="POST"), pytest.raises(TypeError):
        NoteForm().populate_obj(object())


@pytest.mark.parametrize(("language", "told"), [("en", "Enter a name."), ("es", "")])
def test_errors_lead_to_their_field_and_data_is_escaped(app: Flask, staff: Staff, language: str, told: str) -> None:
    editor = staff("editor")
    page = read(editor.post(f"/{language}/admin/note", data={"title": "", "csrf_token": csrf(editor, HOME)}))
    assert page.status == 422
    summary = page.find(class_="problems")[0]
    assert [a.get("href") for a in summary.iter("a")] == ["#title"]
    field = page.find("input", id="title")[0]
    assert field.get("aria-describedby") == "title-hint title-error"
    assert field.get("aria-invalid") == "true"
    assert field.get("maxlength") == "9"
    assert told in page.text()
    assert "<b>Text</b>" in page.text()
    assert "<i>A</i>" in page.text()


def test_only_a_view_that_asks_for_it_takes_a_large_body(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    token, large = csrf(editor, HOME), "word " * 20_000
    assert (
        editor.post(
            "/en/admin/note", data={"title": "x", "csrf_token": token, "file": (b_file(large), "x.csv")}
        ).status_code
        == 200
    )
    assert editor.post("/en/admin/note", data={"title": "x", "file": (b_file(large * 3), "x.csv")}).status_code == 413
    assert editor.post(f"{HOME}/name", data={"name": "x", "file": (b_file(large), "x.csv")}).status_code == 413


def b_file(text: str) -> object:
    from io import BytesIO

    return BytesIO(text.encode())


def fields_of(html: str) -> dict[str, str]:
    page = html.split('<form method="post">')[1].split("</form>")[0]
    import re

    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page))


def test_what_was_written_is_not_lost_when_the_session_has_ended(app: Flask, staff: Staff) -> None:
    """Signed out meanwhile: send, sign in again, send again, and it is there."""
    editor = staff("editor")
    data = {"title": 'A "long" note', "csrf_token": csrf(editor, HOME)}
    editor.post("/en/admin/sign-out", data={"csrf_token": data["csrf_token"]})
    answer = editor.post("/en/admin/note", data=data, headers=OWN)
    assert answer.status_code == 403
    kept = fields_of(answer.text)
    assert kept["title"] == "A &#34;long&#34; note"
    read(answer)
    sign_in(editor, email_of("editor"))
    answer = editor.post("/en/admin/note", data=kept | {"title": data["title"]}, headers=OWN)
    assert answer.status_code == 400
    kept = fields_of(answer.text)
    answer = editor.post("/en/admin/note", data=kept | {"title": data["title"]}, headers=OWN)
    assert answer.get_json()["title"] == 'A "long" note'


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "null"}, {"Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=str,
)
def test_a_form_that_may_be_of_another_site_is_not_offered_again(
    app: Flask, staff: Staff, headers: dict[str, str]
) -> None:
    editor = staff("editor")
    answer = editor.post("/en/admin/note", data={"title": "planted words"}, headers=headers)
    assert answer.status_code == 400
    assert "planted words" not in answer.text


def test_forms_of_accounts_are_never_offered_again(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    answer = editor.post(f"{HOME}/password", data={"current": PASSWORD, "password": "x"}, headers=OWN)
    assert answer.status_code == 400
    assert PASSWORD not in answer.text


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("", 1),
        ("?page=2", 2),
        ("?page=99", 3),
        ("?page=0", 1),
        ("?page=-1", 1),
        ("?page=٣", 1),
        ("?page=" + "9" * 30, 1),
    ],
)
def test_a_page_is_one_that_there_is(app: Flask, asked: str, number: int) -> None:
    more = "&q=a%20b&_scheme=javascript&_external=1&endpoint=x"
    with app.test_request_context(f"/admin/users{asked}{more}" if asked else "/admin/users"):
        page = page_of(120)
        assert (page.number, page.n_pages) == (number, 3)
        assert 1 <= page.first <= page.last <= 120
        other = page.url(3)
        assert other.startswith("/admin/users?")
        assert other.endswith("page=3")
        assert ("q=a+b" in other) == bool(asked)
        assert page_of(0).n_pages == 1


def test_the_navigation_shows_what_the_role_may_reach(app: Flask, staff: Staff) -> None:
    labels = {role: read(staff(role).get(HOME)).texts("a") for role in ("viewer", "editor", "admin")}
    assert "People" in labels["admin"]
    assert "People" not in labels["editor"]
    assert "People" not in labels["viewer"]
    assert read(staff("admin").get("/en/admin/users")).find("a", aria_current="true") == []
    here = [a for a in read(staff("admin").get("/en/admin/users")).find("a") if a.get("aria-current")]
    assert [a.text for a in here] == ["People"]


def test_the_language_link_keeps_the_page_and_after_a_form_leads_to_a_staff_page(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    assert read(editor.get(f"{HOME}?x=1")).link("Español") == "/es/admin/account?x=1"
    answer = editor.post(f"{HOME}/name", data={"name": "", "csrf_token": csrf(editor, HOME)})
    assert read(answer).link("Español") == "/es/admin"
