"""Questions about invitations: of an aanspreekpunt, and of colleagues."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select

from lms.clock import now
from lms.database import db
from lms.errors import NotFound
from lms.people.rules import fingerprint
from lms.people.tables import Person
from lms.schools.rules import BETWEEN_INVITATIONS, INVITATION_LIFE
from lms.schools.tables import Contact, Invitation, InvitedColleague, Membership, School


def _usable(token: str) -> ColumnElement[bool]:
    """Over ``Invitation``: the link of this token, if it still counts."""
    return and_(
        Invitation.token_fingerprint == fingerprint(token), Invitation.used_at.is_(None), Invitation.expires_at > now()
    )


def _still_open() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return InvitedColleague.accepted_at.is_(None), InvitedColleague.withdrawn_at.is_(None)


# ── the link ───────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class OpenInvitation:
    """What the page behind an invitation link shows. ``is_for_contact``: to be the aanspreekpunt, not a colleague."""

    name: str
    email: str
    school_name: str
    municipality: str
    expires_at: datetime
    is_for_contact: bool


def find_invitation(token: str) -> tuple[Invitation, Contact, School] | None:
    """The usable invitation of an aanspreekpunt behind a link, locked, with the appointment and its school."""
    row = db.session.execute(
        select(Invitation, Contact, School)
        .join(Contact, Contact.id == Invitation.contact_id)
        .join(School, School.id == Contact.school_id)
        .where(_usable(token), Contact.ended_at.is_(None))
        .with_for_update(of=Invitation)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def find_colleague_invitation(token: str) -> tuple[Invitation, InvitedColleague, School] | None:
    """The usable invitation of a colleague behind a link, locked, with who was invited and the school."""
    row = db.session.execute(
        select(Invitation, InvitedColleague, School)
        .join(InvitedColleague, InvitedColleague.id == Invitation.colleague_id)
        .join(School, School.id == InvitedColleague.school_id)
        .where(_usable(token), *_still_open())
        .with_for_update(of=Invitation)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def show_invitation(token: str) -> OpenInvitation | None:
    """What the page behind an invitation link shows, or None when the link no longer counts."""
    row = db.session.execute(
        select(
            func.coalesce(Contact.name, InvitedColleague.name).label("name"),
            func.coalesce(Contact.email, InvitedColleague.email).label("email"),
            School.name.label("school"),
            School.municipality,
            Invitation.expires_at,
            Contact.id.is_not(None).label("is_for_contact"),
        )
        .outerjoin(Contact, and_(Contact.id == Invitation.contact_id, Contact.ended_at.is_(None)))
        .outerjoin(InvitedColleague, and_(InvitedColleague.id == Invitation.colleague_id, *_still_open()))
        .join(School, School.id == func.coalesce(Contact.school_id, InvitedColleague.school_id))
        .where(_usable(token))
    ).one_or_none()
    if row is None:
        return None
    return OpenInvitation(
        name=row.name,
        email=row.email,
        school_name=row.school,
        municipality=row.municipality,
        expires_at=row.expires_at,
        is_for_contact=bool(row.is_for_contact),
    )


def is_used_by(token: str, person_id: int) -> bool:
    """Whether somebody is in by this link: it was theirs, and they pressed the button."""
    return bool(
        db.session.scalar(
            select(Invitation.id)
            .outerjoin(Contact, Contact.id == Invitation.contact_id)
            .outerjoin(InvitedColleague, InvitedColleague.id == Invitation.colleague_id)
            .join(Person, Person.email == func.coalesce(Contact.email, InvitedColleague.email))
            .where(
                Invitation.token_fingerprint == fingerprint(token),
                Invitation.used_at.is_not(None),
                Person.id == person_id,
            )
        )
    )


def list_usable_invitations(*, contact_id: int | None = None, colleague_id: int | None = None) -> list[Invitation]:
    """The links of one appointment, or of one invited colleague, that still work."""
    whose = Invitation.contact_id == contact_id if contact_id else Invitation.colleague_id == colleague_id
    return list(db.session.scalars(select(Invitation).where(whose, Invitation.used_at.is_(None))))


# ── invited colleagues ─────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """Somebody who was invited and is not in yet. ``has_expired``: the link of the last mail no longer works."""

    id: int
    name: str
    email: str
    sent_at: datetime
    has_expired: bool
    may_be_mailed: bool


def list_invitees(school_id: int) -> list[Invitee]:
    """Who was invited to this school and is not in yet by any way, the longest waiting first."""
    moment = now()
    came_otherwise = (
        exists()
        .where(
            Person.email == InvitedColleague.email,
            Membership.person_id == Person.id,
            Membership.school_id == InvitedColleague.school_id,
            Membership.ended_at.is_(None),
        )
        .correlate(InvitedColleague)
    )
    rows = db.session.scalars(
        select(InvitedColleague)
        .where(InvitedColleague.school_id == school_id, *_still_open(), ~came_otherwise)
        .order_by(InvitedColleague.sent_at, InvitedColleague.id)
    )
    return [
        Invitee(
            id=row.id,
            name=row.name,
            email=row.email,
            sent_at=row.sent_at,
            has_expired=row.sent_at + INVITATION_LIFE <= moment,
            may_be_mailed=row.sent_at + BETWEEN_INVITATIONS <= moment,
        )
        for row in rows
    ]


def get_invitee(invitee_id: int, school_id: int) -> InvitedColleague:
    """Who was invited to this school and is not in yet, locked. Raises NotFound."""
    row = db.session.scalar(
        select(InvitedColleague)
        .where(InvitedColleague.id == invitee_id, InvitedColleague.school_id == school_id, *_still_open())
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def invitees_of(school_id: int, emails: Collection[str]) -> dict[str, InvitedColleague]:
    """The open invitations of this school to these addresses."""
    rows = db.session.scalars(
        select(InvitedColleague).where(
            InvitedColleague.school_id == school_id, InvitedColleague.email.in_(emails), *_still_open()
        )
    )
    return {row.email: row for row in rows}


def mailed_today(emails: Collection[str]) -> set[str]:
    """Which of these addresses were invited in the last day, by any school and also if it was withdrawn."""
    return set(
        db.session.scalars(
            select(InvitedColleague.email).where(
                InvitedColleague.email.in_(emails), InvitedColleague.sent_at > now() - BETWEEN_INVITATIONS
            )
        )
    )


def working_at(school_id: int, emails: Collection[str]) -> set[str]:
    """Which of these addresses belong to somebody who works at this school."""
    return set(
        db.session.scalars(
            select(Person.email)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.school_id == school_id, Membership.ended_at.is_(None), Person.email.in_(emails))
        )
    )
