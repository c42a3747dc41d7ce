"""How far people are. A list is a constant number of statements, whatever its length."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, select

from lms.content.models import Course
from lms.database import db
from lms.errors import NotFound
from lms.learning.rules import is_covered, is_test_passed, minutes_left, still_shown
from lms.learning.tables import Completion, Evidence
from lms.monitoring.rules import Colleague
from lms.people.rules import Visitor
from lms.people.tables import Person
from lms.permissions import Permission
from lms.schools.tables import Membership


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one person is: what was shown, when last, and since when the pack is open."""

    shown: frozenset[str]
    last_at: datetime | None
    completed_at: datetime | None


def progress_of(person_ids: Collection[int], course: Course) -> dict[int, Progress]:
    """How far each of these people is, in two statements for any number of people."""
    shown: dict[int, set[str]] = {}
    last: dict[int, datetime] = {}
    for row in db.session.execute(
        select(Evidence.person_id, Evidence.ref, Evidence.shown_at).where(
            Evidence.person_id.in_(sorted(person_ids)), Evidence.course_id == course.id
        )
    ):
        shown.setdefault(row.person_id, set()).add(row.ref)
        last[row.person_id] = max(last.get(row.person_id, row.shown_at), row.shown_at)
    completed = {
        row.person_id: row.completed_at
        for row in db.session.execute(
            select(Completion.person_id, Completion.completed_at).where(
                Completion.person_id.in_(sorted(person_ids)),
                Completion.course_id == course.id,
                Completion.revoked_at.is_(None),
            )
        )
    }
    return {
        person_id: Progress(
            shown=still_shown(course, shown.get(person_id, ())),
            last_at=last.get(person_id),
            completed_at=completed.get(person_id),
        )
        for person_id in person_ids
    }


def count_erased(school_id: int) -> int:
    """How many people of this school had their account erased: they count in the figures and are in no list."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Membership)
            .join(Person, Person.id == Membership.person_id)
            .where(Membership.school_id == school_id, Membership.ended_at.is_(None), Person.erased_at.is_not(None))
        )
        or 0
    )


def _colleagues(people: Sequence[Any], course: Course) -> list[Colleague]:
    """How far each of these people is; each has ``id``, ``name``, ``email`` and perhaps ``membership_id``."""
    progress = progress_of([person.id for person in people], course)
    core = [(module, lesson) for module in course.modules for lesson in module.lessons if lesson.is_core]
    return [
        Colleague(
            id=person.id,
            membership_id=getattr(person, "membership_id", None),
            name=person.name,
            email=person.email,
            lessons_done=sum(is_covered(module, lesson, progress[person.id].shown) for module, lesson in core),
            lessons=len(core),
            test_passed=is_test_passed(course.test, progress[person.id].shown),
            minutes_left=minutes_left(course, progress[person.id].shown),
            last_at=progress[person.id].last_at,
            completed_at=progress[person.id].completed_at,
        )
        for person in people
    ]


def list_colleagues(school_id: int, course: Course) -> list[Colleague]:
    """Who works at a school now, and how far they are in ``course``; those who are busy first."""
    people = db.session.execute(
        select(Person.id, Person.name, Person.email, Membership.id.label("membership_id"))
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.school_id == school_id, Membership.ended_at.is_(None), Person.erased_at.is_(None))
        .order_by(func.lower(Person.name))
    ).all()
    colleagues = _colleagues(people, course)
    order = {"bezig": 0, "nog niet begonnen": 1, "klaar": 2}
    return sorted(colleagues, key=lambda colleague: order[colleague.state])


def people_visible_to(visitor: Visitor) -> ColumnElement[bool]:
    """Over ``Person``: of whom this visitor may open the page. O&S only; the aanspreekpunt has the own school.

    Of who was erased there is nothing left to see.
    """
    return Person.erased_at.is_(None) if visitor.may(Permission.SEE_SCHOOLS) else false()


def get_visible_person(person_id: int, visitor: Visitor) -> Person:
    """The person, or NotFound when there is none or they are not for this visitor."""
    person = db.session.scalar(select(Person).where(Person.id == person_id, people_visible_to(visitor)))
    if person is None:
        raise NotFound
    return person


def get_person_progress(person_id: int, course: Course, visitor: Visitor) -> Colleague:
    """How far one person is, never an answer. Raises NotFound."""
    return _colleagues([get_visible_person(person_id, visitor)], course)[0]
