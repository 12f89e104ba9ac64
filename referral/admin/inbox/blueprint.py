"""The blueprint that the routes of this part stand on."""

from flask import Blueprint

inbox = Blueprint("inbox", __name__)
