"""The questions that wait: of a group, for its next check-in; of a begeleider; and what everybody may read."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Row, Select, func, select

from lms.database import db
from lms.errors import NotFound
from lms.pack.rules.questions import OwnQuestion, PublishedQuestion
from lms.pack.tables import Group, Question

# Of what was dealt with, the last ones are enough to find back a mistake.
SETTLED_SHOWN = 50
# A fiche stays readable; what was answered last is shown.
PUBLISHED_SHOWN = 40


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


def list_own_questions(person_id: int, group_id: int | None = None) -> tuple[list[OwnQuestion], list[OwnQuestion]]:
    """The open questions of somebody, what was answered first and then what waits longest; and the last settled ones.

    ``group_id``: of this group alone.
    """
    own = _own_statement().where(Question.person_id == person_id)
    if group_id is not None:
        own = own.where(Question.group_id == group_id)
    waiting = _own(own.where(Question.settled_at.is_(None)).order_by(Question.parked_at, Question.id))
    settled = own.where(Question.settled_at.is_not(None)).order_by(Question.settled_at.desc(), Question.id.desc())
    return sorted(waiting, key=lambda one: one.answered_at is None), _own(settled.limit(SETTLED_SHOWN))


def get_own_question(question_id: int, person_id: int, *, lock: bool = False) -> Question:
    """Raises NotFound, also for a question of somebody else. ``lock``: to change it, in turn with O&S."""
    statement = select(Question).where(Question.id == question_id, Question.person_id == person_id)
    row = db.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return row


def find_question_by_key(key: str, person_id: int) -> Question | None:
    return db.session.scalar(select(Question).where(Question.client_id == key, Question.person_id == person_id))


def count_own_questions(person_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Question).where(Question.person_id == person_id)) or 0


def list_group_labels(person_id: int) -> list[tuple[int, str]]:
    """Id and label of the groups of somebody, the newest school year first."""
    rows = db.session.execute(
        select(Group.id, Group.label)
        .where(Group.person_id == person_id)
        .order_by(Group.school_year.desc(), func.lower(Group.label), Group.id)
    )
    return [(row.id, row.label) for row in rows]


def list_published(session_slug: str) -> list[PublishedQuestion]:
    """What O&S published about a session, the newest answer first. Nothing in it says who asked."""
    rows = db.session.execute(
        select(Question.published_as, Question.answer, Question.exercise_id, Question.answered_at)
        .where(Question.session_slug == session_slug, Question.published_at.is_not(None))
        .order_by(Question.published_at.desc(), Question.id.desc())
        .limit(PUBLISHED_SHOWN)
    )
    return [
        PublishedQuestion(
            text=row.published_as, answer=row.answer, exercise_id=row.exercise_id, answered_at=row.answered_at
        )
        for row in rows
    ]


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
