"""Parts that stand on every page: the crisis strip, the footer and the warning about made-up listings."""

from __future__ import annotations

from flask import Flask, current_app, render_template, request
from markupsafe import Markup

from config import Config
from referral import catalog
from referral.language import current_language
from referral.pages.phones import phone_href
from referral.pages.text import template_text
from referral.places import CREDITS


def layout_part(name: str) -> Markup:
    """A part of the layout that depends on the language, the settings and what the site's addresses start with.

    It is rendered once for each of them: `/` shown in Spanish has other links than `/es/`.
    """
    parts: dict[tuple[str, str, str], Markup] = current_app.extensions["layout_parts"]
    key = (name, current_language(), request.script_root)
    if key not in parts:
        parts[key] = Markup(render_template(f"layout/{name}.html"))  # noqa: S704 - escaped by the template
    return parts[key]


def has_demo() -> bool:
    """Whether made-up listings are loaded. An error page asks too, so a database that is down answers no."""
    try:
        return catalog.current().n_demo > 0
    except Exception:  # whatever is wrong with the database, an error page must still come
        return False


def init_app(app: Flask) -> None:
    config: Config = app.config["ONWARD"]
    app.extensions["layout_parts"] = {}
    app.extensions["link_prefixes"] = {}
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        place_credits=CREDITS,
        _=template_text,
        config_onward=config,
        has_demo=has_demo,
        layout_part=layout_part,
        phone_href=phone_href,
    )
