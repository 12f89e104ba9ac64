"""What every answer carries, and what no request may do: headers, no cookie on public pages, no cross-site posts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from werkzeug.routing import IntegerConverter

from referral.language import LANGUAGES, is_negotiated

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}
"""The same on every answer; `with_tiles` widens them where the operator has chosen pictures for the map."""

MAX_HOST_LENGTH = 261
"""A host name has at most 253 characters (RFC 1035), and a port five and a colon; a list prints it into a QR code."""

STAFF = "/admin"
"""Where the pages of staff begin."""

HSTS = "max-age=31536000; includeSubDomains"

SERVER_TO_SERVER = frozenset({"api.match"})
"""Unsafe routes that other sites' servers may call. They change nothing and read no cookie."""


class Number(IntegerConverter):
    """A whole number in an address. Werkzeug's own takes digits of any script and of any length."""

    regex = "[0-9]{1,19}"


ORIGIN_MAY_BE_HIDDEN = frozenset({"intake.ask", "intake.refine", "intake.answer", "reports.send", "reports.look"})
"""Forms that a browser may send without saying where from.

They read no cookie and change nothing; reports.send does, once for each token that our own page gave out.
Forms of staff may be sent so too: each carries a token that only our own page could know.

`Origin: null` is what our own no-referrer policy makes of it in browsers without Sec-Fetch-Site, and in every browser
on plain http to another host than localhost.
"""


class StaffSessionOnly(SecureCookieSessionInterface):
    """A session under /admin, and none anywhere else: reading it there gives nothing, writing it raises.

    The cookie is set for the admin pages of each language and not for the site, so that browsers never send it along
    to a public page. It is worth something only together with a row of the database (referral.accounts.sessions).
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if is_staff_path(request.path) else None

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        name, root = self.get_cookie_name(app), request.environ.get("onward.root", "")
        paths = [f"{root}{STAFF}", *(f"{root}/{language}{STAFF}" for language in LANGUAGES)]
        shared: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": self.get_cookie_secure(app)}
        response.vary.add("Cookie")
        if session and session.modified:
            serializer = self.get_signing_serializer(app)
            if serializer is None:
                raise RuntimeError("there is no key to sign the session with")
            value = serializer.dumps(dict(session))
            for path in paths:
                response.set_cookie(name, value, path=path, **shared)
        elif session.modified:
            for path in paths:
                response.delete_cookie(name, path=path, **shared)


def is_staff_path(path: str) -> bool:
    return path == STAFF or path.startswith(f"{STAFF}/")


def refuse_endless_hosts() -> None:
    if len(request.environ.get("HTTP_HOST", "")) > MAX_HOST_LENGTH:
        abort(400)


def refuse_cross_site_posts() -> None:
    """A form may only be sent from our own pages. No cookie is needed for that: browsers say where they come from."""
    if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint in SERVER_TO_SERVER:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(400)
        return
    origin = request.headers.get("Origin")
    if origin == "null" and (request.endpoint in ORIGIN_MAY_BE_HIDDEN or is_staff_path(request.path)):
        return
    if origin is not None and not _is_ours(origin):
        abort(400)


def _is_ours(origin: str) -> bool:
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def with_tiles(headers: dict[str, str], tiles_url: str) -> dict[str, str]:
    """Headers that let pages show the pictures of a tile server, and nothing else from there.

    They are asked for without cookies (credentialless): few such servers send what require-corp would want.
    """
    host = "https://" + urlsplit(tiles_url).netloc
    return headers | {
        "Content-Security-Policy": headers["Content-Security-Policy"].replace(
            "img-src 'self';", f"img-src 'self' {host};"
        ),
        "Cross-Origin-Embedder-Policy": "credentialless",
    }


def add_headers(response: Response) -> Response:
    """The same headers on every answer, errors included."""
    response.headers.extend(current_app.extensions["headers"])  # nothing else sets them; `update` looks for each
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
        if is_negotiated():
            if "Vary" in response.headers:
                response.vary.add("Accept-Language")
            else:
                response.headers.add("Vary", "Accept-Language")
    return response


def init_app(app: Flask) -> None:
    tiles_url = app.config["ONWARD"].map_tiles_url
    app.extensions["headers"] = with_tiles(HEADERS, tiles_url) if tiles_url else HEADERS
    app.session_interface = StaffSessionOnly()
    app.url_map.converters["int"] = Number
    app.before_request(refuse_endless_hosts)
    app.before_request(refuse_cross_site_posts)
    app.after_request(add_headers)
