"""The blueprint that the routes of this part stand on."""

from flask import Blueprint

confirming = Blueprint("confirming", __name__)
