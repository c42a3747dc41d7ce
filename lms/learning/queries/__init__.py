"""Questions about learning. Staff only ever get how far somebody is, never an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from lms.clock import now
from lms.content.models import GONE, Course
from lms.database import db, run
from lms.learning.rules import Result, still_shown
from lms.learning.rules.completion import AttestedCourse, ChangeKind
from lms.learning.tables import (
    Attempt,
    Attest,
    Completion,
    CompletionChange,
    DialoguePlay,
    DialogueTurnSaid,
    Evidence,
    ProbingObjection,
    TestSitting,
)
from lms.people.tables import Person

OBJECTION_KEPT = timedelta(days=365)
OBJECTIONS_PER_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class LastAttempt:
    """The newest answer of a learner to one exercise."""

    id: int
    answer: dict[str, Any]
    result: Result
    content_digest: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class LastPlay:
    """The newest conversation of a learner that came to an end."""

    ending_id: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class Trail:
    """What a learner has shown, and the evidence of what was touched last: shown, or only begun."""

    shown: frozenset[str]
    last: str | None


@dataclass(frozen=True, kw_only=True)
class ObjectionPage:
    """One page of what learners did not agree with, the newest first, and how many pages there are."""

    rows: list[ProbingObjection]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, kw_only=True)
class AttestCard:
    """An attest with what may be shown of it. ``is_valid`` is false after revocation.

    ``person_name`` is None once the person was erased: code and day are all that is left.
    """

    code: str
    person_name: str | None
    course: AttestedCourse
    issued_at: datetime
    followed_on: date | None
    is_valid: bool


@dataclass(frozen=True, kw_only=True)
class Change:
    """One decision about a completion, newest first in a list; ``by_name`` is None for the learner's own step."""

    kind: ChangeKind
    reason: str
    by_name: str | None
    happened_at: datetime


def has_open_pack_clause() -> ColumnElement[bool]:
    """Over ``Person``: does a completion open the begeleiderspakket for this person?"""
    return exists().where(Completion.person_id == Person.id, Completion.revoked_at.is_(None))


# The two statements of every learner page are built once: building one costs more than running it.
_EVIDENCE = select(Evidence.ref).where(
    Evidence.person_id == bindparam("person_id"), Evidence.course_id == bindparam("course_id")
)
_NEWEST = select(func.max(Attempt.id)).where(Attempt.person_id == bindparam("person_id")).group_by(Attempt.exercise_id)
_ATTEMPTS = select(
    Attempt.id, Attempt.exercise_id, Attempt.answer, Attempt.result, Attempt.content_digest, Attempt.created_at
).order_by(Attempt.id)
_ALL_LAST_ATTEMPTS = _ATTEMPTS.where(Attempt.id.in_(_NEWEST))
_LAST_ATTEMPTS = _ATTEMPTS.where(
    Attempt.id.in_(_NEWEST.where(Attempt.exercise_id.in_(bindparam("exercise_ids", expanding=True))))
)


def evidence_of(person_id: int, course: Course) -> frozenset[str]:
    """Everything this learner has shown, also what was shown under an id that moved since."""
    return still_shown(course, run(_EVIDENCE, {"person_id": person_id, "course_id": course.id}).scalars())


# What was shown, the conversations that are under way, and the test that is open, each with its moment.
_TRAIL = union_all(
    select(Evidence.ref.label("ref"), Evidence.shown_at.label("at"), literal(True).label("is_shown")).where(
        Evidence.person_id == bindparam("person_id"), Evidence.course_id == bindparam("course_id")
    ),
    select(literal("dialogue:") + DialoguePlay.dialogue_id, func.max(DialogueTurnSaid.created_at), literal(False))
    .join(DialogueTurnSaid, DialogueTurnSaid.play_id == DialoguePlay.id)
    .where(
        DialoguePlay.person_id == bindparam("person_id"),
        DialoguePlay.closed_at.is_(None),
        DialoguePlay.ended_at.is_(None),
        DialogueTurnSaid.taken_back_at.is_(None),
    )
    .group_by(DialoguePlay.dialogue_id),
    select(literal("test:") + TestSitting.test_id, TestSitting.started_at, literal(False)).where(
        TestSitting.person_id == bindparam("person_id"), TestSitting.handed_in_at.is_(None)
    ),
)


def trail_of(person_id: int, course: Course) -> Trail:
    """Where a learner stands, on whatever device it happened: in one statement."""
    rows = run(_TRAIL, {"person_id": person_id, "course_id": course.id}).all()
    last = max(rows, key=lambda row: row.at).ref if rows else None
    return Trail(
        shown=still_shown(course, (row.ref for row in rows if row.is_shown)),
        last=course.moved.refs.get(last, last) if last else None,
    )


