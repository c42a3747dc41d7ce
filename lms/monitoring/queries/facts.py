"""What is true of a school, as SQL clauses over ``School``: one place, so that figures and the rows behind them agree.

Each fact stands on its own: a school where somebody finished may have lost its aanspreekpunt. The stage of a school is
the furthest fact; ``stage_clause`` says it in SQL as ``stage_of`` says it of one school.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, literal, or_, select

from lms.clock import BRUSSELS, now
from lms.learning.tables import Completion, Evidence
from lms.pack.rules.planning import school_year_of
from lms.pack.tables import SessionLog
from lms.schools.rules import Stage
from lms.schools.rules.following import NoteKind
from lms.schools.tables import Contact, ContactNote, Membership, School

# A note is what somebody heard or wants to keep: no contact with the school.
CONTACTS = (NoteKind.PHONE, NoteKind.MAIL, NoteKind.VISIT)


def this_school_year() -> int:
    """The school year of today in Brussels, named by the year in which it began."""
    return school_year_of(now().astimezone(BRUSSELS).date())


# ── of one person, over Membership ─────────────────────────────────────────


def person_has_started() -> ColumnElement[bool]:
    return exists().where(Evidence.person_id == Membership.person_id).correlate(Membership)


def person_has_completed() -> ColumnElement[bool]:
    return (
        exists()
        .where(Completion.person_id == Membership.person_id, Completion.revoked_at.is_(None))
        .correlate(Membership)
    )


def count_people(*conditions: ColumnElement[bool]) -> Any:
    """How many people for whom this holds work at the school now; people whose account was erased still count."""
    return (
        select(func.count())
        .select_from(Membership)
        .where(Membership.school_id == School.id, Membership.ended_at.is_(None), *conditions)
        .correlate(School)
        .scalar_subquery()
    )


def anybody(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Does somebody for whom this holds work at the school now?"""
    return (
        exists().where(Membership.school_id == School.id, Membership.ended_at.is_(None), *conditions).correlate(School)
    )


# ── the facts ──────────────────────────────────────────────────────────────


def was_contacted() -> ColumnElement[bool]:
    """There was contact by phone, mail or visit, or somebody was ever asked to be aanspreekpunt."""
    return or_(
        exists().where(Contact.school_id == School.id).correlate(School),
        exists().where(ContactNote.school_id == School.id, ContactNote.kind.in_(CONTACTS)).correlate(School),
    )


def has_contact_person() -> ColumnElement[bool]:
    """Somebody said yes and still is the aanspreekpunt."""
    return exists().where(Contact.school_id == School.id, Contact.accepted_now()).correlate(School)


def has_started() -> ColumnElement[bool]:
    """Somebody who works there began the course."""
    return anybody(person_has_started())


def has_completed() -> ColumnElement[bool]:
    """Somebody who works there has an open pack."""
    return anybody(person_has_completed())


def in_use(school_year: int) -> ColumnElement[bool]:
    """A session was given at the school in this school year."""
    return exists().where(SessionLog.school_id == School.id, SessionLog.school_year == school_year).correlate(School)


def fact_of(stage: Stage) -> ColumnElement[bool]:
    """The fact behind a stage, whatever else is true; of ``KNOWN`` there is none, so it is always true."""
    facts: dict[Stage, Callable[[], ColumnElement[bool]]] = {
        Stage.KNOWN: lambda: School.id.is_not(None),
        Stage.CONTACTED: was_contacted,
        Stage.CONTACT_PERSON: has_contact_person,
        Stage.COURSE_STARTED: has_started,
        Stage.PACK_OPEN: has_completed,
        Stage.IN_USE: lambda: in_use(this_school_year()),
    }
    return facts[stage]()


def stage_clause() -> ColumnElement[int]:
    """The stage of a school as a number: the furthest fact, each looked at only when none further is true."""
    further = [stage for stage in sorted(Stage, reverse=True) if stage is not Stage.KNOWN]
    return case(*((fact_of(stage), literal(stage.value)) for stage in further), else_=literal(Stage.KNOWN.value))


def last_contact() -> Any:
    """The day of the last call, mail or visit; empty when there was none."""
    return (
        select(func.max(ContactNote.day))
        .where(ContactNote.school_id == School.id, ContactNote.kind.in_(CONTACTS))
        .correlate(School)
        .scalar_subquery()
    )
