"""How people call columns, levels of care and facts in lists of their own, in English and Spanish.

Only for suggestions, which somebody checks before anything is imported. What may mean two things is left out:
"inpatient" may be a hospital or a house, "MAT" one medicine or another.
"""

from __future__ import annotations

import re

from referral.importers.mapping.rules import Meaning

HEADERS: dict[str, str] = {
    "name": "name|name 1|name1|full name|facility name|facility|provider name|provider|site name|clinic name|clinic|"
    "business name|program site|dba|d b a|doing business as|trade name|nombre|nombre del centro|centro|"
    "establecimiento|nombre de la instalacion",
    "name_detail": "name 2|name2|program name|program|site|unit name|programa|nombre del programa",
    "organization": "organization|organisation|agency|agency name|parent|parent organization|parent company|company|"
    "owner|legal entity|legal name|licensee|licensee name|organization name|organizacion|agencia|empresa|entidad",
    "street": "street|street 1|address|address 1|address line 1|addr|addr1|addr 1|street address|physical address|"
    "site address|location address|direccion|calle|domicilio|direccion 1",
    "unit": "unit|suite|ste|address 2|address line 2|addr2|addr 2|street 2|apt|floor|building|oficina|piso|"
    "direccion 2",
    "city": "city|town|municipality|city name|ciudad|municipio|pueblo|localidad",
    "state": "state|st|state code|province|estado",
    "postal_code": "zip|zip code|zipcode|postal|postal code|zip 5|zip5|codigo postal|cp",
    "full_address": "full address|complete address|mailing address|location|direccion completa|ubicacion|"
    "city state zip|city state zip code|city state zipcode|city st zip|city state|city zip|csz|ciudad estado zip",
    "latitude": "latitude|lat|y|latitud",
    "longitude": "longitude|long|lon|lng|x|longitud",
    "phone": "phone|phone number|telephone|tel|tel no|phone 1|main phone|main number|office phone|business phone|"
    "contact phone|contact number|telefono|numero de telefono|tel 1",
    "other_phone": "phone 2|phone2|other phone|alternate phone|alt phone|intake|intake phone|admissions|"
    "admissions phone|hotline|crisis line|24 hour line|toll free|cell|cell phone|telefono 2|otro telefono|"
    "linea de ayuda|admisiones",
    "website": "website|web site|web|url|web address|homepage|internet|link|sitio web|pagina web|pagina",
    "key": "id|facility id|provider id|site id|record id|program id|record number|npi|facility number|objectid|"
    "provider number|identificador",
    "license_number": "license|license no|license number|license num|lic|lic no|lic number|licence number|"
    "certificate number|certification number|permit number|numero de licencia|licencia|no de licencia",
    "license_expires_on": "expires|expiration|expiration date|exp date|expiry|license expires|license expiration|"
    "license expiration date|license exp date|valid until|valid through|renewal date|vence|vencimiento|"
    "fecha de vencimiento|expira",
    "licensed_beds": "beds|licensed beds|bed count|number of beds|bed capacity|total beds|licensed capacity|camas|"
    "numero de camas|camas autorizadas",
    "capacity": "capacity|program capacity|slots|census capacity|max capacity|maximum capacity|occupancy|capacidad|"
    "cupo|cupos|plazas",
    "stay_days": "days|length of stay|los|max days|maximum stay|longest stay|max length of stay|program length|"
    "duration|stay|stay days|duracion|dias|estancia|estancia maxima|duracion del programa",
    "care": "level of care|levels of care|loc|asam|asam level|asam levels|service|services|services offered|"
    "service type|type of service|type of care|program type|type|facility type|modality|treatment type|treatment|"
    "care type|setting|license type|service category|payment|payments|payments accepted|payment accepted|"
    "insurance|insurance accepted|insurances|funding|payer|gender|gender served|sex|population|populations|"
    "populations served|special populations|languages|language|languages spoken|medications|mat|"
    "nivel de atencion|nivel de cuidado|servicios|tipo|tipo de servicio|tipo de programa|modalidad|tratamiento|"
    "pagos|seguro|seguros|genero|sexo|poblacion|idioma|idiomas|medicamentos",
    "ignored": "notes|comments|contact|contact name|contact person|email|e mail|fax|fax number|county|county name|"
    "region|district|last updated|updated|date updated|status|notas|comentarios|correo|condado|contacto",
}
"""Headers, as `plain_name` gives them, by the role that they suggest. Parted by |."""

_R = "residential|residencial|inpatient rehab"
_D = "detox|withdrawal|desintoxicacion|wm"

