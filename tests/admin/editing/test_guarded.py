"""Nothing but what a form declares can be changed by sending it, and what is typed stays text on every page."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from referral.importers.contact import clean_text
from referral.models import Act, Correction, Program, Provider
from tests.admin.conftest import Staff
from tests.admin.editing.world import add_listing, edit, form_of, get, send, stored
from tests.pages.reading import read


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of the database."""
    return sqlite_url


SMUGGLED: dict[str, Any] = {
    "id": "77", "source": "demo", "source_key": "x", "source_content": "x", "import_run_id": "1", "change": "0",
    "created_at": "2000-01-01", "updated_at": "2000-01-01", "confirmed_on": "2026-01-01", "status": "inactive",
    "closed_until": "2030-01-01", "precision": "exact", "user": "1", "user_id": "1", "role": "admin",
    "is_admin": "1", "provider_id": "2", "provider": "2", "programs": "", "programs-0-level": "detox",
    "other_phones": "[]", "facts": "{}", "facts-takes_bitcoin": "yes", "facts.veterans": "yes", "csrf": "1",
    "open_reports": "", "metadata": "x", "registry": "x", "__class__": "x", "stored": "x", "warnings": "x",
    "go": "save", "asked": ["status", "source", "id"], "choose-status": "theirs", "choose-source": "mine",
}  # fmt: skip


def columns(thing: Any) -> dict[str, Any]:
    return {column.key: getattr(thing, column.key) for column in sa.inspect(type(thing)).column_attrs}


ALWAYS_NEW = {"version", "updated_at", "change"}


def test_a_listing_takes_nothing_that_its_form_does_not_declare(staff: Staff, listing: int) -> None:
    add_listing(source_key="2", name="Another")
    before = columns(stored(listing))
    assert edit(staff(), listing, name="New Name", **SMUGGLED).status_code == 303
    after = columns(stored(listing))
    assert {name for name in after if after[name] != before[name]} == ALWAYS_NEW | {"name"}
    assert after["version"] == before["version"] + 1
    assert db.session.scalars(sa.select(Provider.name).order_by(Provider.id)).all() == ["New Name", "Another"]


def test_a_program_takes_nothing_that_its_form_does_not_declare(staff: Staff, listing: int) -> None:
    other = add_listing(source_key="2")
    client, number = staff(), stored(listing).programs[0].id
    before = columns(stored(listing).programs[0])
    smuggled = SMUGGLED | {"provider_id": str(other)}
    response = send(client, get(client, f"/programs/{number}/edit"), "/edit", name="North", **smuggled)
    assert response.status_code == 303
    after = columns(db.session.get(Program, number))
    assert {name for name in after if after[name] != before[name]} == {"name"}


def test_a_new_listing_is_of_staff_whatever_is_sent(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, "/listings/new")
    response = send(client, opened, "/new", name="New Place", city="Louisville", **SMUGGLED)
    assert response.status_code == 303
    new = stored(int(response.headers["Location"].rsplit("/", 1)[1]))
    assert (new.id, new.source, new.status, new.version, new.confirmed_on) == (
        listing + 1,
        "staff",
        "active",
        1,
        None,
    )
    assert len(new.source_key) == 32
    assert new.programs == []


def test_small_forms_take_nothing_else(staff: Staff, listing: int) -> None:
    client = staff()
    before = columns(stored(listing))
    sent = SMUGGLED | {"status": "temporarily_closed", "closed_until": ""}
    assert send(client, get(client, f"/listings/{listing}/status"), "/status", **sent).status_code == 303
    after = columns(stored(listing))
    assert {name for name in after if after[name] != before[name]} == ALWAYS_NEW | {"status"}


def test_a_status_that_is_none_is_refused(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, f"/listings/{listing}/status")
    for status in ("open", "", "removed", "ACTIVE"):
        assert send(client, opened, "/status", status=status).status_code == 422, status
    assert stored(listing).status == "active"


def test_viewers_see_the_listing_and_no_way_to_change_it(staff: Staff, listing: int) -> None:
    viewer = staff("viewer")
    page = read(get(viewer, f"/listings/{listing}"))
    assert not [form for form in page.find("main")[0].iter("form") if "/listings/" in form.get("action", "")]
    for path in (f"/listings/{listing}/edit", "/listings/new", f"/listings/{listing}/status"):
        assert viewer.get(f"/en/admin{path}").status_code == 403


