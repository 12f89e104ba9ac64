"""The production server. `gunicorn wsgi:app` in this folder reads these settings by itself."""

import gc
import logging.config
import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

chdir = str(Path(__file__).resolve().parent)
sys.path.insert(0, chdir)

PORT = os.environ.get("PORT", "8000")
if not (PORT.isascii() and PORT.isdigit() and 0 < int(PORT[:6]) < 65536):
    sys.exit(f"Onward does not start: PORT must be a number from 1 to 65535, not {PORT!r}.")

wsgi_app = "wsgi:app"
bind = f"127.0.0.1:{PORT}"
workers = 2
# Threads: a browser that opens a connection ahead of use, or a slow phone, must not hold a whole worker.
worker_class = "referral.serving.Worker"
threads = 4
timeout = 30
graceful_timeout = 20
keepalive = 5
limit_request_line = 4094
limit_request_fields = 60
# No header of a client may move the site to another address.
forwarder_headers = ""
control_socket_disable = True

# The application writes the only access log; what gunicorn says about a request never quotes it.
accesslog = None
loglevel = "warning"
logger_class = "referral.serving.Logger"

# PostgreSQL gives up a statement after ten seconds, so that a person gets an answer and not a hanging page.
raw_env = [f"PGOPTIONS={os.environ.get('PGOPTIONS', '-c statement_timeout=10000')}"]

logging.config.dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "own": {"format": "%(asctime)s %(message)s"},
            # Messages of libraries may quote what a person sent.
            "wordless": {"()": "referral.access_log.Wordless"},
        },
        "handlers": {
            "out": {"class": "logging.StreamHandler", "formatter": "own", "stream": "ext://sys.stdout"},
            "err": {"class": "logging.StreamHandler", "formatter": "own", "stream": "ext://sys.stderr"},
            "wordless": {"class": "logging.StreamHandler", "formatter": "wordless", "stream": "ext://sys.stderr"},
        },
        "loggers": {
            "onward.access": {"handlers": ["out"], "level": "INFO", "propagate": False},
            "onward.error": {"handlers": ["err"], "level": "INFO", "propagate": False},
        },
        "root": {"handlers": ["wordless"], "level": "WARNING"},
    }
)


def on_starting(_server: Any) -> None:
    """Wrong settings stop the start once, with one message, before there are workers."""
    from config import Config, ConfigError
    from referral import create_app
    from referral.cli.schema import is_set_up

    try:
        app = create_app(Config.from_env())
    except ConfigError as error:
        sys.exit(f"Onward does not start: {error}")
    with app.app_context():
        if not is_set_up():
            sys.exit("Onward does not start: the database is not up to date. Run `flask setup` first.")


def when_ready(server: Any) -> None:
    print(f"Onward is at {server.LISTENERS[0]}", flush=True)


def post_worker_init(worker: Any) -> None:
    """Read what a worker keeps before the first person waits for it. Without a database it still answers."""
    from referral.serving import read_ahead

    with worker.wsgi.app_context():
        try:
            read_ahead()
            # What stands from now on need not be looked through again: a full collection took a tenth of a second.
            gc.collect()
            gc.freeze()
        except SQLAlchemyError:
            worker.wsgi.log_exception(sys.exc_info())
