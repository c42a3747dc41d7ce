"""What waits for somebody, as clauses: the work list of O&S and the reminders by mail mean the same by them.

Each clause takes the moment to look from and stands over the tables it names. None reads through answers or attempts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.learning.tables import Completion, Evidence
from lms.monitoring.rules.attention import (
    LOOK_BACK,
    PLAN_COUNTS_FOR,
    STUCK_AFTER,
    UNANSWERED_AFTER,
    WITHOUT_SESSION_AFTER,
    confirmed_since,
    today,
)
from lms.pack.tables import Plan, Question, SessionLog
from lms.people.tables import Person
from lms.schools.rules.following import Interest
from lms.schools.tables import Contact, InvitedColleague, Membership, School, Succession


def is_reachable() -> ColumnElement[bool]:
    """Over ``Person``: an account that is open and stays open."""
    return and_(Person.disabled_at.is_(None), Person.deletion_asked_at.is_(None), Person.erased_at.is_(None))


def works_somewhere() -> ColumnElement[bool]:
    """Over ``Person``: somebody who works at a school now."""
    return exists().where(Membership.person_id == Person.id, Membership.ended_at.is_(None)).correlate(Person)


# ── schools ────────────────────────────────────────────────────────────────


def is_followed(moment: datetime) -> ColumnElement[bool]:
    """Over ``School``: not set aside as *geen interesse*, nor as *later* with a day that is still to come."""
    return or_(
        School.interest.is_(None), and_(School.interest == Interest.LATER, School.interest_until <= today(moment))
    )


def may_be_asked_again(moment: datetime) -> ColumnElement[bool]:
    """Over ``School``: it said *later*, and that day is there."""
    return and_(School.interest == Interest.LATER, School.interest_until <= today(moment))


def lacks_contact() -> ColumnElement[bool]:
    """Over ``School``: nobody is the aanspreekpunt and nobody was asked, or the account of who is was closed."""
    return ~exists().where(Contact.school_id == School.id, Contact.ended_at.is_(None), _not_closed()).correlate(School)


def _not_closed() -> ColumnElement[bool]:
    """Over ``Contact``: whoever it is has an account that is open, or none yet."""
    # Closed accounts are few, and found by an index of their own; looking up every aanspreekpunt would take longer.
    closed = select(Person.id).where(Person.disabled_at.is_not(None))
    return or_(Contact.person_id.is_(None), Contact.person_id.not_in(closed))


def vacant_since() -> ScalarSelect[Any]:
    """Over ``School``: when its last aanspreekpunt stopped; empty when it never had one."""
    return (
        select(func.max(Contact.ended_at))
        .where(Contact.school_id == School.id, Contact.accepted_at.is_not(None))
        .correlate(School)
        .scalar_subquery()
    )


# ── the aanspreekpunt and who was invited ──────────────────────────────────


def is_unanswered(moment: datetime) -> ColumnElement[bool]:
    """Over ``Contact``: asked to be the aanspreekpunt more than a week ago, and no answer."""
    return and_(
        Contact.accepted_at.is_(None), Contact.ended_at.is_(None), Contact.appointed_at < moment - UNANSWERED_AFTER
    )


def is_unanswered_successor(moment: datetime) -> ColumnElement[bool]:
    """Over ``Succession``: asked to take over more than a week ago, and no answer."""
    return and_(Succession.is_open(), Succession.asked_at < moment - UNANSWERED_AFTER)


def is_unanswered_colleague(moment: datetime) -> ColumnElement[bool]:
    """Over ``InvitedColleague``: mailed more than a week ago and not in yet, by this link or another way."""
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
    return and_(
        InvitedColleague.accepted_at.is_(None),
        InvitedColleague.withdrawn_at.is_(None),
        InvitedColleague.sent_at < moment - UNANSWERED_AFTER,
        ~came_otherwise,
    )


def is_unconfirmed(moment: datetime) -> ColumnElement[bool]:
    """Over ``Contact``: the aanspreekpunt who did not say yet to go on in this school year."""
    return and_(Contact.accepted_now(), said_yes() < confirmed_since(moment))


def said_yes() -> ColumnElement[datetime]:
    """Over ``Contact``: when the aanspreekpunt last said yes; there is an index with this expression."""
    return func.coalesce(Contact.confirmed_at, Contact.accepted_at, type_=Contact.accepted_at.type)


# ── begeleiders ────────────────────────────────────────────────────────────


def last_shown() -> ScalarSelect[Any]:
    """Over ``Person``: when somebody last showed something new in the course; empty for who never began."""
    return (
        select(func.max(Evidence.shown_at)).where(Evidence.person_id == Person.id).correlate(Person).scalar_subquery()
    )


def is_stuck(moment: datetime) -> ColumnElement[bool]:
    """Over ``Person``: began the course, got no further for three weeks, and has not finished it in any way."""
    last = last_shown()
    return and_(
        last.between(moment - LOOK_BACK, moment - STUCK_AFTER),
        ~exists().where(Completion.person_id == Person.id).correlate(Person),
        is_reachable(),
    )


def is_where_somebody_stopped(moment: datetime) -> ColumnElement[bool]:
    """Over ``Evidence`` joined with its ``Person``: the last thing shown by somebody for whom ``is_stuck`` holds.

    It means the same, and lets the database walk back through what was shown and stop at the lines it needs.
    """
    later = aliased(Evidence)
    went_on = (
        exists()
        .where(
            later.person_id == Evidence.person_id,
            or_(later.shown_at > Evidence.shown_at, and_(later.shown_at == Evidence.shown_at, later.id > Evidence.id)),
        )
        .correlate(Evidence)
    )
    finished = exists().where(Completion.person_id == Evidence.person_id).correlate(Evidence)
    return and_(
        Evidence.shown_at.between(moment - LOOK_BACK, moment - STUCK_AFTER), ~went_on, ~finished, is_reachable()
    )


def waits_for_session(moment: datetime) -> ColumnElement[bool]:
    """Over ``Completion`` joined with its ``Person``: the pack is open for a month, no session is given or planned."""
    given = exists().where(SessionLog.person_id == Completion.person_id).correlate(Completion)
    planned = (
        exists()
        .where(Plan.person_id == Completion.person_id, Plan.day >= today(moment) - PLAN_COUNTS_FOR)
        .correlate(Completion)
    )
    return and_(
        Completion.revoked_at.is_(None),
        Completion.completed_at.between(moment - LOOK_BACK, moment - WITHOUT_SESSION_AFTER),
        ~given,
        ~planned,
        is_reachable(),
    )


def waits_for_answer() -> ColumnElement[bool]:
    """Over ``Question``: a begeleider sent it to O&S and nobody answered."""
    return and_(Question.sent_at.is_not(None), Question.answered_at.is_(None))
