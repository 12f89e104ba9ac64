"""The blueprint that the routes of this part stand on."""

from flask import Blueprint

history = Blueprint("history", __name__)
