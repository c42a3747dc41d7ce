"""How far a school and its people are, from facts; the day of a live navorming."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from lms.errors import Invalid

# The first live navormingen were given in this school year.
FIRST_LIVE = date(2022, 9, 1)


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who works at a school, and how far they are. Never an answer or a score."""

    id: int
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


def read_live_day(text: str, today: date) -> date:
    """The day of a live navorming: ``2026-10-05`` as a date field sends it, or ``5/10/2026`` as people type it.

    Raises Invalid for what is no day, lies in the future or before the project.
    """
    text = text.strip()
    typed = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", text, re.ASCII)
    if typed:
        text = f"{typed[3]}-{typed[2]:0>2}-{typed[1]:0>2}"
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) else None
    except ValueError:
        day = None
    if day is None:
        raise Invalid("Dat is geen dag. Schrijf hem zo: 5/10/2026.")
    if not FIRST_LIVE <= day <= today:
        raise Invalid("Kies een dag tussen 1 september 2022 en vandaag.")
    return day
