"""Questions about schools that stand in the register twice."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union

from lms.database import db
from lms.monitoring.queries.trusting import Kept
from lms.monitoring.tables.figures import SchoolFigure
from lms.monitoring.tables.progression import Progression
from lms.schools.rules.doubles import Listed, kept_marks, marks, written_numbers
from lms.schools.tables import Contact, InvitedColleague, Membership, MergedSchool, School


def list_listed() -> list[Listed]:
    """Every school by name, in one statement."""
    return [Listed.of(row) for row in db.session.execute(_listed().order_by(func.lower(School.name), School.id))]


def _listed() -> Select[Any]:
    rows: Any = select(School.id, School.name, School.municipality, School.street, School.postcode, School.number)
    return rows


def list_with_a_double(kept: Kept | None) -> list[Listed]:
    """By name, every school that may stand there twice, with its doubles; all schools when nothing is kept.

    Where the kept marks can be trusted they say which schools to compare: those that share a mark, those with a number
    that begins with zeros, and whatever looks like a school to which something was done since.
    """
    if kept is None:
        return list_listed()
    zeros = and_(School.number >= "0", School.number < "1")
    bare = School.number.in_(select(func.ltrim(School.number, "0")).where(zeros))
    near = [School.id.in_(_ids_with_a_shared_mark(str(db.engine.url), kept.mark)), zeros, bare]
    if kept.loose:
        changed = db.session.execute(_listed().where(School.id.in_(kept.loose)))
        near += [_is_near(Listed.of(row)) for row in changed]
    rows = db.session.execute(_listed().where(or_(*near)).order_by(func.lower(School.name), School.id))
    return [Listed.of(row) for row in rows]


@lru_cache(maxsize=4)
def _ids_with_a_shared_mark(_database: str, _gathering: str) -> tuple[int, ...]:
    """The schools of which a kept mark is that of another one too; found once for every gathering."""
    figure = SchoolFigure.__table__
    shared = [
        select(figure.c.school_id).where(
            column.in_(select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1))
        )
        for column in (figure.c.name_mark, figure.c.words_mark, figure.c.address_mark)
    ]
    return tuple(db.session.scalars(union(*shared)))


def _is_near(this: Listed) -> ColumnElement[bool]:
    """Over ``School``: its kept marks or its number are those of this school, or it is this school."""
    marked = [
        School.id.in_(select(SchoolFigure.school_id).where(getattr(SchoolFigure, column) == mark))
        for column, mark in kept_marks(this).items()
        if mark is not None
    ]
    return or_(School.id == this.id, School.number.in_(written_numbers(this.number)), *marked)


def list_alike(school: School, kept: Kept | None) -> list[Listed]:
    """The schools that are probably the same as this one, by name.

    Where the kept marks can be trusted they say which schools to look at; whether one is alike is decided of now.
    """
    this = Listed.of(school)
    if kept is None:
        others = list_listed()
    else:
        near = or_(_is_near(this), School.id.in_(kept.loose))
        others = [Listed.of(row) for row in db.session.execute(_listed().where(near))]
    mine = set(marks(this))
    alike = [one for one in others if one.id != this.id and mine & set(marks(one))]
    return sorted(alike, key=lambda one: (one.name.lower(), one.id))


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
