"""Until when a student may ask for rectification of an assessment.

University of Applied Sciences Act 932/2014, section 57: the student asks the teacher, orally or in writing, within 14
days of having had the chance to know the result and how the criteria were applied; then, within 14 days of the
teacher's decision, the examination board. The day of knowing is not counted, and a last day that is a Saturday, a
Sunday or a public holiday moves to the next weekday (Act on the calculation of statutory time limits 150/1930,
sections 2 and 5).
"""

from __future__ import annotations

from datetime import date, timedelta

from .timetable import public_holiday

DAYS = 14


def last_day(known: date) -> date:
    """The last day to ask, where the result could be known on ``known``."""
    day = known + timedelta(days=DAYS)
    while day.weekday() >= 5 or public_holiday(day) is not None:
        day += timedelta(days=1)
    return day