def last_attempts(person_id: int, exercise_ids: Collection[str], course: Course) -> dict[str, LastAttempt]:
    """The newest attempt per exercise, in one statement; one under an id that moved since counts too."""
    if not exercise_ids:
        return {}
    now_called = {old: new for old, new in course.moved.exercises.items() if new in exercise_ids}
    rows = run(_LAST_ATTEMPTS, {"person_id": person_id, "exercise_ids": sorted({*exercise_ids, *now_called})})
    return _by_exercise(rows, now_called)


def all_last_attempts(person_id: int, course: Course) -> dict[str, LastAttempt]:
    """The newest attempt of every exercise this learner ever answered, also of those that left the course."""
    now_called = {old: new for old, new in course.moved.exercises.items() if new != GONE}
    return _by_exercise(run(_ALL_LAST_ATTEMPTS, {"person_id": person_id}), now_called)


def _by_exercise(rows: Iterable[Any], now_called: Mapping[str, str]) -> dict[str, LastAttempt]:
    """The newest row of each exercise, under the id it has now."""
    return {
        now_called.get(row.exercise_id, row.exercise_id): LastAttempt(
            id=row.id,
            answer=row.answer,
            result=row.result,
            content_digest=row.content_digest,
            created_at=row.created_at,
        )
        for row in sorted(rows, key=lambda row: row.created_at)
    }


def count_kept(course_id: str) -> dict[str, int]:
    """What people did in this or any course, by reference, with how many people did it.

    Content that goes live still has to know each of these references, or say where it went. Only ids are read.
    """
    statements = (
        select(Evidence.ref, func.count(Evidence.person_id.distinct()))
        .where(Evidence.course_id == course_id)
        .group_by(Evidence.ref),
        select("exercise:" + Attempt.exercise_id, func.count(Attempt.person_id.distinct())).group_by(
            Attempt.exercise_id
        ),
        select("dialogue:" + DialoguePlay.dialogue_id, func.count(DialoguePlay.person_id.distinct())).group_by(
            DialoguePlay.dialogue_id
        ),
        select("course:" + Evidence.course_id, func.count(Evidence.person_id.distinct())).group_by(Evidence.course_id),
        select("course:" + Completion.course_id, func.count()).group_by(Completion.course_id),
    )
    kept: dict[str, int] = {}
    for statement in statements:
        for ref, people in db.session.execute(statement):
            kept[ref] = max(people, kept.get(ref, 0))
    return kept


_HAS_ATTEMPT = select(exists().where(Attempt.person_id == bindparam("person_id"), Attempt.key == bindparam("key")))


def has_attempt(person_id: int, key: str) -> bool:
    """Whether the answer with this key was kept already."""
    return bool(run(_HAS_ATTEMPT, {"person_id": person_id, "key": key}).scalar())


_OBJECTED = select(ProbingObjection.attempt_id).where(
    ProbingObjection.attempt_id.in_(bindparam("attempt_ids", expanding=True))
)


def list_objected(attempt_ids: Collection[int]) -> frozenset[int]:
    """Those of these attempts whose verdict the learner did not agree with."""
    if not attempt_ids:
        return frozenset()
    return frozenset(run(_OBJECTED, {"attempt_ids": sorted(attempt_ids)}).scalars())


