"""The application for a WSGI server (`gunicorn wsgi:app`) and for the `flask` command."""

import sys

from config import Config, ConfigError
from referral import create_app

try:
    app = create_app(Config.from_env())
except ConfigError as error:
    sys.exit(f"Onward does not start: {error}")
