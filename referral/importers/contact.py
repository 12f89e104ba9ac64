"""Names, addresses, phones, websites and points as they stand in files, made fit to store.

Every function gives an empty value for what it cannot use; `notes` receives one sentence about what was left out.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers

from referral.importers.messages import Message, say
from referral.importers.records import Phone
from referral.vocabulary.words import N_, codes

STATE_UNKNOWN = say(N_("state not understood"))
ZIP_UNKNOWN = say(N_("ZIP not understood"))
PHONE_UNKNOWN = say(N_("phone not understood"))
FURTHER_PHONE_UNKNOWN = say(N_("further phone not understood"))
WEBSITE_UNKNOWN = say(N_("website not understood"))
POINT_UNUSABLE = say(N_("point not usable"))
NO_NAME = say(N_("has no name"))

MAX_NAME = 300
MAX_TEXT = 300
MAX_WEBSITE = 1000

STATES = codes(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP FM MH PW"
)

ZIP_STARTS = {
    "MA": ("01", "02", "055"),
    "RI": ("028", "029"),
    "NH": ("03",),
    "ME": ("039", "04"),
    "VT": ("05",),
    "CT": ("06",),
    "NJ": ("07", "08"),
    "PR": ("006", "007", "009"),
    "VI": ("008",),
}
"""States whose ZIPs begin with a zero, and how."""

_JOINING = codes("a an and at by for from in of on or the to with de del la los & - /")
_LEGAL = re.compile(
    r"\b(?:inc|llc|l\.l\.c|lp|llp|lllp|ltd|pc|p\.c|pllc|corp|corporation|incorporated)\.?$", re.IGNORECASE
)
_DOING_BUSINESS_AS = re.compile(r"^(?:dba|d/b/a|t/a)\b[\s:]*", re.IGNORECASE)
_CONTINUES = re.compile(
    r"^(?:\(|(?:services?|servs|centers?|ctrs?|programs?|clinics?|inc|llc|lp|pc|pllc|corp)"
    r"(?:\s+(?:inc|llc|lp|pc|pllc|corp))?\.?(?:\s*[(/].*)?$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-?[0-9]{1,4}(?:\.[0-9]{1,20})?(?:[eE][-+]?[0-9]{1,3})?")
_USUAL_PHONE = re.compile(r"([2-9][0-9]{2}-[0-9]{3}-[0-9]{4})(?: ?x([0-9]{1,7}))?")


def clean_text(text: str) -> str:
    """One line of visible text: NFC, no control or direction marks, no half characters, single blanks."""
    if not text:
        return ""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
        text = "".join(_UNSEEN.get(unicodedata.category(mark), mark) for mark in text)
    return " ".join(text.split())


_UNSEEN = {"Cc": " ", "Cf": "", "Cs": " ", "Co": " ", "Zl": " ", "Zp": " "}
"""What stands for a character of each Unicode category that is not shown."""


def names(name1: str, name2: str) -> tuple[str, str]:
    """(name, organization) from the two name columns of a SAMHSA file, so that two sites can be told apart.

    name1 is 38 characters wide, so name2 may be its end ("Heart River Alcohol and" + "Drug Abuse Service Inc"),
    the name that people know ("DBA Blue Door"), the legal owner ("Blue Door LLC"), or, most often, the site or
    program of the organization in name1, which is nothing without it ("Blue Door: Outpatient Services").
    """
    first, second = clean_text(name1), clean_text(name2)
    if not first or not second:
        name, organization = first or second, ""
    elif second.casefold().startswith(first.casefold()) or first.casefold() == second.casefold():
        name, organization = second, ""
    elif first.split()[-1].casefold() in _JOINING or first[-1] in "-/,&" or _CONTINUES.match(second):
        name, organization = f"{first} {second}", ""
    elif known_as := _DOING_BUSINESS_AS.sub("", second) if _DOING_BUSINESS_AS.match(second) else "":
        name, organization = known_as, first
    elif _LEGAL.search(second) and not _LEGAL.search(first):
        name, organization = first, second
    else:
        name, organization = f"{first}: {second}", first
    return (name if len(name) <= MAX_NAME else name[: MAX_NAME - 1] + "…"), organization


def over_long(column: str, longest: int) -> Message:
    """Why a row cannot be used that has more in this column than a listing can hold."""
    return say(N_("%(column)s is longer than %(n)s characters"), column=column, n=f"{longest:,}")


def state_code(text: str, notes: list[Message]) -> str:
    """Two capital letters of a state or territory, or empty."""
    code = clean_text(text).upper()
    if code and code not in STATES:
        notes.append(STATE_UNKNOWN)
        return ""
    return code


def postal_code(text: str, zip4: str, state: str, notes: list[Message]) -> str:
    """Five digits, or five and four with a hyphen, or empty.

    A ZIP that lost leading zeros in a spreadsheet gets them back only where the state's ZIPs begin so.
    """
    zip5, hyphen, four = clean_text(text).partition("-")
    if not hyphen:
        four = clean_text(zip4)
    if zip5.isascii() and zip5.isdigit():
        if not four and len(zip5) in (8, 9):
            zip5, four = zip5[:-4], zip5[-4:]
        padded = zip5.zfill(5)
        if len(zip5) in (3, 4) and padded.startswith(ZIP_STARTS.get(state, ("none",))):
            zip5 = padded
    if not re.fullmatch(r"[0-9]{5}", zip5):
        if zip5 or four:
            notes.append(ZIP_UNKNOWN)
        return ""
    four = four.zfill(4) if zip4 else four
    return f"{zip5}-{four}" if re.fullmatch(r"[0-9]{4}", four) and four != "0000" else zip5


@lru_cache(maxsize=4096)
def phone(text: str, kind: str = "main") -> Phone | None:
    """A number as 502-555-0100 with its extension; letters are dialled (888-PARNEXT); None if it is no number."""
    text = clean_text(text)
    if usual := _USUAL_PHONE.fullmatch(text):
        return Phone(kind, usual[1], usual[2] or "")
    if len(text) > 60 or not any(mark.isdigit() for mark in text):
        return None
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    extension = number.extension or ""
    if number.country_code != 1:
        number.extension = None
        style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return Phone(kind, phonenumbers.format_number(number, style), extension)
    digits = str(number.national_number)
    return Phone(kind, f"{digits[:3]}-{digits[3:6]}-{digits[6:]}", extension)


def phones(main: str, others: list[tuple[str, str]], notes: list[Message]) -> tuple[Phone | None, tuple[Phone, ...]]:
    """The main number and the further ones, (kind, text) each, without those that say nothing new."""
    first = phone(main) if main.strip() else None
    if first is None and main.strip():
        notes.append(PHONE_UNKNOWN)
    further: list[Phone] = []
    seen = {(first.number, first.extension), (first.number, "")} if first else set()
    for kind, text in others:
        if not text.strip():
            continue
        other = phone(text, kind)
        if other is None:
            notes.append(FURTHER_PHONE_UNKNOWN)
        elif (other.number, other.extension) not in seen:
            seen |= {(other.number, other.extension), (other.number, "")}
            further.append(other)
    return first, tuple(further)


def website(text: str, notes: list[Message]) -> str:
    """An address that begins with http:// or https:// and has a host, or empty."""
    text = text.strip()
    if not text or text.lower() in ("http://", "https://", "n/a", "none"):
        return ""
    if "://" not in text and re.match(r"[\w-]+(\.[\w-]+)+(?:[/?#]|$)", text):
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    is_plain = text.isprintable() and not re.search(r'[\s"<>\\^`{|}]', text) and len(text) <= MAX_WEBSITE
    if parts.scheme not in ("http", "https") or "." not in host.strip(".") or "@" in parts.netloc or not is_plain:
        notes.append(WEBSITE_UNKNOWN)
        return ""
    return parts.scheme + text[len(parts.scheme) :]


def point(latitude: str, longitude: str, notes: list[Message]) -> tuple[float, float] | None:
    """(latitude, longitude) in WGS-84 degrees; None for blank, not a number, off the Earth, or the point (0, 0)."""
    if not latitude.strip() and not longitude.strip():
        return None
    texts = latitude.strip(), longitude.strip()
    if all(_NUMBER.fullmatch(text) for text in texts):
        lat, lon = float(texts[0]), float(texts[1])
        if math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0):
            return lat, lon
    notes.append(POINT_UNUSABLE)
    return None
