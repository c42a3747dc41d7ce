"""How far a school is, from facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.schools.rules import SchoolKind, Stage


@dataclass(frozen=True, kw_only=True)
class SchoolRow:
    """A school in the list of O&S. ``asked_name``: somebody who was asked and did not accept yet."""

    id: int
    name: str
    kind: SchoolKind
    municipality: str
    contact_name: str | None
    asked_name: str | None
    people: int
    started: int
    completed: int
    stage: Stage


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who works at a school, and how far they are. Never an answer or a score."""

    name: str
    email: str
    lessons_done: int
    lessons: int
    test_passed: bool
    last_at: datetime | None
    completed_at: datetime | None

    @property
    def state(self) -> str:
        if self.completed_at is not None:
            return "klaar"
        return "bezig" if self.last_at is not None else "nog niet begonnen"
