"""Looking at the columns of a draft's table, for somebody to say what each one is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from referral.importers.drafts.kept import opened
from referral.importers.drafts.work import AtWork, SupersededError
from referral.importers.mapping import (
    ColumnRule,
    Rules,
    RulesError,
    Sample,
    SampledColumn,
    open_table,
    sample,
    sheet_titles,
    suggest,
)
from referral.importers.mapping.rules import SEVERAL
from referral.importers.messages import say
from referral.importers.reading.files import UnreadableFileError
from referral.models import ImportDraft
from referral.vocabulary.words import N_

MAX_KEPT = 120
"""Values of a column that are kept to choose their meaning; a column with more is hardly a list of codes."""
MAX_FREE = 10
"""Of a column that holds free text."""
MAX_ALL = 5000
"""Values of all columns."""


def look(at_work: AtWork, reason: UnreadableFileError | None = None) -> None:
    """Count what stands in each column, and suggest what it means. `reason`: why the file was not recognised.

    Raises UnreadableFileError; `reason` where there is one.
    """
    options = _options(at_work)
    try:
        with opened(at_work.engine, at_work.draft_id) as source:
            titles = sheet_titles(source)
            sheet = options.get("sheet", "")
            table = open_table(source, sheet if sheet in titles else "")
            seen = sample(replace(table, rows=at_work.watched(table.rows, source)))
    except UnreadableFileError as error:
        raise reason or error from error
    if not seen.n_rows:
        raise reason or UnreadableFileError(say(N_("The file has no rows.")))
    rules = replace(suggest(seen), sheet=sheet if sheet in titles else "")
    options |= {"sample": to_json(seen), "sheets": titles, "suggested": merged(options.get("rules"), rules).to_json()}
    at_work.write(status="uploaded", message="", counts={}, n_rows_done=seen.n_rows, options=options)


def _options(at_work: AtWork) -> dict[str, Any]:
    with at_work.engine.connect() as connection:
        select = sa.select(ImportDraft.options).where(ImportDraft.id == at_work.draft_id)
        options = connection.execute(select).scalar()
    if options is None:
        raise SupersededError
    return dict(options)


def merged(kept: Any, suggested: Rules) -> Rules:
    """Kept rules for the columns that the table still has, and the suggestion for those that they do not know."""
    if kept is None:
        return suggested
    try:
        rules = Rules.from_json(kept)
    except RulesError:
        return suggested
    taken = {
        rule.role for name, rule in rules.columns.items() if name in suggested.columns and rule.role not in SEVERAL
    }
    columns = {
        name: rules.columns[name] if name in rules.columns else ColumnRule() if rule.role in taken else rule
        for name, rule in suggested.columns.items()
    }
    together = tuple(one for one in rules.combinations if set(one.when) <= set(columns))
    return replace(rules, columns=columns, combinations=together, sheet=suggested.sheet)


def to_json(seen: Sample) -> dict[str, Any]:
    """A sample as the draft keeps it, without the many values of free text."""
    n_left, columns = MAX_ALL, []
    for column in seen.columns:
        n = min(MAX_FREE if column.is_cut or len(column.values) > MAX_KEPT else MAX_KEPT, max(n_left, 1))
        n_left -= len(column.values[:n])
        columns.append(
            {
                "name": column.name,
                "first": [*column.first],
                "values": [[*pair] for pair in column.values[:n]],
                "n_filled": column.n_filled,
                "is_cut": column.is_cut or len(column.values) > n,
            }
        )
    return {"columns": columns, "n_rows": seen.n_rows, "n_rejected": seen.n_rejected}


def from_json(value: dict[str, Any]) -> Sample:
    columns = (
        SampledColumn(
            column["name"],
            tuple(column["first"]),
            tuple((text, count) for text, count in column["values"]),
            column["n_filled"],
            column["is_cut"],
        )
        for column in value["columns"]
    )
    return Sample(tuple(columns), value["n_rows"], value["n_rejected"])
