"""The Flask extensions, made once and bound to an application by create_app."""

import ipaddress
import math
import time
from hashlib import blake2b

from flask import current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy_lite import SQLAlchemy

SEARCHES = "120 per minute"
"""Of one address. Generous: the helpers of a jail or a hospital share one."""

REPORTS = "5 per hour"
"""Of one address, and only of reports that are stored: mistakes and a form sent twice do not count."""

REPORT_CODES = "30 per minute"
"""Of one address: nobody types more, and nobody guesses a code so."""


def who() -> str:
    """Whom a limit counts: an IPv4 address or an IPv6 network (/64), hashed, so that no store holds it."""
    address = get_remote_address()
    try:
        if ipaddress.ip_address(address).version == 6:
            address = str(ipaddress.ip_network((address, 64), strict=False))
    except ValueError:
        pass
    key = str(current_app.secret_key).encode()[:64]
    return blake2b(address.encode(), key=key, digest_size=16).hexdigest()


db = SQLAlchemy()
babel = Babel()
limiter = Limiter(who)
limit_searches = limiter.shared_limit(SEARCHES, scope="search", methods=["POST"])
"""Decorates the views that search by POST: together they are limited to SEARCHES."""
limit_reports = limiter.shared_limit(REPORTS, scope="report")
limit_report_codes = limiter.shared_limit(REPORT_CODES, scope="report code")


def retry_seconds() -> int:
    """Seconds until the limit that was just exceeded lets somebody through again."""
    limit = limiter.current_limit
    return max(1, math.ceil(60.0 if limit is None else limit.reset_at - time.time()))
