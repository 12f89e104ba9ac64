"""Which number of a provider to call, and the others: one rule, so that all pages call the same number."""

from __future__ import annotations

from typing import Any, NamedTuple

from referral.language import current_language
from referral.pages.phones import PhoneLink, phone_link
from referral.pages.text import _


class OtherPhone(NamedTuple):
    label: str
    link: PhoneLink


class ToCall(NamedTuple):
    """The number to call, and what stands beside it."""

    link: PhoneLink | None
    is_intake: bool
    """It leads to the people who admit, not to the switchboard."""
    extension: str
    others: list[OtherPhone]


def to_call(provider: Any) -> ToCall:
    """The number of intake where one is listed, else the main one. Of a Provider, or a row of LISTING_COLUMNS."""
    labels = {"intake": _("To start treatment"), "hotline": _("Hotline")}
    main = phone_link(provider.phone, provider.phone_extension, current_language())
    intake, others = None, list[OtherPhone]()
    for other in provider.other_phones:
        kind, extension = other.get("kind", ""), other.get("extension", "")
        link = phone_link(other.get("number", ""), extension, current_language())
        if link is None:
            continue
        if kind == "intake" and intake is None:
            intake = ToCall(link, True, extension, others)
        else:
            others.append(OtherPhone(labels.get(kind, _("Another number")), link))
    if intake is None:
        return ToCall(main, False, provider.phone_extension, others)
    if main and main != intake.link:
        others.insert(0, OtherPhone(_("Main number"), main))
    return intake
