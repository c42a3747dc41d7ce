"""The work list of O&S: lines that wait, in groups, and the five to begin with."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lms.monitoring.rules.school_page import days_late

# What to begin with, and the lines of each group below it: eight groups of more would be no list for one morning.
FIRST = 5
SHOWN = 3


class Waiting(enum.StrEnum):
    """Why a school stands in the work list; the order is that of the page."""

    ACTION = "acties"
    AGAIN = "opnieuw-vragen"
    QUESTION = "vragen"
    VACANT = "zonder-aanspreekpunt"
    UNANSWERED = "uitnodigingen"
    NO_SESSION = "geen-sessie"
    STUCK = "staat-stil"
    UNCONFIRMED = "niet-bevestigd"


TITLES: Mapping[Waiting, str] = {
    Waiting.ACTION: "Afgesproken acties",
    Waiting.AGAIN: "Mag je weer vragen",
    Waiting.QUESTION: "Vragen van begeleiders",
    Waiting.VACANT: "Zonder aanspreekpunt",
    Waiting.UNANSWERED: "Uitnodiging zonder antwoord",
    Waiting.NO_SESSION: "Pakket open, nog geen sessie",
    Waiting.STUCK: "Begeleiders die stilstaan",
    Waiting.UNCONFIRMED: "Aanspreekpunt nog niet bevestigd",
}
# What to begin with: what was promised, who asked something, and then what holds a school up most.
_ORDER = (
    Waiting.ACTION, Waiting.QUESTION, Waiting.UNANSWERED, Waiting.VACANT, Waiting.AGAIN, Waiting.NO_SESSION,
    Waiting.STUCK, Waiting.UNCONFIRMED,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that waits. ``since``: the day it began to wait, or for an action the day it was promised for.

    ``ref`` is the id of the note, or of what else the button is about; ``name`` and ``email`` are of whom to reach.
    """

    waiting: Waiting
    school_id: int | None
    school: str
    municipality: str
    since: date | None
    ref: int = 0
    name: str = ""
    email: str = ""
    text: str = ""
    owner: str | None = None

    @property
    def key(self) -> str:
        """Tells this line from every other one on the page."""
        return f"{self.waiting.value}-{self.ref}-{self.school_id}"

    def late(self, moment: datetime) -> int:
        """Days past the day that was promised; only an action can be late."""
        return days_late(self.since, moment) if self.waiting is Waiting.ACTION and self.since else 0


@dataclass(frozen=True, kw_only=True)
class Found:
    """The first lines of one group, and how many there are in all."""

    waiting: Waiting
    lines: Sequence[Line]
    total: int

    @property
    def title(self) -> str:
        return TITLES[self.waiting]


def first_five(groups: Sequence[Found]) -> list[Line]:
    """Which five schools to call: one line per school, by what weighs most and then by what waits longest."""
    lines = [line for group in groups for line in group.lines if line.since is not None and line.school_id is not None]
    lines.sort(key=lambda line: (_ORDER.index(line.waiting), line.since, line.ref))
    chosen: dict[int | None, Line] = {}
    for line in lines:
        chosen.setdefault(line.school_id, line)
    return list(chosen.values())[:FIRST]


def rest_of(groups: Sequence[Found], first: Sequence[Line]) -> list[Found]:
    """The groups without what stands on top already, and without groups of which nothing is left; a few lines each."""
    above = {line.key for line in first}
    rest = []
    for group in groups:
        lines = [line for line in group.lines if line.key not in above]
        left = group.total - (len(group.lines) - len(lines))
        if left:
            rest.append(Found(waiting=group.waiting, lines=lines[:SHOWN], total=left))
    return rest


def count_waiting(groups: Sequence[Found]) -> int:
    """How many things wait in all."""
    return sum(group.total for group in groups)
