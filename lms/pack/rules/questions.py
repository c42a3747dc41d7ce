"""Questions of youngsters that have to wait for an answer."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lms.clock import BRUSSELS
from lms.content.toolbox_models import Session
from lms.errors import Invalid

QUESTION_LENGTH = 400
ANSWER_LENGTH = 3000
# More than anybody parks in a career; it keeps one account from filling the database.
QUESTIONS_AT_MOST = 1000


class QuestionState(enum.StrEnum):
    """Where a question is on its way; it follows from the moments that are kept, so it is stored nowhere."""

    WAITING = "wacht"
    SENT = "bij-os"
    ANSWERED = "antwoord"
    SETTLED = "afgehandeld"


STATE_LABELS = {
    QuestionState.WAITING: "Wacht op de volgende check-in",
    QuestionState.SENT: "Ligt bij O&S",
    QuestionState.ANSWERED: "O&S antwoordde",
    QuestionState.SETTLED: "Afgehandeld",
}


@dataclass(frozen=True, kw_only=True)
class OwnQuestion:
    """A question as the begeleider who parked it sees it; ``answer`` is what O&S wrote, or empty."""

    id: int
    text: str
    group_id: int | None
    group_label: str | None
    session_slug: str
    exercise_id: str | None
    parked_at: datetime
    settled_at: datetime | None
    sent_at: datetime | None
    answer: str
    answered_at: datetime | None
    is_published: bool
    version: int

    @property
    def state(self) -> QuestionState:
        return state_of(settled_at=self.settled_at, sent_at=self.sent_at, answered_at=self.answered_at)

    @property
    def is_open(self) -> bool:
        """Whether the group still has to hear something about it."""
        return self.state is not QuestionState.SETTLED


def state_of(*, settled_at: datetime | None, sent_at: datetime | None, answered_at: datetime | None) -> QuestionState:
    """Where a question is. What was settled is settled, also when O&S answers it later."""
    if settled_at is not None:
        return QuestionState.SETTLED
    if answered_at is not None:
        return QuestionState.ANSWERED
    return QuestionState.SENT if sent_at is not None else QuestionState.WAITING


@dataclass(frozen=True, kw_only=True)
class QuestionFacts:
    """What a begeleider writes down: the question, whose group, and where in the toolbox it came up."""

    text: str
    group_id: int | None
    session_slug: str
    exercise_id: str | None


@dataclass(frozen=True, kw_only=True)
class PublishedQuestion:
    """What everybody with an open pack may read. ``exercise_id`` is None for a question about a whole session."""

    text: str
    answer: str
    exercise_id: str | None
    answered_at: datetime


def place_of(session_slug: str, exercise_id: str | None) -> str:
    """Where a question came up, as one value of a list: ``talenten`` or ``talenten/s2-anderen``."""
    return f"{session_slug}/{exercise_id}" if exercise_id else session_slug


def places_of(sessions: Iterable[Session]) -> dict[str, str]:
    """Where a question can come up, in words, by the value of ``place_of``."""
    names = {}
    for session in sessions:
        names[session.slug] = f"Sessie {session.number}"
        for exercise in session.exercises:
            names[place_of(session.slug, exercise.id)] = f"Sessie {session.number} · {exercise.name}"
    return names


def clean_question(text: str) -> str:
    """A question may be typed on several lines; it is kept as one. Raises Invalid."""
    return clean_text(" ".join(text.split()), "De vraag", QUESTION_LENGTH)


def clean_text(text: str, what: str, length: int) -> str:
    """Text of several lines as typed, without what nobody can see. Raises Invalid, naming ``what``."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} and char != "\n" for char in text):
        raise Invalid(f"{what} bevat een teken dat niet kan. Typ het opnieuw, zonder te plakken.")
    text = "\n".join(line.rstrip() for line in text.strip().split("\n"))
    if not text:
        raise Invalid(f"{what} is nog leeg. Vul dit in.")
    if len(text) > length:
        raise Invalid(f"{what} is te lang: {len(text)} tekens. Gebruik hoogstens {length} tekens.")
    return text


def days_waiting(sent_at: datetime, at: datetime) -> int:
    """For how many days a question waits, by the calendar in Brussels: since yesterday evening is one day."""
    return (at.astimezone(BRUSSELS).date() - sent_at.astimezone(BRUSSELS).date()).days
