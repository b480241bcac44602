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

MODIFIED = r"last modified|viimeksi muokattu|muokattu viimeksi|zuletzt geändert|senast (?:modifierat|ändrad|ändrat)"
SUBMISSION = "submission|palautus|abgabe|inlämning"

WORKSHEET = Layout(
    "moodle-assignment",
    msg("Moodle, grading worksheet of one assignment: Status with how late it is, Grade, Maximum grade"),
    signs(
        "status|tila|palautuksen tila",
        "grade|arvosana|bewertung|betyg",
        rf"(?:{MODIFIED}) \(.+\)|grade can be changed|arvosanaa voi(?:daan)? muuttaa|bewertung kann geändert werden"
        r"|betyg kan ändras|maximum grade|maxbetyg|bestwertung",
    ),
    (
        *IDENTITY_COLUMNS,
        *IDENTITY,
        *patterns("group", *GROUP),
        *patterns("own id", "identifier", "tunniste", "id", "identifierare"),
        *patterns("score", "(?P<item>)(?:grade|arvosana|bewertung|betyg)", kind="points"),
        *patterns("most", "(?P<item>)(?:maximum grade|enimmäisarvosana|maksimiarvosana|bestwertung|maxbetyg)"),
        *patterns("status", "(?P<item>)(?:status|tila|palautuksen tila)"),
        *patterns("submitted", rf"(?P<item>)(?:{MODIFIED}) \((?:{SUBMISSION})\)"),
        *patterns("known", "due date", "määräaika", "fälligkeitsdatum", "slutdatum"),
        *patterns("known", r".*"),
    ),
    words=BLANK,
)
