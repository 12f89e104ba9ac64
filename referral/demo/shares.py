"""How common levels and facts are among the made-up listings.

Source of the shares unless said otherwise: SAMHSA, National Directory of Drug and Alcohol Use Treatment Facilities
2023 (12,744 facilities), share of the facilities that carry the code. What is not taken from there is chosen so that
every state of a listing occurs (not known, confidential, stated stay, confirmed or not).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """A kind of provider: how common it is, and how often it has each level."""

    share: float
    levels: dict[str, float]
    first: str
    """The level that it has when chance gives it none."""


# Shares of kinds chosen so that the levels of all together come near the directory's: outpatient 76.5 %, intensive
# outpatient 45.0 %, partial hospitalization 14.7 %, long residential 17.8 %, short residential 16.4 %, detox 22.3 %
# (residential 9.2 %, outpatient 11.3 %, hospital 4.8 %), hospital treatment 6.5 %, sober living 9.2 %.
PROFILES: dict[str, Profile] = {
    "clinic": Profile(
        0.71,
        {"outpatient": 0.96, "intensive_outpatient": 0.47, "partial_hospitalization": 0.10, "detox_outpatient": 0.14},
        "outpatient",
    ),
    "house": Profile(
        0.17,
        {
            "residential_long": 0.52,
            "residential_short": 0.62,
            "residential": 0.05,
            "detox_residential": 0.35,
            "partial_hospitalization": 0.28,
            "intensive_outpatient": 0.40,
            "outpatient": 0.42,
        },
        "residential",
    ),
    "hospital": Profile(
        0.08,
        {
            "hospital_inpatient": 0.80,
            "detox_hospital": 0.62,
            "detox": 0.10,
            "partial_hospitalization": 0.35,
            "intensive_outpatient": 0.40,
            "outpatient": 0.45,
        },
        "hospital_inpatient",
    ),
    "home": Profile(0.02, {"recovery_residence": 1.0, "outpatient": 0.15}, "recovery_residence"),
    "telehealth": Profile(0.02, {"outpatient": 1.0, "intensive_outpatient": 0.35}, "outpatient"),
}

PAYMENT = {
    "takes_medicaid": 0.745,
    "takes_medicare": 0.456,
    "takes_private_insurance": 0.750,
    "takes_self_pay": 0.900,
    "takes_state_plan": 0.501,
    "takes_military_insurance": 0.402,
    "sliding_fee": 0.380,
    "payment_assistance": 0.233,
    "free_care": 0.017,
}

YES = {
    "co_occurring": 0.763,
    "telehealth": 0.765,
    "adolescents": 0.235,
    "young_adults": 0.366,
    "seniors": 0.319,
    "pregnant_postpartum": 0.327,
    "veterans": 0.309,
    "lgbtq": 0.332,
    "justice_involved": 0.440,
    "hiv": 0.277,
    "trauma": 0.521,
    "domestic_violence": 0.366,
    "clients_children_welcome": 0.070,
    "spanish": 0.219,
    "sign_language": 0.388,
    "smoke_free": 0.352,
    "carf": 0.339,
    "joint_commission": 0.242,
    "state_licensed": 0.757,
    "interim_services": 0.507,
    # Not in the table of shares: about as common as counselling is.
    "group_counseling": 0.93,
    "individual_counseling": 0.96,
    "family_counseling": 0.83,
    "cognitive_behavioral_therapy": 0.93,
    "twelve_step": 0.70,
    "peer_support": 0.62,
    "onward_care": 0.85,
    "transportation": 0.45,
    "wheelchair": 0.30,
}
"""Share of yes. The rest is not known, but for SAID_NO of it."""

SAID_NO = 0.10
"""Share of what is not a yes that is a stated no."""

HOME_YES = {"transportation": 0.35, "peer_support": 0.60, "twelve_step": 0.65, "smoke_free": 0.35, "wheelchair": 0.20}
"""For sober living homes, which are no clinics."""

MEDICATION = {"methadone": 0.116, "buprenorphine": 0.543, "naltrexone": 0.505, "accepts_on_medication": 0.580}
REFUSES_MEDICATION = 0.048
NO_OPIOID_TREATMENT = 0.070

PAYMENT_LISTED = 0.95
"""Share of providers whose list of payments is there; it is then complete, and what is missing is a no."""

GENDERS: tuple[tuple[float, dict[str, bool]], ...] = (
    (0.87, {"accepts_women": True, "accepts_men": True}),
    (0.06, {"accepts_women": False, "accepts_men": True}),
    (0.05, {"accepts_women": True, "accepts_men": False}),
    (0.02, {}),
)

# From here on chosen, not measured.
STAYS: dict[str, tuple[tuple[float, int | None], ...]] = {
    "residential_long": ((0.45, None), (0.10, 60), (0.25, 90), (0.10, 180), (0.10, 365)),
    "residential": ((0.70, None), (0.15, 30), (0.15, 90)),
    "residential_short": ((0.55, None), (0.15, 21), (0.20, 28), (0.10, 30)),
    "recovery_residence": ((0.60, None), (0.20, 180), (0.20, 365)),
    "detox_residential": ((0.60, None), (0.20, 5), (0.20, 10)),
}
"""Stated longest stay, in days."""

CONFIRMED_DAYS_AGO: tuple[tuple[float, tuple[int, int] | None], ...] = (
    (0.30, None),
    (0.25, (1, 30)),
    (0.20, (31, 180)),
    (0.15, (181, 365)),
    (0.10, (366, 900)),
)

PRECISIONS: tuple[tuple[float, str | None], ...] = ((0.90, "exact"), (0.06, "zip"), (0.02, "city"), (0.02, None))
"""What the point stands on; none: a street address without a point."""

CONFIDENTIAL = 0.03
TEMPORARILY_CLOSED = 0.02
PROGRAM_CLOSED = 0.02
"""Of providers and of programs."""
