"""The guide: six questions, one a page. The answers travel sealed in the address; nothing is stored."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral.extensions import limit_searches
from referral.guide import Progress
from referral.intake.forms import OWN_LOCATION
from referral.intake.guide_pages import (
    end_page,
    opened_progress,
    problem_with,
    question_page,
    sealed_progress,
)
from referral.intake.routes import intake
from referral.pages.text import _
from referral.vocabulary import NEEDS


@intake.get("/guide")
def guide() -> ResponseReturnValue:
    return _page(Progress(), "")


@intake.get("/guide/<sealed>")
def guide_step(sealed: str) -> ResponseReturnValue:
    return _page(opened_progress(sealed), sealed)


@intake.post("/guide")
@intake.post("/guide/<sealed>")
@limit_searches
def answer(sealed: str = "") -> ResponseReturnValue:
    progress = opened_progress(sealed) if sealed else Progress()
    question = progress.question
    if question is None:
        return redirect(url_for("intake.guide_step", sealed=sealed), 303)
    chosen = frozenset(request.form.getlist("answer"))
    if problem_with(question, chosen):
        return render_template("intake/guide.html", page=question_page(progress, question, sealed, chosen)), 422
    return redirect(url_for("intake.guide_step", sealed=sealed_progress(progress.answered(chosen))), 303)


def _page(progress: Progress, sealed: str) -> str:
    question = progress.question
    if question is not None:
        return render_template("intake/guide.html", page=question_page(progress, question, sealed))
    return render_template(
        "intake/guide_end.html", page=end_page(progress), needs=NEEDS, own_location=_(OWN_LOCATION)
    )
