"""The vocabulary as a JSON document, in the language of the request."""

from __future__ import annotations

from typing import Any

from referral.language import current_language
from referral.phrases import _
from referral.vocabulary import ALTERNATIVES, CONCERNS, FACTS, FAMILIES, LEVELS, NEEDS, Need


def _need(need: Need) -> dict[str, Any]:
    return {"code": need.code, "label": _(need.label), "explanation": _(need.explanation)}


def document() -> dict[str, Any]:
    """Needs, alternatives, levels, families, facts and concerns with their words.

    A family that is a group can be required.
    """
    return {
        "language": current_language(),
        "needs": [_need(need) for need in NEEDS.values()],
        "alternatives": [_need(need) for need in ALTERNATIVES.values()],
        "levels": [
            {
                "code": level.code,
                "label": _(level.label),
                "explanation": _(level.explanation),
                "counterpart": level.counterpart,
            }
            for level in LEVELS.values()
        ],
        "families": [
            {"code": family.code, "label": _(family.label), "is_group": family.is_group}
            for family in FAMILIES.values()
        ],
        "facts": [
            {
                "code": fact.code,
                "family": fact.family,
                "label": _(fact.label),
                "explanation": _(fact.explanation) if fact.explanation else "",
            }
            for fact in FACTS.values()
        ],
        "concerns": [
            {"code": concern.code, "label": _(concern.label), "explanation": _(concern.explanation)}
            for concern in CONCERNS.values()
        ],
    }
