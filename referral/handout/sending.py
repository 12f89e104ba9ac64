"""A list as a text message and as an e-mail, to send from the person's own phone: names and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote

from referral.models import Provider
from referral.pages.reaching import to_call
from referral.pages.text import _
from referral.pages.wording import address_text

MAX_SMS = 459
"""Characters of three joined text messages in the GSM alphabet (3 × 153, 3GPP TS 23.040)."""

MAX_SMS_UNICODE = 201
"""The same where one character is not in it (3 × 67): most accented capitals, and á, í, ó, ú."""

MAX_MAIL = 1200
"""Characters: some mail programs cut an address after 2,000, and percent signs swell it."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic GSM alphabet (3GPP TS 23.038)."""


class Sending(NamedTuple):
    sms: str
    """Address that opens a message with the text filled in."""
    mail: str


def sending(providers: Sequence[Provider], address: str) -> Sending:
    """`address`: the whole one of the list. Empty texts for no providers."""
    if not providers:
        return Sending("", "")
    text = sms_text(providers, address)
    subject, body = _("Places to call"), mail_text(providers, address)
    # `?&` is read by iOS, which wants `&`, and by Android, which wants `?`.
    return Sending(
        f"sms:?&body={quote(text, safe='')}",
        f"mailto:?subject={quote(subject, safe='')}&body={quote(body, safe='')}",
    )


def sms_text(providers: Sequence[Provider], address: str) -> str:
    """The link, then as many names and numbers as fit into three messages."""
    entries = [
        " ".join(filter(None, (plain(provider.name), _number(provider), _closed(provider)))) for provider in providers
    ]
    title = _("Places to call")
    for limit in (MAX_SMS, MAX_SMS_UNICODE):
        text = "\n".join(_fitting([f"{title}: {address}"], entries, limit))
        if limit == MAX_SMS and _GSM.issuperset(text):
            return text
    return text


def mail_text(providers: Sequence[Provider], address: str) -> str:
    entries = [
        "\r\n".join([*filter(None, lines), ""])
        for provider in providers
        for lines in [(plain(provider.name), _closed(provider), _number(provider), plain(address_text(provider)))]
    ]
    start = [_("Places to call"), "", _("The whole list: %(address)s", address=address), ""]
    return "\r\n".join(_fitting(start, entries, MAX_MAIL)).rstrip()


def plain(text: str) -> str:
    """On one line."""
    return " ".join(text.split())


def _number(provider: Provider) -> str:
    phone = to_call(provider).link
    return phone.text if phone else ""


def _closed(provider: Provider) -> str:
    return _("Closed for now.") if provider.is_closed_for_now else ""


def _fitting(start: Iterable[str], entries: Iterable[str], limit: int) -> list[str]:
    """`start`, and as many whole entries as stay within the limit of characters."""
    lines = list(start)
    n = sum(len(line) + 1 for line in lines)
    for entry in entries:
        n += len(entry) + 1
        if n > limit:
            break
        lines.append(entry)
    return lines
