"""The intake form: what is needed, where, how far, and more about the person."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet

from referral.language import LANGUAGES, translations
from referral.matching import Origin, Precision
from referral.pages.question import ChecksField, QuestionForm, need_choices, radius_value, values_of
from referral.pages.text import _
from referral.phrases import family_label
from referral.places.nearest import state_near
from referral.sealing import Asked
from referral.vocabulary import ALTERNATIVES, ASKS, CONCERNS, GROUPS
from referral.vocabulary.words import N_

OWN_LOCATION = N_("Your location (about)")
"""Stands in the place field while the browser's location is used."""


def _concern_choices() -> list[SelectChoice]:
    return [SelectChoice(concern.code, _(concern.label)) for concern in CONCERNS.values()]


class IntakeForm(QuestionForm):
    """The question, with what a seeker may add to it."""

    latitude = HiddenField()
    longitude = HiddenField()
    concern = ChecksField(choices=_concern_choices)

    @classmethod
    def from_link(cls, args: MultiDict[str, str]) -> IntakeForm:
        """Filled from the address of a link (`/?need=detox&near=40202`); what is not known is left out."""
        form = cls()
        for name in ("need", "concern", *GROUPS):
            chosen = args.getlist(name)
            form[name].data = [value for value in values_of(form[name]) if value in chosen]
        if args.get("radius_miles") in values_of(form.radius_miles):
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
    def has_more(self) -> bool:
        """Whether something about the person is chosen or in error: then that part of the form stands open."""
        return any(self[name].data or self[name].errors for name in (*GROUPS, "concern"))

    def origin(self, connection: Connection) -> Origin | None:
        """Where the person is: the browser's location or the place that was typed. None puts errors on the form."""
        own = self._own_location()
        if own:
            return replace(own, state=state_near(connection, own.latitude, own.longitude))
        if self._says_own_location():
            self.place_error(_("We could not read your location. Enter a ZIP code, or a city and state."))
            return None
        return super().origin(connection)

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


class FilterForm(IntakeForm):
    """The filters of a results page: the place stays as it was asked, and other kinds of care may be chosen too."""

    need = ChecksField(choices=need_choices(ASKS))


def group_words() -> Mapping[str, str]:
    """The label of each requirement group."""
    return {group: family_label(group) for group in GROUPS}
