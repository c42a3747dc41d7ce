"""Questions about schools and who belongs to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, select

from lms.clock import now
from lms.database import db, run
from lms.errors import Expired, NotFound
from lms.people.rules import Visitor, fingerprint
from lms.people.tables import Person
from lms.permissions import Permission
from lms.schools.rules import BETWEEN_INVITATIONS, INVITATION_LIFE, SchoolKind, read_link_code
from lms.schools.tables import Contact, EndedLink, Invitation, InvitedColleague, Membership, School, SchoolWish


@dataclass(frozen=True, kw_only=True)
class SchoolChoice:
    id: int
    name: str
    municipality: str


@dataclass(frozen=True, kw_only=True)
class OpenInvitation:
    """What the page behind an invitation link shows. ``is_for_contact``: to be the aanspreekpunt, not a colleague."""

    name: str
    email: str
    school_name: str
    municipality: str
    expires_at: datetime
    is_for_contact: bool


def is_contact_person_clause() -> ColumnElement[bool]:
    """Over ``Person``: is this person the accepted aanspreekpunt of a school right now?"""
    return exists().where(Contact.person_id == Person.id, Contact.accepted_at.is_not(None), Contact.ended_at.is_(None))


def list_school_choices() -> list[SchoolChoice]:
    """Every school of the register, for the list at registration."""
    rows = db.session.execute(
        select(School.id, School.name, School.municipality).order_by(func.lower(School.name), School.municipality)
    )
    return [SchoolChoice(id=row.id, name=row.name, municipality=row.municipality) for row in rows]


def find_school(school_id: int) -> School | None:
    return db.session.scalar(select(School).where(School.id == school_id))


def find_school_by_name(name: str, municipality: str) -> School | None:
    """A school with this name in this municipality, capitals aside."""
    return db.session.scalar(
        select(School).where(
            func.lower(School.name) == name.lower(), func.lower(School.municipality) == municipality.lower()
        )
    )


def visible_to(visitor: Visitor) -> ColumnElement[bool]:
    """Over ``School``: the schools whose page this visitor may see."""
    if visitor.may(Permission.SEE_SCHOOLS):
        return School.id.is_not(None)
    return exists().where(
        Contact.school_id == School.id,
        Contact.person_id == visitor.id,
        Contact.accepted_at.is_not(None),
        Contact.ended_at.is_(None),
    )


def get_visible_school(school_id: int, visitor: Visitor) -> School:
    """The school, or NotFound when it does not exist or is not for this visitor."""
    school = db.session.scalar(select(School).where(School.id == school_id, visible_to(visitor)))
    if school is None:
        raise NotFound
    return school


def list_own_schools(visitor: Visitor) -> list[School]:
    """The schools of which this visitor is the aanspreekpunt now."""
    return list(
        db.session.scalars(
            select(School)
            .join(Contact, Contact.school_id == School.id)
            .where(Contact.person_id == visitor.id, Contact.accepted_at.is_not(None), Contact.ended_at.is_(None))
            .order_by(School.name)
        )
    )


def list_contacts(school_id: int) -> list[Contact]:
    """Every aanspreekpunt this school had or was asked for, the current one first."""
    return list(
        db.session.scalars(
            select(Contact)
            .where(Contact.school_id == school_id)
            .order_by(Contact.ended_at.is_not(None), Contact.appointed_at.desc(), Contact.id.desc())
        )
    )


def find_open_contact(school_id: int) -> Contact | None:
    return db.session.scalar(
        select(Contact).where(Contact.school_id == school_id, Contact.ended_at.is_(None)).with_for_update()
    )


def _usable(token: str) -> ColumnElement[bool]:
    """Over ``Invitation``: the link of this token, if it still counts."""
    return and_(
        Invitation.token_fingerprint == fingerprint(token), Invitation.used_at.is_(None), Invitation.expires_at > now()
    )


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


def has_membership(person_id: int, school_id: int) -> bool:
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Membership.person_id == person_id,
                    Membership.school_id == school_id,
                    Membership.ended_at.is_(None),
                )
            )
        )
    )


def list_open_wishes() -> list[tuple[SchoolWish, Person]]:
    """Schools that somebody missed in the list and O&S has not settled yet, oldest first."""
    rows = db.session.execute(
        select(SchoolWish, Person)
        .join(Person, Person.id == SchoolWish.person_id)
        .where(SchoolWish.settled_at.is_(None))
        .order_by(SchoolWish.created_at)
    )
    return [(row[0], row[1]) for row in rows]


def get_wish(wish_id: int) -> SchoolWish:
    wish = db.session.scalar(
        select(SchoolWish).where(SchoolWish.id == wish_id, SchoolWish.settled_at.is_(None)).with_for_update()
    )
    if wish is None:
        raise NotFound
    return wish


def list_usable_invitations(*, contact_id: int | None = None, colleague_id: int | None = None) -> list[Invitation]:
    """The links of one appointment, or of one invited colleague, that still work."""
    whose = Invitation.contact_id == contact_id if contact_id else Invitation.colleague_id == colleague_id
    return list(db.session.scalars(select(Invitation).where(whose, Invitation.used_at.is_(None))))


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """A school where somebody works, with its aanspreekpunt if there is one."""

    id: int
    name: str
    kind: SchoolKind
    municipality: str
    contact_name: str | None
    contact_id: int | None


# Built once: the pages of learners ask it often, and building it costs more than running it.
_WORKPLACES = (
    select(
        School.id,
        School.name,
        School.kind,
        School.municipality,
        Contact.name.label("contact_name"),
        Contact.person_id.label("contact_id"),
    )
    .join(Membership, Membership.school_id == School.id)
    .outerjoin(
        Contact,
        (Contact.school_id == School.id) & Contact.ended_at.is_(None) & Contact.accepted_at.is_not(None),
    )
    .where(Membership.person_id == bindparam("person_id"), Membership.ended_at.is_(None))
    .order_by(School.name)
)


def list_workplaces(person_id: int) -> list[Workplace]:
    """Where somebody works now, with the accepted aanspreekpunt of each school."""
    rows = run(_WORKPLACES, {"person_id": person_id})
    return [
        Workplace(
            id=row.id,
            name=row.name,
            kind=row.kind,
            municipality=row.municipality,
            contact_name=row.contact_name,
            contact_id=row.contact_id,
        )
        for row in rows
    ]


# ── the school link ────────────────────────────────────────────────────────


def find_linked_school(typed: str) -> School | None:
    """The school behind a school link that works, or None."""
    return db.session.scalar(select(School).where(School.link_code == read_link_code(typed)))


def get_linked_school(typed: str) -> School:
    """The school behind a school link. Raises Expired for one that was replaced, NotFound for any other."""
    school = find_linked_school(typed)
    if school is not None:
        return school
    if db.session.scalar(select(exists().where(EndedLink.code == read_link_code(typed)))):
        raise Expired
    raise NotFound


# ── invited colleagues ─────────────────────────────────────────────────────


def _still_open() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return InvitedColleague.accepted_at.is_(None), InvitedColleague.withdrawn_at.is_(None)


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


def lock_school(school_id: int) -> None:
    """Until we commit, nobody else invites for this school."""
    db.session.scalar(select(School.id).where(School.id == school_id).with_for_update())
