"""Decisions about the pack that need no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from lms.content.models import Session, ToolboxExercise
from lms.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class FicheLine:
    """One exercise on the fiche, with the minute of the session at which it starts and, if known, the clock time."""

    exercise: ToolboxExercise
    starts_at_minute: int
    clock: str | None


def fiche_lines(session: Session, start: time | None = None) -> list[FicheLine]:
    """The exercises in order, each with its start; ``start`` is when the session begins, local time."""
    lines, minute = [], 0
    for exercise in session.exercises:
        clock = None
        if start is not None:
            moment = datetime.combine(datetime.min, start) + timedelta(minutes=minute)
            clock = f"{moment.hour}.{moment.minute:02d}"
        lines.append(FicheLine(exercise=exercise, starts_at_minute=minute, clock=clock))
        minute += exercise.minutes
    return lines


def read_start(text: str) -> time | None:
    """The start time somebody typed: ``10.25``, ``10:25`` or nothing. Raises Invalid, saying how to write it."""
    text = text.strip().replace(".", ":").replace("u", ":")
    if not text:
        return None
    hours, _, rest = text.partition(":")
    if hours.isdecimal() and (rest or "0").isdecimal() and len(hours) <= 2 and len(rest) <= 2:
        hour, minute = int(hours), int(rest or "0")
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise Invalid("Dat is geen uur. Schrijf het zo: 10.25.")


def count_questions(session: Session) -> int:
    """How many bijvragen a fiche holds."""
    return sum(len(question.variants) for exercise in session.exercises for question in exercise.probing_questions)
