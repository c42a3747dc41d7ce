"""Questions about the aanspreekpunt of a school, and about who is asked to take over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from lms.clock import now
from lms.database import db
from lms.errors import NotFound
from lms.people.rules import fingerprint
from lms.schools.tables import Contact, School, Succession


def _usable(token: str) -> ColumnElement[bool]:
    """Over ``Succession``: the question behind the link of this token, if it still counts."""
    return and_(Succession.token_fingerprint == fingerprint(token), Succession.is_open(), Succession.expires_at > now())


@dataclass(frozen=True, kw_only=True)
class OpenSuccession:
    """What the page behind a link to take over shows."""

    name: str
    email: str
    message: str
    from_name: str
    school_name: str
    municipality: str
    expires_at: datetime


def show_succession(token: str) -> OpenSuccession | None:
    """What the page behind a link shows, or None when the link no longer counts."""
    row = db.session.execute(
        select(Succession, Contact.name.label("from_name"), School.name.label("school"), School.municipality)
        .join(Contact, Contact.id == Succession.contact_id)
        .join(School, School.id == Succession.school_id)
        .where(_usable(token))
    ).one_or_none()
    if row is None:
        return None
    return OpenSuccession(
        name=row.Succession.name,
        email=row.Succession.email,
        message=row.Succession.message,
        from_name=row.from_name,
        school_name=row.school,
        municipality=row.municipality,
        expires_at=row.Succession.expires_at,
    )


def find_succession_school(token: str) -> int | None:
    """The school behind a link that still counts, to be locked before anything else."""
    return db.session.scalar(select(Succession.school_id).where(_usable(token)))


def find_succession(token: str) -> Succession | None:
    """The question behind a link that still counts, locked."""
    return db.session.scalar(select(Succession).where(_usable(token)).with_for_update())


def find_open_succession(school_id: int) -> Succession | None:
    """Who was asked to take over at a school and did not answer, locked."""
    return db.session.scalar(
        select(Succession).where(Succession.school_id == school_id, Succession.is_open()).with_for_update()
    )


def get_open_succession(school_id: int) -> Succession:
    """The same. Raises NotFound when nobody is asked."""
    row = find_open_succession(school_id)
    if row is None:
        raise NotFound
    return row


def get_own_contact(person_id: int, school_id: int) -> Contact:
    """That this person is the aanspreekpunt of this school, locked. Raises NotFound when they are not."""
    row = db.session.scalar(
        select(Contact)
        .where(Contact.person_id == person_id, Contact.school_id == school_id, Contact.accepted_now())
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def last_message(school_id: int, person_id: int) -> tuple[str, str] | None:
    """Who handed a school over to this person, and what they wrote along; None when nobody did."""
    row = db.session.execute(
        select(Contact.name, Succession.message)
        .join(Contact, Contact.id == Succession.contact_id)
        .where(
            Succession.school_id == school_id,
            Succession.accepted_at.is_not(None),
            Succession.accepted_at
            == select(Contact.accepted_at)
            .where(Contact.school_id == school_id, Contact.person_id == person_id, Contact.accepted_now())
            .correlate(None)
            .scalar_subquery(),
        )
    ).first()
    return None if row is None else (row.name, row.message)
