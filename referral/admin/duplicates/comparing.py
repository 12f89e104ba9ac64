"""Two listings side by side, ready to print: what differs, what is the same, programs and facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from werkzeug.datastructures import MultiDict
from wtforms import RadioField

from referral.admin.duplicates.forms import MergeForm, merge_form, program_text
from referral.admin.shared.addresses import listing_url
from referral.duplicates.choices import LABELS, PARTS, Side, Two, listed, values_of
from referral.history.fields import value_words
from referral.models import Program, Provider
from referral.pages.provider_page import source_text
from referral.pages.text import _, ngettext
from referral.phrases import fact_label
from referral.vocabulary import FACTS


class Line(NamedTuple):
    label: str
    first: str
    second: str
    field: RadioField | None
    """Chooses between the two; none where they are the same."""


@dataclass(frozen=True)
class Head:
    """What one of the two listings is."""

    number: int
    name: str
    url: str
    source: str
    n_reports: int
    programs: list[str]
    stays: bool


class FactsKnown(NamedTuple):
    both: list[str]
    first: list[str]
    second: list[str]


@dataclass(frozen=True)
class Comparison:
    heads: tuple[Head, Head]
    winner: Side
    differing: list[Line]
    same: list[Line]
    facts: FactsKnown
    form: MergeForm


def compare(two: Two, keep: str = "", sent: MultiDict[str, str] | None = None) -> Comparison:
    """`keep`: which of the two is to stay; otherwise the better one. `sent`: the form of the merge, if it was."""
    form = merge_form(two, keep, sent)
    lines = [_line(two, form, part) for part in PARTS]
    return Comparison(
        heads=(_head(two.first, form.winner == "first"), _head(two.second, form.winner == "second")),
        winner=form.winner,
        differing=[line for line in lines if line.field],
        same=[line for line in lines if not line.field and line.first != _("nothing")],
        facts=_facts(two),
        form=form,
    )


def _head(provider: Provider, stays: bool) -> Head:
    return Head(
        number=provider.id,
        name=provider.name,
        url=listing_url(provider.id),
        source=source_text(provider),
        n_reports=len(provider.open_reports),
        programs=[_program_line(program) for program in listed(provider.programs)],
        stays=stays,
    )


def _program_line(program: Program) -> str:
    text = program_text(program)
    if not program.max_stay_days:
        return text
    stay = ngettext("up to %(n)s day", "up to %(n)s days", program.max_stay_days)
    return f"{text}, {stay}"


def _line(two: Two, form: MergeForm, part: str) -> Line:
    field = {one.name: one for one in form.fields_of("part")}.get(f"part-{part}")
    return Line(_(LABELS[part]), part_text(two.first, part), part_text(two.second, part), field)


def part_text(provider: Provider, part: str) -> str:
    """What a listing says of a part, in words."""
    if part == "point":
        if provider.latitude is None:
            return _("nothing")
        precision = _("exact address") if provider.precision == "exact" else _("approximate")
        return f"{provider.latitude:.5f}, {provider.longitude:.5f} ({precision})"
    if part == "address":
        return _address(provider)
    values = zip(PARTS[part], values_of(provider, part), strict=True)
    texts = [_words(field, value) for field, value in values if value not in ("", None)]
    return ", ".join(texts) or _("nothing")


def _words(field: str, value: object) -> str:
    text, is_ours = value_words(field, value)
    if field == "phone_extension":
        return _("extension %(n)s", n=text)
    if field in ("closed_until", "license_expires_on"):
        return _("until %(day)s", day=text)
    return _(text) if is_ours else text


def _address(provider: Provider) -> str:
    """As staff see it, hidden ones too."""
    town = " ".join(filter(None, (provider.state, provider.postal_code)))
    parts = [provider.street, provider.unit, provider.city, town]
    if provider.address_kind != "street":
        parts.append(f"({_words('address_kind', provider.address_kind)})")
    return ", ".join(filter(None, parts)) or _("nothing")


def _facts(two: Two) -> FactsKnown:
    """What both say alike, and what only one of them says. Contradictions are in the form."""
    a, b = two.first.facts, two.second.facts
    both = [_fact(code, a[code]) for code in FACTS if code in a and a.get(code) is b.get(code)]
    first, second = (
        [_fact(code, own[code]) for code in FACTS if code in own and code not in other]
        for own, other in ((a, b), (b, a))
    )
    return FactsKnown(both, first, second)


def _fact(code: str, known: bool) -> str:
    return fact_label(code) if known else _("not: %(what)s", what=fact_label(code))
