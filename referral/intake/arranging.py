"""What to arrange before each step of a plan ends, so that nobody falls between two of them.

Sources: SAMHSA, TIP 45, Detoxification and Substance Abuse Treatment (linkage to treatment before discharge);
SAMHSA, TIP 63 (medication and overdose risk when leaving controlled settings); SAMHSA, Best Practices for Recovery
Housing (medication in sober living).
Reviewed on 2026-11-30.
"""

from __future__ import annotations

from referral.vocabulary.words import N_

BEFORE_THE_NEXT: dict[tuple[str, str], tuple[str, ...]] = {
    ("detox", "residential_90"): (
        N_("Ask the detox to call the live-in program before you leave, and to send your papers."),
        N_("Ask for a ride from door to door. Go the same day if you can."),
        N_("No bed yet on that day? Ask to stay until there is one, or where to stay until then."),
    ),
    ("detox", "outpatient"): (
        N_("Ask the detox to make your first appointment before you leave, within a few days."),
        N_("If you take medicine, leave with enough to last until that appointment."),
    ),
    ("detox", "sober_living"): (
        N_("Ask the detox to call the sober living home before you leave, and ask what the home wants to know."),
    ),
    ("residential_90", "outpatient"): (
        N_("Two weeks before you leave, ask for your first outpatient appointment. Within a week is best."),
        N_("If you take medicine, leave with enough to last until that appointment."),
    ),
    ("residential_90", "sober_living"): (
        N_("A month before you leave, call sober living homes. Ask your counselor to write or call for you."),
    ),
    ("outpatient", "sober_living"): (N_("Ask how you get from the home to your treatment, and at what hours."),),
}
"""What to arrange at one step for the next one, by the two needs."""

AT_THE_STEP: dict[str, tuple[str, ...]] = {
    "detox": (
        N_("For opioids: ask to start methadone or buprenorphine there, and how it goes on at the next step."),
        N_("Ask for naloxone to take along. After detox the body can take much less than before."),
    ),
    "residential_90": (N_("Ask how family can visit, and who will plan with you what comes after."),),
    "outpatient": (N_("Ask what to do if you return to use: it is a reason to call, not to stop coming."),),
    "sober_living": (
        N_("Ask whether you may keep your medicine. Some homes do not allow methadone or buprenorphine."),
        N_("Ask what a week costs, what the house rules are, and what happens after a return to use."),
    ),
}
"""What to ask at a step in any case."""


MUTUAL_HELP = (
    (N_("Narcotics Anonymous (NA): find a meeting"), "https://www.na.org/meetingsearch/"),
    (N_("Alcoholics Anonymous (AA): find a meeting"), "https://www.aa.org/find-aa"),
    (N_("SMART Recovery: find a meeting"), "https://meetings.smartrecovery.org/meetings/"),
    (N_("For families: Al-Anon"), "https://al-anon.org/al-anon-meetings/"),
    (N_("For families: Nar-Anon"), "https://www.nar-anon.org/find-a-meeting"),
)
"""Groups with meetings in every state, and where each lists them."""


def to_arrange(need: str, following: str | None) -> tuple[str, ...]:
    """Texts (message ids) for a step and the one after it, if there is one."""
    own = AT_THE_STEP.get(need, ())
    return (*BEFORE_THE_NEXT.get((need, following), ()), *own) if following else own
