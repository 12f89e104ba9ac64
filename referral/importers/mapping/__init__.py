"""Tables of somebody's own (a county's list, a state's license file): read by rules that staff keep under a name.

    table = open_table(source)            a csv or xlsx file, with or without a title above its header
    seen = sample(table)                  its columns: first values, distinct values with their counts
    rules = suggest(seen)                 what each column and value may mean, for staff to check
    unmapped(rules, seen)                 what says nothing yet
    apply(rules, open_table(source))      records for the loader, and rows that cannot be used with the reason

All pure: nothing here knows the database but `kept`, which finds mappings by name.
"""

from referral.importers.mapping.applying import apply
from referral.importers.mapping.rules import (
    ROLES,
    ColumnRule,
    Combination,
    KeptRules,
    Meaning,
    Rules,
    RulesError,
    source_of,
)
from referral.importers.mapping.sampling import Sample, SampledColumn, Unmapped, sample, unmapped
from referral.importers.mapping.suggesting import suggest
from referral.importers.mapping.table import open_table, sheet_titles

__all__ = [
    "ROLES",
    "ColumnRule",
    "Combination",
    "KeptRules",
    "Meaning",
    "Rules",
    "RulesError",
    "Sample",
    "SampledColumn",
    "Unmapped",
    "apply",
    "open_table",
    "sample",
    "sheet_titles",
    "source_of",
    "suggest",
    "unmapped",
]
