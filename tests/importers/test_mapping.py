"""Tables of somebody's own: what is suggested, what rules make of a row, what is not mapped, what is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.history import act
from referral.importers.mapping import (
    ColumnRule,
    Combination,
    KeptRules,
    Meaning,
    Rules,
    apply,
    open_table,
    sample,
    sheet_titles,
    source_of,
    suggest,
    unmapped,
)
from referral.importers.mapping.addresses import part_address
from referral.importers.mapping.rules import ROLES, days_in, holds
from referral.importers.messages import say
from referral.importers.reading.files import UnreadableFileError, open_source
from referral.importers.records import Item, ProgramRecord, ProviderRecord, Rejected, Skipped
from referral.models import Correction, Program, Provider
from tests.importers.loading import import_file

FILES = Path(__file__).parent / "files"
COUNTY = FILES / "county_list.csv"


def suggested(path: Path) -> Rules:
    with open_source(path) as source:
        return suggest(sample(open_table(source)))


def items(rules: Rules, path: Path) -> list[Item]:
    with open_source(path) as source:
        return list(apply(rules, open_table(source, rules.sheet)))


def records(rules: Rules, path: Path) -> dict[str, ProviderRecord]:
    """Those of a table by name."""
    return {item.name: item for item in items(rules, path) if isinstance(item, ProviderRecord)}


def left_over(rules: Rules, path: Path) -> set[tuple[str, str, int]]:
    with open_source(path) as source:
        return {(one.column, one.value, one.n_cells) for one in unmapped(rules, sample(open_table(source)))}


def csv_file(path: Path, text: str) -> Path:
    (path / "a.csv").write_text(text, encoding="utf-8")
    return path / "a.csv"


def with_state(rules: Rules, state: str, **columns: ColumnRule) -> Rules:
    return Rules({**rules.columns, **columns}, rules.combinations, {"state": state})


def test_the_columns_of_a_county_list_are_told_by_their_headers_under_a_title() -> None:
    roles = {name: rule.role for name, rule in suggested(COUNTY).columns.items()}
    assert roles == {
        "facility name": "name",
        "program": "name_detail",
        "addr1": "street",
        "city": "city",
        "zip": "postal_code",
        "tel": "phone",
        "alt phone": "other_phone",
        "loc": "care",
        "max days": "stay_days",
        "license #": "license_number",
        "expires": "license_expires_on",
        "# beds": "licensed_beds",
        "accepts medicaid (y/n)": "care",
        "gender served": "care",
        "notes": "ignored",
    }


def test_a_county_list_becomes_listings_with_programs_facts_and_licenses() -> None:
    found = records(with_state(suggested(COUNTY), "KY"), COUNTY)
    house = found["Marigold House: Residential"]
    assert (house.organization, house.street, house.state, house.postal_code) == (
        "Marigold House",
        "100 Orchard Lane",
        "KY",
        "40299",
    )
    assert (house.levels, house.programs) == (("residential_long",), (ProgramRecord("residential_long", 90),))
    assert house.facts == {"takes_medicaid": True, "accepts_women": False, "accepts_men": True}
    assert house.extras == {
        "license_number": "L-0001",
        "license_expires_on": date(2027, 6, 30),
        "licensed_beds": 24,
    }
    tulip = found["Tulip Recovery"]
    assert (tulip.unit, tulip.phone, tulip.phone_extension) == ("Suite B", "502-555-0111", "4")
    assert (tulip.levels, tulip.programs) == (("residential_short",), (ProgramRecord("residential_short", 28),))
    clinic = found["Third Street Clinic"]
    assert clinic.levels == ("detox", "intensive_outpatient", "outpatient")
    assert (clinic.phone, clinic.other_phones[0].number) == ("502-555-0113", "502-555-0114")


def test_what_the_rules_do_not_know_is_listed_and_counted_in_the_report(app: Flask) -> None:
    rules = suggested(COUNTY)
    assert left_over(rules, COUNTY) == {("loc", "Inpatient", 1)}
    report = import_file(db.engine, COUNTY, mapping=KeptRules("list:marigold", rules))
    assert dict(report.unknown_codes) == {"loc: Inpatient": 1}
    assert {text: note.rows for text, note in report.notes.items()} == {
        "phone not understood": [10],
        "last day of the license not understood": [10],
    }
    undecided = Rules({name: rule for name, rule in rules.columns.items() if name not in ("loc", "notes")})
    assert left_over(undecided, COUNTY) == {("loc", "", 7), ("notes", "", 2)}


def test_rows_that_are_no_place_are_skipped_or_rejected_with_their_number() -> None:
    others = [item for item in items(suggested(COUNTY), COUNTY) if not isinstance(item, ProviderRecord)]
    assert others == [
        Rejected(11, say("has a name and nothing else")),
        Skipped(12, say("the header once more")),
        Rejected(13, say("has no name")),
    ]


def test_a_state_license_file_with_addresses_in_one_cell_is_read() -> None:
    path = FILES / "state_licenses.csv"
    rules = suggested(path)
    assert left_over(rules, path) == {("service_category", "Prevention", 1)}
    found = records(rules, path)
    granite = found["Granite House"]
    assert (granite.organization, granite.street, granite.unit) == ("Granite Health LLC", "55 Quarry Road", "Suite 3")
    assert (granite.city, granite.state, granite.postal_code) == ("Millbrook", "KY", "40297")
    assert granite.levels == ("detox_residential", "residential"), "the finer kind of detox holds"
    assert (granite.website, granite.extras["licensed_beds"]) == ("http://www.granite.example", 32)
    willow = found["Willow Clinic"]
    assert (willow.street, willow.city, willow.levels) == ("9 Water Street", "Millbrook", ("outpatient",))
    assert willow.facts == {"methadone": True, "opioid_treatment_program": True}
    assert "Cedar Homes" in found, "without a second name the licensee is the name"
    assert granite.facts == {"co_occurring": True}, "one payment or gender column is no complete list"


@pytest.mark.parametrize("street", ["1 Oak Street", "1 Oak Street Suite 4"])
def test_a_city_beside_a_street_of_its_own_is_not_lost(tmp_path: Path, street: str) -> None:
    text = f'Name,Street,City/State/Zip,Phone\nGray Oak,{street},"Millbrook, KY 40297",502-555-0131\n'
    path = csv_file(tmp_path, text)
    rules = suggested(path)
    assert rules.columns["city/state/zip"].role == "full_address"
    oak = records(rules, path)["Gray Oak"]
    assert (oak.street, oak.unit) == ("1 Oak Street", street.removeprefix("1 Oak Street").strip())
    assert (oak.city, oak.state, oak.postal_code) == ("Millbrook", "KY", "40297")


def test_a_spanish_list_in_cp1252_is_read() -> None:
    path = FILES / "lista_de_centros.csv"
    found = records(with_state(suggested(path), "PR"), path)
    assert found["Casa Amanecer"].postal_code == "00901", "the zero comes back by the state"
    assert found["Casa Amanecer"].levels == ("residential_long",)
    assert found["Casa Amanecer"].facts == {
        "takes_medicaid": True,
        "accepts_women": True,
        "accepts_men": False,
        "spanish": True,
    }
    assert found["Hogar Nuevo Día"].levels == ("recovery_residence",)
    assert found["Clínica del Río"].unit == "Piso 2"


CARE = Rules(
    {
        "name": ColumnRule("name"),
        "city": ColumnRule("city"),
        "type": ColumnRule("care", values={"residential": Meaning(("residential",)), "x": Meaning()}),
        "days": ColumnRule("stay_days"),
        "who": ColumnRule("care", split=";", values={"men": Meaning(yes=("accepts_men",)), "*": Meaning()}),
    },
    (
        Combination({"type": "residential", "days": ">= 90"}, Meaning(("residential_long",), stay_days=90)),
        Combination({"type": "residential", "who": "men"}, Meaning(("residential_short",))),
    ),
)


def read_rows(folder: Path, rules: Rules, *rows: str) -> list[ProviderRecord]:
    path = csv_file(folder, "\n".join(["Name,City,Type,Days,Who", *rows]))
    return [item for item in items(rules, path) if isinstance(item, ProviderRecord)]


def test_columns_that_mean_something_together_use_their_values_up(tmp_path: Path) -> None:
    one, two, three = read_rows(
        tmp_path, CARE, "A,Paris,Residential,90,Men;Women", "B,Paris,Residential,,men", "C,Paris,Residential,45,Women"
    )
    assert (one.levels, one.programs) == (("residential_long",), (ProgramRecord("residential_long", 90),))
    assert one.facts == {"accepts_men": True}, "what took no part still counts"
    assert (two.levels, two.facts) == (("residential_short",), {})
    assert (three.levels, three.programs) == (("residential",), (ProgramRecord("residential", 45),))


def test_every_row_and_constants_say_what_the_file_leaves_out(tmp_path: Path) -> None:
    rules = Rules(
        {"name": ColumnRule("name"), "city": ColumnRule("city"), "beds": ColumnRule("capacity")},
        constants={"state": "OH", "organization": "County of Ash"},
        every_row=Meaning(("outpatient",), ("methadone",)),
    )
    (one,) = items(rules, csv_file(tmp_path, "Name,City,Beds,More\nA,Paris,12,x\n"))
    assert isinstance(one, ProviderRecord)
    assert (one.state, one.organization, one.levels) == ("OH", "County of Ash", ("outpatient",))
    assert (one.programs, one.facts) == ((ProgramRecord("outpatient", None, 12),), {"methadone": True})
    assert one.notes == ("the column more is not in the mapping: it was not read",)


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ("90", "90", True),
        ("90", " 90 ", True),
        ("> 30", "up to 90 days", True),
        ("> 30", "30", False),
        ("<= 30", "4 weeks", True),
        ("<= 30", "", False),
        (">= 90", "3 months", True),
        ("@yes", "Y", True),
        ("@no", "N", True),
        ("@yes", "maybe", False),
        ("*", "anything", True),
        ("*", "", False),
        ("residential", "RESIDENTIAL", True),
    ],
)
def test_conditions_are_values_words_for_yes_or_limits(condition: str, value: str, expected: bool) -> None:
    assert holds(condition, value) is expected


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("90", 90),
        ("30-90 days", 90),
        ("1 to 3 months", 90),
        ("6 meses", 180),
        ("2 weeks", 14),
        ("1 year", 365),
        ("?", None),
    ],
)
def test_a_length_of_stay_is_read_as_days(text: str, days: int | None) -> None:
    assert days_in(text) == days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 Main St, Louisville, KY 40202", ("100 Main St", "", "Louisville", "KY", "40202")),
        (
            "100 Main St, Suite 4, Louisville, KY 40202-1234",
            ("100 Main St", "Suite 4", "Louisville", "KY", "40202-1234"),
        ),
        ("100 Main St\nLouisville KY 40202", ("100 Main St", "", "Louisville", "KY", "40202")),
        ("100 Main St #4, Louisville KY", ("100 Main St", "#4", "Louisville", "KY", "")),
        ("100 Main St, Louisville, KY 40202, USA", ("100 Main St", "", "Louisville", "KY", "40202")),
        ("100 Main St", ("100 Main St", "", "", "", "")),
        ("", ("", "", "", "", "")),
    ],
)
def test_an_address_in_one_cell_is_parted(text: str, expected: tuple[str, ...]) -> None:
    assert tuple(part_address(text).values()) == expected


def test_several_rows_of_one_place_become_one_listing_with_their_programs(app: Flask, tmp_path: Path) -> None:
    text = (
        "Name,Street,Zip,LOC,Medicaid,Days,Phone\n"
        "Ash House,1 Elm Road,40202,Residential,Y,90,502-555-0100\n"
        "Birch,2 Elm Road,40202,IOP,N,,502-555-0101\n"
        "ASH HOUSE,1 Elm Road,40202-1111,Outpatient,,,\n"
        "Ash House,1 Elm Road,40202,Outpatient,N,,\n"
    )
    path = csv_file(tmp_path, text)
    kept = KeptRules("list:ash", suggested(path))
    report = import_file(db.engine, path, mapping=kept)
    assert (report.read, report.added, report.merged) == (4, 2, 2)
    provider = db.session.scalars(sa.select(Provider).where(Provider.name == "Ash House")).one()
    assert {one.level: one.max_stay_days for one in provider.programs} == {"residential_long": 90, "outpatient": None}
    assert (provider.phone, provider.facts) == ("502-555-0100", {}), "yes and no for one fact is not known"
    assert import_file(db.engine, path, mapping=kept).is_without_effect
    apart = KeptRules("list:apart", Rules(kept.rules.columns, kept.rules.combinations, joins_rows=False))
    assert import_file(db.engine, path, mapping=apart).added == 4


def test_a_newer_list_changes_stays_capacities_and_licenses_and_says_who_is_gone(app: Flask, tmp_path: Path) -> None:
    header = "Name,Street,Zip,LOC,Capacity,Expires,License\n"
    rules = suggested(csv_file(tmp_path, header + "Ash House,1 Elm Road,40202,Residential,10,1/31/2027,A-1\n"))
    kept = KeptRules("list:ash", rules)
    row, other = "Ash House,1 Elm Road,40202,Residential,{},{},A-1\n", "Birch,2 Elm Road,40202,IOP,,,B-1\n"
    import_file(db.engine, csv_file(tmp_path, header + row.format(10, "1/31/2027") + other), mapping=kept)
    provider = db.session.scalars(sa.select(Provider).where(Provider.name == "Ash House")).one()
    number = provider.programs[0].id
    assert (provider.license_expires_on, provider.programs[0].capacity) == (date(2027, 1, 31), 10)
    db.session.rollback()
    report = import_file(db.engine, csv_file(tmp_path, header + row.format(12, "1/31/2028")), mapping=kept)
    assert (report.changed, report.gone) == (1, 1)
    db.session.expire_all()
    assert (provider.license_expires_on, provider.programs[0].capacity) == (date(2028, 1, 31), 12)
    assert (provider.programs[0].id, provider.source) == (number, "list:ash")


def test_what_staff_corrected_of_a_license_or_a_program_stays(app: Flask, tmp_path: Path) -> None:
    header, row = "Name,Street,Zip,LOC,Capacity,License\n", "Ash House,1 Elm Road,40202,Residential,{},{}\n"
    path = csv_file(tmp_path, header + row.format(10, "A-1"))
    kept = KeptRules("list:ash", suggested(path))
    import_file(db.engine, path, mapping=kept)
    provider = db.session.scalars(sa.select(Provider)).one()
    with act(db.session, "edit"):
        provider.license_number = "OURS"
        provider.programs[0].capacity = 99
        db.session.commit()
    db.session.rollback()
    report = import_file(db.engine, csv_file(tmp_path, header + row.format(11, "A-2")), mapping=kept)
    assert report.kept == 2
    db.session.expire_all()
    assert (provider.license_number, provider.programs[0].capacity) == ("OURS", 99)
    offered = {one.field: one.offered_value for one in db.session.scalars(sa.select(Correction)) if one.is_offered}
    assert offered == {"license_number": "A-2", "capacity.residential": 11}


def test_lists_of_two_mappings_are_kept_apart(app: Flask, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "Name,Street,Zip\nAsh House,1 Elm Road,40202\n")
    for name in ("Ash County", "Birch County"):
        report = import_file(db.engine, path, mapping=KeptRules(source_of(name), suggested(path)))
        assert (report.added, report.gone) == (1, 0)
    assert set(db.session.scalars(sa.select(Provider.source))) == {"list:ash-county", "list:birch-county"}


def test_a_column_that_is_no_longer_in_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no column loc, which the mapping reads"):
        items(suggested(COUNTY), csv_file(tmp_path, COUNTY.read_text(encoding="utf-8").replace(",LOC,", ",Level,")))


def test_workbooks_are_read_from_the_sheet_that_has_a_table_or_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Read me first"])
    for title in ("Providers", "Old"):
        sheet = book.create_sheet(title)
        sheet.append(["Treatment list", None, None])
        sheet.append([])
        sheet.append(["Facility", "City", "ZIP", "ZIP", None])
        sheet.append([f"From {title}", "Paris", 2139, 40202, "x"])
    book.save(tmp_path / "a.xlsx")
    with open_source(tmp_path / "a.xlsx") as source:
        assert sheet_titles(source) == ["Sheet", "Providers", "Old"]
        seen = sample(open_table(source))
        assert [column.name for column in seen.columns] == ["facility", "city", "zip", "zip (2)", "column e"]
        old = Rules(suggest(seen).columns, constants={"state": "MA"}, sheet="Old")
        (one,) = apply(old, open_table(source, "Old"))
        assert isinstance(one, ProviderRecord)
        assert (one.name, one.postal_code) == ("From Old", "02139")
        with pytest.raises(UnreadableFileError, match="no sheet Older"):
            open_table(source, "Older")


def test_the_sample_of_a_long_file_stays_small_and_says_so(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "Name,Type\n" + "".join(f"Place {n},{n % 3}\n" for n in range(2000)))
    with open_source(path) as source:
        seen = sample(open_table(source))
    name, kind = seen.columns
    assert (seen.n_rows, name.is_cut, len(name.values), name.n_filled) == (2000, True, 500, 2000)
    assert (kind.is_cut, kind.values) == (False, (("0", 667), ("1", 667), ("2", 666)))


def test_every_role_has_a_label_for_people() -> None:
    assert all(label for label in ROLES.values())


def test_programs_of_other_levels_are_not_touched_by_a_stay(app: Flask, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "Name,Zip,LOC,Days\nAsh,40202,Residential; IOP,45 days\n")
    import_file(db.engine, path, mapping=KeptRules("list:a", suggested(path)))
    stays = dict(db.session.execute(sa.select(Program.level, Program.max_stay_days)).all())
    assert stays == {"residential_long": 45, "intensive_outpatient": None}
