"""Decisions about the pack that need no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from lms.content.toolbox_models import Session, ToolboxExercise
from lms.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Placed:
    """What a plan makes of an exercise. ``minutes`` in class; ``hour`` only where a plan has more than one; ``away``:
    where it is done when not in class; ``says``: how that differs from the toolbox.
    """

    minutes: int
    hour: int | None = None
    away: str | None = None
    says: str | None = None


@dataclass(frozen=True, kw_only=True)
class FicheLine:
    """One exercise on the fiche, with the minute of the session or, in a plan, of the lesson hour at which it starts
    and, if known, the clock time. ``placed`` by a plan; without one it takes the minutes of the toolbox.
    """

    exercise: ToolboxExercise
    starts_at_minute: int
    clock: str | None
    placed: Placed | None = None

    @property
    def minutes(self) -> int:
        """How long it takes in class."""
        return self.placed.minutes if self.placed else self.exercise.minutes

    @property
    def away(self) -> str | None:
        """Where it is done when not in class."""
        return self.placed.away if self.placed else None

    @property
    def begins(self) -> str:
        """When it begins, in words."""
        if self.away:
            return self.away
        if self.clock:
            return f"vanaf {self.clock}"
        return f"{self._hour}vanaf minuut\u00a0{self.starts_at_minute}"

    @property
    def begins_short(self) -> str:
        """The same for a narrow column."""
        return self.away or self.clock or f"{self._hour}{self.starts_at_minute}"

    @property
    def _hour(self) -> str:
        return f"lesuur {self.placed.hour}, " if self.placed and self.placed.hour else ""

    @property
    def questions(self) -> list[tuple[str, str]]:
        """The bijvragen, each with where it comes from."""
        return [
            (variant, "uit de toolbox" if question.source == "toolbox" else "aangevuld")
            for question in self.exercise.probing_questions
            for variant in question.variants
        ]

    @property
    def limits(self) -> str:
        """What may be done with the exercise when time is short."""
        exercise = self.exercise
        sentences = ["Kern: laat dit niet weg."] if exercise.core else []
        sentences.append(f"Minstens {exercise.min_minutes} minuten.")
        if exercise.at_home == "full":
            sentences.append("Mag helemaal thuis.")
        elif exercise.at_home_part:
            sentences.append(f"Thuis kan: {exercise.at_home_part.rstrip('.')}.")
        elif exercise.droppable:
            sentences.append("Mag wegvallen als de tijd op is.")
        return " ".join(sentences)

    @property
    def has_appendix(self) -> bool:
        return bool(self.exercise.lists or self.exercise.answer_key)


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


def fiche_words(session: Session, lines: list[FicheLine]) -> dict[str, Any]:
    """What the PDF of a fiche holds, as plain data for its template: the same as the fiche on the screen."""
    timed = any(line.clock for line in lines)
    return {
        "title": f"Begeleidersfiche sessie {session.number}: {session.short_title}",
        "number": session.number,
        "name": session.title,
        "lead": session.lead,
        "facts": [
            f"{sum(line.minutes for line in lines)} minuten",
            f"{len(lines)} oefeningen",
            f"{count_questions(session)} bijvragen",
        ],
        "preparation": session.preparation,
        "timed": timed,
        "lines": [
            {
                "name": line.exercise.name,
                "minutes": line.minutes,
                "away": line.away,
                "starts": line.begins_short,
                "from": line.begins,
                "materials": ", ".join(line.exercise.materials),
                "methods": " · ".join(line.exercise.methods),
                "steps": [step.text for step in line.exercise.steps],
                "notes": line.exercise.facilitator_notes,
                "safety": line.exercise.safety_note,
                "limits": f"{line.placed.says} {line.limits}" if line.placed and line.placed.says else line.limits,
                "questions": [{"text": text, "source": source} for text, source in line.questions],
            }
            for line in lines
        ],
        "appendix": [
            {
                "name": line.exercise.name,
                "lists": [{"title": part.title, "items": part.items} for part in line.exercise.lists],
                "key": line.exercise.answer_key,
            }
            for line in lines
            if line.has_appendix
        ],
    }


def names_of(session: Session) -> dict[str, str]:
    """The names of the exercises by id, for logs that know them by id."""
    return {exercise.id: exercise.name for exercise in session.exercises}


def count_questions(session: Session) -> int:
    """How many bijvragen a fiche holds."""
    return sum(len(question.variants) for exercise in session.exercises for question in exercise.probing_questions)
