"""Levels of care (DESIGN section 2). Counterparts: The ASAM Criteria, 4th edition (2023); NARR Standard 3.0."""

from referral.vocabulary.words import N_, Level

_LEVELS = (
    Level(
        "detox_hospital",
        N_("Detox in a hospital"),
        N_("You stay in a hospital during withdrawal, with doctors and nurses day and night."),
        "ASAM 4",
    ),
    Level(
        "detox_residential",
        N_("Live-in detox"),
        N_("You stay day and night, usually for a few days, and staff help you through withdrawal."),
        "ASAM 3.7",
    ),
    Level(
        "detox_outpatient",
        N_("Detox while living at home"),
        N_("You come in for checks and medicine during withdrawal, and sleep at home."),
        "ASAM 1.7, 2.7",
    ),
    Level(
        "detox",
        N_("Detox"),
        N_("Help to get through withdrawal safely. Ask whether you stay there or go home at night."),
        "ASAM 1.7–4",
    ),
    Level(
        "hospital_inpatient",
        N_("Hospital treatment"),
        N_("Treatment during a stay in a hospital, for days or weeks."),
        "ASAM 4",
    ),
    Level(
        "residential_long",
        N_("Live-in treatment, over 30 days"),
        N_("You live at the program for more than a month, with treatment every day."),
        "ASAM 3.1, 3.5",
    ),
    Level(
        "residential_short",
        N_("Live-in treatment, 30 days or less"),
        N_("You live at the program for up to a month, with treatment every day."),
        "ASAM 3.5, 3.7",
    ),
    Level(
        "residential",
        N_("Live-in treatment"),
        N_("You live at the program, with treatment every day. How long is not listed."),
        "ASAM 3.1–3.7",
    ),
    Level(
        "partial_hospitalization",
        N_("Day treatment"),
        N_("Treatment for most of the day, on most days of the week. You sleep at home."),
        "ASAM 2.5",
    ),
    Level(
        "intensive_outpatient",
        N_("Intensive outpatient"),
        N_("Treatment for several hours on several days of the week. You live at home."),
        "ASAM 2.1",
    ),
    Level(
        "outpatient",
        N_("Outpatient"),
        N_("Regular visits for counseling or medicine. You live at home."),
        "ASAM 1.5, 1.7",
    ),
    Level(
        "recovery_residence",
        N_("Sober living home"),
        N_("A home shared with others in recovery, with house rules and support. Treatment is somewhere else."),
        "NARR P, M, S, C",
    ),
)

LEVELS: dict[str, Level] = {level.code: level for level in _LEVELS}
"""Level by code, in the order in which pages list them."""
