"""The six questions, in the order in which they are asked: of the person, or of someone who asks for another."""

from referral.guide.words import Answer, Danger, Question
from referral.vocabulary.words import N_

_NOT_SURE = N_("I do not know, or would rather not say")

_USED = Question(
    "used",
    N_("What is used?"),
    (
        Answer("alcohol", N_("Alcohol"), N_("Beer, wine or liquor.")),
        Answer("opioids", N_("Opioids"), N_("Heroin, fentanyl, or pain pills such as oxycodone.")),
        Answer("benzodiazepines", N_("Benzodiazepines"), N_("Such as Xanax, Valium, Klonopin or Ativan.")),
        Answer("stimulants", N_("Stimulants"), N_("Meth, cocaine, crack, or pills such as Adderall.")),
        Answer("cannabis", N_("Cannabis"), N_("Weed, vapes or edibles with THC.")),
        Answer("other", N_("Something else")),
        Answer("not_sure", _NOT_SURE),
    ),
    hint=N_("Choose all that fit."),
    takes_several=True,
)

_STOPPING = Question(
    "stopping",
    N_("What happens when the person stops for a day or two?"),
    (
        Answer("nothing_much", N_("Not much"), N_("Perhaps bad sleep, a low mood or a strong wish to use.")),
        Answer("ill", N_("They feel ill"), N_("Sweating, shaking, vomiting, aches or chills.")),
        Answer(
            "very_ill",
            N_("They get very ill, now or in the past"),
            N_(
                "Seizures, confusion, or seeing or hearing things that are not there. "
                "If it is happening now, call %(emergency)s."
            ),
            danger=Danger.EMERGENCY,
        ),
        Answer("not_sure", _NOT_SURE, N_("Or there has been no day without it.")),
    ),
    hint=N_("Think of the worst time."),
)

_HOME = Question(
    "home",
    N_("Is there a safe place to live, where nobody uses?"),
    (
        Answer("yes", N_("Yes")),
        Answer("no", N_("No, or it may not last"), N_("Others use there, it is not safe, or there is no home.")),
        Answer("not_sure", _NOT_SURE),
    ),
)

_MENTAL_HEALTH = Question(
    "mental_health",
    N_("Is there a mental health problem too?"),
    (
        Answer("yes", N_("Yes, or it seems so")),
        Answer(
            "suicidal",
            N_("Yes, with thoughts of suicide"),
            N_("If it is now: call or text %(crisis)s. It is free, day and night."),
            danger=Danger.CRISIS,
        ),
        Answer("no", N_("No")),
        Answer("not_sure", _NOT_SURE),
    ),
    hint=N_("For example depression, panic, PTSD, bipolar disorder, or hearing voices."),
)

_RECENT = Question(
    "recent",
    N_("In detox, a hospital or jail, or just out?"),
    (
        Answer("detox", N_("Detox or a hospital, and no use since then")),
        Answer("detox_used_again", N_("Detox or a hospital, but has used since then")),
        Answer("jail", N_("Jail or prison")),
        Answer("no", N_("None of these")),
        Answer("not_sure", _NOT_SURE),
    ),
    hint=N_("There now, or out in the last 30 days."),
)

_ALSO = Question(
    "also",
    N_("Does one of these fit?"),
    (
        Answer("pregnant", N_("Pregnant or just had a baby")),
        Answer("on_medication", N_("Takes methadone or buprenorphine now"), N_("Suboxone is buprenorphine.")),
        Answer("none", N_("None of these"), stands_alone=True),
        Answer("not_sure", _NOT_SURE, stands_alone=True),
    ),
    hint=N_("Choose all that fit."),
    takes_several=True,
)

QUESTIONS: dict[str, Question] = {
    question.code: question for question in (_USED, _STOPPING, _HOME, _MENTAL_HEALTH, _RECENT, _ALSO)
}
