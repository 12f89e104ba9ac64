"""What to say when somebody answers: needs as they are said aloud, for oneself and for another person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from referral.pages.text import _
from referral.vocabulary.words import N_

SPOKEN_NEEDS = {
    "detox": N_("detox"),
    "residential_90": N_("live-in treatment for about 90 days"),
    "outpatient": N_("outpatient treatment"),
    "dual_diagnosis": N_("mental health care at the same time"),
    "sober_living": N_("a place in sober living"),
    "residential_shorter": N_("live-in treatment for less than 90 days"),
    "hospital": N_("treatment in a hospital"),
}
"""Every need and alternative, as it follows “I need”."""


class OtherLanguage(NamedTuple):
    """Of a page that is not in English, while most phones are answered in English."""

    fact: str
    """That the language is spoken at a place."""
    words: str
    """What to say in English, short enough to read aloud without knowing any."""


OTHER_LANGUAGES = {"es": OtherLanguage("spanish", "Spanish interpreter, please.")}


def opening(needs: Sequence[str]) -> tuple[str, str]:
    """The first sentences of a call: for oneself, and for another person. Never where they are."""
    if not needs:
        return (
            _("Hello. I am looking for treatment for drug or alcohol use. Can you tell me how to start?"),
            _("Hello. I am calling for someone who needs treatment for drug or alcohol use. How can they start?"),
        )
    words = _enumerated([_(SPOKEN_NEEDS[code]) for code in needs])
    return (
        _("Hello. I am looking for help with drug or alcohol use. I need %(needs)s.", needs=words),
        _("Hello. I am calling for someone who needs %(needs)s, for drug or alcohol use.", needs=words),
    )


def _enumerated(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return _("%(parts)s and %(last)s", parts=", ".join(parts[:-1]), last=parts[-1])
