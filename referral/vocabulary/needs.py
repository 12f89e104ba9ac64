"""The five coarse needs of the intake, and two alternatives that a search for 90 days residential offers.

Source of the table: DESIGN section 3, "Need against level".
"""

from referral.vocabulary.words import N_, Need

_RESIDENTIAL = frozenset({"residential_long", "residential"})

_NEEDS = (
    Need(
        "detox",
        N_("Detox"),
        N_("Help to get through the first days without drugs or alcohol, safely."),
        N_("Do you offer detox?"),
        yes_levels=frozenset({"detox_hospital", "detox_residential", "detox_outpatient", "detox"}),
    ),
    Need(
        "residential_90",
        N_("Live-in treatment, 90 days"),
        N_("You live at the program for about three months."),
        N_("Can a person stay for 90 days?"),
        stay_levels=_RESIDENTIAL,
        min_stay_days=90,
    ),
    Need(
        "outpatient",
        N_("Outpatient"),
        N_("You live at home and come in for counseling or medicine."),
        N_("Do you offer outpatient treatment?"),
        yes_levels=frozenset({"outpatient", "intensive_outpatient", "partial_hospitalization"}),
    ),
    Need(
        "dual_diagnosis",
        N_("Mental health care too"),
        N_("Treatment for addiction and a mental health condition, such as depression or PTSD, at the same time."),
        N_("Do you treat mental health and substance use together?"),
        fact="co_occurring",
    ),
    Need(
        "sober_living",
        N_("Sober living"),
        N_("A home shared with others in recovery, with house rules and support."),
        N_("Do you have a place in a sober living home?"),
        yes_levels=frozenset({"recovery_residence"}),
    ),
)

_ALTERNATIVES = (
    Need(
        "residential_shorter",
        N_("Shorter live-in treatment"),
        N_("You live at the program for less than 90 days, often up to 30."),
        N_("How long can a person stay?"),
        yes_levels=frozenset({"residential_short"}),
        stay_levels=_RESIDENTIAL,
        max_stay_days=89,
    ),
    Need(
        "hospital",
        N_("Hospital treatment"),
        N_("Treatment during a stay in a hospital, for days or weeks."),
        N_("Do you offer treatment during a hospital stay?"),
        yes_levels=frozenset({"hospital_inpatient"}),
    ),
)

NEEDS: dict[str, Need] = {need.code: need for need in _NEEDS}
"""The five needs by code, in the order of the intake."""

ALTERNATIVES: dict[str, Need] = {need.code: need for need in _ALTERNATIVES}
"""Offered beside a search for residential_90, one tap away; never a choice of the intake."""

ASKS: dict[str, Need] = NEEDS | ALTERNATIVES

LEVEL_NEEDS: tuple[str, ...] = tuple(code for code, need in ASKS.items() if need.fact is None)
"""Codes of the needs that a level of care answers."""

PATHWAY: tuple[str, ...] = ("detox", "residential_90", "outpatient", "sober_living")
"""The order of the steps of a plan."""
