"""Onward: a directory of treatment programs and a matcher. `create_app` puts its parts together."""

from __future__ import annotations

from inspect import iscoroutinefunction
from typing import Any

from flask import Flask
from limits.errors import ConfigurationError
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Config, ConfigError
from referral import access_log, cli, database, errors, language, pages, security
from referral.access_log import Onward
from referral.admin import admin
from referral.api.routes import api
from referral.directory import directory
from referral.extensions import babel, db, limiter
from referral.handout import handout
from referral.intake import intake
from referral.learn import learn
from referral.pages.environment import PlainGlobals
from referral.reports import reports
from referral.sealing import Seal

MAX_BODY_BYTES = 64 * 1024
"""The largest body of a public request: forms and API questions are small."""


STORE_TIMEOUTS = {"socket_timeout": 1, "socket_connect_timeout": 1}
"""Seconds that a search waits for the shared store of rate limits, which may be there and say nothing."""


def create_app(config: Config) -> Flask:
    """An application with these settings. Does not touch the database. Raises ConfigError."""
    app = Onward(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(ROOT / "instance"),
    )
    app.jinja_environment = PlainGlobals
    app.config.update(_flask_settings(config))
    app.json.sort_keys = False  # type: ignore[attr-defined]  # answers keep the order in which they are documented
    _bind_extensions(app)
    for part in (language, access_log, security, errors, pages, cli):
        part.init_app(app)
    app.extensions["seal"] = Seal(config.secret_key, config.results_ttl_days)
    for blueprint in (intake, directory, handout, reports, learn, api, admin):
        app.register_blueprint(blueprint)
    if config.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.proxy_hops, x_proto=config.proxy_hops, x_host=config.proxy_hops
        )
    return app


def _flask_settings(config: Config) -> dict[str, Any]:
    return {
        "ONWARD": config,
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_ENGINES": {"default": database.engine_options(config.database_url)},
        "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": MAX_BODY_BYTES,
        "MAX_FORM_PARTS": 300,
        "TRUSTED_HOSTS": list(config.trusted_hosts) or None,
        "SESSION_COOKIE_NAME": "onward_staff",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        # A form may stay open as long as the session: its token is worth nothing without that.
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "RATELIMIT_STORAGE_URI": config.ratelimit_storage_uri,
        "RATELIMIT_STORAGE_OPTIONS": STORE_TIMEOUTS if config.ratelimit_storage_uri.startswith("redis") else {},
        "RATELIMIT_ENABLED": config.ratelimit_enabled,
        # Without the shared store each worker counts for itself: a search is never refused because a store is down.
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
    }


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    # There are no async engines, and closing their sessions would start a thread at the end of every request.
    app.teardown_appcontext_funcs[:] = [f for f in app.teardown_appcontext_funcs if not iscoroutinefunction(f)]
    with app.app_context():
        database.prepare(db.engine)
    try:
        limiter.init_app(app)
    except ConfigurationError as error:
        raise ConfigError(f"RATELIMIT_STORAGE_URI cannot be used: {error}") from error
    # The two views that are limited check it themselves; to ask before every request costs a tenth of a results page.
    app.before_request_funcs[None] = [
        f for f in app.before_request_funcs.get(None, []) if f != limiter._check_request_limit
    ]
    babel.init_app(app, locale_selector=language.current_language)
