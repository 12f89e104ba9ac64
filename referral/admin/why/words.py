"""The verdict of each rule in words."""

from __future__ import annotations

from typing import NamedTuple

from referral.matching import Query, Tier, Whereabouts
from referral.matching.why import FactSaid, NeedVerdict, PartVerdict, ProgramVerdicts
from referral.pages.text import _
from referral.phrases import fact_label, family_label, level_label, need_label
from referral.vocabulary import ASKS, FAMILIES, Verdict
from referral.vocabulary.words import N_


class Line(NamedTuple):
    """One rule, its verdict and what that stands on."""

    rule: str
    verdict: str
    mood: str
    """Class of the badge."""
    detail: str


VERDICT_WORDS = {Verdict.YES: N_("Yes"), Verdict.ASK: N_("Ask"), Verdict.NO: N_("No")}
MOODS = {Verdict.YES: "good", Verdict.ASK: "ask", Verdict.NO: "bad"}
TIER_WORDS = {
    Tier.MEETS_ALL: N_("Has everything"),
    Tier.MAY_MEET_ALL: N_("May have it all"),
    Tier.MEETS_SOME: N_("Has part of it"),
}
APART_WORDS = {
    Whereabouts.NO_MAP_POINT: N_("It has no map point."),
    Whereabouts.CONFIDENTIAL: N_("Its address is confidential."),
    Whereabouts.TELEHEALTH: N_("It treats by telehealth only."),
}


def line(rule: str, verdict: Verdict, detail: str = "") -> Line:
    return Line(rule, _(VERDICT_WORDS[verdict]), MOODS[verdict], detail)


def item_label(item: str) -> str:
    """A fact need or a requirement group."""
    return family_label(item) if item in FAMILIES else need_label(item)


def need_line(need: NeedVerdict, program: ProgramVerdicts) -> Line:
    """What level and stay say."""
    return line(need_label(need.need), need.by_level, _stay_detail(need, program) or level_detail(need, program))


def level_detail(need: NeedVerdict, program: ProgramVerdicts) -> str:
    level = level_label(program.level)
    if need.by_level is Verdict.NO:
        return _("%(level)s is another kind of care.", level=level)
    return _("%(level)s is this kind of care.", level=level)


def _stay_detail(need: NeedVerdict, program: ProgramVerdicts) -> str:
    """Where the longest stay decides."""
    if not need.is_by_stay:
        return ""
    asked, days = ASKS[need.need], program.max_stay_days
    if days is None:
        return _("No longest stay is listed.")
    if asked.min_stay_days is not None:
        return _("The longest stay is %(days)s days; %(asked)s are asked for.", days=days, asked=asked.min_stay_days)
    return _("The longest stay is %(days)s days; at most %(asked)s count.", days=days, asked=asked.max_stay_days)


def part_line(part: PartVerdict) -> Line:
    """What the wanted facts say, of which one is enough."""
    said = "; ".join(map(fact_words, part.facts))
    if part.refused_by:
        said = _("%(said)s. The no to %(fact)s decides.", said=said, fact=fact_label(part.refused_by))
    return line(item_label(part.item), part.verdict, said)


def fact_words(fact: FactSaid) -> str:
    label = fact_label(fact.code)
    if fact.answer is None:
        return _("%(fact)s: not known", fact=label)
    if fact.is_own:
        return (_("%(fact)s: yes (this program)") if fact.answer else _("%(fact)s: no (this program)")) % {
            "fact": label
        }
    return (_("%(fact)s: yes") if fact.answer else _("%(fact)s: no")) % {"fact": label}


def all_together(program: ProgramVerdicts, query: Query) -> list[Line]:
    """The worst of its parts, for each need, or for what was asked where no need names a level."""
    if program.needs:
        return [line(_("%(need)s, all together", need=need_label(need.need)), need.verdict) for need in program.needs]
    return [line(_("All together"), program.verdict)]
