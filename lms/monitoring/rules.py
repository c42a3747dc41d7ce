"""How far a school is, from facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
