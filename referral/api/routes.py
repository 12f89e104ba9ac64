"""Addresses of the JSON twin."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from referral import catalog
from referral.api import openapi, question, strict_json, words
from referral.api.answer import answer, provider_ids
from referral.errors import problem
from referral.extensions import db, limit_searches
from referral.language import current_language
from referral.matching import search
from referral.models.provider import listings_by_id
from referral.places.gazetteer import lookup
from referral.places.results import Result

api = Blueprint("api", __name__, url_prefix="/api/v1")

KEPT_SECONDS = 3600
"""How long a description may be kept without asking again."""


@api.post("/match")
@limit_searches
def match() -> Response:
    if request.mimetype != "application/json":
        return problem(415)
    asked = question.read(strict_json.parse(request.get_data(cache=False)), _find_place)
    results = search(catalog.current(), asked.query, page=asked.page, per_page=asked.per_page)
    with db.engine.connect() as connection:
        listings = listings_by_id(connection, provider_ids(results))
    return _in_words(jsonify(answer(asked, results, listings)))


def _find_place(text: str) -> Result:
    with db.engine.connect() as connection:
        return lookup(connection, text)


@api.get("/vocabulary")
def vocabulary() -> Response:
    return _kept(_in_words(jsonify(words.document())))


@api.get("/openapi.json")
def description() -> Response:
    return _kept(jsonify(openapi.document()))


def _in_words(response: Response) -> Response:
    """Labels are in the language of the request."""
    response.content_language.add(current_language())
    return response


def _kept(response: Response) -> Response:
    """For documents that change only with a new release."""
    response.cache_control.public = True
    response.cache_control.max_age = KEPT_SECONDS
    response.add_etag()
    response.make_conditional(request)
    return response


@api.errorhandler(strict_json.JsonError)
def not_json(error: strict_json.JsonError) -> Response:
    return problem(400, errors=[{"field": "", "detail": str(error)}])


@api.errorhandler(question.BodyError)
def not_a_question(error: question.BodyError) -> Response:
    return problem(400, errors=error.faults.listed())
