"""The questions that wait: of a group, for its next check-in; of a begeleider; and what everybody may read."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Row, Select, select

from lms.database import db
from lms.pack.rules.questions import OwnQuestion
from lms.pack.tables import Group, Question


def open_questions_of_group(group_id: int) -> list[OwnQuestion]:
    """What a group still has to hear, for its next check-in: what O&S answered first, then what was parked first.

    A question is open until its begeleider dealt with it. The caller already checked whose group it is.
    """
    found = _own(
        _own_statement()
        .where(Question.group_id == group_id, Question.settled_at.is_(None))
        .order_by(Question.parked_at, Question.id)
    )
    return sorted(found, key=lambda one: one.answered_at is None)


def _own_statement() -> Select[Question, str | None]:
    return select(Question, Group.label).outerjoin(Group, Group.id == Question.group_id)


def _own(statement: Select[Question, str | None]) -> list[OwnQuestion]:
    return list(_shown(db.session.execute(statement)))


def _shown(rows: Iterable[Row[Question, str | None]]) -> Iterable[OwnQuestion]:
    for row, label in rows:
        yield OwnQuestion(
            id=row.id,
            text=row.text,
            group_id=row.group_id,
            group_label=label,
            session_slug=row.session_slug,
            exercise_id=row.exercise_id,
            parked_at=row.parked_at,
            settled_at=row.settled_at,
            sent_at=row.sent_at,
            answer=row.answer,
            answered_at=row.answered_at,
            is_published=row.published_at is not None,
            version=row.version,
        )
