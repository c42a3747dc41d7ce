"""Questions about schools that stand in the register twice."""

from __future__ import annotations

from sqlalchemy import func, select

from lms.database import db
from lms.monitoring.tables.progression import Progression
from lms.schools.rules.doubles import Listed
from lms.schools.tables import Contact, InvitedColleague, Membership, MergedSchool, School


def list_listed() -> list[Listed]:
    """Every school by name, in one statement."""
    rows = db.session.execute(
        select(School.id, School.name, School.municipality, School.street, School.postcode, School.number).order_by(
            func.lower(School.name), School.id
        )
    )
    return [
        Listed(
            id=row.id, name=row.name, municipality=row.municipality, street=row.street, postcode=row.postcode,
            number=row.number,
        )
        for row in rows
    ]  # fmt: skip


def lock_both(one: int, other: int) -> None:
    """Until we commit nobody adds anything to either school. Always in one order, so that two never wait crosswise."""
    db.session.execute(select(School.id).where(School.id.in_([one, other])).order_by(School.id).with_for_update())


def find_open_contact_of(school_id: int) -> Contact | None:
    """Who is the aanspreekpunt now, or was asked."""
    return db.session.scalar(select(Contact).where(Contact.school_id == school_id, Contact.ended_at.is_(None)))


def list_open_memberships(school_id: int) -> list[Membership]:
    return list(
        db.session.scalars(select(Membership).where(Membership.school_id == school_id, Membership.ended_at.is_(None)))
    )


def list_open_invitees(school_id: int) -> list[InvitedColleague]:
    return list(
        db.session.scalars(
            select(InvitedColleague).where(
                InvitedColleague.school_id == school_id,
                InvitedColleague.accepted_at.is_(None),
                InvitedColleague.withdrawn_at.is_(None),
            )
        )
    )


def list_progressions(school_id: int) -> list[Progression]:
    return list(db.session.scalars(select(Progression).where(Progression.school_id == school_id)))


def list_years_of_both(one: int, other: int) -> list[int]:
    """The school years of which both schools have counts about where their youngsters went."""
    return sorted(
        db.session.scalars(
            select(Progression.school_year)
            .where(Progression.school_id.in_([one, other]))
            .group_by(Progression.school_year)
            .having(func.count() > 1)
        )
    )


def find_merged(former_id: int) -> MergedSchool | None:
    """Into which school one went that no longer exists."""
    return db.session.scalar(select(MergedSchool).where(MergedSchool.former_id == former_id))
