"""Codes and names of every year come to mean what they meant in their own file."""

from __future__ import annotations

import pytest

from referral.importers.samhsa.codes import (
    NAME_BY_CODE,
    REUSED,
    Codebook,
    code_of_name,
    codebook_from_sheet,
    is_newer_generation,
)


def meaning(codebook: Codebook, code: str) -> str | None:
    known, unknown = codebook.read([code])
    return None if unknown else "".join(known)


def test_two_codes_changed_their_meaning() -> None:
    assert sorted(REUSED) == ["MI", "SSA"]


def test_reused_codes_are_read_by_the_generation_of_their_file() -> None:
    assert [meaning(Codebook(), code) for code in ("MI", "SSA")] == ["MI", "SSA"]
    assert [meaning(Codebook(is_newer=True), code) for code in ("MI", "SSA")] == ["MOTI", "STAG"]


@pytest.mark.parametrize(
    ("codes", "is_newer"),
    [("MD SF MI SSA", False), ("MD CASH", True), ("tricare", True), ("MI SSA", False), ("mPREP", True)],
)
def test_the_generation_shows_in_codes_that_only_one_has(codes: str, is_newer: bool) -> None:
    assert is_newer_generation(codes.split()) is is_newer


@pytest.mark.parametrize(("new", "old"), [("ADOL", "AD"), ("IOP", "OIT"), ("TRICARE", "MI"), ("CASH", "SF")])
def test_renamed_codes_mean_what_they_meant_before(new: str, old: str) -> None:
    assert meaning(Codebook(), new) == old


def test_the_name_in_the_sheet_wins_over_what_the_code_meant() -> None:
    codebook = codebook_from_sheet(
        [
            ("TAP", "MI", "Motivational interviewing"),
            ("LCA", "SSA", "State Substance use treatment agency"),
            ("PAY", "XQ", "Medicaid"),
            ("PAY", "MD", "Detoxification  "),
        ]
    )
    assert [meaning(codebook, code) for code in ("MI", "SSA", "XQ", "MD")] == ["MOTI", "STAG", "MD", "DT"]


def test_a_reworded_name_keeps_its_code() -> None:
    codebook = codebook_from_sheet(
        [("SG", "GL", "Clients who are lesbian, gay, bisexual, transgender or queer (LGBTQ)")]
    )
    assert meaning(codebook, "GL") == "GL"


@pytest.mark.parametrize("name", ["Equine therapy", "Treats opioid use disorders"])
def test_a_known_code_with_another_meaning_in_the_sheet_is_unknown(name: str) -> None:
    codebook = codebook_from_sheet([("OT", "NOOP", name)])
    assert codebook.read(["NOOP"]) == (frozenset(), (f"NOOP ({name})",))


def test_codes_are_read_in_any_case() -> None:
    assert Codebook().read(["md", "Oit"]) == (frozenset({"MD", "OIT"}), ())


def test_unknown_codes_are_given_back() -> None:
    assert Codebook().read(["MD", "QQQ", "ZZ"]) == (frozenset({"MD"}), ("QQQ", "ZZ"))


def test_every_name_of_2023_leads_to_its_code() -> None:
    twins = {"PSYH", "AUINPE", "AURPE", "AUPC", "YAD", "PH"}
    wrong = {code for code, name in NAME_BY_CODE.items() if code_of_name(name) != code}
    assert wrong == twins


@pytest.mark.parametrize(
    ("name", "category", "code"),
    [
        ("Young adults", "AGE", "YAD"),
        ("Young adults", "SG", "TAY"),
        ("Seniors (65 or older)", "AGE", "SNR"),
        ("Accepts clients on opioid medication", "OT", "MOA"),
        ("Do not use medication for opioid addiction", "OT", "NMOA"),
        ("Does not treat opioid addiction", "OT", "NOOP"),
        ("Buprenorphine with naloxone  (Suboxone®)", "PHR", "BWN"),
        ("Military insurance (e.g., TRICARE)", "PAY", "MI"),
        ("Persons with co-occurring mental and substance use disorders", "SG", "CO"),
        ("Behavior modification", "TAP", ""),
        ("Equine therapy", "TAP", None),
    ],
)
def test_names_of_other_years_lead_to_codes_of_2023(name: str, category: str, code: str | None) -> None:
    assert code_of_name(name, category) == code
