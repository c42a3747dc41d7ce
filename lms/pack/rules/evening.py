"""The mail on the evening before a session: when it goes, and the plan in a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lms.clock import BRUSSELS
from lms.pack.rules.planning import Asked, Row

# Local time in Brussels. Later than that it is no longer the evening but the night.
FROM, UNTIL = time(17), time(22)
# Whoever saves a plan for tomorrow at six is often still busy with it at five past.
SETTLED = timedelta(minutes=15)
EVENING = "evening"


@dataclass(frozen=True, kw_only=True)
class TomorrowsPlan:
    """A plan for tomorrow, with who will give it."""

    id: int
    version: int
    session_slug: str
    day: date
    asked: Asked
    group_label: str | None
    person_id: int
    name: str
    email: str


def tomorrow(moment: datetime) -> date:
    """The day after this one, in Brussels."""
    return moment.astimezone(BRUSSELS).date() + timedelta(days=1)


def is_evening(moment: datetime) -> bool:
    """Whether mail about tomorrow may be written now."""
    return FROM <= moment.astimezone(BRUSSELS).time() < UNTIL


def plan_lines(rows: Iterable[Row]) -> Iterator[str]:
    """The plan in short: one line for each block, with a line before each lesson hour when there are more."""
    shown = list(rows)
    several = any(row.block.hour > 1 for row in shown)
    hour = 0
    for row in shown:
        block = row.block
        if several and block.in_class and block.hour != hour:
            hour = block.hour
            yield f"Lesuur {hour}"
        if block.in_class:
            begins = row.clock or f"minuut {row.begins}"
            yield f"- {begins}: {block.name}, {block.minutes} min"
        elif block.status == "home":
            yield f"- {block.name}: naar huis"
