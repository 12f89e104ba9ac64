"""The intake form: what is needed, where, how far, and more about the person."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, HiddenField, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import (  # type: ignore[attr-defined]  # not in the stubs yet
    SelectChoice,
    SelectFieldBase,
)

from referral.language import LANGUAGES, translations
from referral.matching import (
    DEFAULT_RADIUS_MILES,
    RADIUS_CHOICES_MILES,
    Origin,
    Precision,
    Query,
    Requirement,
)
from referral.pages.text import _, ngettext
from referral.phrases import family_label
from referral.places.gazetteer import lookup
from referral.places.messages import message
from referral.places.nearest import state_near
from referral.places.results import Choices, Found
from referral.sealing import Asked
from referral.vocabulary import ALTERNATIVES, ASKS, CONCERNS, GROUPS, INTAKE_FACTS_BY_GROUP, NEEDS
from referral.vocabulary.words import N_

ANY_DISTANCE = "any"
OWN_LOCATION = N_("Your location (about)")
"""Stands in the place field while the browser's location is used."""


def radius_value(radius_miles: float | None) -> str:
    """How a radius stands in the form."""
    return ANY_DISTANCE if radius_miles is None else f"{radius_miles:g}"


def _values(field: Field) -> list[str]:
    """Values of the choices of a field, in their order."""
    return [str(choice[0]) for choice in cast(SelectFieldBase, field).iter_choices()]


class ChecksField(SelectMultipleField):
    """Check boxes; what is sent and is not a choice is an error in our own words."""

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or ()) <= set(_values(self)):
            raise ValidationError(_("Choose only from this list."))


class RadiusField(RadioField):
    def pre_validate(self, form: Any) -> None:
        if self.data not in _values(self):
            raise ValidationError(_("Choose how far from the list."))


def _need_choices() -> list[SelectChoice]:
    return [SelectChoice(need.code, _(need.label)) for need in NEEDS.values()]


def _concern_choices() -> list[SelectChoice]:
    return [SelectChoice(concern.code, _(concern.label)) for concern in CONCERNS.values()]


def _radius_choices() -> list[SelectChoice]:
    miles = [
        SelectChoice(radius_value(r), ngettext("%(n)s mile", "%(n)s miles", int(r))) for r in RADIUS_CHOICES_MILES
    ]
    return [*miles, SelectChoice(ANY_DISTANCE, _("Any distance"))]


def _fact_choices(group: str) -> Callable[[], list[SelectChoice]]:
    return lambda: [SelectChoice(fact.code, _(fact.label)) for fact in INTAKE_FACTS_BY_GROUP[group]]


class IntakeForm(Form):
    """Beside these fields it has one for each requirement group, named as the group."""

    need = ChecksField(choices=_need_choices)
    near = StringField()
    chosen_place = StringField()
    """Sent by the button of one of several places, beside what was typed."""
    latitude = HiddenField()
    longitude = HiddenField()
    concern = ChecksField(choices=_concern_choices)
    radius_miles = RadiusField(choices=_radius_choices, default=radius_value(DEFAULT_RADIUS_MILES))

    place_options: tuple[Found, ...] = ()
    """Places to choose from when what was typed does not lead to exactly one."""

    @classmethod
    def from_link(cls, args: MultiDict[str, str]) -> IntakeForm:
        """Filled from the address of a link (`/?need=detox&near=40202`); what is not known is left out."""
        form = cls()
        for name in ("need", "concern", *GROUPS):
            chosen = args.getlist(name)
            form[name].data = [value for value in _values(form[name]) if value in chosen]
        if args.get("radius_miles") in _values(form.radius_miles):
            form.radius_miles.data = args["radius_miles"]
        form.near.data = args.get("near", "")[:200]
        return form

    @classmethod
    def from_asked(cls, asked: Asked) -> IntakeForm:
        """Filled with what was asked before, to change it."""
        query = asked.query
        form = cls()
        needs = ["residential_90" if code in ALTERNATIVES else code for code in query.needs]
        form.need.data = list(dict.fromkeys(needs))
        for requirement in query.requirements:
            form[requirement.group].data = list(requirement.facts)
        form.concern.data = list(asked.concerns)
        form.radius_miles.data = radius_value(query.radius_miles)
        form.near.data = asked.near
        if query.origin.precision is Precision.ROUNDED:
            form.near.data = _(OWN_LOCATION)
            form.latitude.data, form.longitude.data = f"{query.origin.latitude:.2f}", f"{query.origin.longitude:.2f}"
        return form

    @property
    def typed_place(self) -> str:
        return (self.chosen_place.data or self.near.data or "").strip()

    @property
    def has_more(self) -> bool:
        """Whether something about the person is chosen or in error: then that part of the form stands open."""
        return any(self[name].data or self[name].errors for name in (*GROUPS, "concern"))

    def origin(self, connection: Connection) -> Origin | None:
        """Where the person is: the browser's location or the place that was typed. None puts errors on the form."""
        own = self._own_location()
        if own:
            return replace(own, state=state_near(connection, own.latitude, own.longitude))
        if self._says_own_location():
            self._place_error(_("We could not read your location. Enter a ZIP code, or a city and state."))
            return None
        result = lookup(connection, self.typed_place)
        if isinstance(result, Found):
            return Origin(result.latitude, result.longitude, Precision(result.precision), result.label, result.state)
        self.place_options = result.options if isinstance(result, Choices) else result.suggestions
        self._place_error(message(result))
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
        targets = {name: f"{name}-0" for name in ("need", "radius_miles", "concern", *GROUPS)}
        return [(targets.get(name, name), error) for name, errors in self.errors.items() if name for error in errors]

    def _place_error(self, text: str) -> None:
        self.near.errors = [*self.near.errors, text]

    def _says_own_location(self) -> bool:
        near = self.typed_place.casefold()
        return near in {translations(language).gettext(OWN_LOCATION).casefold() for language in LANGUAGES}

    def _own_location(self) -> Origin | None:
        """The browser's point, unless a place was typed over it. Rounded here too: nothing finer is ever sealed."""
        if self.typed_place and not self._says_own_location():
            return None
        try:
            latitude, longitude = (round(float(field.data or "nan"), 2) for field in (self.latitude, self.longitude))
        except ValueError:
            return None
        if not (
            math.isfinite(latitude) and abs(latitude) <= 90 and math.isfinite(longitude) and abs(longitude) <= 180
        ):
            return None
        return Origin(latitude, longitude, Precision.ROUNDED, _(OWN_LOCATION))


for _group in GROUPS:
    setattr(IntakeForm, _group, ChecksField(choices=_fact_choices(_group)))


class FilterForm(IntakeForm):
    """The filters of a results page: the place stays as it was asked, and other kinds of care may be chosen too."""

    need = ChecksField(choices=lambda: [SelectChoice(need.code, _(need.label)) for need in ASKS.values()])


def group_words() -> Mapping[str, str]:
    """The label of each requirement group."""
    return {group: family_label(group) for group in GROUPS}
