"""School days in Flanders, compared with the holidays as the government published them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.monitoring.rules.school_days import easter, holidays, is_school_day, is_sending_time

# First and last day of carnival, spring, autumn and winter holidays that begin in the year.
PUBLISHED = {
    2024: [("02-12", "02-18"), ("04-01", "04-14"), ("10-28", "11-03"), ("12-23", "01-05")],
    2025: [("03-03", "03-09"), ("04-07", "04-20"), ("10-27", "11-02"), ("12-22", "01-04")],
    2026: [("02-16", "02-22"), ("04-06", "04-19"), ("11-02", "11-08"), ("12-21", "01-03")],
    2027: [("02-08", "02-14"), ("03-29", "04-11"), ("11-01", "11-07"), ("12-27", "01-09")],
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_holidays_are_those_that_were_published(year: int) -> None:
    assert [(f"{first:%m-%d}", f"{last:%m-%d}") for first, last in holidays(year)] == PUBLISHED[year]


def test_easter_falls_on_the_right_sunday() -> None:
    known = {2019: "04-21", 2024: "03-31", 2025: "04-20", 2026: "04-05", 2027: "03-28", 2038: "04-25", 2285: "03-22"}
    assert {year: f"{easter(year):%m-%d}" for year in known} == known
    assert all(easter(year).weekday() == 6 for year in range(2000, 2300))


def test_a_late_easter_lies_at_the_end_of_its_holiday() -> None:
    """In 2019 Easter fell on 21 April: the holiday began on the second Monday before it."""
    assert holidays(2019)[1] == (date(2019, 4, 8), date(2019, 4, 21))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-16", True), ("2026-11-14", False), ("2026-11-15", False), ("2026-07-01", False),
        ("2026-08-31", False), ("2026-09-01", True), ("2026-11-11", False), ("2027-01-04", True),
        ("2027-01-01", False), ("2026-12-21", False), ("2028-01-07", False), ("2028-01-10", True),
        ("2027-05-06", False), ("2027-05-07", False), ("2027-05-17", False), ("2028-05-01", False),
        ("2028-02-29", False), ("2024-02-29", True),
    ],
)  # fmt: skip
def test_days(day: str, expected: bool) -> None:
    assert is_school_day(date.fromisoformat(day)) is expected


def test_a_school_year_has_about_as_many_school_days_as_a_real_one() -> None:
    days = [date(2026, 9, 1) + timedelta(days=number) for number in range(303)]
    assert 170 <= sum(is_school_day(day) for day in days) <= 186


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # Summer time is two hours ahead of UTC, winter time one.
        (datetime(2026, 10, 23, 5, 59, tzinfo=UTC), False), (datetime(2026, 10, 23, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 26, 6, 59, tzinfo=UTC), False), (datetime(2026, 10, 26, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 26, 16, 59, tzinfo=UTC), True), (datetime(2026, 10, 26, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 10, 24, 10, 0, tzinfo=UTC), False),
    ],
)  # fmt: skip
def test_hours_are_those_of_brussels(moment: datetime, expected: bool) -> None:
    assert is_sending_time(moment) is expected
