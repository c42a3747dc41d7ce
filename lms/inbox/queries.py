"""The questions that O&S answers: a constant number of statements at any length.

O&S sees the question, the begeleider and the school. Who asked it is nowhere in the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from lms.database import db
from lms.errors import NotFound
from lms.pack.tables import Question
from lms.people.tables import Person
from lms.schools.tables import School

PAGE = 10
# What stands in the address, in the order of the buttons.
OPEN, MINE, ANSWERED = "open", "mijn", "beantwoord"
FILTERS = (OPEN, MINE, ANSWERED)

_Owner = aliased(Person)


@dataclass(frozen=True, kw_only=True)
class InboxQuestion:
    """A question as O&S sees it. ``owner``: who of O&S takes care of it; ``published_as`` is empty when it is not."""

    id: int
    text: str
    session_slug: str
    exercise_id: str | None
    person_name: str
    school_name: str | None
    sent_at: datetime
    owner_id: int | None
    owner_name: str | None
    answer: str
    answered_at: datetime | None
    is_settled: bool
    published_as: str
    published_at: datetime | None
    version: int

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and not self.is_settled


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    rows: list[InboxQuestion]
    counts: Mapping[str, int]
    page: int
    pages: int


def _matches(only: str, person_id: int) -> ColumnElement[bool]:
    """What a begeleider dealt with meanwhile waits for nobody, so it is not open any more."""
    waits = Question.answered_at.is_(None) & Question.settled_at.is_(None)
    if only == ANSWERED:
        return Question.answered_at.is_not(None)
    return waits & (Question.owner_id == person_id) if only == MINE else waits


def _statement() -> Select[Any]:
    """The fields of ``InboxQuestion``, of the questions that were sent."""
    same = (
        Question.id, Question.text, Question.session_slug, Question.exercise_id, Question.sent_at, Question.owner_id,
        Question.answer, Question.answered_at, Question.published_as, Question.published_at, Question.version,
    )  # fmt: skip
    told = (
        Person.name.label("person_name"), School.name.label("school_name"), _Owner.name.label("owner_name"),
        Question.settled_at.is_not(None).label("is_settled"),
    )  # fmt: skip
    rows: Any = (
        select(*same, *told)
        .select_from(Question)
        .join(Person, Person.id == Question.person_id)
        .outerjoin(School, School.id == Question.school_id)
        .outerjoin(_Owner, _Owner.id == Question.owner_id)
        .where(Question.sent_at.is_not(None))
    )
    return rows  # type: ignore[no-any-return]


def list_inbox(only: str, person_id: int, page: int = 1) -> InboxPage:
    """One page of questions: what waits longest first; of what was answered the newest. ``page`` counts from 1."""
    # Each number is read from an index of its own.
    sent = select(func.count()).where(Question.sent_at.is_not(None))
    counts = db.session.execute(
        select(*(sent.where(_matches(name, person_id)).scalar_subquery().label(name) for name in FILTERS))
    ).one()
    pages = max(1, -(-getattr(counts, only) // PAGE))
    page = min(max(1, page), pages)
    oldest_first = (Question.sent_at, Question.id)
    order = (Question.answered_at.desc(), Question.id.desc()) if only == ANSWERED else oldest_first
    rows = db.session.execute(
        _statement().where(_matches(only, person_id)).order_by(*order).limit(PAGE).offset((page - 1) * PAGE)
    )
    return InboxPage(
        rows=[InboxQuestion(**row._mapping) for row in rows],
        counts={name: getattr(counts, name) for name in FILTERS},
        page=page,
        pages=pages,
    )


def get_inbox_question(question_id: int) -> InboxQuestion:
    """Raises NotFound, also for a question that was never sent or was taken back."""
    row = db.session.execute(_statement().where(Question.id == question_id)).one_or_none()
    if row is None:
        raise NotFound
    return InboxQuestion(**row._mapping)


def lock_sent_question(question_id: int) -> Question:
    """The row, to change it in turn with its begeleider. Raises NotFound."""
    row = db.session.scalar(
        select(Question).where(Question.id == question_id, Question.sent_at.is_not(None)).with_for_update()
    )
    if row is None:
        raise NotFound
    return row
