"""Nothing of a file that somebody sent stays on the disk, however the process that reads it ends."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from flask import Flask

from referral.extensions import db
from referral.importers.drafts import kept
from tests.importers.drafting import sent
from tests.importers.made_files import row, write_csv


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_has_no_name_while_it_is_read(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = sent(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with kept.opened(db.engine, number) as source:
        assert source.name == "a.csv"
        assert b"Blue Door" in source.stream.read()
        assert list((tmp_path / "temporary").iterdir()) == []
