"""Families of facts, in the order in which pages show them."""

from referral.vocabulary.words import N_, Family

_FAMILIES = (
    Family("payment", N_("Ways to pay"), is_group=True, hint=N_("Any one of these is enough.")),
    Family(
        "medication",
        N_("Medication"),
        is_group=True,
        is_relaxable=False,
        hint=N_("Medication that the person takes now or wants to start."),
    ),
    Family("substance", N_("What the person uses"), is_group=True),
    Family("age", N_("Age"), is_group=True, is_relaxable=False),
    Family("gender", N_("Gender"), is_group=True, is_relaxable=False),
    Family("population", N_("Programs made for"), is_group=True),
    Family("language", N_("Language"), is_group=True),
    Family("accessibility", N_("Getting there and getting in"), is_group=True),
    Family("setting", N_("How it is there"), is_group=True),
    Family("care", N_("Kinds of treatment")),
    Family("aftercare", N_("After treatment")),
    Family("health", N_("Health care there")),
    Family("limits", N_("Only for")),
    Family("trust", N_("Licenses and quality marks")),
)

FAMILIES: dict[str, Family] = {family.code: family for family in _FAMILIES}

GROUPS: tuple[str, ...] = tuple(family.code for family in _FAMILIES if family.is_group)
"""Codes of the families that a query may require, in the order of the intake."""
