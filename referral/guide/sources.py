"""What the rules stand on."""

from referral.guide.words import Source

ALCOHOL_WITHDRAWAL = Source("MedlinePlus", "Alcohol withdrawal", "https://medlineplus.gov/ency/article/000764.htm")
DELIRIUM_TREMENS = Source("MedlinePlus", "Delirium tremens", "https://medlineplus.gov/ency/article/000766.htm")
OPIOID_WITHDRAWAL = Source(
    "MedlinePlus", "Opiate and opioid withdrawal", "https://medlineplus.gov/ency/article/000949.htm"
)
BENZODIAZEPINES = Source(
    "FDA",
    "Boxed Warning for benzodiazepines",
    "https://www.fda.gov/drugs/fda-drug-safety-podcasts/"
    "fda-requiring-boxed-warning-updated-improve-safe-use-benzodiazepine-drug-class",
)
ALCOHOL_GUIDELINE = Source(
    "ASAM",
    "Clinical Practice Guideline on Alcohol Withdrawal Management",
    "https://journals.lww.com/journaladdictionmedicine/Fulltext/2020/06001/"
    "The_ASAM_Clinical_Practice_Guideline_on_Alcohol.1.aspx",
)
OPIOID_GUIDELINE = Source(
    "ASAM",
    "National Practice Guideline for the Treatment of Opioid Use Disorder, 2020",
    "https://journals.lww.com/journaladdictionmedicine/fulltext/2020/04000/"
    "executive_summary_of_the_focused_update_of_the.4.aspx",
)
STIMULANT_GUIDELINE = Source(
    "ASAM and AAAP",
    "Clinical Practice Guideline on the Management of Stimulant Use Disorder",
    "https://pubmed.ncbi.nlm.nih.gov/38669101/",
)
ASAM_CRITERIA = Source("ASAM", "The ASAM Criteria", "https://www.asam.org/asam-criteria/about-the-asam-criteria")
HOUSING = Source(
    "ASAM",
    "Housing's Role in Addressing Substance Use and Facilitating Recovery",
    "https://www.asam.org/blog-details/public-policy-statements/2025/01/24/"
    "housings-role-in-addressing-substance-use-and-facilitating-recovery",
)
TREATMENT_AND_RECOVERY = Source(
    "NIDA",
    "Treatment and Recovery",
    "https://nida.nih.gov/publications/drugs-brains-behavior-science-addiction/treatment-recovery",
)
PRINCIPLES = Source(
    "NIDA", "Principles of Drug Addiction Treatment", "https://nida.nih.gov/sites/default/files/podat-3rdEd-508.pdf"
)
AFTER_JAIL = Source(
    "NIDA",
    "How Is Opioid Use Disorder Treated in the Criminal Justice System?",
    "https://nida.nih.gov/publications/research-reports/medications-to-treat-opioid-addiction/"
    "how-opioid-use-disorder-treated-in-criminal-justice-system",
)
CO_OCCURRING = Source(
    "NIMH",
    "Substance Use and Co-Occurring Mental Disorders",
    "https://www.nimh.nih.gov/health/topics/substance-use-and-mental-health",
)
OPIOIDS_IN_PREGNANCY = Source(
    "ACOG",
    "Opioid Use and Opioid Use Disorder in Pregnancy",
    "https://www.acog.org/clinical/clinical-guidance/committee-opinion/articles/2017/08/"
    "opioid-use-and-opioid-use-disorder-in-pregnancy",
)
PREGNANCY_FIRST = Source(
    "45 CFR 96.131",
    "Treatment services for pregnant women",
    "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-A/part-96/subpart-L/section-96.131",
)
MEDICATION = Source(
    "SAMHSA",
    "TIP 63: Medications for Opioid Use Disorder",
    "https://library.samhsa.gov/product/tip-63-medications-opioid-use-disorder/pep21-02-01-002",
)
