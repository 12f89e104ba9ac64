"""The matching contract once more, as a plain loop over plain values, with geopy's geodesic.

Written from the contract alone: it shares no code and no table with the matcher, only the shapes of its input.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from geopy.distance import geodesic

from referral.matching import ProgramEntry, ProviderEntry, Query, Whereabouts

NO, ASK, YES = 0, 1, 2
DETOX = ("detox_hospital", "detox_residential", "detox_outpatient", "detox")
OUTPATIENT = ("outpatient", "intensive_outpatient", "partial_hospitalization")
NEVER_RELAXED = ("medication", "age", "gender")


@dataclass
class PlainResult:
    order: list[int]
    tiers: dict[int, str]
    miles: dict[int, float]
    totals: dict[str, int]
    unlocated: dict[Whereabouts, list[int]]
    relaxations: dict[str, int]
    wider: dict[float | None, int]
    nearest_miles: float | None
    nearest_id: int | None
    alternatives: dict[str, int] = field(default_factory=dict)
    reasons: dict[int, dict[str, int]] = field(default_factory=dict)


def need_verdict(need: str, program: ProgramEntry) -> int:
    level, stay = program.level, program.max_stay_days
    if need == "detox":
        return YES if level in DETOX else NO
    if need == "outpatient":
        return YES if level in OUTPATIENT else NO
    if need == "sober_living":
        return YES if level == "recovery_residence" else NO
    if need == "residential_90":
        if level not in ("residential_long", "residential"):
            return NO
        if stay is None:
            return ASK
        return YES if stay >= 90 else NO
    if need == "hospital":
        return YES if level == "hospital_inpatient" else NO
    if need == "residential_shorter":
        if level == "residential_short":
            return YES
        return YES if level in ("residential_long", "residential") and stay is not None and stay < 90 else NO
    raise AssertionError(need)


def known(provider: ProviderEntry, program: ProgramEntry, fact: str) -> bool | None:
    own = (program.facts or {}).get(fact)
    return provider.facts.get(fact) if own is None else own


def group_verdict(provider: ProviderEntry, program: ProgramEntry, facts: tuple[str, ...]) -> int:
    answers = [known(provider, program, fact) for fact in facts]
    # Safety rule 5: a program known to refuse methadone and buprenorphine is no answer to somebody who takes them.
    if "accepts_on_medication" in facts and known(provider, program, "accepts_on_medication") is False:
        gives = [known(provider, program, medicine) for medicine in ("methadone", "buprenorphine")]
        if True not in gives:
            return NO
    if any(answer is True for answer in answers):
        return YES
    if any(answer is None for answer in answers):
        return ASK
    return NO


def step_verdicts(provider: ProviderEntry, query: Query, without: str = "") -> dict[str, int]:
    """The best verdict among the provider's programs for each need that names a level, or for the one thing asked."""
    levels = [need for need in query.needs if need != "dual_diagnosis"]
    best: dict[str, int] = {}
    for step in levels or ["anything"]:
        verdicts = [NO]
        for program in provider.programs:
            parts = [need_verdict(step, program) if step != "anything" else YES]
            if "dual_diagnosis" in query.needs:
                parts.append(group_verdict(provider, program, ("co_occurring",)))
            parts.extend(
                group_verdict(provider, program, requirement.facts)
                for requirement in query.requirements
                if requirement.group != without
            )
            verdicts.append(min(parts))
        best[step] = max(verdicts)
    return best


def tier_of(best: dict[str, int]) -> str | None:
    if all(verdict == YES for verdict in best.values()):
        return "meets_all"
    if all(verdict >= ASK for verdict in best.values()):
        return "may_meet_all"
    return "meets_some" if any(verdict >= ASK for verdict in best.values()) else None


