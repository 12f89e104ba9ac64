"""The list of topics, and the page of each."""

from __future__ import annotations

from babel.dates import format_date
from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from referral.language import current_language
from referral.learn.rendering import body_html
from referral.learn.topics import GROUPS, topics
from referral.vocabulary import NEEDS

learn = Blueprint("learn", __name__)


@learn.get("/learn")
def index() -> ResponseReturnValue:
    known = topics(current_language()).values()
    groups = [(code, heading, [topic for topic in known if topic.group == code]) for code, heading in GROUPS.items()]
    return render_template("learn/index.html", groups=groups)


@learn.get("/learn/<topic>")
def topic(topic: str) -> ResponseReturnValue:
    language = current_language()
    known = topics(language)
    found = known.get(topic)
    if found is None:
        abort(404)
    return render_template(
        "learn/topic.html",
        topic=found,
        body=body_html(found),
        needs=[NEEDS[code] for code in found.needs],
        related=[known[slug] for slug in found.related],
        reviewed=format_date(found.reviewed, format="long", locale=language),
    )
