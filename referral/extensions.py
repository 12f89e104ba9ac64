"""The Flask extensions, made once and bound to an application by create_app."""

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy_lite import SQLAlchemy

db = SQLAlchemy()
babel = Babel()
limiter = Limiter(get_remote_address)
