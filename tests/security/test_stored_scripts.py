"""Whatever way a text came in, no page makes markup, a script's address or a placeholder of it (THREATS 32)."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral.database import start_writing
from referral.extensions import db
from referral.history import act
from referral.models import (
    Check,
    Correction,
    DuplicatePair,
    ImportMapping,
    Program,
    Provider,
    Report,
)
from tests.admin.people import StaffClient, email_of, make_user, sign_in
from tests.importers.drafting import begun, sent, work
from tests.importers.made_files import rows_named, write_csv
from tests.security.requests import sealed

HOSTILE = "\"'><zz onclick=zz()></script></style></title></textarea></svg><zz>{{7*7}}%(zz)s%s{zz}&lt;zz&gt;"
SCHEMES = {"", "http", "https", "tel", "sms", "mailto", "data"}
ADDRESSES = ("href", "src", "action", "formaction", "poster", "xlink:href", "data")
MAX_PAGES = 400

STARTS = (
    *("/admin/", "/admin/listings", "/admin/queue", "/admin/reports", "/admin/duplicates", "/admin/imports"),
    *("/admin/history", "/admin/why?provider=1", "/admin/users", "/admin/account", "/admin/exports"),
    *("/admin/listings/1/edit", "/admin/listings/1/programs/new", "/admin/listings/1/status", "/admin/queue/1"),
    *("/admin/duplicates/new?first=1&second=2", "/admin/users/1", "/admin/imports/differences"),
    *("/providers/1", "/providers/1/report", "/call/1", "/list/1-2", "/list/1-2/text", "/reports/AAAA-AAAA-A1"),
    *("/admin/exports/csv", "/admin/exports/json", "/admin/exports/xlsx"),
)


class Page(HTMLParser):
    """What a browser would make of a page: its elements, its handlers of events, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "zz":
            self.wrong.append("an element")
        for name, value in attrs:
            if name.startswith("on") or name == "style" or name == "srcdoc":
                self.wrong.append(f"the attribute {name}")
            if name in ADDRESSES and value is not None:
                if urlsplit(value).scheme.lower() not in SCHEMES or "\t" in value or "\n" in value:
                    self.wrong.append(f"{name}={value[:40]}")
                if name == "href" and value.startswith("/"):
                    self.links.add(value.partition("#")[0])


def hostile_provider(number: int, **values: Any) -> Provider:
    known = {
        "name": f"{number} {HOSTILE}", "organization": HOSTILE, "street": HOSTILE, "unit": HOSTILE, "city": HOSTILE,
        "state": "KY", "postal_code": "40202", "latitude": 38.25, "longitude": -85.75, "precision": "exact",
        "phone": HOSTILE, "phone_extension": HOSTILE, "website": f"https://zz.example/{HOSTILE}",
        "other_phones": [{"kind": "intake", "number": HOSTILE, "extension": HOSTILE}],
        "license_number": HOSTILE, "staff_note": HOSTILE, "source": "county", "source_key": f"{number} {HOSTILE}",
        "facts": {"spanish": True}, "programs": [Program(level="outpatient", name=HOSTILE, capacity=3)],
    }  # fmt: skip
    return Provider(**known | values)


def fill(folder: Path) -> None:
    """Texts as no form and no file lets them through, and files whose name, sheet and columns are hostile."""
    user = make_user("admin", name=HOSTILE)
    make_user("editor", name=f"2 {HOSTILE}", email="\"'><zz>@staff.example")
    start_writing(db.session)
    first, second = hostile_provider(1), hostile_provider(2, latitude=38.26)
    db.session.add_all([first, second])
    with act(db.session, "import", why=HOSTILE):
        db.session.flush()
    with act(db.session, "edit", user_id=user.id, why=HOSTILE):
        first.name, first.staff_note, first.facts = f"1 {HOSTILE}!", f"{HOSTILE}!", {"spanish": False}
        db.session.flush()
    db.session.add_all(
        [
            Report(provider=first, kind="wrong_phone", text=HOSTILE, code="AAAAAAAAA1", nonce="1", answer=HOSTILE),
            Check(provider=first, user_id=user.id, how="phone", outcome="wrong_number", note=HOSTILE),
            ImportMapping(name=HOSTILE, rules={}),
            DuplicatePair(first_id=first.id, second_id=second.id, score=80, reasons=["like_names:86"], why=HOSTILE),
        ]
    )
    offer = {"is_offered": True, "offered_value": f"{HOSTILE}?", "source_value": f"{HOSTILE}?", "user_id": user.id}
    db.session.merge(Correction(provider_id=first.id, field="name", **offer))
    db.session.commit()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "'><zz>\"{zz}%s"
    sheet.append([f"{HOSTILE}a", f"{HOSTILE}b", HOSTILE])
    for number in range(5):
        sheet.append([f"{HOSTILE}{number}", HOSTILE, HOSTILE])
    book.save(folder / "'><zz>\"{zz}%s.xlsx")
    work(db.engine, sent(db.engine, folder / "'><zz>\"{zz}%s.xlsx"))
    rows = rows_named(*(f"{HOSTILE}{number}" for number in range(3)), city=HOSTILE, website="javascript:zz()")
    rows += rows_named("No state", state=HOSTILE, zip=HOSTILE)
    number = sent(db.engine, write_csv(folder / "<zz>.csv", rows))
    assert work(db.engine, number).status == "compared"
    number = sent(db.engine, write_csv(folder / "<zz> 2.csv", rows))
    work(db.engine, number)
    begun(db.engine, number, "apply")


@pytest.fixture
def admin(app: Flask, tmp_path: Path) -> FlaskClient:
    fill(tmp_path)
    app.test_client_class = StaffClient
    client = app.test_client()
    assert sign_in(client, email_of("admin")).status_code == 303
    return client


def plain(path: str) -> str:
    """The page without what makes one of many alike: numbers beyond the first few, and languages but English."""
    return re.sub(r"[0-9]+", lambda found: found[0] if len(found[0]) < 2 else "9", path)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_page_makes_anything_of_a_hostile_text(app: Flask, admin: FlaskClient) -> None:
    app.testing = False
    waiting = [f"/en{path}" for path in STARTS]
    seen, wrong, shown = set(map(plain, waiting)), [], 0
    waiting += [
        f"/en/{page}/{sealed(app, 'outpatient', 'detox')}" for page in ("results", "plan", "change", "call/1")
    ]
    while waiting and len(seen) < MAX_PAGES:
        path = waiting.pop(0)
        response = admin.get(path)
        assert response.status_code < 500, path
        if response.mimetype not in ("text/html", "image/svg+xml"):
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            continue
        text = response.get_data(as_text=True)
        page = Page(text)
        wrong += [f"{path}: {what}" for what in page.wrong]
        wrong += [f"{path}: a placeholder was filled in" for mark in ("'&gt;49%", "49%(zz)s") if mark in text]
        shown += "&lt;zz onclick" in text
        for link in sorted(page.links):
            if plain(link) not in seen and link.startswith("/en/") and "/admin/listings?" not in link:
                seen.add(plain(link))
                waiting.append(link)
    assert wrong == []
    assert shown > 30
