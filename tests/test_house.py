"""The house rules: small files, small functions, every text in every language."""

from __future__ import annotations

import ast
import re
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from config import ROOT
from referral.language import DEFAULT, LANGUAGES

MAX_LINES = 400
MAX_FUNCTION_LINES = 40
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


def project_files(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.decode().splitlines() if name.endswith(endings)]
    return [path for path in paths if path.exists()]


def test_no_file_is_over_400_lines() -> None:
    files = project_files(".py", ".html", ".css", ".js", ".toml", ".sh")
    assert len(files) > 50
    long = {str(p.relative_to(ROOT)): n for p in files if (n := p.read_text("utf-8").count("\n")) > MAX_LINES}
    assert not long


def test_no_function_is_over_40_lines() -> None:
    long = []
    for path in project_files(".py"):
        if "versions" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                n_lines = (node.end_lineno or 0) - node.lineno + 1
                if n_lines > MAX_FUNCTION_LINES:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {n_lines}")
    assert not long


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b|NotImplemented" + r"Error")
    found = [
        str(p.relative_to(ROOT))
        for p in project_files(".py", ".html", ".js", ".css")
        if marks.search(p.read_text("utf-8"))
    ]
    assert not found


def extracted() -> set[tuple[str, ...]]:
    """Every text that a person may read, as (singular,) or (singular, plural)."""
    keywords = {
        "_": None,
        "N_": None,
        "gettext": None,
        "ngettext": (1, 2),
        "lazy_gettext": None,
        "lazy_ngettext": (1, 2),
    }
    messages: set[tuple[str, ...]] = set()
    for folder, method, pattern in (("referral", "python", "**.py"), ("templates", "jinja2", "**.html")):
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, method_map=[(pattern, method)], keywords=keywords
        ):
            messages.add((message,) if isinstance(message, str) else tuple(message))
    return messages


def read_language(language: str) -> Catalog:
    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    return read_po(BytesIO(path.read_bytes()), locale=language)


def strings(value: object) -> list[str]:
    """One text, or the forms of a plural."""
    return (
        [value]
        if isinstance(value, str)
        else [str(text) for text in value]
        if isinstance(value, tuple | list)
        else []
    )


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != DEFAULT])
def test_every_text_is_translated(language: str) -> None:
    translated = read_language(language)
    missing = []
    for message in extracted():
        entry = translated.get(message[0])
        texts = strings(entry.string) if entry is not None and not entry.fuzzy else []
        if not texts or not all(texts):
            missing.append(message)
    assert not missing


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != DEFAULT])
def test_translations_keep_what_is_filled_in(language: str) -> None:
    wrong = []
    for entry in read_language(language):
        ids, texts = strings(entry.id), strings(entry.string)
        wanted = {name for text in ids for name in PLACEHOLDER.findall(text)}
        if any(set(PLACEHOLDER.findall(text)) - wanted for text in texts) or (
            len(ids) == 1 and set(PLACEHOLDER.findall(texts[0])) != wanted
        ):
            wrong.append(ids[0])
    assert not wrong
