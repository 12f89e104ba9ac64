"""A table of somebody's own comes in through a mapping: columns and values are named once, and kept by name."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.extensions import db
from referral.importers.messages import in_english
from referral.models import ImportMapping, Provider
from tests.admin.conftest import Staff
from tests.admin.imports.sending import IMPORTS, number_in, on_sqlite, post, send, settled, text
from tests.importers.drafting import draft_of, sent, work
from tests.importers.loading import levels, providers

pytestmark = on_sqlite

COUNTY = """Facility,Address,City,ST,Zip,Tel,Type,Days,Medicaid,Remarks
Blue Door,1 Main Street,Louisville,KY,40202,502-555-0100,Residential,90,Yes,quiet
Green Gate,2 Main Street,Louisville,KY,40202,502-555-0101,Residential,20,No,loud
Red Roof,3 Main Street,Louisville,KY,40202,502-555-0102,Outpatient,,Y,
Gray House,4 Main Street,Louisville,KY,40202,502-555-0103,Odd thing,,,
"""


def county(folder: Path, text: str = COUNTY) -> int:
    """A draft that waits for its columns to be named."""
    path = folder / "county.csv"
    path.write_text(text, "utf-8")
    number = sent(db.engine, path)
    assert work(db.engine, number).status == "uploaded"
    return number


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form of a mapping as it stands."""
    form = page[page.index('class="mapping"') : page.index("</form>", page.index('class="mapping"'))]
    fields = {
        name: html.unescape(value) for name, value in re.findall(r'<input[^>]*name="([\w-]+)" value="([^"]*)"', form)
    }
    for name, choices in re.findall(r'<select[^>]*name="([\w-]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected>', choices)
        fields[name] = (
            html.unescape(chosen[0]) if chosen else html.unescape(re.findall(r'value="([^"]*)"', choices)[0])
        )
    if not re.search(r'name="joins_rows" value="1" checked', form):
        fields.pop("joins_rows", None)
    return fields


def show(client: FlaskClient, number: int, **changes: str) -> TestResponse:
    path = f"{IMPORTS}/drafts/{number}/mapping"
    return client.post(path, data={**fields_of(client.get(path).text), "do": "show", **changes})


def keep(client: FlaskClient, number: int, **changes: str) -> TestResponse:
    return show(client, number, do="keep", **{"name": "Jefferson County", **changes})


def compared(client: FlaskClient, number: int, **changes: str) -> Any:
    response = keep(client, number, **changes)
    assert response.status_code == 303, text(response)
    return settled(number)


def value_field(page: str, value: str) -> str:
    """Beginning of the names of the fields of a value."""
    part = page[page.index(f'<p class="value">{value}') :]
    found = re.search(r'name="(v[0-9]+-[0-9]+)-level"', part)
    assert found
    return found[1]


def column_field(page: str, column: str) -> str:
    found = re.search(r'id="(c[0-9]+)">\s*<legend>' + re.escape(column) + "</legend>", page)
    assert found, column
    return found[1]


