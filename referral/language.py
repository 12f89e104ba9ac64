"""Languages: the address says which (`/es/…`), without a cookie; an address without a prefix follows the browser.

`Prefix` moves the prefix from the path to SCRIPT_NAME, so routes are written once and `url_for` keeps the language.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from babel.support import NullTranslations, Translations
from flask import Flask, current_app, has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from config import ROOT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LANGUAGES = {"en": "English", "es": "Español"}
"""Code and own name of each language, the default first."""

DEFAULT = next(iter(LANGUAGES))

MAX_ACCEPT_LANGUAGE = 200
"""Characters of the header that are read."""


_language: ContextVar[str | None] = ContextVar("language", default=None)
"""Of the request at work. A page asks for it some fifty times, which Flask's own proxies would make dear."""


class Prefix:
    """WSGI middleware: takes `/en` or `/es` off the front of the path."""

    def __init__(self, wsgi_app: WSGIApplication) -> None:
        self._wsgi_app = wsgi_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, root = environ.get("PATH_INFO", ""), environ.get("SCRIPT_NAME", "")
        environ["onward.root"] = root
        first, slash, rest = path.removeprefix("/").partition("/")
        if first in LANGUAGES:
            environ["onward.language"] = language = first
            environ["SCRIPT_NAME"] = f"{root}/{first}"
            environ["PATH_INFO"] = slash + rest or "/"
        else:
            language = _preferred(environ.get("HTTP_ACCEPT_LANGUAGE", "")[:MAX_ACCEPT_LANGUAGE])
        before = _language.set(language)
        try:
            return self._wsgi_app(environ, start_response)
        finally:
            _language.reset(before)


@lru_cache(maxsize=256)
def _preferred(accept_language: str) -> str:
    """What a browser that says this prefers."""
    return parse_accept_header(accept_language, LanguageAccept).best_match(LANGUAGES, DEFAULT)


def current_language() -> str:
    """Code of the language of this request: its prefix, else what the browser prefers."""
    known = _language.get()
    if known is None and has_request_context():
        # A request context that was pushed without going through the middleware.
        known = _preferred(request.headers.get("Accept-Language", "")[:MAX_ACCEPT_LANGUAGE])
    return known or DEFAULT


def is_negotiated() -> bool:
    """Whether the address left the language to the browser."""
    return "onward.language" not in request.environ


@cache
def translations(language: str) -> NullTranslations:
    """The messages of a language, read once in a process."""
    return Translations.load(str(ROOT / "translations"), [language])


def _gettext(message: str) -> str:
    return translations(current_language()).gettext(message)


def _ngettext(singular: str, plural: str, n: int) -> str:
    return translations(current_language()).ngettext(singular, plural, n)


def other_language_url(language: str) -> str:
    """The address of this page in another language; after a POST that only a form can send, of the start page."""
    root = request.environ.get("onward.root", "")
    if request.method not in ("GET", "HEAD") and not _can_be_opened():
        return f"{root}/{language}/"
    query = "?" + request.query_string.decode("ascii", "ignore") if request.query_string else ""
    return f"{root}/{language}{quote(request.path)}{query}"


def _can_be_opened() -> bool:
    """Whether a link can lead to the address of this request."""
    addresses = current_app.create_url_adapter(request)
    return addresses is not None and addresses.test(method="GET")


def init_app(app: Flask) -> None:
    """Bind to an application whose Babel extension is already bound."""
    app.wsgi_app = Prefix(app.wsgi_app)  # type: ignore[method-assign]
    # A tenth of the cost of Flask-Babel's own callables, which matter at sixty texts a page.
    environment: Any = app.jinja_env
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)
    app.jinja_env.globals.update(
        current_language=current_language, other_language_url=other_language_url, LANGUAGES=LANGUAGES
    )
