"""From Results to the JSON answer of POST /api/v1/match."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from referral.api.question import Question
from referral.matching import Match, Origin, Results
from referral.matching.results import Plan, PlanStop
from referral.pages.warnings import warnings_for
from referral.phrases import reason_label

Listings = dict[int, Any]
"""Rows of LISTING_COLUMNS by provider id."""


def provider_ids(results: Results) -> list[int]:
    """The ids of all providers that the answer names."""
    matches = [*results.matches, *(match for group in results.unlocated for match in group.matches)]
    ids = [match.provider_id for match in matches]
    if results.plan is not None:
        stops = [*results.plan.together, *(stop for step in results.plan.steps for stop in step.stops)]
        ids += [stop.provider_id for stop in stops]
    return list(dict.fromkeys(ids))


def answer(question: Question, results: Results, listings: Listings) -> dict[str, Any]:
    """The whole answer. A provider that has just gone from the directory, and so from `listings`, is left out."""
    query, totals = question.query, results.totals
    return {
        "origin": _origin(query.origin),
        "warnings": _warnings(question),
        "radius_miles": query.radius_miles,
        "order": query.order,
        "totals": {
            "meets_all": totals.meets_all,
            "may_meet_all": totals.may_meet_all,
            "meets_some": totals.meets_some,
        },
        "page": results.page,
        "per_page": results.per_page,
        "pages": results.n_pages,
        "matches": [
            {"provider": provider, "distance_miles": match.distance_miles, **_why(match)}
            for match, provider in _with_provider(results.matches, listings)
        ],
        "unlocated": [
            {"provider": provider, "whereabouts": group.whereabouts.name.lower(), **_why(match)}
            for group in results.unlocated
            for match, provider in _with_provider(group.matches, listings)
        ],
        "unlocated_totals": [
            {
                "whereabouts": group.whereabouts.name.lower(),
                "matches": group.n_matches,
                "same_state": group.n_same_state,
            }
            for group in results.unlocated
        ],
        "relaxations": [{"drop": item.group, "matches": item.n_matches} for item in results.relaxations],
        "wider": [{"radius_miles": item.radius_miles, "matches": item.n_matches} for item in results.wider],
        "alternatives": [{"need": item.need, "matches": item.n_matches} for item in results.alternatives],
        "nearest_miles": results.nearest_miles,
        "plan": None if results.plan is None else _plan(results.plan, listings),
    }


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "label": origin.label,
        "latitude": origin.latitude,
        "longitude": origin.longitude,
        "precision": origin.precision,
    }


def _warnings(question: Question) -> list[dict[str, str]]:
    """What a person must read before they call; whoever shows the matches shows these above them."""
    facts = (code for item in question.query.requirements for code in item.facts)
    return [words._asdict() for words in warnings_for(question.query.needs, facts, question.concerns)]


def _with_provider(matches: Iterable[Match], listings: Listings) -> Iterable[tuple[Match, dict[str, Any]]]:
    return ((match, _provider(listings[match.provider_id])) for match in matches if match.provider_id in listings)


def _why(match: Match) -> dict[str, Any]:
    return {
        "tier": match.tier,
        "programs": [
            {
                "id": program.id,
                "level": program.level,
                "answers": program.answers,
                "verdict": program.verdict.code,
            }
            for program in match.programs
        ],
        "reasons": [
            {"item": reason.item, "verdict": reason.verdict.code, "label": reason_label(reason)}
            for reason in match.reasons
        ],
        "limits": match.limits,
    }


def _provider(row: Any) -> dict[str, Any]:
    # The address of a confidential place is told by phone only, and telehealth has none to go to.
    is_shown = row.address_kind == "street"
    return {
        "id": row.id,
        "name": row.name,
        "organization": row.organization,
        "address_kind": row.address_kind,
        "street": row.street if is_shown else "",
        "unit": row.unit if is_shown else "",
        "city": row.city,
        "state": row.state,
        "postal_code": row.postal_code if is_shown else "",
        "phone": row.phone,
        "phone_extension": row.phone_extension,
        "website": row.website,
        "latitude": row.latitude if is_shown else None,
        "longitude": row.longitude if is_shown else None,
        "precision": row.precision if is_shown else None,
        "source": row.source,
        "is_reported": row.is_reported,
        "confirmed_on": row.confirmed_on.isoformat() if row.confirmed_on else None,
    }


def _plan(plan: Plan, listings: Listings) -> dict[str, Any]:
    return {
        "together": _stops(plan.together, listings),
        "steps": [
            {
                "need": step.need,
                "is_beyond_radius": step.is_beyond_radius,
                "stops": _stops(step.stops, listings),
            }
            for step in plan.steps
        ],
        "legs_miles": plan.legs_miles,
    }


def _stops(stops: Iterable[PlanStop], listings: Listings) -> list[dict[str, Any]]:
    return [
        {
            "provider": _provider(listings[stop.provider_id]),
            "verdict": stop.verdict.code,
            "distance_miles": stop.distance_miles,
        }
        for stop in stops
        if stop.provider_id in listings
    ]
