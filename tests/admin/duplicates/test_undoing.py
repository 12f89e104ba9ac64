"""Undoing a merge: everything as it was, but for what was changed since."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.history import act
from referral.models import Assignment, Merge, Provider, Report
from tests.admin.conftest import Staff
from tests.admin.duplicates.test_merging import add_third, provider
from tests.admin.duplicates.world import World, dump, merge, undo


def made() -> Merge:
    db.session.rollback()
    return db.session.scalars(sa.select(Merge).order_by(Merge.id.desc())).first()  # type: ignore[return-value]


@pytest.mark.parametrize("keep", ["first", "second"])
def test_an_undone_merge_leaves_the_database_as_it_was(app: Flask, world: World, staff: Staff, keep: str) -> None:
    client = staff("editor")
    before = dump()
    other = {"part__name": "first", "part__phone": "first", "part__website": "second", "fact__spanish": "no"}
    assert merge(client, world, keep, **other).status_code == 303
    assert dump() != before
    assert undo(client, made().id).status_code == 303
    assert dump() == before
    assert made().undone_at is not None
    assert client.get(f"/en/providers/{world.first}").status_code == 200


def test_a_merge_can_be_made_again_after_it_was_undone(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    merge(client, world)
    after = dump()
    undo(client, made().id)
    assert merge(client, world).status_code == 303
    again = dump()
    for tables in (after, again):
        for row in (*tables["program"], *tables["correction"], *tables["duplicate_pair"]):
            for name in ("id", "made_at", "decided_at"):
                row.pop(name, None)
    assert again == after


def test_what_was_changed_since_is_listed_and_stays(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    merge(client, world, part__name="first")
    stays = provider(world.second)
    with act(db.session, "edit"):
        stays.name = "Blue Door Two"
        db.session.commit()
    number = made().id
    page = client.get(f"/en/admin/duplicates/merges/{number}").get_data(as_text=True)
    assert "Blue Door Recovery" in page
    assert "Blue Door Two" in page
    refused = undo(client, number)
    assert refused.status_code == 409
    assert made().undone_at is None
    assert provider(world.first).status == "inactive"
    assert undo(client, number, leaves_changed="y").status_code == 303
    assert provider(world.second).name == "Blue Door Two"
    assert provider(world.second).organization == ""
    assert provider(world.first).status == "active"


def test_a_report_that_came_since_stays_where_it_came(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    merge(client, world)
    stays = provider(world.second)
    db.session.add(Report(provider=stays, kind="wrong_phone", code="BBBBBBBBBB", nonce="b"))
    db.session.commit()
    undo(client, made().id)
    owners = {report.code: report.provider_id for report in db.session.scalars(sa.select(Report))}
    assert owners == {"AAAAAAAAA0": world.first, "AAAAAAAAA1": world.second, "BBBBBBBBBB": world.second}


def test_an_assignment_that_was_given_to_somebody_else_since_stays(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    merge(client, world)
    assignment = db.session.get_one(Assignment, world.second)
    assignment.assigned_at = assignment.assigned_at.replace(year=2030)
    db.session.commit()
    undo(client, made().id)
    assert db.session.scalars(sa.select(Assignment.provider_id)).all() == [world.second]


def test_the_last_of_several_merges_is_undone_first(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    merge(client, world)
    earlier = made().id
    between = dump()
    third = add_third()
    merge(client, World(third, world.second, world.pair), keep="first")
    assert undo(client, earlier).status_code == 303
    assert provider(world.first).status == "inactive", "it is refused: the other merge is built on it"
    undo(client, made().id)
    db.session.delete(db.session.get_one(Provider, third))
    db.session.commit()
    assert dump() | {"merge": []} == between | {"merge": []}
    undo(client, earlier)
    assert provider(world.first).status == "active"


def test_a_merge_is_undone_once(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    merge(client, world)
    number = made().id
    page = f"/en/admin/duplicates/merges/{number}"
    from tests.admin.people import csrf

    token = csrf(client, page)
    for _ in range(2):
        assert client.post(f"{page}/undo", data={"csrf_token": token}).status_code == 303
    assert provider(world.first).version == 4