def answer(providers: list[ProviderEntry], query: Query) -> PlainResult:
    """Everything that the contract says about a result, in full (no pages)."""
    origin = (query.origin.latitude, query.origin.longitude)
    miles = {
        p.id: geodesic(origin, (p.latitude, p.longitude)).miles
        for p in providers
        if p.whereabouts == Whereabouts.LOCATED
    }
    best = {p.id: step_verdicts(p, query) for p in providers}
    tiers = {p.id: tier for p in providers if (tier := tier_of(best[p.id])) is not None}
    within = [p for p in providers if p.id in miles and _is_within(miles[p.id], query.radius_miles)]
    matched = [p for p in within if p.id in tiers]
    totals = {name: sum(tiers[p.id] == name for p in matched) for name in ("meets_all", "may_meet_all", "meets_some")}
    fitting = [p for p in providers if p.id in miles and tiers.get(p.id) in ("meets_all", "may_meet_all")]
    nearest = min(fitting, key=lambda p: (miles[p.id], p.name, p.id), default=None)
    result = PlainResult(
        order=[p.id for p in sorted(matched, key=lambda p: _place_in_order(p, query, tiers, best, miles))],
        tiers={p.id: tiers[p.id] for p in matched},
        miles={p.id: miles[p.id] for p in matched},
        totals=totals,
        unlocated=_unlocated(providers, query, tiers),
        relaxations={},
        wider={},
        nearest_miles=miles[nearest.id] if nearest else None,
        nearest_id=nearest.id if nearest else None,
    )
    if "residential_90" in query.needs:
        for need in ("residential_shorter", "hospital"):
            alone = Query(
                query.origin,
                (need, *(("dual_diagnosis",) if "dual_diagnosis" in query.needs else ())),
                query.requirements,
            )
            result.alternatives[need] = sum(max(step_verdicts(p, alone).values()) >= ASK for p in within)
    if totals["meets_all"] + totals["may_meet_all"] < 5:
        _no_dead_end(providers, query, within, miles, result)
    elif query.radius_miles is not None and result.nearest_miles is not None:
        assert result.nearest_miles <= query.radius_miles + 0.01
    return result


def _is_within(miles: float, radius: float | None) -> bool:
    return radius is None or miles <= radius


def _place_in_order(
    provider: ProviderEntry,
    query: Query,
    tiers: dict[int, str],
    best: dict[int, dict[str, int]],
    miles: dict[int, float],
) -> tuple[Any, ...]:
    tail = (miles[provider.id], provider.name, provider.id)
    if query.order == "distance":
        return tail
    tier = ("meets_all", "may_meet_all", "meets_some").index(tiers[provider.id])
    n_answered = sum(verdict >= ASK for verdict in best[provider.id].values())
    return (tier, -n_answered if tier == 2 else 0, *tail)


def _unlocated(providers: list[ProviderEntry], query: Query, tiers: dict[int, str]) -> dict[Whereabouts, list[int]]:
    groups: dict[Whereabouts, list[ProviderEntry]] = {}
    for provider in providers:
        if provider.whereabouts != Whereabouts.LOCATED and provider.id in tiers:
            groups.setdefault(provider.whereabouts, []).append(provider)
    names = ("meets_all", "may_meet_all", "meets_some")
    return {
        kind: [
            p.id
            for p in sorted(
                group, key=lambda p: (p.state != query.origin.state, names.index(tiers[p.id]), p.name, p.id)
            )
        ]
        for kind, group in groups.items()
    }


def _no_dead_end(
    providers: list[ProviderEntry],
    query: Query,
    within: list[ProviderEntry],
    miles: dict[int, float],
    result: PlainResult,
) -> None:
    fitting = ("meets_all", "may_meet_all")
    for requirement in query.requirements:
        if requirement.group in NEVER_RELAXED or "pregnant_postpartum" in requirement.facts:
            continue
        result.relaxations[requirement.group] = sum(
            tier_of(step_verdicts(p, query, requirement.group)) in fitting for p in within
        )
    if query.radius_miles is None:
        return
    for radius in (5.0, 10.0, 25.0, 50.0, 100.0, None):
        if radius is None or radius > query.radius_miles:
            result.wider[radius] = sum(
                p.id in miles and _is_within(miles[p.id], radius) and tier_of(step_verdicts(p, query)) in fitting
                for p in providers
            )
