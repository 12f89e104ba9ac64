"""The rules of the guide. Coarse on purpose: they say what to look for first, and place nobody.

Held by tests for every combination of answers: detox is never suggested alone (DESIGN 4.3), and nobody who is
pregnant or takes methadone or buprenorphine is led to detox from opioids: for them care goes on with medicine.
"""

from __future__ import annotations

from datetime import date

from referral.guide import sources
from referral.guide.words import Rule, answered
from referral.vocabulary.words import N_, codes

_DETOX_DONE = answered(recent="detox")
_PREGNANT = answered(also="pregnant")
_ON_MEDICATION = answered(also="on_medication")
_OPIOIDS = answered(used="opioids")

_STOPPING = (
    Rule(
        "very_ill",
        N_("What happened once can happen again at each stop. Every program needs to know it."),
        sources.DELIRIUM_TREMENS,
        when=(answered(stopping="very_ill"),),
        concerns=codes("hard_withdrawal"),
    ),
    Rule(
        "very_ill_detox",
        N_("Seizures or confusion after stopping can be deadly. Medical staff should be near from the first hour."),
        sources.DELIRIUM_TREMENS,
        when=(answered(stopping="very_ill"),),
        unless=(_DETOX_DONE, _PREGNANT + _OPIOIDS, _ON_MEDICATION + _OPIOIDS, _PREGNANT + _ON_MEDICATION),
        needs=codes("detox"),
    ),
    Rule(
        "alcohol_withdrawal",
        N_("Stopping alcohol can become dangerous within days. Detox keeps watch, and medicine makes it safer."),
        sources.ALCOHOL_WITHDRAWAL,
        when=(answered(used="alcohol", stopping="ill very_ill"),),
        unless=(_DETOX_DONE,),
        needs=codes("detox"),
    ),
    Rule(
        "alcohol_unknown",
        N_("Nobody knows yet how stopping alcohol would go. A detox program can check how risky it is."),
        sources.ALCOHOL_GUIDELINE,
        when=(answered(used="alcohol", stopping="not_sure"),),
        unless=(_DETOX_DONE,),
        needs=codes("detox"),
    ),
    Rule(
        "benzodiazepines",
        N_("Stopping these suddenly can cause seizures, even when a doctor prescribed them."),
        sources.BENZODIAZEPINES,
        when=(answered(used="benzodiazepines"),),
        concerns=codes("benzodiazepines"),
    ),
    Rule(
        "benzodiazepine_withdrawal",
        N_("Benzodiazepines must be lowered slowly, with medical help. A detox program can plan it."),
        sources.BENZODIAZEPINES,
        when=(answered(used="benzodiazepines", stopping="ill very_ill not_sure"),),
        unless=(_DETOX_DONE,),
        needs=codes("detox"),
    ),
    Rule(
        "opioid_withdrawal",
        N_("Medicine makes opioid withdrawal much easier. It helps most when treatment goes right on after it."),
        sources.OPIOID_WITHDRAWAL,
        when=(answered(used="opioids", stopping="ill very_ill"),),
        unless=(_DETOX_DONE, _PREGNANT, _ON_MEDICATION),
        needs=codes("detox"),
    ),
    Rule(
        "unknown_withdrawal",
        N_("It is not clear why stopping makes the person ill. A detox program can check it first."),
        sources.ASAM_CRITERIA,
        when=(answered(used="other not_sure", stopping="ill"),),
        unless=(_DETOX_DONE, _PREGNANT + _OPIOIDS, _ON_MEDICATION),
        needs=codes("detox"),
    ),
)

_USED = (
    Rule(
        "opioid_medicine",
        N_("Methadone or buprenorphine works best for opioid use disorder. Many people start it as outpatients."),
        sources.OPIOID_GUIDELINE,
        when=(_OPIOIDS,),
        needs=codes("outpatient"),
    ),
    Rule(
        "opioids",
        N_("Not every program treats opioid use, or has medicine for it."),
        sources.MEDICATION,
        when=(_OPIOIDS,),
        facts=codes("treats_opioid_use"),
    ),
    Rule(
        "alcohol",
        N_("Not every program treats alcohol use. Ask for medicine too: it helps many people stay well."),
        sources.ALCOHOL_GUIDELINE,
        when=(answered(used="alcohol"),),
        facts=codes("treats_alcohol_use"),
    ),
    Rule(
        "stimulants",
        N_("For meth or cocaine, counseling with rewards for progress works best. It is most often outpatient."),
        sources.STIMULANT_GUIDELINE,
        when=(answered(used="stimulants"),),
        needs=codes("outpatient"),
    ),
    Rule(
        "cannabis",
        N_("For cannabis, counseling is what helps. It is most often outpatient."),
        sources.PRINCIPLES,
        when=(answered(used="cannabis"),),
        needs=codes("outpatient"),
        reviewed=date(2026, 11, 30),
    ),
)

