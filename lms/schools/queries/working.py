"""Questions about who works where, and who may be put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from lms.clock import now
from lms.database import db
from lms.errors import NotFound
from lms.people.tables import Person
from lms.schools.queries import SchoolChoice
from lms.schools.rules import UNDO_LEAVING
from lms.schools.tables import Contact, Membership, School, SchoolWish


def _may_be_undone(*, by_self: bool) -> ColumnElement[bool]:
    """Over ``Membership``: ended not long ago by somebody who may undo it, and not begun again since."""
    again = aliased(Membership)
    return and_(
        Membership.ended_at > now() - UNDO_LEAVING,
        Membership.ended_by_self.is_(by_self),
        ~exists().where(
            again.person_id == Membership.person_id,
            again.school_id == Membership.school_id,
            or_(again.ended_at.is_(None), again.id > Membership.id),
        ),
    )


def list_left_workplaces(person_id: int) -> list[SchoolChoice]:
    """Schools that somebody left by their own doing not long ago, and may go back to with one click."""
    rows = db.session.execute(
        select(School.id, School.name, School.municipality)
        .join(Membership, Membership.school_id == School.id)
        .where(Membership.person_id == person_id, _may_be_undone(by_self=True))
        .order_by(School.name)
    )
    return [SchoolChoice(id=row.id, name=row.name, municipality=row.municipality) for row in rows]


@dataclass(frozen=True, kw_only=True)
class FormerColleague:
    """Somebody who was taken off the list of a school not long ago."""

    membership_id: int
    name: str
    ended_at: datetime


def list_former_colleagues(school_id: int) -> list[FormerColleague]:
    """Who was taken off the list of this school and can be put back; never who left by their own doing."""
    rows = db.session.execute(
        select(Membership.id, Person.name, Membership.ended_at)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.school_id == school_id, _may_be_undone(by_self=False))
        .order_by(Membership.ended_at.desc(), Membership.id.desc())
    )
    return [FormerColleague(membership_id=row.id, name=row.name, ended_at=row.ended_at) for row in rows]


def get_membership(membership_id: int, school_id: int, *, ended: bool) -> Membership:
    """A membership of this school, locked: one that is open, or one of which the end can be undone. Raises NotFound."""
    state = _may_be_undone(by_self=False) if ended else Membership.ended_at.is_(None)
    row = db.session.scalar(
        select(Membership)
        .where(Membership.id == membership_id, Membership.school_id == school_id, state)
        .with_for_update(of=Membership)
    )
    if row is None:
        raise NotFound
    return row


def get_own_membership(person_id: int, school_id: int, *, ended: bool) -> Membership:
    """The membership of this person at this school, as ``get_membership``. Raises NotFound."""
    state = _may_be_undone(by_self=True) if ended else Membership.ended_at.is_(None)
    row = db.session.scalar(
        select(Membership).where(Membership.person_id == person_id, Membership.school_id == school_id, state)
    )
    if row is None:
        raise NotFound
    return row


def find_open_membership(person_id: int, school_id: int) -> Membership | None:
    """The row that says that somebody works at a school now, locked."""
    return db.session.scalar(
        select(Membership)
        .where(Membership.person_id == person_id, Membership.school_id == school_id, Membership.ended_at.is_(None))
        .with_for_update(of=Membership)
    )


def is_contact_of(person_id: int, school_id: int) -> bool:
    """Is this person the aanspreekpunt of this school right now?"""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Contact.person_id == person_id,
                    Contact.school_id == school_id,
                    Contact.accepted_now(),
                )
            )
        )
    )


def has_open_wish(person_id: int, wish: str) -> bool:
    """Does O&S still have this wish of this person on its list?"""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    SchoolWish.person_id == person_id, SchoolWish.wish == wish, SchoolWish.settled_at.is_(None)
                )
            )
        )
    )
