"""Mappings that are kept in the database, by name. The caller commits."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.importers.mapping.rules import KeptRules, Rules, RulesError, source_of
from referral.importers.messages import say
from referral.models import ImportMapping
from referral.vocabulary.words import N_

MAX_NAME = 100


def kept_rules(session: Session | sa.Connection, name: str) -> KeptRules | None:
    """The rules kept under a name, with the code of their source; None where there are none. Raises RulesError."""
    rules = session.execute(sa.select(ImportMapping.rules).where(ImportMapping.name == name)).scalar()
    # The source stays when a mapping is renamed: all its listings would come anew otherwise.
    return None if rules is None else KeptRules(rules.get("source") or source_of(name), Rules.from_json(rules))


def keep_rules(session: Session, name: str, rules: Rules, *, user_id: int | None = None) -> ImportMapping:
    """Keep rules under a name, in place of those that are kept there. Flushes nothing.

    Raises RulesError for a name that cannot be used, or rules that contradict themselves. A name must differ from
    every other in more than case and punctuation, because the listings of a list are known by it.
    """
    rules.check()
    if not 1 <= len(name) <= MAX_NAME or name != " ".join(name.split()) or not name.isprintable():
        raise RulesError(say(N_("A name has 1 to %(n)s characters in one line."), n=MAX_NAME))
    known = {found.name: found for found in session.scalars(sa.select(ImportMapping))}
    if same := [other for other in known if other != name and source_of(other) == source_of(name)]:
        raise RulesError(say(N_("The name is too much like %(name)s."), name=repr(same[0])))
    mapping = known.get(name) or ImportMapping(name=name)
    mapping.rules, mapping.user_id = rules.to_json(), user_id
    session.add(mapping)
    return mapping
