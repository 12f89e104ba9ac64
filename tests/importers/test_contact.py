"""Names, phones, ZIPs, websites and points out of files, as people will see them."""

from __future__ import annotations

import pytest

from referral.importers import contact
from referral.importers.messages import Message
from referral.importers.records import Phone


@pytest.mark.parametrize(
    ("name1", "name2", "name", "organization"),
    [
        ("Blue Door", "", "Blue Door", ""),
        ("", "Blue Door", "Blue Door", ""),
        (" Blue  Door ", "blue door", "blue door", ""),
        ("Blue Door Inc", "Outpatient Services", "Blue Door Inc: Outpatient Services", "Blue Door Inc"),
        ("Blue Door Inc", "Elm Street Clinic", "Blue Door Inc: Elm Street Clinic", "Blue Door Inc"),
        ("Council on Alcohol and", "Drug Use Inc", "Council on Alcohol and Drug Use Inc", ""),
        ("Blue Door Center for Care and Recovery", "(BDCCR)", "Blue Door Center for Care and Recovery (BDCCR)", ""),
        ("Blue Door Behavioral Health", "Services Inc (BDBH)", "Blue Door Behavioral Health Services Inc (BDBH)", ""),
        ("Blue Door LLC", "DBA Open Way", "Open Way", "Blue Door LLC"),
        ("Blue Door LLC", "T/A Open Way", "Open Way", "Blue Door LLC"),
        ("Elm Treatment Center", "Blue Door LLC", "Elm Treatment Center", "Blue Door LLC"),
        ("Blue Door, OTP", "Blue Door, OTP [BD]", "Blue Door, OTP [BD]", ""),
        ("", "", "", ""),
    ],
)
def test_name_tells_two_sites_of_one_organization_apart(name1: str, name2: str, name: str, organization: str) -> None:
    assert contact.names(name1, name2) == (name, organization)


def test_name_is_never_longer_than_a_listing_can_hold() -> None:
    name, organization = contact.names("a" * 300, "b" * 300)
    assert len(name) == contact.MAX_NAME
    assert name.endswith("…")
    assert organization == "a" * 300


@pytest.mark.parametrize(
    ("text", "number", "extension"),
    [
        ("502-555-0100", "502-555-0100", ""),
        ("502-555-0100 x2800", "502-555-0100", "2800"),
        ("502-555-0100x0", "502-555-0100", "0"),
        ("(502) 555-0100", "502-555-0100", ""),
        ("502.555.0100 ext. 12", "502-555-0100", "12"),
        ("1-502-555-0100", "502-555-0100", ""),
        ("5025550100", "502-555-0100", ""),
        ("888-PARNEXT", "888-727-6398", ""),
        ("800-662HOPE", "800-662-4673", ""),
        ("800-USA2525", "800-872-2525", ""),
        ("+52 55 1234 5678", "+52 55 1234 5678", ""),
    ],
)
def test_phones_are_shown_one_way(text: str, number: str, extension: str) -> None:
    assert contact.phone(text) == Phone("main", number, extension)


@pytest.mark.parametrize("text", ["911", "call us", "x0", "555", "5" * 61, "٥٠٢", "502-555-01"])
def test_what_is_no_phone_number_is_left_out(text: str) -> None:
    assert contact.phone(text) is None


def test_further_phones_are_those_that_say_something_new() -> None:
    notes: list[Message] = []
    others = [
        ("intake", "502-555-0100"),
        ("intake", "(502) 555-0101"),
        ("intake", "502-555-0101"),
        ("hotline", "502-555-0100 x7"),
        ("intake", "no"),
        ("intake", ""),
    ]
    main, further = contact.phones("502-555-0100 x5", others, notes)
    assert main == Phone("main", "502-555-0100", "5")
    assert further == (Phone("intake", "502-555-0101"), Phone("hotline", "502-555-0100", "7"))
    assert notes == ["further phone not understood"]


@pytest.mark.parametrize(
    ("text", "zip4", "state", "expected"),
    [
        ("40202", "", "KY", "40202"),
        ("40202", "1234", "KY", "40202-1234"),
        ("40202", "283", "KY", "40202-0283"),
        ("40202-1234", "", "KY", "40202-1234"),
        ("402021234", "", "KY", "40202-1234"),
        ("2139", "", "MA", "02139"),
        ("21391234", "", "MA", "02139-1234"),
        ("7001", "", "NJ", "07001"),
        ("901", "", "PR", "00901"),
        ("0901", "", "PR", "00901"),
        ("802", "", "VI", "00802"),
        ("06601", "", "CT", "06601"),
        ("40202", "0", "KY", "40202"),
        ("", "", "KY", ""),
    ],
)
def test_zip_gets_its_zeros_back_where_the_state_agrees(text: str, zip4: str, state: str, expected: str) -> None:
    notes: list[Message] = []
    assert contact.postal_code(text, zip4, state, notes) == expected
    assert notes == []


@pytest.mark.parametrize(
    ("text", "state"), [("2139", "KY"), ("2139", "NJ"), ("4020", ""), ("K1A 0B1", ""), ("٤٠٢٠٢", "KY"), ("1", "PR")]
)
def test_zip_that_cannot_be_told_is_left_out_and_noted(text: str, state: str) -> None:
    notes: list[Message] = []
    assert contact.postal_code(text, "", state, notes) == ""
    assert notes == ["ZIP not understood"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://", ""),
        ("https://", ""),
        ("", ""),
        ("http://example.org/a?b=c", "http://example.org/a?b=c"),
        ("HTTPS://Example.org", "https://Example.org"),
        ("www.example.org", "http://www.example.org"),
        ("example.org/clinic", "http://example.org/clinic"),
    ],
)
def test_website_is_an_address_with_a_host_or_empty(text: str, expected: str) -> None:
    notes: list[Message] = []
    assert contact.website(text, notes) == expected
    assert notes == []


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "http://user:word@example.org",
        "http://[",
        "http://example.org:99999999",
        'http://example.org/"onclick=',
        "http://exa mple.org",
        "http://localhost",
        "http:// ",
        "http://example.org/\x00",
        "call 502-555-0100",
    ],
)
def test_website_that_is_none_is_left_out_and_noted(text: str) -> None:
    notes: list[Message] = []
    assert contact.website(text, notes) == ""
    assert notes == ["website not understood"] or text.strip() == "http://"


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("38.25", "-85.75"), ("-90", "180"), ("0", "9.5"), ("3.8e1", "0")]
)
def test_point_on_earth_is_kept(latitude: str, longitude: str) -> None:
    assert contact.point(latitude, longitude, []) == (float(latitude), float(longitude))


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("0", "0"),
        ("0.0", "-0.0"),
        ("91", "0"),
        ("38", "-180.5"),
        ("nan", "-85"),
        ("inf", "-85"),
        ("1e999", "-85"),
        ("٣٨", "-85"),
        ("38,25", "-85,75"),
        ("38", ""),
        ("", "-85"),
    ],
)
def test_point_that_cannot_be_is_left_out_and_noted(latitude: str, longitude: str) -> None:
    notes: list[Message] = []
    assert contact.point(latitude, longitude, notes) is None
    assert notes == ["point not usable"]


def test_blank_point_is_nothing_to_note() -> None:
    notes: list[Message] = []
    assert contact.point("", " ", notes) is None
    assert notes == []


def test_text_is_one_visible_line() -> None:
    assert contact.clean_text(" a\r\nb\x1b[31m\u202ec\u00ad\ud800 \t é") == "a b [31mc é"
