"""Schools without aanspreekpunt, in the order of the work list: whoever lost one longest ago comes first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Label, Select, and_, case, exists, func, select, union

from lms.monitoring.queries import attention
from lms.people.tables import Person
from lms.schools.tables import Contact, Membership, School


def vacant_schools(asked: ColumnElement[bool], *, only_lost: bool = False) -> Select[Any]:
    """The schools for which ``asked`` holds, in order: ``ref``, ``since`` when, and what is needed below.

    ``only_lost``: without those that never had an aanspreekpunt, which come last and are many.
    """
    if only_lost:
        asked = and_(asked, School.id.in_(_who_had_one()))
    closed = (
        select(func.max(Person.disabled_at))
        .join(Contact, Contact.person_id == Person.id)
        .where(Contact.school_id == School.id, Contact.ended_at.is_(None))
        .correlate(School)
        .scalar_subquery()
    )
    # Found once for every school that lacks one; written out in the order, each would be looked up again and again.
    found = (
        select(School.id.label("ref"), closed.label("closed"), attention.vacant_since().label("ended"))
        .where(attention.lacks_contact(), asked)
        .cte("vacant")
        .prefix_with("MATERIALIZED")
    )
    people = (
        select(func.count())
        .where(Membership.school_id == found.c.ref, Membership.ended_at.is_(None))
        .correlate(found)
        .scalar_subquery()
    )
    since = func.coalesce(found.c.closed, found.c.ended, type_=Contact.ended_at.type)
    # People decide among the schools that never had an aanspreekpunt, so they are counted for no others.
    statement = select(
        found.c.ref,
        found.c.closed,
        since.label("since"),
        since.is_(None).label("never"),
        case((since.is_(None), people), else_=0).label("most"),
    )
    return statement.order_by(*order_of(statement.selected_columns))


def _who_had_one() -> CompoundSelect[int]:
    """The schools of which somebody stopped as aanspreekpunt, or of which the account was closed."""
    stopped = select(Contact.school_id).where(Contact.ended_at.is_not(None), Contact.accepted_at.is_not(None))
    accounts = select(Person.id).where(Person.disabled_at.is_not(None))
    closed = select(Contact.school_id).where(Contact.ended_at.is_(None), Contact.person_id.in_(accounts))
    return union(stopped, closed)


def order_of(lacking: Any) -> tuple[ColumnElement[Any], ...]:
    """By the columns of ``vacant_schools``."""
    columns = getattr(lacking, "c", lacking)
    return (columns.never, columns.since, columns.most.desc(), columns.ref)


def why(lacking: Any) -> Label[str]:
    """Why it matters, as ``text``: the account of the aanspreekpunt was *closed*, or *people* are busy; empty else."""
    works = exists().where(Membership.school_id == School.id, Membership.ended_at.is_(None)).correlate(School)
    return case((lacking.c.closed.is_not(None), "closed"), (works, "people"), else_="").label("text")


def last_name() -> Label[str]:
    """Over ``School``: who was its aanspreekpunt last, as ``name``; empty when it never had one."""
    last = (
        select(Contact.name)
        .where(Contact.school_id == School.id, Contact.accepted_at.is_not(None))
        .order_by(Contact.appointed_at.desc(), Contact.id.desc())
        .limit(1)
        .correlate(School)
        .scalar_subquery()
    )
    return func.coalesce(last, "").label("name")
