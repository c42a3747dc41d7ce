"""Figures about schools. A list is a constant number of statements, whatever its length."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select

from lms.content.models import Course
from lms.database import db
from lms.errors import NotFound
from lms.learning.rules import is_covered, is_test_passed, minutes_left, still_shown
from lms.learning.tables import Completion, Evidence
from lms.monitoring.rules import Colleague
from lms.people.rules import Visitor
from lms.people.tables import Person
from lms.permissions import Permission
from lms.schools.rules import SchoolKind, Stage, StageFacts, stage_of
from lms.schools.tables import Contact, Membership, School

PAGE = 50

FILTERS = ("alle", "zonder", "bezig", "open")


@dataclass(frozen=True, kw_only=True)
class SchoolRow:
    """A school in the list of O&S. ``asked_name``: somebody who was asked and did not accept yet."""

    id: int
    name: str
    kind: SchoolKind
    municipality: str
    contact_name: str | None
    asked_name: str | None
    people: int
    started: int
    completed: int
    stage: Stage


@dataclass(frozen=True, kw_only=True)
class SchoolPage:
    """One page of the list, the number of schools behind each filter, and how many pages there are."""

    rows: list[SchoolRow]
    counts: dict[str, int]
    page: int
    pages: int


def _has_started() -> ColumnElement[bool]:
    return exists().where(Evidence.person_id == Membership.person_id).correlate(Membership)


def _has_completed() -> ColumnElement[bool]:
    return (
        exists()
        .where(Completion.person_id == Membership.person_id, Completion.revoked_at.is_(None))
        .correlate(Membership)
    )


def _count_people(*conditions: ColumnElement[bool]) -> Any:
    return (
        select(func.count())
        .select_from(Membership)
        .where(Membership.school_id == School.id, Membership.ended_at.is_(None), *conditions)
        .correlate(School)
        .scalar_subquery()
    )


def _anybody(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Does somebody for whom this holds work at the school now?"""
    return (
        exists().where(Membership.school_id == School.id, Membership.ended_at.is_(None), *conditions).correlate(School)
    )


def _accepted() -> ColumnElement[bool]:
    return exists().where(Contact.school_id == School.id, Contact.accepted_now()).correlate(School)


def _filter(name: str) -> ColumnElement[bool]:
    if name == "zonder":
        return ~_accepted()
    if name == "bezig":
        return _anybody(_has_started()) & ~_anybody(_has_completed())
    if name == "open":
        return _anybody(_has_completed())
    return School.id.is_not(None)


def _matches(search: str) -> ColumnElement[bool]:
    """Name or municipality contains every word; ``%`` and ``_`` are letters like any other."""
    condition: ColumnElement[bool] = School.id.is_not(None)
    for word in search.split()[:6]:
        condition &= or_(
            School.name.icontains(word, autoescape=True), School.municipality.icontains(word, autoescape=True)
        )
    return condition


def _with_facts() -> Select[Any]:
    return select(
        School.id,
        School.name,
        School.kind,
        School.municipality,
        Contact.name.label("asked"),
        Contact.accepted_at,
        exists().where(Contact.school_id == School.id).correlate(School).label("was_contacted"),
        _count_people().label("people"),
        _count_people(_has_started()).label("started"),
        _count_people(_has_completed()).label("completed"),
    ).outerjoin(Contact, (Contact.school_id == School.id) & Contact.ended_at.is_(None))


def _row(row: Any) -> SchoolRow:
    accepted = row.accepted_at is not None
    facts = StageFacts(
        was_contacted=row.was_contacted, has_contact_person=accepted, started=row.started, completed=row.completed
    )
    return SchoolRow(
        id=row.id,
        name=row.name,
        kind=row.kind,
        municipality=row.municipality,
        contact_name=row.asked if accepted else None,
        asked_name=row.asked if not accepted else None,
        people=row.people,
        started=row.started,
        completed=row.completed,
        stage=stage_of(facts),
    )


def list_schools(*, search: str = "", only: str = "alle", page: int = 1) -> SchoolPage:
    """Schools by name, those without aanspreekpunt first. ``only`` is one of FILTERS; ``page`` counts from 1."""
    matching = _matches(search)
    counts = db.session.execute(
        select(*(func.count().filter(_filter(name)).label(name) for name in FILTERS))
        .select_from(School)
        .where(matching)
    ).one()
    total = getattr(counts, only)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        _with_facts()
        .where(matching, _filter(only))
        .order_by(_accepted(), func.lower(School.name), School.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return SchoolPage(
        rows=[_row(row) for row in rows],
        counts={name: getattr(counts, name) for name in FILTERS},
        page=page,
        pages=pages,
    )


def get_school_row(school_id: int) -> SchoolRow:
    """One school with its facts. The caller already checked that it may be seen."""
    return _row(db.session.execute(_with_facts().where(School.id == school_id)).one())


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
