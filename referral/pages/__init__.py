"""What all public pages share: the layout's parts, static files, and words for phones, distances and dates."""

from __future__ import annotations

from flask import Flask

from referral.pages import assets, layout


def init_app(app: Flask) -> None:
    """Give the templates their globals and static files their headers."""
    assets.init_app(app)
    layout.init_app(app)
