"""The form that asks for programs: what is needed, where, how far, what else must hold. Seekers and staff fill it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import Connection
from wtforms import Field, Form, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import (  # type: ignore[attr-defined]  # not in the stubs yet
    SelectChoice,
    SelectFieldBase,
)

from referral.matching import DEFAULT_RADIUS_MILES, RADIUS_CHOICES_MILES, Origin, Precision, Query, Requirement
from referral.pages.text import _, ngettext
from referral.places.gazetteer import lookup
from referral.places.messages import message
from referral.places.results import Choices, Found
from referral.vocabulary import GROUPS, INTAKE_FACTS_BY_GROUP, NEEDS, Need

ANY_DISTANCE = "any"

RESULTS_PER_PAGE = 10
"""Places that one page of results shows, apart from those without a map point."""


def radius_value(radius_miles: float | None) -> str:
    """How a radius stands in the form."""
    return ANY_DISTANCE if radius_miles is None else f"{radius_miles:g}"


def values_of(field: Field) -> list[str]:
    """Values of the choices of a field, in their order."""
    return [str(choice[0]) for choice in cast(SelectFieldBase, field).iter_choices()]


class ChecksField(SelectMultipleField):
    """Check boxes; what is sent and is not a choice is an error in our own words."""

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or ()) <= set(values_of(self)):
            raise ValidationError(_("Choose only from this list."))


class RadiusField(RadioField):
    def pre_validate(self, form: Any) -> None:
        if self.data not in values_of(self):
            raise ValidationError(_("Choose a distance from the list."))


def need_choices(needs: dict[str, Need]) -> Callable[[], list[SelectChoice]]:
    return lambda: [SelectChoice(need.code, _(need.label)) for need in needs.values()]


def _radius_choices() -> list[SelectChoice]:
    miles = [
        SelectChoice(radius_value(r), ngettext("%(n)s mile", "%(n)s miles", int(r))) for r in RADIUS_CHOICES_MILES
    ]
    return [*miles, SelectChoice(ANY_DISTANCE, _("Any distance"))]


def _fact_choices(group: str) -> Callable[[], list[SelectChoice]]:
    return lambda: [SelectChoice(fact.code, _(fact.label)) for fact in INTAKE_FACTS_BY_GROUP[group]]


class QuestionForm(Form):
    """Beside these fields it has one for each requirement group, named as the group."""

    need = ChecksField(choices=need_choices(NEEDS))
    near = StringField()
    chosen_place = StringField()
    """Sent by the button of one of several places, beside what was typed."""
    radius_miles = RadiusField(choices=_radius_choices, default=radius_value(DEFAULT_RADIUS_MILES))

    place_options: tuple[Found, ...] = ()
    """Places to choose from when what was typed does not lead to exactly one."""

    @property
    def typed_place(self) -> str:
        return (self.chosen_place.data or self.near.data or "").strip()

    def origin(self, connection: Connection) -> Origin | None:
        """The place that was typed. None puts errors on the form."""
        result = lookup(connection, self.typed_place)
        if isinstance(result, Found):
            return Origin(result.latitude, result.longitude, Precision(result.precision), result.label, result.state)
        self.place_options = result.options if isinstance(result, Choices) else result.suggestions
        self.place_error(message(result))
        return None

    def to_query(self, origin: Origin) -> Query:
        """The question that the form asks, from this origin."""
        return Query(
            origin=origin,
            needs=tuple(dict.fromkeys(self.need.data or ())),
            requirements=tuple(
                Requirement(group, tuple(dict.fromkeys(self[group].data))) for group in GROUPS if self[group].data
            ),
            radius_miles=None if self.radius_miles.data == ANY_DISTANCE else float(self.radius_miles.data),
        )

    def summary(self) -> list[tuple[str, str]]:
        """Each error with the id of the element where it can be put right."""
        fields = {name for name, field in self._fields.items() if isinstance(field, ChecksField | RadiusField)}
        return [
            (f"{name}-0" if name in fields else name, error)
            for name, errors in self.errors.items()
            if name
            for error in errors
        ]

    def place_error(self, text: str) -> None:
        self.near.errors = [*self.near.errors, text]


for _group in GROUPS:
    setattr(QuestionForm, _group, ChecksField(choices=_fact_choices(_group)))
