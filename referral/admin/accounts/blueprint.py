"""The blueprint that the routes of this part stand on."""

from flask import Blueprint

accounts = Blueprint("accounts", __name__)
