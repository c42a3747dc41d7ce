"""Questions about how O&S follows schools: contacts that were noted, and who of O&S there is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from lms.database import db
from lms.errors import NotFound
from lms.people.tables import Person
from lms.permissions import STAFF_ROLES
from lms.schools.tables import ContactNote, School


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of O&S."""

    id: int
    name: str


def list_staff() -> list[Member]:
    """Who of O&S can do something for a school, by name."""
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(Person.role.in_(STAFF_ROLES), Person.disabled_at.is_(None), Person.deletion_asked_at.is_(None))
        .order_by(func.lower(Person.name), Person.id)
    )
    return [Member(id=row.id, name=row.name) for row in rows]


def find_note_by_key(key: str) -> ContactNote | None:
    return db.session.scalar(select(ContactNote).where(ContactNote.key == key))


def get_note(note_id: int, school_id: int) -> ContactNote:
    """A contact with this school, locked, as it is once we have it. Raises NotFound."""
    note = db.session.scalar(
        select(ContactNote).where(ContactNote.id == note_id, ContactNote.school_id == school_id).with_for_update()
    )
    if note is None:
        raise NotFound
    return note


def get_note_to_read(note_id: int, school_id: int) -> ContactNote:
    """The same for a page that only reads. Raises NotFound."""
    note = db.session.scalar(select(ContactNote).where(ContactNote.id == note_id, ContactNote.school_id == school_id))
    if note is None:
        raise NotFound
    return note


def get_locked_school(school_id: int) -> School:
    """The school, locked so that nobody else changes it meanwhile, as it is once we have it. Raises NotFound."""
    school = db.session.scalar(select(School).where(School.id == school_id).with_for_update())
    if school is None:
        raise NotFound
    return school
