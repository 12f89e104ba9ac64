"""What an import changes, value by value: the staged rows against the directory. For the dry run and for history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from referral.importers.loading.keeping import SAID_FIELDS, Corrected
from referral.importers.loading.staging import CHUNK, STAGED, STAGED_CHANGE, STAGED_DETAIL, STAGED_LEVEL
from referral.models import Correction
from referral.models.correcting import OF_PROGRAMS, correction_values
from referral.models.recording import (
    POINT,
    PROGRAM,
    PROVIDER,
    PROVIDER_FIELDS,
    Difference,
    Values,
    differences,
    program_rows,
    program_values,
    provider_values,
)

_ADDRESS = ("street", "unit")
_WHOLE = (*PROVIDER_FIELDS, *POINT, "id", "facts", "source_content", "import_run_id")


def stage_differences(
    connection: sa.Connection, corrected: Corrected, is_better_point: sa.ColumnElement[bool]
) -> None:
    """Fill STAGED_CHANGE with all that writing the changed rows will change, but for the programs that are new.

    Holds one chunk of listings in memory at a time.
    """
    connection.execute(sa.delete(STAGED_CHANGE))
    last = 0
    while True:
        ids = (
            connection.execute(
                sa.select(STAGED.c.id)
                .where(STAGED.c.outcome == "changed", STAGED.c.id > last)
                .order_by(STAGED.c.id)
                .limit(CHUNK)
            )
            .scalars()
            .all()
        )
        if not ids:
            break
        last = ids[-1]
        rows = [_row(change) for change in _differences(connection, ids, is_better_point)]
        if rows:
            connection.execute(sa.insert(STAGED_CHANGE), rows)
    rows = [_row(change) for change in _corrections_dropped(connection, corrected)]
    if rows:
        connection.execute(sa.insert(STAGED_CHANGE), rows)


def _row(change: Difference) -> dict[str, Any]:
    return change._asdict()


def _differences(
    connection: sa.Connection, ids: Sequence[int], is_better_point: sa.ColumnElement[bool]
) -> Iterator[Difference]:
    select = sa.select(
        *(PROVIDER.c[name] for name in _WHOLE),
        *(
            STAGED.c[name].label(f"s_{name}")
            for name in (*SAID_FIELDS, "facts", "latitude", "longitude", "precision")
        ),
        STAGED.c.content.label("s_content"),
        STAGED.c.extras.label("s_extras"),
        STAGED.c.id.label("staged_id"),
        is_better_point.label("is_better_point"),
    )
    rows = connection.execute(
        select.join(PROVIDER, PROVIDER.c.id == STAGED.c.provider_id).where(STAGED.c.id.in_(ids))
    ).all()
    levels = _by_first(
        connection, sa.select(STAGED_LEVEL.c.staged_id, STAGED_LEVEL.c.level).where(STAGED_LEVEL.c.staged_id.in_(ids))
    )
    programs: dict[int, list[Any]] = defaultdict(list)
    of_rows = program_rows.where(PROGRAM.c.provider_id.in_([row.id for row in rows]))
    for program in connection.execute(of_rows.order_by(PROGRAM.c.id)):
        programs[program.provider_id].append(program)
    details = {
        (row.staged_id, row.level): row
        for row in connection.execute(sa.select(STAGED_DETAIL).where(STAGED_DETAIL.c.staged_id.in_(ids)))
    }
    for row in rows:
        yield from differences(row.id, None, provider_values(row), _as_written(row))
        yield Difference(row.id, None, "source_content", row.source_content, row.s_content)
        yield Difference(row.id, None, "import_run_id", row.import_run_id, None)
        for program in programs[row.id]:
            if program.level not in levels[row.staged_id]:
                yield Difference(row.id, program.id, "program", program_values(program), None)
            elif (detail := details.pop((row.staged_id, program.level), None)) is not None:
                # Where a listing has two programs of a level, a file speaks of the first.
                now = {name: getattr(program, name) for name in OF_PROGRAMS}
                said = {name: getattr(detail, name) for name in OF_PROGRAMS if getattr(detail, name) is not None}
                yield from differences(row.id, program.id, now, now | said)


def _as_written(row: Any) -> Values:
    """The values that the listing will have."""
    values: Values = {name: value for name, value in provider_values(row).items() if not name.startswith("facts.")}
    is_shown = row.address_kind == "street"
    values |= {name: getattr(row, f"s_{name}") for name in SAID_FIELDS if is_shown or name not in _ADDRESS}
    if row.is_better_point:
        values["point"] = [row.s_latitude, row.s_longitude, row.s_precision]
    values |= row.s_extras
    return values | {f"facts.{code}": known for code, known in row.s_facts.items()}


def _by_first(connection: sa.Connection, select: sa.Select[Any]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for number, code in connection.execute(select):
        found[number].add(code)
    return found


def _corrections_dropped(connection: sa.Connection, corrected: Corrected) -> Iterator[Difference]:
    """Corrections that go or offer something else now, as they were and as they will be: taking the import back
    brings them again, where nobody has touched them since."""
    is_quiet = {"is_offered": False, "offered_value": None}
    left: dict[tuple[int, str], Values | None] = dict.fromkeys(corrected.agreed)
    left |= {name: is_quiet | {"source_value": True} for name in corrected.marked}
    left |= {
        (one.provider_id, one.field): {"is_offered": True, "offered_value": one.theirs} for one in corrected.kept
    }
    left |= dict.fromkeys(corrected.quiet, is_quiet)
    for one in corrected.unknown:
        new = {"source_value": one.ours, "is_offered": True, "offered_value": one.theirs}
        yield Difference(one.provider_id, None, f"correction.{one.field}", None, new)
    for (provider_id, name), will_be in left.items():
        of_field = (Correction.provider_id == provider_id, Correction.field == name)
        row = connection.execute(sa.select(Correction.__table__).where(*of_field)).one_or_none()
        if row is None or (not row.is_offered and will_be is not None and "source_value" not in will_be):
            continue
        becomes = None if will_be is None else {"source_value": row.source_value} | will_be
        yield Difference(provider_id, None, f"correction.{name}", correction_values(row), becomes)
