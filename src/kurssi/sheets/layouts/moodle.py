"""Moodle: the export of grades, and the grading worksheet of an assignment; headers in the language of the site."""

from kurssi.diagnostics.message import msg

from .layout import EMAIL, FIRST_NAME, GROUP, IDENTITY, LOGIN, NUMBER, SURNAME, Layout, patterns, signs, states

REAL = "real|todellinen|todelliset|pisteet|pistemäärä|punkte|reell|verklig(?:t|a)?|faktisk|poäng|brut"
PERCENTAGE = "percentage|prosentti|prosentit|prosenttia|prosenttiosuus|prozent|prozentsatz|procent|procentandel"
LETTER = "letter|kirjain|kirjainarvosana|buchstabe|bokstav|bokstavsbetyg"
FEEDBACK = "feedback|palaute|återkoppling|rückmeldung"
TOTAL = (
    r".+ total|total|kurs gesamt|.+ gesamt|kurssiyhteenveto|.+ yhteensä|kurssin (?:kokonaisarvosana|summa)"
    r"|.+ yhteenveto|(?:kurs)?summa|(?:kurs)?totalt?|.+ totalt"
)
DOWNLOADED = (
    r"last downloaded from this course", r".*ladattu.*kurssi.*", r".*kurssi.*ladattu.*", r".*heruntergeladen.*",
    r".*(?:hämtad|nedladdad|laddades ned).*kurs.*",
)  # fmt: skip
ID_NUMBER = (*NUMBER, "id[- ]?number", "id-?numero", "tunnistenumero", "id[- ]?nummer", "numéro d’identification")
IDENTITY_COLUMNS = (
    *patterns("student", *ID_NUMBER),
    *patterns("email", *EMAIL),
    *patterns("login", *LOGIN),
)
BLANK = states(blank="-|–|")

GRADES = Layout(
    "moodle",
    msg("Moodle, export of grades: Real, Percentage or Letter in the header, - for no grade, totals of categories"),
    signs(
        "|".join(FIRST_NAME),
        "|".join(SURNAME),
        rf".+ \((?:{REAL}|{PERCENTAGE}|{LETTER})\)|{'|'.join(DOWNLOADED)}"
        r"|institution|department|institution \(.*\)|laitos|oppilaitos|osasto|institut(?:ion)?|abteilung|avdelning",
    ),
    (
        *IDENTITY_COLUMNS,
        *patterns("surname", *SURNAME),
        *patterns("first name", *FIRST_NAME),
        *patterns("enrolment", "suspended", "keskeytetty", "jäädytetty", "avstängd", "gesperrt", "suspendiert"),
        *patterns(
            "known",
            *DOWNLOADED,
            "institution", "department", "laitos", "oppilaitos", "osasto", "institut", "abteilung", "avdelning",
            rf".+ \((?:{FEEDBACK})\)", rf"(?:{FEEDBACK}): .+",
        ),
        *patterns("total", rf"(?P<item>(?:{TOTAL})) \((?:{REAL})\)", kind="points"),
        *patterns("total", rf"(?P<item>(?:{TOTAL})) \((?:{PERCENTAGE})\)", kind="percent"),
        *patterns("total", rf"(?P<item>(?:{TOTAL})) \((?:{LETTER})\)", kind="letter"),
        *patterns("total", TOTAL),
        *patterns("score", rf"(?P<item>.+) \((?:{REAL})\)", kind="points"),
        *patterns("score", rf"(?P<item>.+) \((?:{PERCENTAGE})\)", kind="percent"),
        *patterns("score", rf"(?P<item>.+) \((?:{LETTER})\)", kind="letter"),
        *patterns("score", "(?P<item>.+)"),
    ),
    words=BLANK,
    enrolled=("", "-", "0", "no", "ei", "nej", "nein"),
)  # fmt: skip

MODIFIED = (
    "last modified|viimeksi muokattu|muokattu viimeksi|zuletzt geändert|senast (?:modifierat|ändrad|ändrat)"
    "|dernière modification|última modificación|sist endret|seneste? ændr(?:et|ing)|laatst gewijzigd|viimati muudetud"
)
SUBMISSION = (
    "submission|palautus|abgabe|inlämning|travail remis|entrega|envío|innlevering|aflevering|inzending"
    "|ingestuurde opdracht|esitus|esitamine|töö"
)
STATUS = "status|tila|palautuksen tila|statut|estado|olek|staatus"
GRADE = "grade|arvosana|bewertung|betyg|note|calificación|karakter|cijfer|beoordeling|hinne"
MAXIMUM = (
    "maximum grade|enimmäisarvosana|maksimiarvosana|bestwertung|maxbetyg|note maximale|calificación máxima(?: posible)?"
    "|toppkarakter|maks(?:imal)? ?karakter|højeste karakter|maximumcijfer|maximale beoordeling|maksimaalne hinne"
)
CHANGEABLE = (
    "grade can be changed|arvosanaa voi(?:daan)? muuttaa|bewertung kann geändert werden|betyg kan ändras"
    "|la note peut être modifiée|la calificación puede (?:ser cambiada|cambiarse)|karakter(?:en)? kan (?:endres|ændres)"
    "|cijfer kan gewijzigd worden|hinnet saab muuta"
)

WORKSHEET = Layout(
    "moodle-assignment",
    msg("Moodle, grading worksheet of one assignment: Status with how late it is, Grade, Maximum grade"),
    signs(
        STATUS,
        GRADE,
        rf"(?:{MODIFIED}) \(.+\)|{CHANGEABLE}|{MAXIMUM}",
    ),
    (
        *IDENTITY_COLUMNS,
        *IDENTITY,
        *patterns("group", *GROUP),
        *patterns("own id", "identifier", "tunniste", "id", "identifierare", "identifiant", "identificador",
                  "identifikator", "identificatie"),
        *patterns("score", rf"(?P<item>)(?:{GRADE})", kind="points"),
        *patterns("most", rf"(?P<item>)(?:{MAXIMUM})"),
        *patterns("status", rf"(?P<item>)(?:{STATUS})"),
        *patterns("submitted", rf"(?P<item>)(?:{MODIFIED}) \((?:{SUBMISSION})\)"),
        *patterns("known", "due date", "määräaika", "fälligkeitsdatum", "slutdatum"),
        *patterns("known", r".*"),
    ),
    words=BLANK,
    late_in="two units",
)  # fmt: skip
