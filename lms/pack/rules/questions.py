"""Questions of youngsters that have to wait for an answer."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

QUESTION_LENGTH = 400
ANSWER_LENGTH = 3000


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
