"""What the page of a school needs besides its people and its time line, in two statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, exists, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from lms.database import db
from lms.errors import NotFound
from lms.monitoring.queries import facts
from lms.monitoring.queries.attention import is_unconfirmed, vacant_since
from lms.monitoring.rules.attention import today
from lms.monitoring.rules.school_page import AgendaItem, AgendaKind, Contacted, SchoolHead, Successor
from lms.pack.tables import Group, Plan, SessionLog
from lms.people.tables import Person
from lms.schools.tables import Contact, ContactNote, Membership, School, Succession

GIVEN_AT_MOST = 20


def get_school_head(school_id: int, visible: ColumnElement[bool], moment: datetime) -> SchoolHead:
    """A school, if it is ``visible``, with its aanspreekpunt and who follows it. Raises NotFound."""
    owner, behind = aliased(Person), aliased(Person)
    erased = (
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.school_id == School.id, Membership.ended_at.is_(None), Person.erased_at.is_not(None))
        .correlate(School)
        .scalar_subquery()
    )
    asked = select(func.min(Contact.appointed_at)).where(Contact.school_id == School.id).correlate(School)
    noted = (
        select(func.min(ContactNote.day))
        .where(ContactNote.school_id == School.id, ContactNote.kind.in_(facts.CONTACTS))
        .correlate(School)
    )
    # Apart, because the clause asks about the aanspreekpunt with the same table as this statement.
    seen = select(School.id).where(visible).correlate(None)
    row = db.session.execute(
        select(
            School,
            Contact,
            Succession,
            owner.name.label("owner_name"),
            behind.disabled_at.label("closed_at"),
            is_unconfirmed(moment).label("needs_confirmation"),
            erased.label("erased"),
            vacant_since().label("vacant_since"),
            asked.scalar_subquery().label("contacted_at"),
            noted.scalar_subquery().label("contacted_on"),
        )
        .outerjoin(owner, owner.id == School.owner_id)
        .outerjoin(Contact, (Contact.school_id == School.id) & Contact.ended_at.is_(None))
        .outerjoin(behind, behind.id == Contact.person_id)
        .outerjoin(Succession, (Succession.school_id == School.id) & Succession.is_open())
        .where(School.id == school_id, School.id.in_(seen))
    ).one_or_none()
    if row is None:
        raise NotFound
    return _head(row)


def _head(row: Any) -> SchoolHead:
    school, contact, successor = row.School, row.Contact, row.Succession
    return SchoolHead(
        id=school.id,
        name=school.name,
        kind=school.kind,
        municipality=school.municipality,
        link_code=school.link_code,
        owner_id=school.owner_id,
        owner_name=row.owner_name,
        interest=school.interest,
        interest_reason=school.interest_reason,
        interest_until=school.interest_until,
        erased=row.erased,
        contact=None
        if contact is None
        else Contacted(
            id=contact.id,
            name=contact.name,
            email=contact.email,
            person_id=contact.person_id,
            appointed_at=contact.appointed_at,
            accepted_at=contact.accepted_at,
            confirmed_at=contact.confirmed_at,
            is_closed=row.closed_at is not None,
            needs_confirmation=bool(row.needs_confirmation),
        ),
        successor=None
        if successor is None
        else Successor(
            id=successor.id,
            name=successor.name,
            email=successor.email,
            asked_at=successor.asked_at,
            sent_at=successor.sent_at,
            expires_at=successor.expires_at,
        ),
        vacant_since=row.vacant_since,
        contacted_at=row.contacted_at,
        contacted_on=row.contacted_on,
    )


def list_agenda(school_id: int, moment: datetime, *, only_shared: bool) -> list[AgendaItem]:
    """Sessions that were given at this school, the last ones, and that are planned; and open actions of O&S.

    ``only_shared``: only the actions that the aanspreekpunt may read.

    A plan counts with a group of this school and a day that is still to come. Nothing of a log but day, session and
    how many youngsters.
    """
    actions = _actions(school_id)
    if only_shared:
        actions = actions.where(ContactNote.is_shared)
    together = union_all(_given(school_id), _planned(school_id, moment), actions).subquery()
    rows = db.session.execute(select(together).order_by(together.c.day, together.c.kind, together.c.ref))
    return [
        AgendaItem(kind=AgendaKind(row.kind), ref=row.ref, day=row.day, what=row.what, who=row.who, number=row.number)
        for row in rows
    ]


def _item(kind: AgendaKind, ref: Any, day: Any, what: Any, number: Any) -> Select[Any]:
    columns = {"kind": literal(kind.value), "ref": ref, "day": day, "what": what, "who": Person.name, "number": number}
    return select(*(column.label(name) for name, column in columns.items()))


def _given(school_id: int) -> Select[Any]:
    newest = (
        select(SessionLog.id)
        .where(SessionLog.school_id == school_id)
        .order_by(SessionLog.day.desc(), SessionLog.id.desc())
        .limit(GIVEN_AT_MOST)
    )
    return (
        _item(AgendaKind.GIVEN, SessionLog.id, SessionLog.day, SessionLog.session_slug, SessionLog.head_count)
        .select_from(SessionLog)
        .join(Person, Person.id == SessionLog.person_id)
        .where(SessionLog.id.in_(newest))
    )


def _planned(school_id: int, moment: datetime) -> Select[Any]:
    return (
        _item(AgendaKind.PLANNED, Plan.id, Plan.day, Plan.session_slug, Plan.size)
        .select_from(Plan)
        .join(Group, Group.id == Plan.group_id)
        .join(Person, Person.id == Plan.person_id)
        .where(
            Group.school_id == school_id,
            Plan.day >= today(moment),
            ~exists().where(SessionLog.plan_id == Plan.id).correlate(Plan),
        )
    )


def _actions(school_id: int) -> Select[Any]:
    return (
        _item(AgendaKind.ACTION, ContactNote.id, ContactNote.next_on, ContactNote.next_action, cast(null(), Integer))
        .select_from(ContactNote)
        .outerjoin(Person, Person.id == ContactNote.owner_id)
        .where(ContactNote.school_id == school_id, ContactNote.next_on.is_not(None), ContactNote.done_at.is_(None))
    )
