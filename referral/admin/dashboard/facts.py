"""The facts of one family: of how many open listings each is known."""

from __future__ import annotations

from typing import NamedTuple

from referral.admin.dashboard.counting import OPEN, fact_counts
from referral.admin.dashboard.page import Number, listings_url, number
from referral.admin.shared.staff_index import current_staff_index
from referral.finding import Known
from referral.pages.text import _
from referral.phrases import fact_label
from referral.vocabulary import FACTS_BY_FAMILY


class FactRow(NamedTuple):
    label: str
    yes: Number
    no: Number
    unknown: Number


def fact_rows(family: str) -> list[FactRow]:
    columns = current_staff_index().columns
    rows = []
    for fact in FACTS_BY_FAMILY[family]:
        yes, no, unknown = fact_counts(columns, fact.code)
        words = ((Known.YES, _("Yes"), yes), (Known.NO, _("No"), no), (Known.UNKNOWN, _("Not known"), unknown))
        n = yes + no + unknown
        numbers = [number(label, each, _url(fact.code, known), of=n) for known, label, each in words]
        rows.append(FactRow(fact_label(fact.code), *numbers))
    return rows


def _url(fact: str, known: Known) -> str:
    return listings_url(**{"status": OPEN, "fact": fact, "is": str(known)})
