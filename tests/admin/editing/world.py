"""One made-up listing with something in every field, and how tests send the editing forms as a browser does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from referral.extensions import db
from referral.models import Place, Program, Provider

LOUISVILLE = (38.2507, -85.7476)


def add_places() -> None:
    """The few ZIPs that these tests speak of."""
    points = {"40202": ("KY", "Louisville", *LOUISVILLE), "40203": ("KY", "Louisville", 38.2453, -85.7643),
              "46204": ("IN", "Indianapolis", 39.7713, -86.1544)}  # fmt: skip
    db.session.add_all(
        Place(kind="zip", key=zip5, label=f"{zip5} ({city}, {state})", state=state, city=city,
              latitude=latitude, longitude=longitude, zip_kind="standard")
        for zip5, (state, city, latitude, longitude) in points.items()
    )  # fmt: skip
    db.session.commit()


def add_listing(**changes: Any) -> int:
    """Store the listing, and give its number."""
    values: dict[str, Any] = {
        "name": "Harbor Recovery", "organization": "Bay & Sons Health", "source": "county", "source_key": "1",
        "street": "12 Dock Street", "unit": "Floor 2", "city": "Louisville", "state": "KY", "postal_code": "40202",
        "latitude": 38.2567, "longitude": -85.7514, "precision": "exact",
        "phone": "502-555-0100", "phone_extension": "12", "website": "https://harbor.example/start",
        "other_phones": [{"kind": "intake", "number": "502-555-0111", "extension": "3"}],
        "license_number": "L-77", "license_expires_on": date(2020, 2, 29), "licensed_beds": 16,
        "facts": {"takes_medicaid": True, "spanish": False}, "staff_note": "Ask for Ann.",
        "programs": [Program(level="residential_long", max_stay_days=90, capacity=20), Program(level="outpatient")],
    }  # fmt: skip
    provider = Provider(**values | changes)
    db.session.add(provider)
    db.session.commit()
    number = provider.id
    db.session.rollback()
    return number


def stored(provider_id: int) -> Provider:
    """The listing as the database has it now."""
    db.session.rollback()
    provider = db.session.get(Provider, provider_id)
    assert provider is not None
    return provider


@dataclass
class Form:
    """A form as a browser sees it: where it goes, and what it sends when nobody has touched it."""

    action: str
    fields: MultiDict[str, str] = field(default_factory=MultiDict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """Quick, for pages of hundreds of fields; tests/pages/reading.py is strict."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        name = known.get("name", "")
        if tag == "form":
            self.forms.append(Form(known.get("action", "")))
        elif tag == "button":
            self.forms[-1].buttons.append((name, known.get("formaction", "")))
        elif tag == "select":
            self._select = name, []
        elif tag == "option" and self._select:
            self._select[1].append((known.get("value", ""), "selected" in known))
        elif tag == "textarea":
            self._textarea = name
            self.forms[-1].fields.add(name, "")
        elif tag == "input" and name and (known.get("type") not in ("radio", "checkbox") or "checked" in known):
            self.forms[-1].fields.add(name, known.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.forms[-1].fields[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            name, options = self._select
            self.forms[-1].fields.add(name, next((value for value, chosen in options if chosen), options[0][0]))
            self._select = None
        elif tag == "textarea" and self._textarea is not None:
            text = self.forms[-1].fields[self._textarea]
            self.forms[-1].fields[self._textarea] = text.replace("\r\n", "\n").removeprefix("\n")
            self._textarea = None


def forms_of(response: TestResponse) -> list[Form]:
    parser = _Forms()
    parser.feed(response.get_data(as_text=True))
    return parser.forms


def form_of(response: TestResponse, action: str) -> Form:
    """The form of the page whose action ends so."""
    return next(form for form in forms_of(response) if form.action.endswith(action))


def get(client: FlaskClient, path: str) -> TestResponse:
    response = client.get(f"/en/admin{path}")
    assert response.status_code == 200, response.status
    return response


def send(
    client: FlaskClient, response: TestResponse, action: str, /, *, to: str = "", **changes: Any
) -> TestResponse:
    """Send a form of the page with these changes; `facts_x` stands for facts-x, `choose_x` for choose-x."""
    form = form_of(response, action)
    for name, value in changes.items():
        form.fields.setlist(re.sub(r"^(facts|choose)_", r"\1-", name), value if isinstance(value, list) else [value])
    return client.post(to or form.action, data=form.fields)


def sure(response: TestResponse) -> list[str]:
    """What the form sends as "sure" where each box under "Is this right?" is ticked."""
    return [unescape(text) for text in re.findall(r'name="sure" value="([^"]*)"', response.get_data(as_text=True))]


def edit(client: FlaskClient, provider_id: int, /, **changes: Any) -> TestResponse:
    """Open the form, change these fields, and save."""
    return send(client, get(client, f"/listings/{provider_id}/edit"), "/edit", **changes)
