"""The blueprint that the routes of this part stand on."""

from flask import Blueprint

duplicates = Blueprint("duplicates", __name__)
