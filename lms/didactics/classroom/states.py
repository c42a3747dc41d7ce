"""What a round is made of: how six youngsters feel, what may be done, and what came of it. All of it frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lms.content.classroom_models import ClassFormat, ClassQuestion, Scenario


class Lost(Exception):
    """A move that does not exist (any more) in the content, or not at this moment of the round."""


@dataclass(frozen=True, kw_only=True)
class Feeling:
    """How one youngster is now. ``energy`` and ``trust``: 0 to 10; ``thought``: 0 to 4, how near to words they are.

    ``listened``: turns since they last spoke. ``depth``: the deepest they told, 0 (nothing yet) to 3 (personal).
    ``offered``: they were told once that passing is fine.
    """

    energy: int
    trust: int
    thought: int = 0
    listened: int = 0
    spoken: int = 0
    depth: int = 0
    offered: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said last: the line at ``place`` in a thread. ``follow``: the bijvraag that takes it up, if any."""

    who: str
    thread: int
    place: int
    follow: str | None


@dataclass(frozen=True, kw_only=True)
class State:
    """A moment of the round. ``feelings`` by id of the youngster; ``turns`` that were used; ``opened``: threads.

    ``awaited``: who was asked something and has not answered. ``floor``: an open question stands for all, and these
    answered it or keep back; None when there is none. ``waits``: silences in a row. ``hurt``: who was laughed at in
    the last turn.
    """

    feelings: Mapping[str, Feeling]
    turns: int = 0
    opened: frozenset[tuple[str, int]] = frozenset()
    last: Said | None = None
    awaited: str | None = None
    floor: frozenset[str] | None = None
    waits: int = 0
    hurt: str | None = None
    reminded: bool = False
    jokes: int = 0
    formats: frozenset[str] = frozenset()
    closed: bool = False


MoveKind = Literal["ask", "follow", "wait", "format", "close"]


@dataclass(frozen=True, kw_only=True)
class Move:
    """What the begeleider does. ``to``: a youngster, or None for all of them."""

    kind: MoveKind
    to: str | None = None
    question: ClassQuestion | None = None
    format: ClassFormat | None = None

    @property
    def id(self) -> str:
        """How the move is stored: ``ask:k1-woord:lina``, ``ask:k1-allen``, ``follow:lina``, ``wait``, …"""
        subject = self.question or self.format
        return ":".join(part for part in (self.kind, subject.id if subject else None, self.to) if part)


@dataclass(frozen=True, kw_only=True)
class Event:
    """What is heard or seen. ``who``: a youngster, or None for the begeleider and for what happens to all.

    ``depth`` of what a youngster says, and the ``seconds`` it takes.
    """

    kind: Literal["you", "says", "sees"]
    text: str
    who: str | None = None
    depth: int = 0
    seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule that fired, and for whom."""

    rule: str
    who: str | None = None


@dataclass(frozen=True, kw_only=True)
class Turn:
    move: Move
    before: State
    after: State
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A class from its first moment: it follows from the scenario, the seed and the moves."""

    scenario: Scenario
    seed: int
    start: State
    turns: tuple[Turn, ...] = ()

    @property
    def state(self) -> State:
        return self.turns[-1].after if self.turns else self.start

    @property
    def is_over(self) -> bool:
        return self.state.closed

    @property
    def moves(self) -> tuple[str, ...]:
        return tuple(turn.move.id for turn in self.turns)
