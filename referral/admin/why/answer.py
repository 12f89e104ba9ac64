"""Why a listing is shown where it is, or is not shown: put together for the page."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from babel.dates import format_date
from sqlalchemy.orm import Session

from referral.admin.shared.addresses import edit_url, listing_url
from referral.admin.why.placing import Standing, standing_of
from referral.admin.why.words import (
    APART_WORDS,
    TIER_WORDS,
    Line,
    all_together,
    item_label,
    line,
    need_line,
    part_line,
)
from referral.catalog import entry_of
from referral.history.fields import PRECISION_LABELS, STATUS_LABELS
from referral.language import current_language
from referral.matching import (
    MatchIndex,
    OneAnswer,
    ProgramEntry,
    ProviderEntry,
    Query,
    Tier,
    Whereabouts,
    match_of,
)
from referral.matching.why import Rules, rules_of
from referral.models import Merge, Provider
from referral.pages.asked import AskedWords, asked_words
from referral.pages.text import _, ngettext
from referral.pages.wording import distance_text, radius_text
from referral.phrases import fact_label, level_label, need_label
from referral.vocabulary import ASKS, Verdict


@dataclass(frozen=True, slots=True)
class ProgramLines:
    id: int
    level: str
    lines: list[Line]
    """Empty where the program is not published: then nothing is asked of it."""
    state: str
    """Why it is not published."""


@dataclass(frozen=True, slots=True)
class WhyAnswer:
    name: str
    url: str
    edit_url: str
    asked: AskedWords
    headline: str
    mood: str
    reasons: list[str]
    """Not shown: what says no. The first is the first rule that does."""
    listed: list[Line]
    programs: list[ProgramLines]
    together: list[Line]
    standing: Standing
    raises: list[str]
    """What would bring it up, or on the list."""


def why_answer(session: Session, index: MatchIndex, provider: Provider, query: Query) -> WhyAnswer:
    published = [program for program in provider.programs if program.status == "active"]
    entry = entry_of(
        provider, tuple(ProgramEntry(one.id, one.level, one.max_stay_days, one.facts) for one in published)
    )
    rules = rules_of(entry, query)
    answer = match_of(MatchIndex.build([entry]), query, provider.id)
    assert answer is not None
    listed = _listed(session, provider, n_published=len(published))
    noes = [one.detail for one in listed if one.mood == "bad"]
    noes += _noes(answer, rules, query) if published else []
    standing = standing_of(index, query, provider.id, entry.whereabouts)
    return WhyAnswer(
        name=provider.name,
        url=listing_url(provider.id),
        edit_url=edit_url(provider.id),
        asked=asked_words(query),
        headline=_headline(standing, noes),
        mood="bad" if noes else "good",
        reasons=noes,
        listed=listed,
        programs=_programs(provider, rules, query),
        together=_together(rules, query, entry, provider.precision),
        standing=standing,
        raises=_raises(answer, rules, standing, is_without_point=entry.whereabouts is Whereabouts.NO_MAP_POINT),
    )


def _headline(standing: Standing, noes: list[str]) -> str:
    if noes:
        return _("Not shown. %(reason)s", reason=noes[0])
    if not standing.lines:
        return _("It should be shown, but the search does not have it yet. Ask again in a moment.")
    return _("Shown. %(place)s", place=standing.lines[0].place)


def _listed(session: Session, provider: Provider, *, n_published: int) -> list[Line]:
    """What must hold before anything is asked."""
    is_open = provider.status == "active" or not (provider.is_closed_for_now or provider.status == "inactive")
    status = _(STATUS_LABELS[provider.status])
    if provider.closed_until and provider.status == "temporarily_closed":
        day = format_date(provider.closed_until, format="long", locale=current_language())
        status = _("%(status)s, until %(day)s", status=status, day=day)
    if not is_open and (winner := _merged_into(session, provider.id)):
        status = _("It was merged into “%(name)s”.", name=winner)
    n_off = len(provider.programs) - n_published
    programs = ngettext("%(n)s open program", "%(n)s open programs", n_published)
    if n_off:
        programs += ", " + ngettext("%(n)s not open", "%(n)s not open", n_off)
    return [
        line(_("The listing is open"), Verdict.YES if is_open else Verdict.NO, status),
        line(_("It has an open program"), Verdict.YES if n_published else Verdict.NO, programs),
    ]


def _merged_into(session: Session, provider_id: int) -> str | None:
    select = (
        sa.select(Provider.name)
        .join(Merge, Merge.winner_id == Provider.id)
        .where(Merge.loser_id == provider_id, Merge.undone_at.is_(None))
    )
    return session.execute(select).scalars().first()


def _noes(answer: OneAnswer, rules: Rules, query: Query) -> list[str]:
    """Why it is no match: in the order of the rules, of the program that comes nearest; then the distance."""
    noes = []
    if rules.tier is None:
        for reason in answer.reasons_of(Verdict.NO):
            if reason.item in ASKS and ASKS[reason.item].fact is None:
                noes.append(_no_level(reason.item, reason.level))
            else:
                facts = ", ".join(map(fact_label, reason.facts))
                noes.append(
                    _("%(group)s: the listing says no to %(facts)s.", group=item_label(reason.item), facts=facts)
                )
    if not rules.is_within_radius and rules.distance_miles is not None:
        distance = _distance_text(rules.distance_miles, query, is_about=answer.is_approximate)
        asked = radius_text(query.radius_miles)
        noes.append(_("It is %(distance)s away; the search was %(radius)s.", distance=distance, radius=asked))
    return noes


def _distance_text(miles: float, query: Query, *, is_about: bool) -> str:
    """As seekers read it, but told finer where a tenth of a mile hides on which side of the radius it is."""
    if query.radius_miles is not None and abs(miles - query.radius_miles) < 0.1:
        return _("%(n)s miles", n=f"{miles:,.4f}")
    return distance_text(miles, query.origin.precision, is_approximate=is_about)


def _no_level(need: str, level: str) -> str:
    if level:
        return _("%(need)s: the longest stay that is listed does not fit.", need=need_label(need))
    return _("%(need)s: no open program is this kind of care.", need=need_label(need))


def _programs(provider: Provider, rules: Rules, query: Query) -> list[ProgramLines]:
    by_id = {program.id: program for program in rules.programs}
    found = []
    for program in provider.programs:
        verdicts = by_id.get(program.id)
        lines = []
        if verdicts is not None:
            lines = [need_line(need, verdicts) for need in verdicts.needs]
            lines += [part_line(part) for part in verdicts.parts]
            if len(lines) != 1:
                lines += all_together(verdicts, query)
        state = "" if verdicts is not None else _(STATUS_LABELS[program.status])
        name = ": ".join(filter(None, (level_label(program.level), program.name)))
        found.append(ProgramLines(program.id, name, lines, state))
    return found


def _point_line(entry: ProviderEntry, precision: str | None) -> Line:
    if entry.whereabouts in APART_WORDS:
        return line(_("Map point"), Verdict.ASK, _(APART_WORDS[entry.whereabouts]))
    return line(_("Map point"), Verdict.YES, _(PRECISION_LABELS.get(precision or "", "")))


def _together(rules: Rules, query: Query, entry: ProviderEntry, precision: str | None) -> list[Line]:
    """What comes of all programs, and how far it is."""
    lines = [
        line(need_label(step) if step else _("What was asked"), verdict, _("The best answer of its programs"))
        for step, verdict in rules.best
    ]
    n_asked = ngettext("%(n)s need is asked", "%(n)s needs are asked", len(rules.best))
    answered = _("%(n)s answered; %(asked)s.", n=rules.n_answered, asked=n_asked)
    verdict = Verdict.NO if rules.tier is None else Verdict.ASK
    if rules.tier is not None and all(best is Verdict.YES for _step, best in rules.best):
        verdict = Verdict.YES
    tier = _(TIER_WORDS[rules.tier]) if rules.tier else _("No match")
    lines.append(line(_("How much of it"), verdict, f"{tier}. {answered}"))
    lines.append(_point_line(entry, precision))
    if rules.distance_miles is None:
        return [*lines, line(_("Distance"), Verdict.YES, _("It has no point, so no radius leaves it out."))]
    distance = _distance_text(rules.distance_miles, query, is_about=entry.is_approximate)
    within = Verdict.YES if rules.is_within_radius else Verdict.NO
    asked = radius_text(query.radius_miles)
    return [
        *lines,
        line(_("Distance"), within, _("%(distance)s; asked: %(radius)s", distance=distance, radius=asked)),
    ]


def _raises(answer: OneAnswer, rules: Rules, standing: Standing, *, is_without_point: bool) -> list[str]:
    """What would bring it up: open questions, needs that it does not answer, a point."""
    found = []
    for reason in answer.reasons_of(Verdict.ASK):
        about = ", ".join(map(fact_label, reason.facts)) or _("how long a person can stay")
        found.append(_("Find out: %(about)s (%(asked)s).", about=about, asked=item_label(reason.item)))
    if found and standing.if_confirmed:
        found.append(standing.if_confirmed)
    if rules.tier is Tier.MEETS_SOME:
        missing = ", ".join(need_label(step) for step, verdict in rules.best if verdict is Verdict.NO)
        found.append(_("It has nothing for %(needs)s. Places that may have everything come first.", needs=missing))
    if is_without_point and standing.lines:
        found.append(_("With a map point it would stand in the list, by its distance."))
    return found
