"""When something waits long enough for O&S to look at it. Days are days in Brussels unless they say otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from lms.clock import BRUSSELS

# Somebody who was invited gets a week to answer before anybody asks again.
UNANSWERED_AFTER = timedelta(days=7)
# The course is a few evenings of work. Three weeks is longer than any holiday but the summer.
STUCK_AFTER = timedelta(days=21)
# After the course a begeleider needs some time to find an hour in the timetable.
WITHOUT_SESSION_AFTER = timedelta(days=30)
# A planned day counts this long after it passed: the log of that session may still come.
PLAN_COUNTS_FOR = timedelta(days=30)
# Who has not moved for a year is no longer waiting for us; the account itself ends a year later.
LOOK_BACK = timedelta(days=365)

# An aanspreekpunt who said yes in the summer need not say it again in September.
CONFIRMED_SINCE_MONTH = 7
ASKED_FROM_MONTH = 9
REPORTED_FROM_MONTH = 10


def today(moment: datetime) -> date:
    """The day in Brussels."""
    return moment.astimezone(BRUSSELS).date()


def _year_of(day: date) -> int:
    """The year in which the school year of this day began."""
    return day.year if day.month >= ASKED_FROM_MONTH else day.year - 1


def _begin_of(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=BRUSSELS).astimezone(UTC)


def confirmed_since(moment: datetime) -> datetime:
    """Whoever said yes or confirmed from this moment on is the aanspreekpunt of the school year of ``moment``."""
    return _begin_of(_year_of(today(moment)), CONFIRMED_SINCE_MONTH)


def is_reported(moment: datetime) -> bool:
    """Whether O&S sees who did not confirm yet: from 1 October until the end of the school year."""
    return today(moment) >= date(_year_of(today(moment)), REPORTED_FROM_MONTH, 1)
