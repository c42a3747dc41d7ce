"""How far a school and its people are, from facts; the day of a live navorming."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lms.errors import Invalid

# Rows on one page of a list of O&S: what somebody takes in at a look, also on a phone.
PAGE = 20
# The first live navormingen were given in this school year.
FIRST_LIVE = date(2022, 9, 1)


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who works at a school, and how far they are. Never an answer or a score."""

    id: int
    # None where the person is looked at on their own, not as somebody of one school.
    membership_id: int | None
    name: str
    email: str
    lessons_done: int
    lessons: int
    test_passed: bool
    minutes_left: int
    last_at: datetime | None
    completed_at: datetime | None

    @property
    def state(self) -> str:
        if self.completed_at is not None:
            return "klaar"
        return "bezig" if self.last_at is not None else "nog niet begonnen"


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What a school still has to do: a sentence, and which part of the page it is about."""

    text: str
    about: str = ""


def names_of(people: Sequence[str]) -> str:
    """A few names in a sentence: *Nele*, *Nele en Bram*, *Nele, Bram en nog 3 collega’s*."""
    if len(people) <= 3:
        return " en ".join(filter(None, [", ".join(people[:-1]), *people[-1:]]))
    return f"{people[0]}, {people[1]} en nog {len(people) - 2} collega’s"


def next_steps(colleagues: Sequence[Colleague], invited: Sequence[str], *, me: int) -> list[NextStep]:
    """What the aanspreekpunt ``me`` can do now for the school, the most useful first; never empty.

    ``invited``: names or addresses of who was invited and is not in yet.
    """
    others = [colleague for colleague in colleagues if colleague.id != me]
    state = {
        word: [colleague.name.split()[0] for colleague in others if colleague.state == word]
        for word in ("nog niet begonnen", "bezig", "klaar")
    }
    steps = []
    if not others and not invited:
        steps.append(NextStep(text="Nodig je eerste collega’s uit, of hang de affiche op.", about="erbij"))
    if state["nog niet begonnen"]:
        who = names_of(state["nog niet begonnen"])
        steps.append(NextStep(text=f"Spreek {who} aan om te beginnen.", about="mensen"))
    if invited:
        text = f"{names_of(invited)} {'is' if len(invited) == 1 else 'zijn'} uitgenodigd en nog niet binnen."
        steps.append(NextStep(text=text, about="uitgenodigd"))
    if state["bezig"]:
        text = f"{names_of(state['bezig'])} {'is' if len(state['bezig']) == 1 else 'zijn'} bezig. Vraag hoe het gaat."
        steps.append(NextStep(text=text, about="mensen"))
    if not steps:
        who = "Je collega is" if len(others) == 1 else "Iedereen is"
        steps.append(NextStep(text=f"{who} klaar. Spreek af wie de eerste sessie geeft.", about="mensen"))
    return steps


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