_LIFE = (
    Rule(
        "safe_home",
        N_("With a safe place to live, most treatment can happen from home. Staff can add more when needed."),
        sources.ASAM_CRITERIA,
        when=(answered(home="yes"),),
        needs=codes("outpatient"),
    ),
    Rule(
        "unsafe_home_live_in",
        N_("It is hard to stop where others use, or where it is not safe. Here a bed and care come together."),
        sources.ASAM_CRITERIA,
        when=(answered(home="no"),),
        needs=codes("residential_90"),
    ),
    Rule(
        "unsafe_home_sober_living",
        N_(
            "A safe and steady home helps recovery last. It can follow live-in treatment, or go with outpatient care."
        ),
        sources.HOUSING,
        when=(answered(home="no"),),
        needs=codes("sober_living"),
    ),
    Rule(
        "mental_health",
        N_("People do better when both are treated at the same time."),
        sources.CO_OCCURRING,
        when=(answered(mental_health="yes suicidal"),),
        needs=codes("dual_diagnosis"),
    ),
    Rule(
        "after_detox",
        N_("Detox is only the first step. Going right on with treatment makes it last."),
        sources.TREATMENT_AND_RECOVERY,
        when=(_DETOX_DONE,),
        unless=(answered(home="no"),),
        needs=codes("outpatient"),
    ),
    Rule(
        "after_detox_live_in",
        N_("After detox, most people do better when they stay in treatment for three months or more."),
        sources.PRINCIPLES,
        when=(_DETOX_DONE + answered(home="no not_sure"),),
        needs=codes("residential_90"),
    ),
    Rule(
        "used_again",
        N_("Using again after detox is common, and no failure. It can mean that longer help is needed."),
        sources.PRINCIPLES,
        when=(answered(recent="detox_used_again"),),
        needs=codes("residential_90"),
    ),
    Rule(
        "jail",
        N_("Coming home from jail or prison is a risky time. Some programs know it well."),
        sources.AFTER_JAIL,
        when=(answered(recent="jail"),),
        # Any one of a group is enough in a search: this one must not stand in for a program for pregnancy.
        unless=(_PREGNANT,),
        facts=codes("justice_involved"),
    ),
    Rule(
        "jail_opioids",
        N_("In the first weeks after jail an overdose is most likely. Medicine from the first day lowers that risk."),
        sources.AFTER_JAIL,
        when=(answered(used="opioids", recent="jail"),),
        needs=codes("outpatient"),
    ),
    Rule(
        "pregnant",
        N_("Programs with federal grants must take pregnant people first. It helps to say it on the phone."),
        sources.PREGNANCY_FIRST,
        when=(_PREGNANT,),
        facts=codes("pregnant_postpartum"),
    ),
    Rule(
        "pregnant_opioids",
        N_("In pregnancy, methadone or buprenorphine is safer than stopping opioids. Do not stop suddenly."),
        sources.OPIOIDS_IN_PREGNANCY,
        when=(_PREGNANT + _OPIOIDS, _PREGNANT + _ON_MEDICATION),
        needs=codes("outpatient"),
        facts=codes("methadone buprenorphine"),
    ),
    Rule(
        "on_medication",
        N_("This medicine should go on without a break. Not every program allows it."),
        sources.MEDICATION,
        when=(_ON_MEDICATION,),
        facts=codes("accepts_on_medication"),
    ),
)

_OTHERWISE = (
    Rule(
        "first_visit",
        N_("A first visit is a good start: the staff ask more and say what fits. After detox it is the next step."),
        sources.TREATMENT_AND_RECOVERY,
        without=codes("residential_90 outpatient"),
        needs=codes("outpatient"),
    ),
)

RULES: tuple[Rule, ...] = (*_STOPPING, *_USED, *_LIFE, *_OTHERWISE)
