"""One right request for each route, to send as it is or with one thing made wrong."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from referral.matching import Origin, Query
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
    "api.match": {"json": {"needs": ["detox"], "near": "40202"}},
}
"""What to send to each route that takes a body."""


def sealed(app: Flask, *needs: str) -> str:
    """A sealed question."""
    text: str = app.extensions["seal"].seal(
        Asked(Query(Origin(DOWNTOWN["latitude"], DOWNTOWN["longitude"]), needs), "40202")
    )
    return text


def path_of(app: Flask, rule: Rule) -> str:
    """An address that this rule answers."""
    values = {"filename": "onward.css", "sealed": sealed(app, "detox", "sober_living"), "provider_id": 1}
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def rules(app: Flask, methods: set[str]) -> list[tuple[Rule, str]]:
    """Each rule with each of its methods that is among these."""
    return [
        (rule, method) for rule in app.url_map.iter_rules() for method in sorted((rule.methods or set()) & methods)
    ]
