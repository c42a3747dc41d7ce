"""Questions about schools and who belongs to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select

from lms.database import db, forget_what_was_read, run
from lms.errors import Expired, NotFound
from lms.people.rules import Visitor
from lms.people.tables import Person
from lms.permissions import Permission
from lms.schools.rules import SchoolKind, read_link_code
from lms.schools.tables import Contact, EndedLink, Membership, School, SchoolWish


@dataclass(frozen=True, kw_only=True)
class SchoolChoice:
    id: int
    name: str
    municipality: str


def is_contact_person_clause() -> ColumnElement[bool]:
    """Over ``Person``: is this person the aanspreekpunt of a school right now?"""
    return exists().where(Contact.person_id == Person.id, Contact.accepted_now())


def list_school_choices() -> list[SchoolChoice]:
    """Every school of the register, for the list at registration."""
    rows = db.session.execute(
        select(School.id, School.name, School.municipality).order_by(func.lower(School.name), School.municipality)
    )
    return [SchoolChoice(id=row.id, name=row.name, municipality=row.municipality) for row in rows]


def find_school(school_id: int) -> School | None:
    return db.session.scalar(select(School).where(School.id == school_id))


def lock_school(school_id: int) -> None:
    """Until we commit, nobody else invites for this school or renews its link."""
    db.session.scalar(select(School.id).where(School.id == school_id).with_for_update())
    forget_what_was_read()


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
    return exists().where(Contact.school_id == School.id, Contact.person_id == visitor.id, Contact.accepted_now())


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
            .where(Contact.person_id == visitor.id, Contact.accepted_now())
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
    .outerjoin(Contact, and_(Contact.school_id == School.id, Contact.accepted_now()))
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
    """The school behind a school link that works, or None. The link of a school that was merged leads where it went."""
    code = read_link_code(typed)
    merged = select(EndedLink.school_id).where(EndedLink.code == code, EndedLink.still_leads.is_(True))
    return db.session.scalar(select(School).where(or_(School.link_code == code, School.id.in_(merged))))


def get_linked_school(typed: str) -> School:
    """The school behind a school link. Raises Expired for one that was replaced, NotFound for any other."""
    school = find_linked_school(typed)
    if school is not None:
        return school
    if db.session.scalar(select(exists().where(EndedLink.code == read_link_code(typed)))):
        raise Expired
    raise NotFound