_PATTERNS: tuple[tuple[tuple[str, ...], Meaning], ...] = (
    ((r"\b4 ?wm\b", rf"({_D}).*\bhospital", rf"\bhospital.*({_D})"), Meaning(("detox_hospital",))),
    (
        (r"\b3 (7|2) ?wm\b", rf"({_D}).*({_R}|live in)", rf"({_R}|live in).*({_D})", "social detox"),
        Meaning(("detox_residential",)),
    ),
    (
        (
            r"\b[12]( 7)? ?wm\b",
            rf"({_D}).*(outpatient|ambulator)",
            rf"(outpatient|ambulator\w*).*({_D})",
            "home detox",
        ),
        Meaning(("detox_outpatient",)),
    ),
    ((rf"\b({_D})",), Meaning(("detox",))),
    (
        ("partial hosp", r"\bphp\b", "day treatment", "hospitalizacion parcial", "tratamiento de dia", r"\b2 5\b"),
        Meaning(("partial_hospitalization",)),
    ),
    (
        ("intensive out", r"\biop\b", "ambulatorio intensivo", "intensivo ambulatorio", r"\b2 1\b"),
        Meaning(("intensive_outpatient",)),
    ),
    (
        (
            *("opioid treatment program", r"\botp\b", "clinica de metadona"),
            "methadone (clinic|maintenance|treatment)",
        ),
        Meaning(("outpatient",), ("methadone", "opioid_treatment_program")),
    ),
    ((r"\bobot\b", "office based (opioid|bupre)"), Meaning(("outpatient",), ("buprenorphine",))),
    (
        (
            *("sober (living|home|house)", "recovery (residence|hou|home)", "oxford house", "half ?way", r"\bnarr\b"),
            *("casas? de (recuperacion|medio camino)", "vida sobria"),
            "(vivienda|hogar|residencia) (sobri|de recuperacion)",
        ),
        Meaning(("recovery_residence",)),
    ),
    (
        (
            *(rf"long term.*({_R}|treatment)", rf"({_R}).*(long term|largo plazo)", "(over|more than) 30 days"),
            *(rf"\b(90|120|180) d(ay|ia)s?\b.*({_R})", rf"({_R}).*\b(90|120|180) d(ay|ia)s?\b"),
        ),
        Meaning(("residential_long",)),
    ),
    (
        (
            *(rf"short term.*({_R}|treatment)", rf"({_R}).*(short term|corto plazo)", "30 days or less"),
            *(rf"\b(28|30) d(ay|ia)s?\b.*({_R})", rf"({_R}).*\b(28|30) d(ay|ia)s?\b"),
        ),
        Meaning(("residential_short",)),
    ),
    (
        ("hospital inpatient", "inpatient hospital", "medically managed inpatient"),
        Meaning(("hospital_inpatient",)),
    ),
    ((_R, r"\b3 [1357]\b", "therapeutic community", "comunidad terapeutica", "live in"), Meaning(("residential",))),
    (("outpatient", "ambulator", r"\bop\b", "^(level )?1( 0| 5| 7)?$", r"^1 0\b"), Meaning(("outpatient",))),
    (("co ?occurring", "dual diagnosis", "dually", "diagnostico dual"), Meaning(yes=("co_occurring",))),
)
LEVEL_PATTERNS = tuple((re.compile("|".join(patterns)), meaning) for patterns, meaning in _PATTERNS)
"""What a value says, by its `plain_name`: the first that fits. The finer kinds stand before the general ones."""

