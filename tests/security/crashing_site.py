"""The site as gunicorn serves it, with routes that fail while they hold what a person sent, and a slow one."""

from __future__ import annotations

import sqlalchemy as sa
from flask import request

from referral.extensions import db
from wsgi import app


@app.get("/crash")
@app.post("/api/v1/crash")
def crash() -> str:
    raise RuntimeError(f"{request.url} {request.get_data(as_text=True)} {dict(request.headers)}")


@app.get("/slow")
def slow() -> str:
    db.session.execute(sa.text("SELECT pg_sleep(20)"))
    return "late"


__all__ = ["app"]
