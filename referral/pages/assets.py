"""Static files: an address with a fingerprint of the content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request

FOR_EVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"


@cache
def _fingerprint(folder: str, name: str) -> str:
    return hashlib.blake2b(Path(folder, name).read_bytes(), digest_size=6).hexdigest()


def asset(name: str) -> str:
    """Address of a static file. It stands outside the languages. Raises FileNotFoundError."""
    root = request.environ.get("onward.root", "")
    return f"{root}{current_app.static_url_path}/{name}?v={_fingerprint(str(current_app.static_folder), name)}"


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in (200, 304):
        response.headers["Cache-Control"] = FOR_EVER if "v" in request.args else SHORTLY
    return response


def init_app(app: Flask) -> None:
    app.after_request(_keep)
    app.jinja_env.globals["asset"] = asset