def list_objections(page: int) -> ObjectionPage:
    """Page ``page`` (from 1) of the objections that are younger than a year."""
    recent = ProbingObjection.created_at > now() - OBJECTION_KEPT
    total = db.session.scalar(select(func.count()).select_from(ProbingObjection).where(recent)) or 0
    pages = max(1, -(-total // OBJECTIONS_PER_PAGE))
    page = min(max(1, page), pages)
    rows = db.session.scalars(
        select(ProbingObjection)
        .where(recent)
        .order_by(ProbingObjection.id.desc())
        .limit(OBJECTIONS_PER_PAGE)
        .offset((page - 1) * OBJECTIONS_PER_PAGE)
    )
    return ObjectionPage(rows=list(rows), page=page, pages=pages, total=total)


def find_open_play(person_id: int, dialogue_id: str) -> DialoguePlay | None:
    return db.session.scalar(
        select(DialoguePlay).where(
            DialoguePlay.person_id == person_id,
            DialoguePlay.dialogue_id == dialogue_id,
            DialoguePlay.closed_at.is_(None),
        )
    )


def list_turns(play_id: int) -> list[DialogueTurnSaid]:
    """What was said and still stands, in order."""
    return list(
        db.session.scalars(
            select(DialogueTurnSaid)
            .where(DialogueTurnSaid.play_id == play_id, DialogueTurnSaid.taken_back_at.is_(None))
            .order_by(DialogueTurnSaid.position)
        )
    )


def last_plays(person_id: int) -> dict[str, LastPlay]:
    """The newest ended conversation per dialogue."""
    newest = (
        select(func.max(DialoguePlay.id))
        .where(DialoguePlay.person_id == person_id, DialoguePlay.ended_at.is_not(None))
        .group_by(DialoguePlay.dialogue_id)
    )
    rows = db.session.execute(
        select(DialoguePlay.dialogue_id, DialoguePlay.ending_id, DialoguePlay.ended_at).where(
            DialoguePlay.id.in_(newest)
        )
    )
    return {row.dialogue_id: LastPlay(ending_id=row.ending_id, ended_at=row.ended_at) for row in rows}


def find_open_sitting(person_id: int, test_id: str) -> TestSitting | None:
    return db.session.scalar(
        select(TestSitting).where(
            TestSitting.person_id == person_id, TestSitting.test_id == test_id, TestSitting.handed_in_at.is_(None)
        )
    )


def find_last_result(person_id: int, test_id: str) -> TestSitting | None:
    """The test that was handed in last."""
    return db.session.scalar(
        select(TestSitting)
        .where(
            TestSitting.person_id == person_id, TestSitting.test_id == test_id, TestSitting.handed_in_at.is_not(None)
        )
        .order_by(TestSitting.id.desc())
        .limit(1)
    )


def find_completion(person_id: int, course_id: str) -> Completion | None:
    return db.session.scalar(
        select(Completion).where(Completion.person_id == person_id, Completion.course_id == course_id)
    )


def did_complete(person_id: int, course_id: str, ref: str) -> bool:
    """Whether this evidence was the last step: so a step that is sent twice gets the same reply twice."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Completion.person_id == person_id,
                    Completion.course_id == course_id,
                    Evidence.person_id == person_id,
                    Evidence.course_id == course_id,
                    Evidence.ref == ref,
                    Evidence.shown_at == Completion.completed_at,
                )
            )
        )
    )


def find_own_attest(person_id: int, course_id: str) -> AttestCard | None:
    """The attest of this person, also when it was taken back."""
    return _attest(Completion.person_id == person_id, Completion.course_id == course_id)


def find_attest(code: str) -> AttestCard | None:
    return _attest(Attest.code == code)


def _attest(*conditions: ColumnElement[bool]) -> AttestCard | None:
    row = db.session.execute(
        select(Attest.code, Attest.issued_at, Attest.course, Completion.followed_on, Completion.revoked_at, Person.name)
        .outerjoin(Completion, Completion.id == Attest.completion_id)
        .outerjoin(Person, and_(Person.id == Completion.person_id, Person.erased_at.is_(None)))
        .where(*conditions)
    ).one_or_none()
    if row is None:
        return None
    return AttestCard(
        code=row.code,
        person_name=row.name,
        course=AttestedCourse(
            title=row.course["title"], minutes=row.course["minutes"], objectives=tuple(row.course["objectives"])
        ),
        issued_at=row.issued_at,
        followed_on=row.followed_on,
        is_valid=row.name is not None and row.revoked_at is None,
    )


def list_changes(person_id: int, course_id: str) -> list[Change]:
    """What was decided about the completion of this person, newest first."""
    by = aliased(Person)
    rows = db.session.execute(
        select(CompletionChange.kind, CompletionChange.reason, CompletionChange.happened_at, by.name)
        .join(Completion, Completion.id == CompletionChange.completion_id)
        .outerjoin(by, by.id == CompletionChange.by_id)
        .where(Completion.person_id == person_id, Completion.course_id == course_id)
        .order_by(CompletionChange.id.desc())
    )
    return [Change(kind=row.kind, reason=row.reason, by_name=row.name, happened_at=row.happened_at) for row in rows]


def find_revocation(person_id: int, course_id: str) -> Change | None:
    """What closed attest and pack of this person, or None while they are open or never were."""
    by = aliased(Person)
    row = db.session.execute(
        select(Completion.revoked_at, CompletionChange.reason, by.name)
        .outerjoin(
            CompletionChange,
            (CompletionChange.completion_id == Completion.id) & (CompletionChange.kind == ChangeKind.REVOKED),
        )
        .outerjoin(by, by.id == CompletionChange.by_id)
        .where(Completion.person_id == person_id, Completion.course_id == course_id, Completion.revoked_at.is_not(None))
        .order_by(CompletionChange.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Change(kind=ChangeKind.REVOKED, reason=row.reason or "", by_name=row.name, happened_at=row.revoked_at)
