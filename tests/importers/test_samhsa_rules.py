"""SAMHSA's codes become programs and facts exactly as DESIGN 8 says."""

from __future__ import annotations

import pytest

from referral.importers.records import ProviderRecord
from referral.importers.samhsa.codes import Codebook
from referral.importers.samhsa.record import said_by
from referral.vocabulary import FACTS, LEVELS

PAYMENT = (
    *("takes_medicaid", "takes_medicare", "takes_private_insurance", "takes_military_insurance", "takes_state_plan"),
    *("takes_self_pay", "sliding_fee", "payment_assistance", "free_care"),
)
PAYMENT_CODES = ("MD", "MC", "PI", "MI", "SI", "SF", "SS", "PA", "NP")


def record(codes: str) -> ProviderRecord:
    said = said_by(codes.split(), Codebook())
    assert said.unknown_codes == ()
    return ProviderRecord(1, "key", "Blue Door", levels=said.levels, yes=said.yes, no=said.no)


def facts(codes: str) -> dict[str, bool]:
    return record(codes).facts


@pytest.mark.parametrize(
    ("codes", "levels"),
    [
        ("DT HID", {"detox_hospital"}),
        ("DT RES RD", {"detox_residential"}),
        ("DT OP OD", {"detox_outpatient"}),
        ("DT HI HID RES RD OP OD", {"detox_hospital", "detox_residential", "detox_outpatient"}),
        ("DT", {"detox"}),
        ("DT OP ORT", {"detox", "outpatient"}),
        ("RES RL", {"residential_long"}),
        ("RES RS", {"residential_short"}),
        ("RES RL RS", {"residential_long", "residential_short"}),
        ("RES", {"residential"}),
        ("RES RD", {"detox_residential"}),
        ("HI HIT", {"hospital_inpatient"}),
        ("HI", {"hospital_inpatient"}),
        ("HI HID", {"detox_hospital"}),
        ("HI HID HIT", {"detox_hospital", "hospital_inpatient"}),
        ("OP ODT", {"partial_hospitalization"}),
        ("PHDT", {"partial_hospitalization"}),
        ("PH", {"partial_hospitalization"}),
        ("OP PHDT", {"outpatient", "partial_hospitalization"}),
        ("OP OIT", {"intensive_outpatient"}),
        ("OP ORT", {"outpatient"}),
        ("OP OMB", {"outpatient"}),
        ("OP", {"outpatient"}),
        ("OP OD", {"detox_outpatient"}),
        ("HH", {"recovery_residence"}),
        ("HS SH", set()),
        ("SA", set()),
    ],
)
def test_setting_codes_become_levels_of_care(codes: str, levels: set[str]) -> None:
    assert set(record(codes).levels) == levels


def test_levels_stand_in_the_order_of_the_vocabulary() -> None:
    levels = record("HH OP ORT OIT ODT RES RL RS HI HIT HID RD OD DT").levels
    assert list(levels) == [level for level in LEVELS if level in levels]
    assert len(levels) == 10


@pytest.mark.parametrize("code", ["CO", "SUMH", "IDD"])
def test_any_co_occurring_code_says_that_both_are_treated(code: str) -> None:
    assert facts(code)["co_occurring"] is True


def test_co_occurring_is_not_known_without_its_codes() -> None:
    assert "co_occurring" not in facts("SA OP ORT")


@pytest.mark.parametrize(("code", "fact"), list(zip(PAYMENT_CODES, PAYMENT, strict=True)))
def test_one_payment_code_completes_the_list_of_nine(code: str, fact: str) -> None:
    assert {name: known for name, known in facts(code).items() if name in PAYMENT} == {
        name: name == fact for name in PAYMENT
    }


def test_payment_is_not_known_when_no_payment_code_is_there() -> None:
    assert not facts("SA OP ORT FSA ITU VAF").keys() & set(PAYMENT)


@pytest.mark.parametrize(
    ("codes", "fact"),
    [
        ("MU METH MM", "methadone"),
        ("BU BUM UB BWN BWON BERI BSDM", "buprenorphine"),
        ("NU NXN VTRL UN RPN", "naltrexone"),
    ],
)
def test_each_medication_code_says_yes_to_its_medicine_and_to_opioid_treatment(codes: str, fact: str) -> None:
    for code in codes.split():
        assert facts(code) == {fact: True, "treats_opioid_use": True}


def test_people_on_medication_are_accepted_where_it_says_so() -> None:
    assert facts("MOA") == {"accepts_on_medication": True}


def test_no_medication_says_no_to_all_four() -> None:
    assert facts("NMOA") == dict.fromkeys(
        ("methadone", "buprenorphine", "naltrexone", "accepts_on_medication"), False
    )


def test_yes_and_no_to_one_fact_is_not_known_and_told() -> None:
    found = record("NMOA BU")
    assert found.contradictions == {"buprenorphine"}
    assert "buprenorphine" not in found.facts
    assert found.facts["methadone"] is False
    assert found.facts["naltrexone"] is False


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("NOOP", {"treats_opioid_use": False}),
        ("NAUT", {"treats_alcohol_use": False}),
        ("PMAT", {"treats_alcohol_use": True, "alcohol_medication": True}),
        ("ADTX", {"treats_alcohol_use": True, "detox_alcohol": True}),
        ("ODTX", {"treats_opioid_use": True, "detox_opioids": True}),
        ("OUDO", {"only_opioid_use": True}),
        ("AUDO", {"only_alcohol_use": True}),
        ("DUO", {"only_dui": True}),
        ("VAMC", {"federal_agency": True, "veterans_affairs": True}),
        ("ACC", {"onward_care": True}),
        ("DP", {"onward_care": True}),
        ("CM", {"onward_care": True, "case_management": True}),
        ("FEM", {"accepts_women": True, "accepts_men": False}),
        ("MALE", {"accepts_women": False, "accepts_men": True}),
        ("FEM MALE", {"accepts_women": True, "accepts_men": True}),
        ("BC", {"clients_children_welcome": True}),
        ("CCC", {"clients_children_welcome": True}),
        ("SP AH", {"spanish": True, "sign_language": True}),
        ("TELE", {"telehealth": True}),
        ("SMON", {"smoke_free": True, "smoking_area": False}),
        ("CARF", {"carf": True}),
        ("JC", {"joint_commission": True}),
        ("STAG", {"state_licensed": True}),
        ("TA", {"transportation": True}),
    ],
)
def test_fact_codes(codes: str, expected: dict[str, bool]) -> None:
    assert facts(codes) == expected


def test_ages_accepted_are_scrambled_so_nothing_is_known_from_them() -> None:
    assert facts("CHLD YAD ADLT SNR") == {}


@pytest.mark.parametrize(("code", "fact"), [("AD", "adolescents"), ("TAY", "young_adults"), ("SE", "seniors")])
def test_programs_for_an_age_say_yes(code: str, fact: str) -> None:
    assert facts(code) == {fact: True}


def test_every_code_of_the_vocabulary_is_a_known_code() -> None:
    codes = {code for fact in FACTS.values() for code in fact.samhsa_yes | fact.samhsa_no}
    assert Codebook().read(codes) == (frozenset(codes), ())
