"""What to tell a person whose text did not lead to one place: what is wrong and what to do next."""

from __future__ import annotations

from flask_babel import gettext as _

from referral.places.results import Choices, Found, Reason, Result


def message(result: Result) -> str:
    """One or two plain sentences in the language of the request; empty when the place was found."""
    if isinstance(result, Found):
        return ""
    return _text(
        result.reason, has_options=bool(result.options if isinstance(result, Choices) else result.suggestions)
    )


def _text(reason: Reason, *, has_options: bool) -> str:
    texts: dict[Reason, str] = {
        Reason.EMPTY: _("Enter a ZIP code, or a city and state, such as Louisville, KY."),
        Reason.MALFORMED_ZIP: _("A ZIP code has five digits. Check the number, or enter a city and state."),
        Reason.FOUR_DIGIT_ZIP: _("A ZIP code has five digits. Is there a 0 missing at the front?"),
        Reason.UNKNOWN_ZIP: _("We do not know this ZIP code. Check the number, or enter a city and state."),
        Reason.MILITARY_ZIP: _(
            "This is a military mail code, so we cannot tell where it is. "
            "Enter the city and state where care is needed."
        ),
        Reason.ZIP_WITHOUT_POINT: _(
            "We know this ZIP code, but not where it is on the map. Enter a ZIP code close by, or a city and state."
        ),
        Reason.ZIP_AND_CITY_DIFFER: _("The ZIP code and the city are not in the same place. Choose one."),
        Reason.AMBIGUOUS_PLACE: _("There is more than one place with this name. Choose one, or add the state."),
        Reason.STATE_ONLY: _("A state is too large to search around. Choose a city, or enter your ZIP code."),
        Reason.MISSPELT: _("We do not know this place. Did you mean one of these? You can also enter a ZIP code."),
        Reason.UNKNOWN_PLACE: _(
            "We do not know this place. Check the spelling and add the state, or enter a ZIP code."
        ),
        Reason.TOO_LONG: _("This is too long. Enter only a ZIP code, or a city and state."),
    }
    if reason is Reason.UNKNOWN_ZIP and has_options:
        texts[reason] = _("We do not know this ZIP code. Check the number, or choose a city in that area.")
    return texts[reason]
