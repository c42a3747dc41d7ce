"""The project's own history 2023–2025, as its report published it: what happened, what was counted, what was answered.

Small numbers that were published before are shown as they are. Youngsters are counted here too, never named.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from lms.content.basis import Identifier, Model, Text


class HistoryKind(enum.StrEnum):
    """What something was; one table on the page per kind, in this order."""

    WITH_YOUNGSTERS = "gesprek-jongeren"
    WITH_PARTNER = "gesprek-partner"
    WITH_SCHOOL = "gesprek-school"
    SURVEY = "bevraging"
    FIRST_RUN = "traject-1"
    SECOND_RUN = "traject-2"
    NETWORK = "netwerkevent"


class Means(enum.StrEnum):
    """What a count is a count of, as the report says it."""

    YOUNGSTERS = "jongeren"
    FACILITATORS = "begeleiders"
    FORMS = "formulieren"
    ATTENDEES = "aanwezigen"
    TAKING_PART = "deelnemers"


class HistoryContext(enum.StrEnum):
    SECONDARY = "so"
    ADULT_EDUCATION = "cvo"
    ASSOCIATE_DEGREE = "graduaat"


# The table of what was answered, beside those of the kinds.
ANSWERS = "antwoorden"
TABLES = (*(kind.value for kind in HistoryKind), ANSWERS)


@dataclass(frozen=True, kw_only=True)
class HistoryEvent:
    """One row of a list in the report. ``counts``: what was counted and how many; ``line`` is that of the file."""

    ref: str
    kind: HistoryKind
    trajectory: int | None
    context: HistoryContext | None
    name: str
    detail: str
    day: date | None
    place: str
    municipalities: tuple[str, ...]
    counts: tuple[tuple[Means, int], ...]
    source: str
    notes: tuple[str, ...]
    line: int


@dataclass(frozen=True, kw_only=True)
class HistoryAnswer:
    """How many of ``respondents`` gave an answer; None where the report gives no figure."""

    ref: str
    context: HistoryContext
    question: str
    answer: str
    respondents: int
    count: int | None
    source: str
    notes: tuple[str, ...]
    line: int


class HistoryNote(Model):
    """A footnote: where the source contradicts itself. ``tables``: it is about every row of these."""

    id: Identifier
    text: Text
    tables: tuple[str, ...] = ()


class Selection(Model):
    """Which rows make up a total. Without ``counts`` the rows themselves are counted; ``question``: answers."""

    kind: HistoryKind | None = None
    kinds: tuple[HistoryKind, ...] = ()
    trajectory: int | None = None
    context: HistoryContext | None = None
    detail: str | None = None
    name: str | None = None
    counts: Means | None = None
    question: str | None = None


class PublishedTotal(Model):
    """A figure of the report, and the rows of which it should be the sum."""

    id: Identifier
    label: Text
    published: Annotated[int, Field(ge=0, le=100_000, strict=True)]
    sum: Selection
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class History:
    """Everything of ``courses/history``. ``found``: for the id of each total, the sum of its rows."""

    events: tuple[HistoryEvent, ...]
    answers: tuple[HistoryAnswer, ...]
    notes: tuple[HistoryNote, ...]
    totals: tuple[PublishedTotal, ...]
    found: dict[str, int]


def add_up(selection: Selection, events: tuple[HistoryEvent, ...], answers: tuple[HistoryAnswer, ...]) -> int:
    """The sum of the rows that ``selection`` names, or how many there are."""
    if selection.question is not None:
        chosen = [
            answer
            for answer in answers
            if answer.question == selection.question and selection.context in (None, answer.context)
        ]
        return sum(answer.count or 0 for answer in chosen)
    kinds = {*selection.kinds, *([selection.kind] if selection.kind else [])}
    rows = [
        event
        for event in events
        if event.kind in kinds
        and selection.trajectory in (None, event.trajectory)
        and selection.context in (None, event.context)
        and selection.detail in (None, event.detail)
        and selection.name in (None, event.name)
    ]
    if selection.counts is None:
        return len(rows)
    return sum(count for event in rows for means, count in event.counts if means is selection.counts)
