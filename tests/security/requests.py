"""One right request for each route, to send as it is or with one thing made wrong."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from referral.guide import Progress
from referral.matching import Origin, Query
from referral.reports.token import new_token
from referral.sealing import Asked
from tests.api.world import DOWNTOWN

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}

BODIES: dict[str, dict[str, Any]] = {
    "intake.ask": {"data": {"need": "detox", "near": "40202", "radius_miles": "25"}},
    "intake.refine": {"data": {"need": "outpatient", "radius_miles": "10"}},
    "intake.answer": {"data": {"answer": ["alcohol", "opioids"]}},
    "reports.send": {"data": {"kind": "closed_or_moved", "text": "", "token": new_token("a key for tests only", 1)}},
    "reports.look": {"data": {"code": "K7QM-3XPT-9W"}},
    "api.match": {"json": {"needs": ["detox"], "near": "40202"}},
}
"""What to send to each route that takes a body."""


def sealed(app: Flask, *needs: str) -> str:
    """A sealed question."""
    text: str = app.extensions["seal"].seal(
        Asked(Query(Origin(DOWNTOWN["latitude"], DOWNTOWN["longitude"]), needs), "40202")
    )
    return text


def report_code(app: Flask) -> str:
    """The code of a report on the first listing: always the same one, for its form counts once."""
    response = app.test_client().post("/providers/1/report", **BODIES["reports.send"])
    return str(response.headers["Location"]).rpartition("/")[2]


def path_of(app: Flask, rule: Rule) -> str:
    """An address that this rule answers."""
    values = {"filename": "onward.css", "sealed": sealed(app, "detox", "sober_living"), "provider_id": 1}
    if rule.endpoint in ("intake.guide_step", "intake.answer"):
        values["sealed"] = app.extensions["seal"].seal_progress(Progress())
    values["topic"] = "detox"
    values["ids"] = "1-2"
    if "code" in rule.arguments:
        values["code"] = report_code(app)
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def rules(app: Flask, methods: set[str]) -> list[tuple[Rule, str]]:
    """Each public rule with each of its methods that is among these. tests/admin/matrix.py has those of staff."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith("admin.")
        for method in sorted((rule.methods or set()) & methods)
    ]
