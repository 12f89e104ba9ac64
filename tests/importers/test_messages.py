"""What readers say about a file or a row: in English where it is read, in the reader's language on a page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from referral.importers.formats import open_items
from referral.importers.messages import in_english, in_words, joined, say, to_stored
from referral.importers.reading.files import open_source
from referral.importers.records import Rejected
from referral.language import translations
from referral.vocabulary.words import N_

FOLDER = ROOT / "referral" / "importers"
SPOKEN = frozenset({"Rejected", "Skipped", "UnreadableFileError", "NotRecognisedError", "CellError", "RulesError"})
LISTED = frozenset({"notes", "reasons"})
"""Lists to which messages are appended."""

spanish = translations("es").gettext


def test_a_message_is_said_again_in_another_language_with_its_values() -> None:
    message = say(N_("has %(n)s cells where the header has %(columns)s"), n=2, columns=19)
    assert message == "has 2 cells where the header has 19"
    assert in_words(message, spanish) == "tiene 2 celdas y los encabezados son 19"
    assert in_words(to_stored(message), spanish) == "tiene 2 celdas y los encabezados son 19"


def test_messages_in_a_message_are_translated_and_other_values_are_not() -> None:
    parts = [joined(": ", column, say(N_("is not an object"))) for column in ("facts", "has no name")]
    message = joined("; ", *parts, say(N_("and %(n)s more"), n=4))
    assert message == "facts: is not an object; has no name: is not an object; and 4 more"
    assert in_words(to_stored(message), spanish) == ("facts: no es un objeto; has no name: no es un objeto; y 4 más")


@pytest.mark.parametrize("text", ["state not understood", "an old text", '["name"]: is empty', '["', "100 %", ""])
def test_a_text_that_was_kept_before_messages_were_still_shows(text: str) -> None:
    assert in_english(text) == text
    assert in_words(text, spanish) == {"state not understood": "no se entiende el estado"}.get(text, text)


@given(st.text(), st.text())
def test_what_is_kept_gives_the_same_english_whatever_the_values(one: str, other: str) -> None:
    message = joined(": ", one, say("%(text)s is none of %(codes)s", text=other, codes=one))
    assert message == f"{one}: {other} is none of {one}"
    assert in_english(to_stored(message)) == in_english(message) == message


def test_a_row_of_a_real_reader_says_it_in_spanish(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("onward_id,name,state,phone,email\n,A,Kentukky,12,x\n", encoding="utf-8")
    with open_source(path) as source:
        (row,) = open_items(source)[1]
    assert isinstance(row, Rejected)
    assert row.reason == (
        "state: “Kentukky” is not a state: write its two letters, as KY; "
        "phone: “12” is not a phone number: write it as 502-555-0100"
    )
    assert in_words(row.reason, spanish) == (
        "state: “Kentukky” no es un estado: escriba sus dos letras, como KY; "
        "phone: “12” no es un número de teléfono: escríbalo como 502-555-0100"
    )


def name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def functions(tree: ast.Module) -> Iterator[ast.Module | ast.FunctionDef]:
    yield tree
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, without those of functions in it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef):
            yield child
            yield from own_nodes(child)


def templates(node: ast.AST, scope: ast.AST) -> Iterator[str | None]:
    """The message ids that an expression may be; None for what is no text marked with N_ in the same scope."""
    if isinstance(node, ast.Call) and name_of(node.func) == "N_" and isinstance(node.args[0], ast.Constant):
        yield str(node.args[0].value)
    elif isinstance(node, ast.IfExp):
        yield from templates(node.body, scope)
        yield from templates(node.orelse, scope)
    elif isinstance(node, ast.Name):
        assigned = [
            one
            for one in own_nodes(scope)
            if isinstance(one, ast.Assign)
            and [name_of(target) for target in one.targets] == [node.id]
            and one.lineno < node.lineno
        ]
        if assigned:
            yield from templates(max(assigned, key=lambda one: one.lineno).value, scope)
        else:
            yield None
    else:
        yield None


def bare_texts(node: ast.AST) -> Iterator[ast.AST]:
    """Texts that an expression may give as they are, instead of saying them."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield node
    elif isinstance(node, ast.Call):
        if name_of(node.func) in ("str", "format", "join", "N_"):
            yield node
    elif isinstance(node, ast.BoolOp | ast.IfExp | ast.BinOp):
        for child in ast.iter_child_nodes(node):
            if not (isinstance(node, ast.IfExp) and child is node.test):
                yield from bare_texts(child)


def faults(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) of each message that could not be translated."""
    for scope in functions(tree):
        for call in (node for node in own_nodes(scope) if isinstance(node, ast.Call)):
            name = name_of(call.func)
            is_listed = name in ("append", "extend") and name_of(getattr(call.func, "value", call)) in LISTED
            if name in SPOKEN or is_listed:
                yield from ((call.lineno, "is not said") for one in call.args for _ in bare_texts(one))
            if name == "say":
                filled = {keyword.arg for keyword in call.keywords}
                for template in templates(call.args[0], scope):
                    if template is None:
                        yield call.lineno, "is not marked with N_ where it is said"
                    elif None not in filled and set(re.findall(r"%\((\w+)\)s", template)) != filled:
                        yield call.lineno, f"is filled in with {filled}"


def test_all_that_readers_say_can_be_translated() -> None:
    """That a reason is a Message at all, mypy holds; that each is in every language, tests/test_house.py."""
    found, n_said = [], 0
    for path in sorted(FOLDER.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        n_said += sum(isinstance(node, ast.Call) and name_of(node.func) == "say" for node in ast.walk(tree))
        found += [f"{path.relative_to(FOLDER)}:{line} {what}" for line, what in faults(tree)]
    assert n_said > 100
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        'Rejected(1, "has no name")',
        'Rejected(1, reason or "has no name")',
        'Skipped(1, f"facility type {stated}")',
        'notes.append("state not understood")',
        "raise UnreadableFileError(str(error))",
        'raise CellError("; ".join(reasons))',
        'say("has no name")',
        'say(f"has {n}")',
        'what = "has no name"\nsay(what)',
        'say(N_("has %(n)s cells"))',
        'say(N_("has %(n)s cells"), number=5)',
        'say(N_("has no name") if name else "has no place")',
    ],
)
def test_a_text_that_cannot_be_translated_is_found(code: str) -> None:
    assert list(faults(ast.parse(code)))
    inside = "def read():\n" + "\n".join(f"    {line}" for line in code.splitlines())
    assert list(faults(ast.parse(inside)))
