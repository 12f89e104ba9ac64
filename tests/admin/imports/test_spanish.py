"""What readers say about files and rows, on the staff pages of somebody who reads Spanish."""

from __future__ import annotations

import csv
import io
import json

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.importers.drafts import kept
from referral.models import ImportDraftRow
from tests.admin.conftest import Staff
from tests.admin.imports.sending import IMPORTS, number_in, on_sqlite, post, send, settled, text

IN_SPANISH = IMPORTS.replace("/en/", "/es/")

PLACE = {"name1": "Blue Door", "street1": "1 Main Street", "city": "Louisville", "zip": "40202", "services": []}
LOCATOR = {
    "rows": [
        PLACE | {"typeFacility": "SU", "state": "Kentukky"},
        PLACE | {"typeFacility": "DENTIST", "state": "KY"},
        PLACE | {"typeFacility": "SU", "state": "KY", "name1": "A" * 301},
        "Blue Door",
    ]
}


@on_sqlite
def test_a_rejected_row_a_skipped_row_and_a_note_are_told_in_spanish(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    number = number_in(send(editor, json.dumps(LOCATOR).encode(), "list.json"))
    assert settled(number).status == "compared"
    page = editor.get(f"{IN_SPANISH}/drafts/{number}")
    shown = text(page)
    assert "JSON del buscador de FindTreatment.gov · " in shown
    assert "tipo de centro 'DENTIST' 1" in shown
    assert "no se entiende el estado como en la fila 1 1" in shown
    rejected = editor.get(f"{IN_SPANISH}/drafts/{number}/rows/rejected")
    assert "3 name1 tiene más de 300 caracteres 4 no es un objeto" in text(rejected)
    skipped = editor.get(f"{IN_SPANISH}/drafts/{number}/rows/skipped")
    assert "2 tipo de centro 'DENTIST'" in text(skipped)
    for one in (page, rejected, skipped):
        assert '<td lang="en">' not in one.get_data(as_text=True)
        assert '<span lang="en">' not in one.get_data(as_text=True)

    file = editor.get(f"{IN_SPANISH}/drafts/{number}/rejected.csv").get_data(as_text=True)
    assert [row[2] for row in csv.reader(io.StringIO(file))][1:] == [
        *("tipo de centro 'DENTIST'", "name1 tiene más de 300 caracteres", "no es un objeto")
    ]
    english = text(editor.get(f"{IMPORTS}/drafts/{number}"))
    assert "facility type 'DENTIST' 1" in english
    assert "state not understood as in row 1 1" in english


@on_sqlite
@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b'{"rows": 5}', "a.json", "El JSON no tiene ninguna lista 'rows'."),
        (b"\xd0\xcf\x11\xe0 old", "a.xls", "Este es un libro de Excel antiguo (.xls) o tiene contraseña."),
        (b"only one column\n1\n", "a.csv", "El archivo no está en ninguno de los formatos conocidos:"),
        (b"only one column\n1\n", "a.csv", "Directorio nacional de SAMHSA (xlsx o csv con las columnas name1"),
    ],
)
def test_why_a_file_cannot_be_read_is_told_in_spanish(
    app: Flask, staff: Staff, content: bytes, name: str, said: str
) -> None:
    editor = staff("editor")
    number = number_in(send(editor, content, name))
    assert settled(number).status == "failed"
    assert said in text(editor.get(f"{IN_SPANISH}/drafts/{number}"))


@on_sqlite
def test_a_reason_that_has_no_translation_is_marked_as_english(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    number = number_in(send(editor, json.dumps(LOCATOR).encode(), "list.json"))
    assert settled(number).status == "compared"
    with kept.writing(db.engine) as connection:
        of_row = (ImportDraftRow.draft_id == number, ImportDraftRow.row == 4)
        connection.execute(sa.update(ImportDraftRow).where(*of_row).values(detail="has 3 cells where 5 are due"))
    page = editor.get(f"{IN_SPANISH}/drafts/{number}/rows/rejected").get_data(as_text=True)
    assert '<td lang="en">has 3 cells where 5 are due</td>' in page
    assert "<td>name1 tiene más de 300 caracteres</td>" in page


@on_sqlite
def test_the_formats_to_choose_from_and_a_wrong_mapping_are_told_in_spanish(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    page = text(editor.get(IN_SPANISH))
    assert "Directorio nacional de SAMHSA (xlsx o csv con las columnas name1 y service_code_info)" in page
    assert "Formato propio de Onward (csv o xlsx con la columna onward_id, o JSON)" in page
    assert "locator" not in page
    number = number_in(send(editor, b"place,town,city\nA,B,C\n", "list.csv"))
    settled(number)
    roles = {"c0-role": "name", "c1-role": "city", "c2-role": "city", "name": "Ours", "do": "keep"}
    response = post(editor, f"{IN_SPANISH}/drafts/{number}/mapping", **roles)
    assert response.status_code == 422
    assert "Solo una columna puede ser “Ciudad”." in text(response)
    assert 'href="#c2-role"' in response.get_data(as_text=True)
