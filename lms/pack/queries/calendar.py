"""Questions about calendars: whose link is this, and which lessons stand in it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, exists, select

from lms.database import db
from lms.errors import NotFound
from lms.learning.tables import Completion
from lms.pack.rules.calendar import PlannedLesson
from lms.pack.tables import CalendarLink, Group, Plan
from lms.people.tables import Person
from lms.permissions import STAFF_ROLES
from lms.schools.tables import School


def may_use_pack() -> ColumnElement[bool]:
    """Over ``Person``: what a sign-in would decide about the pack, for what reaches somebody without one."""
    return (
        Person.disabled_at.is_(None)
        & Person.deletion_asked_at.is_(None)
        & Person.erased_at.is_(None)
        & (
            exists().where(Completion.person_id == Person.id, Completion.revoked_at.is_(None))
            | Person.role.in_(STAFF_ROLES)
        )
    )


def find_calendar_link(person_id: int) -> CalendarLink | None:
    return db.session.get(CalendarLink, person_id)


def get_calendar_owner(token: str) -> int:
    """Whose calendar this is. Raises NotFound for a link that was stopped, and while the pack of its owner is shut."""
    owner = db.session.scalar(
        select(CalendarLink.person_id)
        .join(Person, Person.id == CalendarLink.person_id)
        .where(CalendarLink.token == token, may_use_pack())
    )
    if owner is None:
        raise NotFound
    return owner


def _lessons(*conditions: ColumnElement[bool]) -> Select[Plan, str, str]:
    """Plans with a day and an hour. What has no day yet is in no calendar."""
    return (
        select(Plan, Group.label, School.name)
        .outerjoin(Group, Group.id == Plan.group_id)
        .outerjoin(School, School.id == Group.school_id)
        .where(Plan.day.is_not(None), Plan.start.is_not(None), *conditions)
        .order_by(Plan.day, Plan.start, Plan.id)
    )


def _lesson(plan: Plan, group_label: str | None, school_name: str | None) -> PlannedLesson:
    assert plan.day is not None and plan.start is not None
    return PlannedLesson(
        id=plan.id, version=plan.version, session_slug=plan.session_slug, label=plan.label, day=plan.day,
        start=plan.start, hours=tuple(plan.hours), changed_at=plan.changed_at, group_label=group_label,
        school_name=school_name,
    )  # fmt: skip


def list_lessons(person_id: int) -> list[PlannedLesson]:
    """What somebody planned with a day and an hour, the first lesson first."""
    return [_lesson(*row) for row in db.session.execute(_lessons(Plan.person_id == person_id))]


def get_lesson(plan_id: int, person_id: int) -> PlannedLesson:
    """One plan as a lesson. Raises NotFound, also while it has no day or no hour."""
    row = db.session.execute(_lessons(Plan.id == plan_id, Plan.person_id == person_id)).one_or_none()
    if row is None:
        raise NotFound
    return _lesson(*row)
