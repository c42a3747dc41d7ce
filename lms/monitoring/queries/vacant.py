"""Schools without aanspreekpunt, in the order of the work list: whoever lost one longest ago comes first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Label, Select, case, exists, func, select

from lms.monitoring.queries import attention
from lms.people.tables import Person
from lms.schools.tables import Contact, Membership, School


def vacant_schools(asked: ColumnElement[bool]) -> Select[Any]:
    """The schools for which ``asked`` holds, in order: ``ref``, ``since`` when, and what is needed below."""
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
