"""The API described as OpenAPI 3.1, derived from the vocabulary, so that the description cannot fall behind."""

from __future__ import annotations

from typing import Any

from referral.api.question import DEFAULT_PER_PAGE, MAX_PAGE, MAX_PER_PAGE, MAX_RADIUS_MILES
from referral.matching import DEFAULT_RADIUS_MILES, Order, Precision, Tier
from referral.pages.warnings import WarningWords
from referral.vocabulary import ASKS, CONCERNS, FACTS, FACTS_BY_FAMILY, GROUPS, LEVELS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MILES: Schema = {"type": "number", "minimum": 0}
LATITUDE: Schema = {"type": "number", "minimum": -90, "maximum": 90}
LONGITUDE: Schema = {"type": "number", "minimum": -180, "maximum": 180}
VERDICT: Schema = {"enum": ["yes", "ask", "no"]}
NEED: Schema = {"enum": list(ASKS)}


def document() -> Schema:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Onward",
            "version": "1",
            "description": "Programs that fit what a person needs, near a place. Nothing that is asked is stored.",
        },
        "paths": {
            "/api/v1/match": {"post": _match()},
            "/api/v1/vocabulary": {"get": _get("Every word of questions and answers, with labels.", "Vocabulary")},
        },
        "components": {
            "schemas": {
                "Question": _question(),
                "Answer": _answer(),
                "Match": _match_entry({"distance_miles": MILES}),
                "UnlocatedMatch": _match_entry(
                    {"whereabouts": {"enum": ["no_map_point", "confidential", "telehealth"]}}
                ),
                "Provider": _provider(),
                "Plan": _plan(),
                "Vocabulary": _vocabulary(),
                "Problem": _problem(),
            }
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(properties: Schema, **more: Any) -> Schema:
    """An object that has exactly these members."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    } | more


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items} | more


def _problem_answers(*statuses: int) -> Schema:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {str(status): {"description": "A problem (RFC 9457)", "content": content} for status in statuses}


def _json(description: str, name: str) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": _ref(name)}}}


def _get(summary: str, name: str) -> Schema:
    return {"summary": summary, "responses": {"200": _json(summary, name)}}


def _match() -> Schema:
    return {
        "summary": "The programs that answer a question, best or nearest first.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Question")}}},
        "responses": {"200": _json("One page of matches", "Answer"), **_problem_answers(400, 413, 415, 429, 503)},
    }


def _question() -> Schema:
    point = _object({"latitude": LATITUDE, "longitude": LONGITUDE})
    facts = {group: _list({"enum": [f.code for f in FACTS_BY_FAMILY[group]]}) for group in GROUPS}
    return _object(
        {
            "near": {"anyOf": [TEXT | {"description": "ZIP code, city and state, or county and state"}, point]},
            "needs": _list(NEED, uniqueItems=True, default=[]),
            "require": {
                "type": "object",
                "properties": {
                    group: schema | {"minItems": 1, "uniqueItems": True} for group, schema in facts.items()
                },
                "additionalProperties": False,
                "default": {},
            },
            "concerns": _list({"enum": list(CONCERNS)}, uniqueItems=True, default=[]),
            "radius_miles": {
                "type": ["number", "null"],
                "exclusiveMinimum": 0,
                "maximum": MAX_RADIUS_MILES,
                "default": DEFAULT_RADIUS_MILES,
                "description": "null: any distance",
            },
            "order": {"enum": list(Order), "default": "best"},
            "page": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1},
            "per_page": {"type": "integer", "minimum": 1, "maximum": MAX_PER_PAGE, "default": DEFAULT_PER_PAGE},
        },
        required=["near"],
    )


def _answer() -> Schema:
    origin = {"label": TEXT, "latitude": LATITUDE, "longitude": LONGITUDE, "precision": {"enum": list(Precision)}}
    unlocated_total = {"whereabouts": TEXT, "matches": COUNT, "same_state": COUNT}
    return _object(
        {
            "origin": _object(origin),
            "warnings": _list(_object(dict.fromkeys(WarningWords._fields, TEXT))),
            "radius_miles": _or_null(MILES),
            "order": {"enum": list(Order)},
            "totals": _object(dict.fromkeys(Tier, COUNT)),
            "page": COUNT,
            "per_page": COUNT,
            "pages": COUNT,
            "matches": _list(_ref("Match")),
            "unlocated": _list(_ref("UnlocatedMatch")),
            "unlocated_totals": _list(_object(unlocated_total)),
            "relaxations": _list(_object({"drop": {"enum": list(GROUPS)}, "matches": COUNT})),
            "wider": _list(_object({"radius_miles": _or_null(MILES), "matches": COUNT})),
            "alternatives": _list(_object({"need": NEED, "matches": COUNT})),
            "nearest_miles": _or_null(MILES),
            "plan": _or_null(_ref("Plan")),
        }
    )


def _match_entry(own: Schema) -> Schema:
    program = {"id": COUNT, "level": {"enum": list(LEVELS)}, "answers": _list(NEED), "verdict": VERDICT}
    reason = {"item": {"enum": [*ASKS, *GROUPS]}, "verdict": VERDICT, "label": TEXT}
    return _object(
        {"provider": _ref("Provider")}
        | own
        | {"tier": {"enum": list(Tier)}, "programs": _list(_object(program)), "reasons": _list(_object(reason))}
        | {"limits": _list({"enum": [fact.code for fact in FACTS_BY_FAMILY["limits"]]})}
    )


def _provider() -> Schema:
    address = ["street", "unit", "city", "state", "postal_code"]
    texts = ["name", "organization", *address, "phone", "phone_extension", "website", "source"]
    return _object(
        {
            "id": COUNT,
            "address_kind": {"enum": ["street", "confidential", "telehealth"]},
            **dict.fromkeys(texts, TEXT),
            "latitude": _or_null(LATITUDE),
            "longitude": _or_null(LONGITUDE),
            "precision": {"enum": ["exact", "zip", "city", None]},
            "is_reported": {"type": "boolean"},
            "confirmed_on": _or_null(TEXT | {"format": "date"}),
        }
    )


def _plan() -> Schema:
    stops = _list(_object({"provider": _ref("Provider"), "verdict": VERDICT, "distance_miles": MILES}))
    step = {"need": NEED, "is_beyond_radius": {"type": "boolean"}, "stops": stops}
    return _object({"together": stops, "steps": _list(_object(step)), "legs_miles": _list(_or_null(MILES))})


def _vocabulary() -> Schema:
    words = {"code": TEXT, "label": TEXT}
    explained = words | {"explanation": TEXT}
    return _object(
        {
            "language": TEXT,
            "needs": _list(_object(explained)),
            "alternatives": _list(_object(explained)),
            "levels": _list(_object(explained | {"counterpart": TEXT})),
            "families": _list(_object(words | {"is_group": {"type": "boolean"}})),
            "facts": _list(_object(explained | {"code": {"enum": list(FACTS)}, "family": TEXT})),
            "concerns": _list(_object(explained)),
        }
    )


def _problem() -> Schema:
    fault = _object({"field": TEXT, "detail": TEXT, "choices": _list(TEXT)}, required=["field", "detail"])
    members = {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT, "errors": _list(fault)}
    return _object(members, required=["type", "title", "status", "detail"])
