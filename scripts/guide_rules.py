"""Pages of rules by topic: what is checked and why, an example that fails and one that passes, in both languages."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from kurssi.course.rules import Rule, book, paragraphs
from kurssi.diagnostics.words import Words


class Topic(NamedTuple):
    """Rules that somebody looks for together."""

    fi: str
    en: str
    rules: str
    """Their names, or how they begin (with a *)."""


TOPICS = {
    "file": Topic(
        "Tiedosto ja sen avaimet",
        "The file and its keys",
        "bad-yaml duplicate-key unknown-key missing-key wrong-type unknown-value placeholder accepted-unused "
        "duplicate-id "
        "course-drift name-missing-in-language scores-missing student-data unknown-timezone",
    ),
    "dates": Topic(
        "Päivät, viikot ja opetuskerrat",
        "Dates, weeks and sessions",
        "timing-* enrollment-after-end session-* sessions-overlap weeks-across-new-year week-not-in-year "
        "agenda-too-long "
        "exam-outside-weeks group-double-booked deadlines-in-one-week exams-on-one-day deadline-after-end "
        "deadline-on-holiday deadline-in-skipped-hour retake-after-end",
    ),
    "workload": Topic(
        "Kuormitus ja opintopisteet",
        "Workload and credits",
        "workload-* contact-hours part-without-hours hours-against-weight",
    ),
    "parts": Topic(
        "Osat, painotukset ja sarjat",
        "Parts, weights and series",
        "weights-* duplicate-part nested-part no-part-with-weight gate-with-weight best-of required-among-best need "
        "series "
        "takes ways cap by-points bonus-*",
    ),
    "grades": Topic(
        "Asteikko, rajat ja vaatimukset",
        "Scale, boundaries and requirements",
        "own-scale off-scale label-is-cell-word pass-fail-scale basis-* boundaries points-conversion requires-* "
        "criteria-missing rubric markers outcome-not-assessed part-without-outcome "
        "unknown-outcome",
    ),
    "late": Topic(
        "Myöhästyminen",
        "Lateness",
        "late-free late-from-without-late late-skip late-table late-without-size percent-without-of late-without-due "
        "late-costs-nothing late-not-exact lateness-* time-from-lateness early-extension not-submitted-with-time "
        "bad-time",
    ),
    "activity": Topic(
        "Aktiivisuus ja läsnäolo",
        "Activity and attendance",
        "activity-* attendance-bands bad-attendance unknown-level",
    ),
    "hazards": Topic(
        "Mitä arviointiperusteet voivat aiheuttaa",
        "What a policy can do",
        "dead-* unreachable-grade not-monotone latest-attempt joined-attempts silence-pays nothing-to-act-on",
    ),
    "groups": Topic(
        "Ryhmät ja vertaispisteet",
        "Groups and peer marks",
        "group-cell-unused group-cells-differ group-score-in-rows group-sheet unknown-group similar-groups peer-* "
        "no-peer-marks own-marks-unused gave-no-marks marks-without-effect partly-read",
    ),
    "sheets": Topic(
        "Arvostelutaulukon muoto",
        "The form of a score sheet",
        "sheet-* ragged-row rows-above-header rows-skipped duplicate-header no-rows no-part merged-cells hidden-cells "
        "coloured-cells formula-cells error-cell old-workbook unread-worksheet unused-columns summary-row "
        "part-without-column all-the-same",
    ),
    "scores": Topic(
        "Tulokset soluissa",
        "Scores in cells",
        "bad-score score-off-scale score-twice too-many-attempts conflicting-cells markers-apart marker-agreement "
        "bad-override bad-rectification rectification-and-grade",
    ),
    "students": Topic(
        "Opiskelijat",
        "Students",
        "missing-student duplicate-student unknown-student not-in-sheet not-in-export names-differ no-student-number "
        "mixed-numbers other-number two-candidates test-student enrolment-status not-assigned",
    ),
    "exports": Topic(
        "Oppimisympäristöjen vientitiedostot",
        "Exports of learning platforms",
        "export-* columns-target mapped-column map-without-effect unit-mismatch converted-column max-not-said "
        "status-unread",
    ),
    "feedback": Topic(
        "Opintojaksopalaute", "Course feedback", "bad-answer ces-unclear no-answers no-question scale-not-said"
    ),
    "other": Topic("Muuta", "Other rules", ""),
}
OTHER = "other"
"""The topic of rules that none of the others names."""
SAYS = {
    "fi": {
        "title": "Säännöt aiheittain",
        "intro": "Mitä `kurssi validate` ja `kurssi grade` huomaavat, aiheen mukaan. Saman tekstin tulostaa `kurssi "
        "rule "
        "NIMI`. Havainnon, joka on katsottu ja jätetään ennalleen, voi kirjoittaa kohtaan "
        "[`accepted`](../keys.md#implementationfile-accepted).",
        "heads": "| sääntö | vakavuus | mitä tarkistetaan |",
        "error": "virhe", "warning": "varoitus", "info": "huomio", "back": "Kaikki aiheet", "or": " tai ",
    },
    "en": {
        "title": "Rules by topic",
        "intro": "What `kurssi validate` and `kurssi grade` notice, by topic. `kurssi rule NAME` prints the same "
        "text. A "
        "finding that you have looked at and want to keep goes under "
        "[`accepted`](../keys.md#implementationfile-accepted).",
        "heads": "| rule | severity | what is checked |",
        "error": "error", "warning": "warning", "info": "info", "back": "All topics", "or": " or ",
    },
}  # fmt: skip


def by_topic() -> dict[str, list[Rule]]:
    """The rules of each topic; every rule is in exactly one, in the last one where nobody has said in which."""
    left = dict(book())
    found: dict[str, list[Rule]] = {}
    for topic, (_, _, patterns) in TOPICS.items():
        names = [name for pattern in patterns.split() for name in left if fnmatchcase(name, pattern)]
        found[topic] = [left.pop(name) for name in dict.fromkeys(names)]
    found[OTHER] += left.values()
    return {topic: rules for topic, rules in found.items() if rules}


def index(language: str) -> str:
    """The page that lists all rules."""
    says, words = SAYS[language], Words(language)
    out = [f"# {says['title']}", "", says["intro"], ""]
    for topic, rules in by_topic().items():
        title = TOPICS[topic].fi if language == "fi" else TOPICS[topic].en
        out += [f"## {title}", "", says["heads"], "| --- | --- | --- |"]
        for rule in rules:
            severity = says["or"].join(says[severity.name] for severity in rule.severities)
            text = words.translate(rule.title).replace("|", "\\|").replace("``", "`")
            out.append(f"| [{rule.name}]({topic}.md#{rule.name}) | {severity} | {text} |")
        out.append("")
    return "\n".join(out)


def page(topic: str, language: str) -> str:
    """The rules of a topic in full."""
    says, words = SAYS[language], Words(language)
    out = [f"# {TOPICS[topic].fi if language == 'fi' else TOPICS[topic].en}", "", f"[{says['back']}](index.md)", ""]
    for rule in by_topic()[topic]:
        severity = says["or"].join(says[severity.name] for severity in rule.severities)
        out += [f"## {rule.name}", "", f"*{severity}*", ""]
        for paragraph in paragraphs(rule.doc):
            if paragraph.startswith("    "):
                out += ["```text", "\n".join(line[4:] for line in paragraph.splitlines()), "```", ""]
            else:
                out += [words.translate(paragraph).replace("::", ":").replace("``", "`"), ""]
    return "\n".join(out)
