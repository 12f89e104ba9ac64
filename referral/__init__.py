"""Onward: a directory of treatment programs and a matcher. `create_app` puts its parts together."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Config
from referral import access_log, catalog, cli, database, language, security
from referral.access_log import Onward
from referral.extensions import babel, db, limiter
from referral.sealing import Seal

MAX_BODY_BYTES = 64 * 1024
"""The largest body of a public request: forms and API questions are small."""


def create_app(config: Config) -> Flask:
    """An application with these settings. Does not touch the database."""
    app = Onward(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(ROOT / "instance"),
    )
    app.config.update(
        ONWARD=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_ENGINES={"default": database.engine_options(config.database_url)},
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=300,
        TRUSTED_HOSTS=list(config.trusted_hosts) or None,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        RATELIMIT_STORAGE_URI=config.ratelimit_storage_uri,
        RATELIMIT_ENABLED=config.ratelimit_enabled,
    )
    db.init_app(app)
    with app.app_context():
        database.prepare(db.engine)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=language.current_language)
    language.init_app(app)
    access_log.init_app(app)
    security.init_app(app)
    catalog.init_app(app)
    app.extensions["seal"] = Seal(config.secret_key, config.results_ttl_days)
    cli.register(app)
    if config.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.proxy_hops, x_proto=config.proxy_hops, x_host=config.proxy_hops
        )
    return app