def test_what_could_be_guessed_is_chosen_and_the_rest_is_listed(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = county(tmp_path)
    editor = staff("editor")
    assert "Say what its columns are" in text(editor.get(f"{IMPORTS}/drafts/{number}"))
    response = editor.get(f"{IMPORTS}/drafts/{number}/mapping")
    page, fields = response.text, fields_of(response.text)
    roles = {
        column: fields[f"{column_field(page, column)}-role"] for column in ("facility", "zip", "type", "remarks")
    }
    assert roles == {"facility": "name", "zip": "postal_code", "type": "care", "remarks": ""}
    assert fields[f"{value_field(page, 'Outpatient')}-level"] == "outpatient"
    assert fields[f"{value_field(page, 'Odd thing')}-level"] == ""
    said = text(response)
    assert "type: Odd thing 1" in said
    assert "remarks 2" in said


def test_a_table_comes_in_as_its_columns_were_named(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = county(tmp_path)
    editor = staff("editor")
    page = editor.get(f"{IMPORTS}/drafts/{number}/mapping").text
    odd = value_field(page, "Odd thing")
    choices = {f"{odd}-level": "recovery_residence", f"{odd}-also": "Women; Methadone: no"}
    draft = compared(editor, number, **choices)
    assert (draft.status, draft.source, draft.counts["added"]) == ("compared", "list:jefferson-county", 4)
    seen = draft.counts["digest"]
    post(editor, f"{IMPORTS}/drafts/{number}/apply", seen=seen, why="")
    assert settled(number).status == "applied"
    found = providers(db.engine)
    assert {name: set(levels(db.engine, name)) for name in found} == {
        "Blue Door": {"residential_long"},
        "Green Gate": {"residential_short"},
        "Red Roof": {"outpatient"},
        "Gray House": {"recovery_residence"},
    }
    assert found["Blue Door"].facts["takes_medicaid"] is True
    assert found["Green Gate"].facts["takes_medicaid"] is False
    assert found["Gray House"].facts == {"accepts_women": True, "methadone": False}
    assert "Jefferson County" in text(editor.get(IMPORTS))


def test_what_is_not_understood_is_said_and_stays_as_it_was_typed(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = county(tmp_path)
    editor = staff("editor")
    odd = value_field(editor.get(f"{IMPORTS}/drafts/{number}/mapping").text, "Odd thing")
    response = show(editor, number, **{f"{odd}-also": "Womenn", f"{odd}-level": "outpatient"})
    assert response.status_code == 422
    assert "“Womenn” is no fact, kind of care or number of days." in text(response)
    assert f'href="#{odd}-also"' in response.text
    assert fields_of(response.text)[f"{odd}-also"] == "Womenn"
    assert draft_of(db.engine, number).status == "uploaded"


def test_a_column_that_becomes_one_of_care_shows_its_values(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = county(tmp_path, COUNTY.replace("quiet", "Spanish; Women").replace("loud", "Women"))
    editor = staff("editor")
    page = editor.get(f"{IMPORTS}/drafts/{number}/mapping").text
    remarks = column_field(page, "remarks")
    response = show(editor, number, **{f"{remarks}-role": "care"})
    assert response.status_code == 200
    assert 'name="v9-0-level"' in response.text
    again = show(editor, number, **{f"{remarks}-split": ";"})
    women = value_field(again.text, "Women")
    assert women.startswith("v9-")
    final = show(editor, number, **{f"{women}-level": "-", f"{women}-also": "accepts_women"})
    assert fields_of(final.text)[f"{women}-also"] == "Women"


def test_columns_that_mean_something_together_can_be_said(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = county(tmp_path)
    editor = staff("editor")
    page = editor.get(f"{IMPORTS}/drafts/{number}/mapping").text
    kind, medicaid = column_field(page, "type"), column_field(page, "medicaid")
    rule = {
        "k2-column0": kind,
        "k2-is0": "Outpatient",
        "k2-column1": medicaid,
        "k2-is1": "yes",
        "k2-level": "intensive_outpatient",
        "k2-also": "Medicaid",
    }
    response = show(editor, number, **rule)
    assert response.status_code == 200
    combination = draft_of(db.engine, number).options["suggested"]["combinations"][2]
    assert combination == {
        "when": {"type": "Outpatient", "medicaid": "@yes"},
        "levels": ["intensive_outpatient"],
        "yes": ["takes_medicaid"],
    }
    fields = fields_of(response.text)
    assert (fields["k2-is1"], fields["k2-level"], fields["k3-level"]) == ("yes", "intensive_outpatient", "")


def test_who_names_no_kind_of_care_is_told_that_nobody_will_find_the_places(
    app: Flask, staff: Staff, tmp_path: Path
) -> None:
    warning = "Nothing says which kind of care these places give."
    number = county(tmp_path, "Facility,City,ST,Tel\nBlue Door,Louisville,KY,502-555-0100\n")
    editor = staff("editor")
    assert warning in editor.get(f"{IMPORTS}/drafts/{number}/mapping").text
    assert warning not in show(editor, number, **{"every-level": "outpatient"}).text


def test_rows_with_a_value_can_be_left_out(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = county(tmp_path)
    editor = staff("editor")
    odd = value_field(editor.get(f"{IMPORTS}/drafts/{number}/mapping").text, "Odd thing")
    assert fields_of(show(editor, number, **{f"{odd}-level": "leave_out"}).text)[f"{odd}-level"] == "leave_out"
    draft = compared(editor, number, **{f"{odd}-level": "leave_out"})
    assert (draft.counts["added"], draft.counts["skipped_by_reason"]) == (3, {"left out by the mapping": 1})
    assert "Odd thing" not in editor.get(f"{IMPORTS}/drafts/{number}").text


def test_a_mapping_needs_a_name_and_a_column_of_names(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = county(tmp_path)
    editor = staff("editor")
    response = keep(editor, number, name=" ")
    assert response.status_code == 422
    assert "Give the mapping a name." in text(response)
    facility = column_field(response.text, "facility")
    response = keep(editor, number, **{f"{facility}-role": "ignored"})
    assert "Say which column is the name of the place." in text(response)
    assert editor.get(f"{IMPORTS}/drafts/{number}/mapping").status_code == 200, "an unfinished mapping is kept"
    assert kept() == {}


def kept() -> dict[str, Any]:
    db.session.rollback()
    found = {one.name: one.rules for one in db.session.scalars(sa.select(ImportMapping))}
    db.session.rollback()
    return found


def test_a_kept_mapping_reads_the_next_file_also_under_a_new_name(app: Flask, staff: Staff, tmp_path: Path) -> None:
    editor = staff("editor")
    compared(editor, county(tmp_path))
    mapping_id = re.findall(r'<option value="(\d+)">Our mapping “Jefferson County”', editor.get(IMPORTS).text)[0]
    post(editor, f"{IMPORTS}/mappings/{mapping_id}/rename", name="Licensed in Jefferson County")
    assert "Licensed in Jefferson County" in text(editor.get(f"{IMPORTS}/mappings"))
    draft = settled(number_in(send(editor, COUNTY.encode(), "next year.csv", how=mapping_id)))
    assert (draft.status, draft.source) == ("compared", "list:jefferson-county"), "or its listings would be new ones"
    assert "Odd thing" in text(editor.get(f"{IMPORTS}/drafts/{draft.id}"))
    provider = Provider(name="Gray Oak", source="list:jefferson-county", source_key="oak")
    db.session.add(provider)
    db.session.commit()
    for path in (f"/en/providers/{provider.id}", f"/en/admin/listings/{provider.id}"):
        assert "Licensed in Jefferson County" in text(editor.get(path)), "and pages call it as staff do"


def test_a_mapping_is_changed_to_fit_a_table_whose_columns_have_other_names(
    app: Flask, staff: Staff, tmp_path: Path
) -> None:
    number = county(tmp_path)
    editor = staff("editor")
    page = editor.get(f"{IMPORTS}/drafts/{number}/mapping").text
    odd = value_field(page, "Odd thing")
    show(editor, number, **{f"{odd}-level": "outpatient"})
    rules = draft_of(db.engine, number).options["suggested"]
    path = tmp_path / "next.csv"
    path.write_text(COUNTY.replace("Facility,Address", "Site,Address").replace("Days", "Length"), "utf-8")
    newer = sent(db.engine, path, rules=rules, mapping="County", mapping_source="list:county")
    draft = work(db.engine, newer)
    assert (draft.status, "no column facility, days" in in_english(draft.message)) == ("failed", True)
    work(db.engine, newer, "look")
    fields = fields_of(editor.get(f"{IMPORTS}/drafts/{newer}/mapping").text)
    assert (fields["c0-role"], fields[f"{odd}-level"], fields["name"]) == ("name", "outpatient", "County")
    assert fields["k0-level"] == "", "rules that name a column that is not there are gone"


def test_a_name_that_is_taken_is_not_given_to_another_mapping(app: Flask, staff: Staff, tmp_path: Path) -> None:
    db.session.add_all([ImportMapping(name="Jefferson County"), ImportMapping(name="State")])
    db.session.commit()
    editor = staff("editor")
    rules = kept()
    for name in ("Jefferson County", "jefferson county!"):
        assert keep(editor, county(tmp_path), name=name).status_code == 422
    post(editor, f"{IMPORTS}/mappings/2/rename", name="Jefferson County")
    post(editor, f"{IMPORTS}/mappings/2/rename", name="")
    assert kept().keys() == rules.keys()
    post(editor, f"{IMPORTS}/mappings/2/delete")
    assert list(kept()) == ["Jefferson County"]


def test_hostile_fields_of_a_mapping_make_no_error_of_ours(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = county(tmp_path)
    editor = staff("editor")
    fields = fields_of(editor.get(f"{IMPORTS}/drafts/{number}/mapping").text)
    names = {*fields, "sheet", "k59-level", "v99-9-level"} - {"csrf_token"}
    for value in ("\0", "'\"><script>", "x" * 5000, "-1", "9" * 400, ";;;:no", "\u202e", "residential_long"):
        response = show(editor, number, **dict.fromkeys(names, value), do="show")
        assert response.status_code in (200, 413, 422)
        assert b"<script>" not in response.data
    assert editor.get(f"{IMPORTS}/drafts/{number}/mapping").status_code == 200
