"""A rehearsal: a session that is played against the clock, with what may hold it up (product A6)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lms.content.basis import Identifier, Model, Text
from lms.content.toolbox_models import Limits, Minis, Session

CLOCK_PATTERN = r"^([01]?\d|2[0-3])\.[0-5]\d$"
Clock = Annotated[str, StringConstraints(pattern=CLOCK_PATTERN)]


class LessonHour(Model):
    """``start`` is the clock time of the first minute, ``minutes`` how long it takes until the bell."""

    day: Text
    start: Clock
    minutes: Annotated[int, Field(ge=1, le=600, strict=True)]

    def clock(self, minute: int) -> str:
        """The clock time so many minutes after the start: *10.52*."""
        hours, minutes = self.start.split(".")
        now = int(hours) * 60 + int(minutes) + minute
        return f"{now // 60 % 24}.{now % 60:02d}"


class Disruption(Model):
    """Something that holds up one of the exercises of ``during`` for so many minutes.

    ``during`` names exercises, steps (``s3-iprefer.c``) or ``mini-checkin``. ``lesson`` is said afterwards.
    """

    id: Identifier
    during: tuple[Identifier, ...] = Field(min_length=1)
    minutes: Limits
    scene: Text
    lesson: Text


class Rehearsal(Model):
    """Play a session in ``hours``; each day something else overruns."""

    id: Identifier
    kind: Literal["rehearsal"]
    slug: Identifier
    title: Text
    scene: Text
    session: Identifier
    hours: tuple[LessonHour, ...] = Field(min_length=1, max_length=4)
    disruptions: tuple[Disruption, ...] = Field(min_length=2)
    feedback: Text

    @property
    def question(self) -> str:
        """What stands for the exercise in lists of answers."""
        return self.title


class PlacedRehearsal(Rehearsal):
    taken_from: Session
    minis: Minis

    @property
    def minutes(self) -> tuple[int, ...]:
        """Minutes per lesson hour."""
        return tuple(hour.minutes for hour in self.hours)
