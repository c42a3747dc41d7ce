"""A plan as something in a calendar."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lms.didactics.timing.hours import hours_text
from lms.ical import Entry
from lms.pack.rules.planning import clock

CALENDAR_NAME = "Mijn sessies van de toolbox"


@dataclass(frozen=True, kw_only=True)
class PlannedLesson:
    """A plan that has a day and an hour, with what its calendar shows. ``hours``: minutes per lesson hour."""

    id: int
    version: int
    session_slug: str
    label: str
    day: date
    start: time
    hours: tuple[int, ...]
    changed_at: datetime
    group_label: str | None
    school_name: str | None


def new_calendar_token() -> str:
    """What stands in the address of somebody's calendar: 256 bits, so nobody guesses it."""
    return secrets.token_urlsafe(32)


def title_of(lesson: PlannedLesson, session: str) -> str:
    """How a lesson is called in a calendar or a subject: the session, and the group as its begeleider calls it."""
    return f"{session} · {lesson.group_label}" if lesson.group_label else session


def entry_of(lesson: PlannedLesson, session: str, *, plan_url: str, fiche_url: str | None) -> Entry:
    """One entry for the whole plan, as its lesson hours follow each other. ``session``: how the session is called.

    The times are those of the page: minutes are counted on the clock of the school, also in the nights in which that
    clock changes.
    """
    begins = datetime.combine(lesson.day, lesson.start)
    total = sum(lesson.hours)
    lines = [
        lesson.label,
        f"{hours_text(lesson.hours)} minuten, van {clock(lesson.start, 0)} tot {clock(lesson.start, total)}",
        f"Je plan: {plan_url}",
        f"De fiche: {fiche_url}" if fiche_url else "",
    ]
    return Entry(
        uid=f"plan-{lesson.id}",
        sequence=lesson.version,
        title=title_of(lesson, session),
        text="\n".join(line for line in lines if line),
        begins=begins,
        ends=begins + timedelta(minutes=total),
        changed_at=lesson.changed_at,
        url=plan_url,
        place=lesson.school_name or "",
    )
