"""Lists of who is in a class: Peppi, Sisu, Canvas, TEAMMATES, CATME; and the grades that Sisu takes and Ossi gives."""

from kurssi.diagnostics.message import msg

from .layout import EMAIL, GROUP, IDENTITY, NUMBER, Layout, patterns, signs

_ENROLMENT = (
    r"ilmoittautumi(?:nen|sen tila)", r"osallistumisen tila", r"opinto-oikeuden tila", "enrol?lment(?: status)?",
    "study right status", "anmälningsstatus", r"tila",
)  # fmt: skip
_ENROLLED = (
    "", "vahvistettu", "hyväksytty", "ilmoittautunut", "läsnä", "läsnäoleva", "aktiivinen", "enrolled", "confirmed",
    "accepted", "active", "active - attending", "joined", "yet to join", "godkänd", "bekräftad",
)  # fmt: skip

SISU = Layout(
    "sisu",
    msg("Sisu, list of students: student number, primary e-mail, status of the enrolment"),
    signs("|".join(NUMBER), r"(?:ensisijainen|primary|primär) (?:sähköposti(?:osoite)?|e-?mail(?: address)?|e-post.*)"),
    (*patterns("enrolment", *_ENROLMENT), *patterns("group", *GROUP), *IDENTITY),
    enrolled=_ENROLLED,
    preamble=True,
    roster=True,
)

SISU_GRADES = Layout(
    "sisu-grades",
    msg("Sisu, file of final grades: studentNumber, grade, credits, assessmentDate"),
    signs("student ?number", "grade", "assessment ?date|completion ?language"),
    (
        *IDENTITY,
        *patterns("total", "(?P<item>grade)"),
        *patterns("known", "credits", "assessment ?date", "completion ?language", "comment"),
    ),
)

PEPPI = Layout(
    "peppi",
    msg("Peppi, list of those enrolled: Opiskelijanumero, names, arrival group, status of the enrolment"),
    signs(
        "|".join(NUMBER),
        "sukunimi|nimi|opiskelija|kutsumanimi",
        r"saapumisryhmä.*|ilmoittautumi(?:nen|sen tila|späivä|saika).*|osallistumisen tila|opinto-oikeuden tila"
        r"|tutkinto-ohjelma|koulutus|hyväksymispäivä",
    ),
    (*patterns("enrolment", *_ENROLMENT), *patterns("group", "(?:pien)?ryhmä"), *IDENTITY),
    enrolled=_ENROLLED,
    preamble=True,
    roster=True,
)

CANVAS_ROSTER = Layout(
    "canvas-roster",
    msg("Canvas, list of a section: Student SIS ID is the student number"),
    signs("student sis id"),
    (
        *patterns("student", "student sis id"),
        *patterns("own id", "student id"),
        *patterns("known", "section name"),
        *IDENTITY,
    ),
    roster=True,
)

TEAMMATES_ROSTER = Layout(
    "teammates-students",
    msg("TEAMMATES, list of students: Team, Full Name, Last Name, Status, Email"),
    signs("team", "full name", "status", "email"),
    (
        *patterns("group", "team"),
        *patterns("enrolment", "status"),
        *patterns("email", *EMAIL),
        *patterns("name", "full name"),
        *patterns("known", "section", "last name"),
    ),
    enrolled=_ENROLLED,
    preamble=True,
    roster=True,
)

CATME_ROSTER = Layout(
    "catme-teams",
    msg("CATME, teams: Name, Student ID, Email, Team Name"),
    signs("name", "student id", "email", "team name"),
    (*patterns("group", "team name"), *patterns("known", "section"), *IDENTITY),
    preamble=True,
    roster=True,
)

OSSI = Layout(
    "ossi",
    msg("Aalto Ossi, points of tasks: studentNo and a column for each task"),
    signs("studentno"),
    IDENTITY,
)

ITSLEARNING = Layout(
    "itslearning",
    msg("itslearning, assessment record: any columns, named with --map or columns:"),
    signs("synkronointiavain|synchroni[sz]ation key|synkroniseringsnyckel"),
    (
        *patterns("login", "synkronointiavain", "synchroni[sz]ation key", "synkroniseringsnyckel"),
        *IDENTITY,
        *patterns("group", *GROUP),
        *patterns("total", "average", "keskiarvo", "medelvärde", "final assessment", "loppuarviointi"),
    ),
)
