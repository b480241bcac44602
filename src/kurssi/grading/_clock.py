"""How late a hand-in is, for very many of them: the core is asked once per minute of the calendar, not once each."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from kurssi.policy import Late
from kurssi.times import When

from .lateness import late_units

MINUTE = timedelta(minutes=1)
LAST = timedelta(microseconds=1)

MOST = 1 << 16
"""So many answers are remembered; then all are forgotten."""


class Clock:
    """Lateness by one rule and one deadline, as a number: twice the started units, plus 1 where closed; 0 is on time.

    Two hand-ins with the same number have the same consequences.
    """

    def __init__(self, late: Late, due: When, zone: ZoneInfo) -> None:
        self.late, self.due, self.zone = late, due, zone
        local = due.at if due.clock else datetime.combine(due.at.date(), time.max)
        self.on_time = local if local.tzinfo is None else datetime.min  # noqa: DTZ901 - naive, as cells are
        """A local time up to this one is on time, whatever the clock does between: a deadline is read as the later
        instant and a hand-in as the earlier. Where the deadline carries an offset nothing is said."""
        self._minutes: dict[datetime, int | None] = {}

    def of(self, at: datetime) -> int:
        """How late a hand-in at a local time is."""
        if at <= self.on_time:
            return 0
        minute = at.replace(second=0, microsecond=0)
        if minute not in self._minutes:
            if len(self._minutes) >= MOST:
                self._minutes.clear()
            first, last = self.exactly(When(minute, True)), self.exactly(When(minute + MINUTE - LAST, True))
            # Within a minute of local time an instant only moves forward, so equal ends say all.
            self._minutes[minute] = first if first == last else None
        known = self._minutes[minute]
        return known if known is not None else self.exactly(When(at, True))

    def exactly(self, when: When) -> int:
        """How late a hand-in is, by the core."""
        units, closed = late_units(self.late, when, self.due, self.zone)
        return 2 * units + closed
