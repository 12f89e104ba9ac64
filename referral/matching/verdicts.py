"""Verdicts on whole arrays: what each program answers to each part of a query (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from referral.matching.entries import ASK_SHIFT, mask_words, masks
from referral.matching.index import Ints, MatchIndex
from referral.matching.query import Query
from referral.vocabulary import FACTS, Verdict

Verdicts = npt.NDArray[np.uint8]

ANY_LEVEL = ""
"""Stands for the one thing asked when no need names a level: every program answers it."""

MEETS_ALL, MAY_MEET_ALL, MEETS_SOME, NO_MATCH = 1, 2, 3, 9


def facts_verdict(index: MatchIndex, rows: Ints, wanted: tuple[str, ...]) -> Verdicts:
    """For each row: yes if any wanted fact is yes, else no if all are no, else ask. (k,)

    But no where a wanted fact is no that decides by itself (Fact.no_decides_unless).
    """
    verdict = np.zeros(len(rows), dtype=np.uint8)
    for number, word in enumerate(_wanted_words(wanted)):
        if word:
            mask = np.uint64(word)
            has_yes = (index.rows.yes[number].take(rows) & mask) != 0
            is_open = (index.rows.no[number].take(rows) & mask) != mask
            # Yes in one word outweighs what another word says, and so does not known outweigh no.
            np.maximum(verdict, has_yes.view(np.uint8) * np.uint8(Verdict.YES), out=verdict)
            np.maximum(verdict, is_open.view(np.uint8), out=verdict)
    for code in wanted:
        unless = FACTS[code].no_decides_unless
        if unless is not None and len(wanted) > 1:
            is_refused = facts_verdict(index, rows, (code,)) == Verdict.NO
            verdict[is_refused & (facts_verdict(index, rows, tuple(unless)) != Verdict.YES)] = Verdict.NO
    return verdict


@lru_cache(maxsize=1024)
def _wanted_words(wanted: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(mask_words(masks(dict.fromkeys(wanted, True))[0]))


def answers_mask(needs: Iterable[str]) -> int:
    """The bits of Rows.answers that belong to these needs."""
    mask = 0
    for code in needs:
        mask |= 0b11 << ASK_SHIFT[code]
    return mask


@dataclass(frozen=True)
class Verdicted:
    """All verdicts of a query for some rows of an index (k rows of m providers, a provider's rows side by side)."""

    index: MatchIndex
    rows: Ints
    steps: tuple[str, ...]
    """The needs that make a tier: the level needs, or ANY_LEVEL when none is chosen."""
    by_level: dict[str, Verdicts]
    """Per step, (k,): what the level and stay alone answer."""
    by_part: dict[str, Verdicts]
    """Per requirement group and per fact need, (k,)."""
    starts: Ints
    """Where each provider begins in rows, (m,)."""
    _with_parts: dict[tuple[str, str], Verdicts] = field(default_factory=dict)
    _best: dict[tuple[str, str], Verdicts] = field(default_factory=dict)

    def with_parts(self, step: str, without: str = "") -> Verdicts:
        """(k,) The program's verdict for a step: the worst of its parts, but for the group `without`."""
        known = self._with_parts.get((step, without))
        if known is None:
            known = self.by_level[step]
            for part, values in self.by_part.items():
                if part != without:
                    known = np.minimum(known, values)
            self._with_parts[step, without] = known
        return known

    def best(self, step: str, without: str = "") -> Verdicts:
        """(m,) The provider's verdict for a step: the best among its programs."""
        known = self._best.get((step, without))
        if known is None:
            verdict = self.with_parts(step, without)
            known = np.maximum.reduceat(verdict, self.starts) if len(self.starts) else verdict
            self._best[step, without] = known
        return known

    def tiers(self, without: str = "") -> tuple[Verdicts, Verdicts]:
        """(m,) each: the tier of every provider (NO_MATCH for none) and how many steps it answers."""
        best = [self.best(step, without) for step in self.steps]
        worst = best[0]
        n_answered = (best[0] > 0).view(np.uint8)
        for more in best[1:]:
            worst = np.minimum(worst, more)
            n_answered = n_answered + (more > 0).view(np.uint8)
        # An ask or a yes to everything is tier 2 or 1.
        tier = np.uint8(MEETS_SOME) - worst
        tier[n_answered == 0] = NO_MATCH
        return tier, n_answered

    @cached_property
    def first_rows(self) -> Ints:
        """(m,) One row of each provider."""
        first: Ints = self.rows[self.starts]
        return first


def verdicts(index: MatchIndex, rows: Ints, query: Query) -> Verdicted:
    """Verdicts of these rows, those of one provider side by side."""
    steps = query.level_needs or (ANY_LEVEL,)
    packed = index.rows.answers[rows]
    by_level = {
        step: ((packed >> ASK_SHIFT[step]) & 0b11).astype(np.uint8)
        if step != ANY_LEVEL
        else np.full(len(rows), Verdict.YES, dtype=np.uint8)
        for step in steps
    }
    by_part = {item: facts_verdict(index, rows, facts) for item, facts in query.wanted_facts}
    provider = index.rows.provider[rows]
    is_first = np.ones(len(rows), dtype=np.bool_)
    np.not_equal(provider[1:], provider[:-1], out=is_first[1:])
    return Verdicted(index, rows, steps, by_level, by_part, np.flatnonzero(is_first))
