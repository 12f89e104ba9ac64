"""What is done with a draft: compare its file with the directory, apply it, or take an import back.

Each is called in a process of its own, by `flask directory run-draft`, after the draft was claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from referral.history.undoing import CannotUndoError, undo_import
from referral.importers.drafts.columns import look
from referral.importers.drafts.kept import opened, writing
from referral.importers.drafts.outcome import Listed, Outcome, gone, listed
from referral.importers.drafts.work import AtWork, RowWriter, SupersededError
from referral.importers.formats import loader_of, open_items
from referral.importers.loading.keeping import Corrected
from referral.importers.mapping import KeptRules, Rules, RulesError
from referral.importers.messages import to_stored
from referral.importers.reading.files import SourceFile, UnreadableFileError
from referral.importers.records import Rejected, Skipped
from referral.importers.report import Gone, Report
from referral.models import DirectoryChange, ImportDraft, ImportDraftChunk, ImportDraftRow, ImportRun
from referral.vocabulary.words import N_

CHANGED_MEANWHILE = N_(
    "The directory has changed since this was compared, and the import would do something else now. "
    "Nothing was changed. Look at it again, then apply it."
)
DATABASE_FAILED = N_("The database did not take it. Nothing was changed. Try again in a minute.")
FAILED_HERE = N_("Something failed here. It is not your fault, and nothing was changed. Tell whoever runs the site.")
BUILT_ON_MEANWHILE = N_("Somebody has built on this import meanwhile. Nothing was taken back. Look at it again.")
NO_SUCH_IMPORT = N_("This import was taken back already.")


class NotRecognisedError(UnreadableFileError):
    """The file is in none of the formats that are known."""


class DirectoryChangedError(Exception):
    """The import would do something else than what was shown."""


def run(engine: sa.Engine, draft_id: int, task: str, claimed_at: datetime) -> None:
    """Do a task (TASKS) for a draft that was claimed at this time. What goes wrong is written into the draft.

    Raises whatever is neither the file's nor the person's fault, after it was written.
    """
    with AtWork(engine, draft_id, claimed_at) as at_work:
        try:
            TASKS[task](at_work)
        except SupersededError:
            return
        except UnreadableFileError as error:
            _fail(at_work, to_stored(error.message))
        except SQLAlchemyError:
            _fail(at_work, DATABASE_FAILED)
            raise
        except Exception:
            _fail(at_work, FAILED_HERE)
            raise


def _fail(at_work: AtWork, message: str) -> None:
    # Without a database nothing can be written: then the draft is seen to be interrupted.
    with suppress(SQLAlchemyError, SupersededError):
        at_work.write(status="failed", message=message)


def _draft(at_work: AtWork) -> Any:
    with at_work.engine.connect() as connection:
        select = sa.select(ImportDraft.__table__).where(ImportDraft.id == at_work.draft_id)
        draft = connection.execute(select).one_or_none()
    if draft is None:
        raise SupersededError
    return draft


def compare(at_work: AtWork, message: str = "") -> None:
    """A dry run, with every listing that would come, change or be missed, and every row that cannot be used."""
    of_draft = ImportDraftRow.draft_id == at_work.draft_id
    at_work.write(lambda connection: connection.execute(sa.delete(ImportDraftRow).where(of_draft)))
    writer, outcome = RowWriter(at_work), Outcome()

    def tell(found: Rejected | Skipped | Gone) -> None:
        if isinstance(found, Gone):
            take(gone(found))
        else:
            kind = "rejected" if isinstance(found, Rejected) else "skipped"
            writer.add(Listed(kind, row=found.row, detail=to_stored(found.reason)))

    def take(one: Listed) -> None:
        outcome.take(one)
        writer.add(one)

    def look_through(connection: sa.Connection, _report: Report, corrected: Corrected) -> None:
        for one in listed(connection, corrected):
            take(one)

    with at_work.engine.connect() as connection:
        seen = connection.execute(sa.select(DirectoryChange.latest)).scalar_one()
    try:
        report = _load(at_work, _draft(at_work), is_dry_run=True, tell=tell, look=look_through)
    except NotRecognisedError as error:
        look(at_work, reason=error)
        return
    writer.flush()
    values: dict[str, Any] = {"counts": _counts(report, outcome), "n_rows_done": report.read, "seen_change": seen}
    at_work.write(status="compared", message=message, **values)


def _load(at_work: AtWork, draft: Any, *, is_dry_run: bool, tell: Any, look: Any, **author: Any) -> Report:
    with opened(at_work.engine, at_work.draft_id) as source:
        name, items = _open_items(source, draft.options)
        if is_dry_run:
            at_work.write(source=name)
        return loader_of(name)(
            at_work.engine,
            name,
            at_work.watched(items, source if is_dry_run else None),
            file_name=draft.file_name,
            file_sha256=draft.file_sha256,
            is_dry_run=is_dry_run,
            tell=tell,
            look=look,
            **author,
        )


def _open_items(source: SourceFile, options: dict[str, Any]) -> tuple[str, Iterator[Any]]:
    """Raises NotRecognisedError where a mapping may help, and nobody has said how the file is to be read."""
    is_free = not options.get("stated") and "rules" not in options
    try:
        rules = Rules.from_json(options["rules"]) if "rules" in options else None
        return open_items(
            source,
            stated=options.get("stated") or None,
            include_mental_health=bool(options.get("include_mental_health")),
            mapping=None if rules is None else KeptRules(options["mapping_source"], rules),
        )
    except RulesError as error:
        raise UnreadableFileError(error.message) from error
    except UnreadableFileError as error:
        if is_free:
            source.stream.seek(0)
            raise NotRecognisedError(error.message) from error
        raise


def _counts(report: Report, outcome: Outcome) -> dict[str, Any]:
    return report.counts() | {
        "digest": outcome.digest,
        "fields": dict(outcome.fields.most_common()),
        "skipped_by_reason": {to_stored(why): n for why, n in report.skipped_by_reason.most_common(100)},
        "unknown_codes": dict(report.unknown_codes.most_common(100)),
        "contradicting": report.contradicting,
        "notes": {to_stored(text): [note.count, note.rows] for text, note in report.notes.items()},
        "programs": dict(report.programs),
        "without_point": report.without_point,
        "without_program": report.without_program,
    }


def apply_draft(at_work: AtWork) -> None:
    """Write what the comparison showed, all or nothing; where it would be something else now, compare again."""
    draft = _draft(at_work)
    run_id = _run_before(at_work.engine, draft)
    if run_id is None:
        gone_from_file: list[Listed] = []

        def tell(found: Rejected | Skipped | Gone) -> None:
            if isinstance(found, Gone):
                gone_from_file.append(gone(found))

        def look_through(connection: sa.Connection, _report: Report, corrected: Corrected) -> None:
            outcome = Outcome()
            for one in (*gone_from_file, *listed(connection, corrected)):
                outcome.take(one)
            if outcome.digest != draft.counts["digest"]:
                raise DirectoryChangedError
            at_work.check()

        by = {"user_id": draft.options["apply"]["user_id"], "why": draft.options["apply"]["why"]}
        try:
            run_id = _load(at_work, draft, is_dry_run=False, tell=tell, look=look_through, **by).run_id
        except DirectoryChangedError:
            at_work.write(status="comparing", n_rows_done=0)
            compare(at_work, CHANGED_MEANWHILE)
            return
    of_draft = ImportDraftChunk.draft_id == at_work.draft_id
    at_work.write(
        lambda connection: connection.execute(sa.delete(ImportDraftChunk).where(of_draft)),
        status="applied",
        import_run_id=run_id,
        n_rows_done=draft.counts["read"],
    )


def _run_before(engine: sa.Engine, draft: Any) -> int | None:
    """The run that a process wrote before it was killed, and could not tell of any more."""
    select = sa.select(ImportRun.id).where(
        ImportRun.source == draft.source,
        ImportRun.file_sha256 == draft.file_sha256,
        ImportRun.finished_at >= datetime.fromisoformat(draft.options["apply"]["at"]),
        ImportRun.undone_at.is_(None),
    )
    with engine.connect() as connection:
        return connection.execute(select.order_by(ImportRun.id.desc())).scalar()


def take_back(at_work: AtWork) -> None:
    """Take back the import that the draft names."""
    draft = _draft(at_work)
    run_id, asked = draft.import_run_id, draft.options["undo"]
    try:
        with writing(at_work.engine) as connection:
            plan = undo_import(
                connection, run_id, user_id=asked["user_id"], why=asked["why"], even_partly=asked["even_partly"]
            )
    except CannotUndoError:
        # Also when this very process was killed after the commit, and was begun again.
        at_work.write(status="failed", message=NO_SUCH_IMPORT)
        return
    if plan.built_on and not asked["even_partly"]:
        at_work.write(status="failed", message=BUILT_ON_MEANWHILE)
    else:
        # The import says itself that it was taken back.
        of_draft = ImportDraft.id == at_work.draft_id
        at_work.write(lambda connection: connection.execute(sa.delete(ImportDraft).where(of_draft)))


TASKS: dict[str, Callable[[AtWork], None]] = {
    "look": look,
    "compare": compare,
    "apply": apply_draft,
    "undo": take_back,
}
