"""The numbers of a provider, in words."""

from __future__ import annotations

from typing import NamedTuple

from referral.language import current_language
from referral.models import Provider
from referral.pages.phones import PhoneLink, phone_link
from referral.pages.text import _


class OtherPhone(NamedTuple):
    kind: str
    """intake, hotline, or whatever else a file called it."""
    label: str
    link: PhoneLink
    extension: str


class ToCall(NamedTuple):
    """The number to call, and what stands beside it."""

    link: PhoneLink | None
    is_intake: bool
    """It leads to the people who admit, not to the switchboard."""
    extension: str
    others: list[OtherPhone]


def other_phones(provider: Provider) -> list[OtherPhone]:
    """The numbers beside the main one that can be dialled, best first."""
    labels = {"intake": _("To start treatment"), "hotline": _("Hotline")}
    phones = []
    for other in provider.other_phones:
        kind = other.get("kind", "")
        extension = other.get("extension", "")
        link = phone_link(other.get("number", ""), extension, current_language())
        if link:
            phones.append(OtherPhone(kind, labels.get(kind, _("Another number")), link, extension))
    return phones


def to_call(provider: Provider) -> ToCall:
    """The number of intake where one is listed, else the main one."""
    main = phone_link(provider.phone, provider.phone_extension, current_language())
    others = other_phones(provider)
    intake = next((other for other in others if other.kind == "intake"), None)
    if intake is None:
        return ToCall(main, False, provider.phone_extension, others)
    rest = [other for other in others if other is not intake]
    if main:
        rest.insert(0, OtherPhone("main", _("Main number"), main, provider.phone_extension))
    return ToCall(intake.link, True, intake.extension, rest)