class Skeleton(HTMLParser):
    """Tags with the names of their attributes: what a text must not add to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[tuple[str, ...]] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, *sorted(name for name, _value in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "formaction")]


PAYLOADS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)",
    "</textarea><svg onload=alert(1)>", "</title><script>alert(1)</script>", "{{ 7*7 }}{% raw %}", "%(name)s %s %",
    "javascript:alert(1)", "<!--", "]]>", "&lt;script&gt;", "</script><b>", '" autofocus onfocus=alert(1) x="',
    "<a href=javascript:alert(1)>x</a>", '\\"><iframe srcdoc=x>', "＜script＞", "`${alert(1)}`",
    "</option></select><b>", "--><b>", "\u2028<b>\u2029",
]  # fmt: skip
TEXT_FIELDS = {
    "name": 300, "organization": 300, "street": 300, "unit": 300, "city": 100, "license_number": 100,
    "staff_note": 300, "why": 300, "phones-0-kind": 30,
}  # fmt: skip
"""With the length that each takes."""


def pages_with(client: FlaskClient, listing: int, text: str) -> dict[str, str]:
    """Every page that shows what staff typed, after `text` was typed into every field."""
    sent = {name: f"x{text}"[:most] for name, most in TEXT_FIELDS.items()}
    opened = get(client, f"/listings/{listing}/edit")
    answers = {
        "preview": send(client, opened, "/edit", to=f"/en/admin/listings/{listing}/preview", **sent),
        "refused": send(client, opened, "/edit", **sent, postal_code=text[:10], phone=text[:60], website=text),
        "conflict": send(client, opened, "/edit", **sent, version="99"),
    }
    assert [answer.status_code for answer in answers.values()] == [200, 422, 409]
    assert send(client, opened, "/edit", **sent).status_code == 303
    number = stored(listing).programs[0].id
    program = get(client, f"/programs/{number}/edit")
    assert send(client, program, "/edit", name=f"x{text}", why=text).status_code == 303
    answers["moved"] = send(client, get(client, f"/listings/{listing}/status"), "/status", version="1")
    assert answers["moved"].status_code == 409
    paths = (
        *(f"/en/admin/listings/{listing}{end}" for end in ("", "/edit", "/status", "/programs/new")),
        f"/en/admin/programs/{number}/edit", f"/providers/{listing}", f"/es/providers/{listing}",
        f"/call/{listing}", f"/list/{listing}",
    )  # fmt: skip
    answers |= {path: client.get(path) for path in paths}
    return {name: answer.get_data(as_text=True) for name, answer in answers.items()}


def test_what_is_typed_stays_text_on_every_page(staff: Staff, app: Flask, listing: int) -> None:
    client = staff()
    pages_with(client, listing, "first")
    plain = {name: Skeleton(html) for name, html in pages_with(client, listing, "plain").items()}
    for payload in (" ".join(PAYLOADS[first : first + 5]) for first in range(0, len(PAYLOADS), 5)):
        for name, html in pages_with(client, listing, payload).items():
            skeleton = Skeleton(html)
            expected = plain[name].parts
            if name in ("moved", f"/en/admin/listings/{listing}"):  # they tell of every change there was
                assert set(skeleton.parts) <= set(expected), (name, payload)
            else:
                assert skeleton.parts == expected, (name, payload)
            schemes = {link.partition(":")[0] for link in skeleton.links if ":" in link.split("?")[0].split("/")[0]}
            assert schemes <= {"http", "https", "tel", "sms", "mailto"}, (name, payload)
    answer = client.post("/api/v1/match", json={"needs": ["outpatient"], "near": "40202"})
    assert answer.mimetype == "application/json"
    assert answer.json is not None
    assert answer.json["matches"][0]["provider"]["name"] == f"x{clean_text(payload)}"


def test_settling_changes_only_what_is_offered(staff: Staff, listing: int) -> None:
    client = staff()
    edit(client, listing, name="Ours")
    opened = get(client, f"/listings/{listing}/status")
    token = form_of(opened, "/status").fields
    data = {"csrf_token": token["csrf_token"], "version": token["version"], "keep": "theirs"}
    for field in ("name", "source", "id", "status", "", "x" * 500):
        assert client.post(f"/en/admin/listings/{listing}/settle", data=data | {"field": field}).status_code == 303
    assert (stored(listing).name, stored(listing).source) == ("Ours", "county")
    assert client.post(f"/en/admin/listings/{listing}/settle", data=data | {"keep": "both"}).status_code == 400
    assert db.session.scalars(sa.select(Act.kind).where(Act.kind == "settle")).all() == []
    assert db.session.scalars(sa.select(Correction.field)).all() == ["name"]
    assert stored(listing).license_expires_on == date(2020, 2, 29)
