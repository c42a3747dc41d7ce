"""Days on which schools in Flanders are open. Reminders go on those alone.

Source: the rules by which the Flemish government sets the school holidays (circular SO/2003/05). Single days off that a
school chooses by itself are not known here.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from lms.clock import BRUSSELS

MONDAY, SATURDAY, SUNDAY = 0, 5, 6
SUMMER = (7, 8)
# Local time in Brussels.
FROM, UNTIL = time(8), time(18)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature 1876)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, left = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leaps - shift + 15) % 30
    weekday = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _monday_of(day: date, *, weekend_before: tuple[int, ...]) -> date:
    """The Monday of the week of ``day``; the Monday after it when it falls on one of these days of the weekend."""
    monday = day - timedelta(days=day.weekday())
    return monday + timedelta(weeks=1) if day.weekday() in weekend_before else monday


def holidays(year: int) -> tuple[tuple[date, date], ...]:
    """The school holidays that begin in this year, the summer left out: first and last day, both off."""
    sunday = easter(year)
    if sunday.month == 3:
        spring = sunday + timedelta(days=1)
    elif sunday > date(year, 4, 15):
        spring = sunday - timedelta(days=13)
    else:
        first = date(year, 4, 1)
        spring = first + timedelta(days=-first.weekday() % 7)
    autumn = _monday_of(date(year, 11, 1), weekend_before=(SUNDAY,))
    winter = _monday_of(date(year, 12, 25), weekend_before=(SATURDAY, SUNDAY))
    carnival = sunday - timedelta(days=48)
    return (
        (carnival, carnival + timedelta(days=6)),
        (spring, spring + timedelta(days=13)),
        (autumn, autumn + timedelta(days=6)),
        (winter, winter + timedelta(days=13)),
    )


def is_public_holiday(day: date) -> bool:
    """Days off in the whole country, or in every school of Flanders."""
    sunday = easter(day.year)
    moving = {sunday + timedelta(days=days) for days in (1, 39, 40, 50)}
    return day in moving or (day.month, day.day) in {(1, 1), (5, 1), (11, 11)}


def is_school_day(day: date) -> bool:
    """Whether schools are open: no weekend, no summer, no school holiday, no public holiday."""
    if day.weekday() >= SATURDAY or day.month in SUMMER or is_public_holiday(day):
        return False
    # The winter holiday may have begun in the year before.
    return not any(first <= day <= last for year in (day.year - 1, day.year) for first, last in holidays(year))


def is_sending_time(moment: datetime) -> bool:
    """Whether reminders may be written now: on a school day between 8.00 and 18.00 in Brussels."""
    here = moment.astimezone(BRUSSELS)
    return is_school_day(here.date()) and FROM <= here.time() < UNTIL
