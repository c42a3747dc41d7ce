"""The time line of a school, in one statement whatever its length: every source is a branch of one union."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from lms.database import UtcDateTime, db
from lms.learning.tables import Completion
from lms.monitoring.rules.timeline import AUDITED, PER_PAGE, Event, Happened, Timeline
from lms.pack.tables import SessionLog
from lms.people.tables import Act, AuditRow, Person
from lms.schools.tables import Contact, ContactNote, InvitedColleague, Membership, Succession

# The columns of every branch, with what stands there when a branch has nothing to say.
_EMPTY: dict[str, Any] = {
    "ref": cast(null(), Integer),
    "who": cast(null(), String),
    "what": cast(null(), String),
    "by": cast(null(), String),
    "number": cast(null(), Integer),
    "action": cast(null(), String),
    "action_on": cast(null(), Date),
    "action_done": cast(null(), UtcDateTime),
    "action_owner": cast(null(), String),
}


def _branch(kind: Any, at: Any, *, day: Any = None, **more: Any) -> Select[Any]:
    """One source. ``at`` orders entries of one day; the day is that of ``at`` unless given."""
    columns = {
        "kind": literal(kind.value) if isinstance(kind, Happened) else kind,
        "day": func.date(at, type_=Date) if day is None else day,
        "at": at,
    } | {name: more.get(name, empty) for name, empty in _EMPTY.items()}
    return select(*(column.label(name) for name, column in columns.items()))


def _done_by(act: Act, subject: Any) -> Any:
    """Who of the staff, or which aanspreekpunt, did this, from the audit; empty when nobody is known."""
    return (
        select(func.min(Person.name))
        .select_from(AuditRow)
        .join(Person, Person.id == AuditRow.actor_id)
        .where(AuditRow.subject_id == subject, AuditRow.act == act.value)
        .scalar_subquery()
    )


def _notes(school_id: int) -> Select[Any]:
    author, owner = aliased(Person), aliased(Person)
    return (
        _branch(
            type_coerce(ContactNote.kind, String),
            ContactNote.created_at,
            day=ContactNote.day,
            ref=ContactNote.id,
            what=ContactNote.text,
            by=author.name,
            action=ContactNote.next_action,
            action_on=ContactNote.next_on,
            action_done=ContactNote.done_at,
            action_owner=owner.name,
        )
        .select_from(ContactNote)
        .outerjoin(author, author.id == ContactNote.by_id)
        .outerjoin(owner, owner.id == ContactNote.owner_id)
        .where(ContactNote.school_id == school_id)
    )


def _contacts(school_id: int) -> list[Select[Any]]:
    here = Contact.school_id == school_id
    took_over = exists().where(Succession.school_id == school_id, Succession.accepted_at == Contact.accepted_at)
    gave_over = exists().where(Succession.contact_id == Contact.id, Succession.accepted_at.is_not(None))
    appointed_by, ended_by = _done_by(Act.CONTACT_APPOINTED, Contact.id), _done_by(Act.CONTACT_ENDED, Contact.id)
    return [
        # Who is named at once by a hand-over was never asked apart from it.
        _branch(Happened.ASKED, Contact.appointed_at, who=Contact.name, by=appointed_by).where(here, ~took_over),
        _branch(Happened.ACCEPTED, Contact.accepted_at, who=Contact.name).where(
            here, Contact.accepted_at.is_not(None), ~took_over
        ),
        _branch(Happened.CONFIRMED, Contact.confirmed_at, who=Contact.name).where(
            here, Contact.confirmed_at.is_not(None)
        ),
        _branch(Happened.ENDED, Contact.ended_at, who=Contact.name, by=ended_by).where(
            here, Contact.ended_at.is_not(None), Contact.accepted_at.is_not(None), ~gave_over
        ),
        _branch(Happened.WITHDRAWN, Contact.ended_at, who=Contact.name, by=ended_by).where(
            here, Contact.ended_at.is_not(None), Contact.accepted_at.is_(None)
        ),
    ]


def _successions(school_id: int) -> list[Select[Any]]:
    def of(kind: Happened, at: Any, *conditions: ColumnElement[bool], **more: Any) -> Select[Any]:
        return (
            _branch(kind, at, who=Succession.name, what=Contact.name, **more)
            .select_from(Succession)
            .join(Contact, Contact.id == Succession.contact_id)
            .where(Succession.school_id == school_id, at.is_not(None), *conditions)
        )

    asker = select(Person.name).where(Person.id == Succession.asked_by_id).scalar_subquery()
    return [
        of(Happened.SUCCESSOR_ASKED, Succession.asked_at, by=asker),
        of(
            Happened.SUCCESSOR_WITHDRAWN,
            Succession.withdrawn_at,
            by=_done_by(Act.SUCCESSION_WITHDRAWN, Succession.id),
        ),
        of(Happened.SUCCEEDED, Succession.accepted_at),
    ]


def _invited(school_id: int) -> Select[Any]:
    """Colleagues who were invited, one entry a day: a list of forty addresses is one thing that happened."""
    days = (
        select(
            func.date(InvitedColleague.invited_at, type_=Date).label("day"),
            func.min(InvitedColleague.invited_at, type_=UtcDateTime).label("at"),
            func.count().label("number"),
        )
        .where(InvitedColleague.school_id == school_id)
        .group_by(func.date(InvitedColleague.invited_at, type_=Date))
        .subquery()
    )
    by = (
        select(func.min(Person.name))
        .select_from(AuditRow)
        .join(Person, Person.id == AuditRow.actor_id)
        .where(
            AuditRow.subject_id == school_id,
            AuditRow.act == Act.COLLEAGUES_INVITED.value,
            func.date(AuditRow.happened_at, type_=Date) == days.c.day,
        )
        .scalar_subquery()
    )
    return _branch(Happened.INVITED, days.c.at, day=days.c.day, number=days.c.number, by=by)


def _members(school_id: int) -> list[Select[Any]]:
    def of(kind: Happened, at: Any, **more: Any) -> Select[Any]:
        return (
            _branch(kind, at, who=Person.name, **more)
            .select_from(Membership)
            .join(Person, Person.id == Membership.person_id)
            .where(Membership.school_id == school_id, at.is_not(None))
        )

    return [
        of(Happened.JOINED, Membership.started_at),
        of(Happened.LEFT, Membership.ended_at, by=_done_by(Act.MEMBERSHIP_ENDED, Membership.id)),
    ]


def _completions(school_id: int) -> Select[Any]:
    worked_here = exists().where(
        Membership.person_id == Completion.person_id,
        Membership.school_id == school_id,
        (Membership.ended_at.is_(None)) | (Membership.ended_at > Completion.completed_at),
    )
    people = select(Membership.person_id).where(Membership.school_id == school_id)
    return (
        _branch(
            Happened.COMPLETED, Completion.completed_at, who=Person.name, what=type_coerce(Completion.basis, String)
        )
        .select_from(Completion)
        .join(Person, Person.id == Completion.person_id)
        .where(Completion.person_id.in_(people), Completion.revoked_at.is_(None), worked_here)
    )


def _sessions(school_id: int) -> Select[Any]:
    return (
        _branch(
            Happened.GAVE_SESSION, SessionLog.received_at, day=SessionLog.day, who=Person.name,
            what=SessionLog.session_slug, number=SessionLog.head_count,
        )
        .select_from(SessionLog)
        .join(Person, Person.id == SessionLog.person_id)
        .where(SessionLog.school_id == school_id)
    )  # fmt: skip


def _audited(school_id: int) -> Select[Any]:
    return (
        _branch(AuditRow.act, AuditRow.happened_at, by=Person.name)
        .select_from(AuditRow)
        .outerjoin(Person, Person.id == AuditRow.actor_id)
        .where(AuditRow.subject_id == school_id, AuditRow.act.in_([kind.value for kind in AUDITED]))
    )


def list_events(school_id: int, *, pages: int = 1) -> Timeline:
    """What happened with a school, the newest first; ``pages`` times PER_PAGE entries."""
    everything = union_all(
        _notes(school_id),
        *_contacts(school_id),
        *_successions(school_id),
        _invited(school_id),
        *_members(school_id),
        _completions(school_id),
        _sessions(school_id),
        _audited(school_id),
    ).subquery()
    limit = pages * PER_PAGE
    rows = db.session.execute(
        select(everything).order_by(everything.c.day.desc(), everything.c.at.desc(), everything.c.kind).limit(limit + 1)
    ).all()
    events = [Event(**{name: value for name, value in row._mapping.items() if name != "at"}) for row in rows[:limit]]
    return Timeline(events=events, has_more=len(rows) > limit, pages=pages)
