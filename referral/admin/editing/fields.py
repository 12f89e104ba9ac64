"""Fields of the editing forms. Each keeps what was typed, so that a form that is refused comes back as it was."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from referral.admin.shared.forms import clean_line
from referral.importers.contact import phone
from referral.pages.text import _
from referral.phrases import family_label
from referral.vocabulary import FACTS, FACTS_BY_FAMILY
from referral.vocabulary.words import N_

Pairs = list[tuple[str, str]]
"""Names and values as a form sends them."""

FIRST_YEAR, LAST_YEAR = 1950, 2100

MAX_PHONES = 10
"""Further numbers that the form offers room for. What a file or a merge brought beyond that stays."""

MAX_PHONES_SENT = 100
PHONE_KINDS = {"intake": N_("To start treatment"), "hotline": N_("Hotline"), "other": N_("Another number")}

PHONE_PARTS = ("kind", "number", "extension")

KNOWN_AS = {True: "yes", False: "no", None: ""}


class TextField(StringField):
    """One line of at most `most` characters."""

    def __init__(self, label: str, most: int = 300, **values: Any) -> None:
        super().__init__(label, **values)
        self.most = most

    def pre_validate(self, form: Any) -> None:
        if len(self.data or "") > self.most and self.data != self.object_data:
            raise ValidationError(_("Write at most %(n)s characters here.", n=f"{self.most:,}"))


class CountField(StringField):
    """A whole number within bounds, or nothing."""

    def __init__(self, label: str, least: int, most: int, **values: Any) -> None:
        super().__init__(label, **values)
        self.least, self.most = least, most

    def pre_validate(self, form: Any) -> None:
        text = self.data or ""
        is_number = text.isascii() and text.isdigit() and len(text) < 10
        if text and not (is_number and self.least <= int(text) <= self.most):
            raise ValidationError(
                _(
                    "Enter a whole number from %(least)s to %(most)s, or nothing.",
                    least=self.least,
                    most=f"{self.most:,}",
                )
            )

    @property
    def number(self) -> int | None:
        return int(self.data) if self.data else None


class DayField(StringField):
    """A day as 2027-03-31, or nothing. One of other years, that a source gave, stays while nobody changes it."""

    def pre_validate(self, form: Any) -> None:
        day = self.day
        is_likely = day is not None and FIRST_YEAR <= day.year <= LAST_YEAR
        if self.data and not is_likely and self.data != self.object_data:
            raise ValidationError(_("Enter a day as year-month-day, such as 2027-03-31, or nothing."))

    @property
    def day(self) -> date | None:
        text = self.data or ""
        try:
            return date.fromisoformat(text) if len(text) == 10 else None
        except ValueError:
            return None


class OneOfField(SelectField):
    """One of `allowed` (code to label); a label is said in the language of the request."""

    def __init__(self, label: str, allowed: dict[str, str], refusal: str, **values: Any) -> None:
        super().__init__(
            label, choices=lambda: [SelectChoice(code, _(text)) for code, text in allowed.items()], **values
        )
        self.allowed, self.refusal = allowed, refusal

    def pre_validate(self, form: Any) -> None:
        if self.data not in self.allowed:
            raise ValidationError(self.refusal)


class FactRow(NamedTuple):
    code: str
    label: str
    known: str
    """yes, no, or empty for not known."""


class FactGroup(NamedTuple):
    code: str
    label: str
    facts: list[FactRow]
    n_known: int


class FactsField(Field):
    """Yes, no or not known for each fact of the vocabulary, as facts-<code>. What is not sent stays as it was."""

    data: dict[str, bool]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data = {} if data is unset_value else dict(data or {})
        self.object_data = dict(self.data)
        if not formdata:
            return
        for code in FACTS:
            sent = formdata.get(f"{self.name}-{code}")
            if sent == "":
                self.data.pop(code, None)
            elif sent in ("yes", "no"):
                self.data[code] = sent == "yes"
            elif sent is not None:
                self.process_errors = [_("Choose yes, no or not known.")]

    def groups(self) -> list[FactGroup]:
        """All facts, family by family, for the template."""
        return [
            FactGroup(
                family,
                family_label(family),
                [FactRow(fact.code, _(fact.label), KNOWN_AS[self.data.get(fact.code)]) for fact in facts],
                sum(fact.code in self.data for fact in facts),
            )
            for family, facts in FACTS_BY_FAMILY.items()
        ]


class PhoneRow(NamedTuple):
    kind: str
    number: str
    extension: str
    problem: str = ""


class PhonesField(Field):
    """Further numbers, as phones-<n>-kind, -number and -extension. A row without a number is none."""

    data: list[dict[str, str]]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data = [] if data is unset_value else list(data or [])
        self.rows = [
            PhoneRow(one.get("kind", ""), one.get("number", ""), one.get("extension", "")) for one in self.data
        ]
        if not formdata or f"{self.name}-0-number" not in formdata:
            return
        stored = self.rows
        sent = [
            PhoneRow(*(clean_line(formdata.get(f"{self.name}-{n}-{part}")) for part in PHONE_PARTS))
            for n in range(MAX_PHONES_SENT)
        ]
        # What a source gave stays as it is while nobody changes it.
        self.rows = [row if row in stored else _checked(row, stored) for row in sent if row.number]
        self.process_errors = [row.problem for row in self.rows if row.problem]
        self.data = [
            {"kind": row.kind, "number": row.number, "extension": row.extension}
            for row in self.rows
            if not row.problem
        ]

    def rows_to_fill(self) -> list[PhoneRow]:
        """The rows, and two more to write in."""
        n_more = max(0, min(2, MAX_PHONES - len(self.rows)))
        return [*self.rows, *[PhoneRow("intake", "", "")] * n_more]

    def kinds(self, row: PhoneRow) -> list[tuple[str, str]]:
        """What a number may be for; what a file called it stays possible."""
        known = [(code, _(label)) for code, label in PHONE_KINDS.items()]
        return known if row.kind in PHONE_KINDS else [*known, (row.kind, row.kind or _("Another number"))]

    def problems(self) -> list[tuple[str, str]]:
        """Each with the id of its field."""
        return [(f"{self.name}-{n}-number", row.problem) for n, row in enumerate(self.rows) if row.problem]


def _checked(row: PhoneRow, stored: list[PhoneRow]) -> PhoneRow:
    parsed = phone(row.number)
    if parsed is None:
        return row._replace(problem=phone_refusal())
    extension = row.extension or parsed.extension
    if not is_extension(extension):
        return row._replace(problem=extension_refusal())
    is_known = row.kind in PHONE_KINDS or any(row.kind == one.kind for one in stored)
    return PhoneRow(row.kind if is_known else "other", parsed.number, extension)


def is_extension(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) <= 10)


def phone_refusal() -> str:
    return _("Enter a phone number with its area code, such as 502-555-0100.")


def extension_refusal() -> str:
    return _("An extension has only digits, at most 10.")