FACT_WORDS: dict[str, str] = {
    "takes_medicaid": "medicaid|medi cal|mcaid|medicaid mco|kancare|husky|tenncare|soonercare|masshealth|ahcccs",
    "takes_medicare": "medicare|mcare",
    "takes_private_insurance": "private insurance|commercial insurance|commercial|private|private health insurance|"
    "insurance|seguro privado|seguro medico privado",
    "takes_military_insurance": "tricare|military insurance|va insurance|champus|seguro militar",
    "takes_state_plan": "state insurance|state plan|state funded insurance|plan estatal",
    "takes_self_pay": "self pay|cash|private pay|out of pocket|pago propio|efectivo|particular",
    "sliding_fee": "sliding fee|sliding scale|sliding fee scale|escala movil|tarifa segun ingresos",
    "payment_assistance": "payment assistance|financial assistance|scholarship|scholarships|ayuda para pagar|becas",
    "free_care": "free|no cost|no charge|gratis|gratuito|sin costo",
    "methadone": "methadone|metadona",
    "buprenorphine": "buprenorphine|suboxone|subutex|sublocade|buprenorfina",
    "naltrexone": "naltrexone|vivitrol|naltrexona",
    "accepts_women": "women|female|females|woman|women accepted|mujeres|mujer|femenino",
    "accepts_men": "men|male|males|man|men accepted|hombres|hombre|masculino",
    "women_program": "women only|womens program|female only|solo mujeres|programa para mujeres",
    "men_program": "men only|mens program|male only|solo hombres|programa para hombres",
    "pregnant_postpartum": "pregnant|pregnant women|pregnant postpartum|pregnant and postpartum|perinatal|ppw|"
    "embarazadas",
    "clients_children_welcome": "women with children|children welcome|parents with children|children|childcare|"
    "madres con hijos|ninos|con hijos",
    "adolescents": "adolescents|adolescent|youth|teens|minors|under 18|adolescentes|jovenes menores",
    "young_adults": "young adults|transition age youth|adultos jovenes",
    "seniors": "seniors|older adults|elderly|geriatric|adultos mayores|personas mayores",
    "veterans": "veterans|veteran|vets|veteranos",
    "lgbtq": "lgbt|lgbtq|lgbtqia|lgbtq clients",
    "justice_involved": "criminal justice|justice involved|court ordered|drug court|probation|parole|"
    "personas en el sistema de justicia|libertad condicional",
    "hiv": "hiv|hiv aids|vih",
    "trauma": "trauma",
    "spanish": "spanish|spanish speaking|bilingual spanish|espanol|habla espanol|se habla espanol",
    "sign_language": "asl|sign language|american sign language|lenguaje de senas|lengua de senas",
    "wheelchair": "wheelchair|wheelchair accessible|ada|ada accessible|handicap accessible|accesible|silla de ruedas",
    "transportation": "transportation|transport|transportation provided|rides|transporte",
    "telehealth": "telehealth|telemedicine|virtual|virtual care|telesalud|telemedicina",
    "co_occurring": "co occurring|cooccurring|dual diagnosis|mental health|co occurring disorders|diagnostico dual",
    "peer_support": "peer support|peer services|peers|apoyo de pares",
    "twelve_step": "12 step|12 steps|twelve step|aa na|12 pasos|doce pasos",
    "cognitive_behavioral_therapy": "cbt|cognitive behavioral therapy|terapia cognitivo conductual",
    "case_management": "case management|manejo de casos",
    "housing_services": "housing|housing assistance|ayuda de vivienda",
    "employment_services": "employment|job placement|employment services|empleo",
    "carf": "carf|carf accredited",
    "joint_commission": "joint commission|jcaho|tjc|joint commission accredited",
    "state_licensed": "state licensed|licensed by state",
    "smoke_free": "smoke free|no smoking|libre de humo",
    "nonprofit": "nonprofit|non profit|not for profit|501c3|sin fines de lucro",
    "for_profit": "for profit|con fines de lucro",
    "naloxone_education": "naloxone|narcan|naloxona",
}
"""Further names of facts, beside their labels, as `plain_name` gives them."""

GENDERS: dict[str, Meaning] = {
    word: meaning
    for words, meaning in (
        (
            "male|males|men|m|men only|male only|hombres|masculino",
            Meaning(yes=("accepts_men",), no=("accepts_women",)),
        ),
        (
            "female|females|women|f|women only|female only|mujeres|femenino",
            Meaning(yes=("accepts_women",), no=("accepts_men",)),
        ),
        (
            "both|all|co ed|coed|any|male and female|men and women|mixed|m f|f m|ambos|mixto|todos|hombres y mujeres",
            Meaning(yes=("accepts_women", "accepts_men")),
        ),
    )
    for word in words.split("|")
}
"""What the values of a column about gender mean: there, one gender leaves the other out."""
GENDER_HEADERS = frozenset(("gender", "genders", "sex", "gender served", "genero", "sexo", "clients served gender"))

STANDING_HEADERS = frozenset(
    (
        *("status", "license status", "licence status", "certification status", "facility status", "program status"),
        *("provider status", "operating status", "current status", "estatus", "estado de la licencia"),
    )
)
_OPEN = (
    "active|open|current|licensed|issued|valid|in good standing|approved|certified|operating|operational|regular|"
    "provisional|conditional|renewed|activo|activa|abierto|abierta|vigente"
)
_CLOSED = (
    "closed|permanently closed|temporarily closed|inactive|expired|revoked|suspended|surrendered|terminated|"
    "withdrawn|denied|cancelled|canceled|lapsed|not licensed|out of business|cerrado|cerrada|inactivo|inactiva|"
    "vencido|vencida|revocada|suspendida|cancelada"
)
STANDINGS: dict[str, Meaning] = {
    word: meaning
    for words, meaning in ((_OPEN, Meaning()), (_CLOSED, Meaning(leaves_out=True)))
    for word in words.split("|")
}
"""What the values of a column about the standing of a place mean: one that is closed, or has lost its license, is
not brought into the directory."""

FILLERS = re.compile(
    r"\b(accepts?|accepted|takes?|offers?|offered|provides?|provided|has|have|serves?|served|available|y n|yes no|"
    r"y or n|clients?|patients?|speaks?|spoken|acepta|ofrece|tiene|atiende|si no|s n|services?|servicios?)\b"
)
"""Words of a header that say nothing about which fact it is."""
