"""Who meets a rule for reminders, and what was sent. One statement a rule, whatever the number of people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, null, or_, select

from lms.clock import now
from lms.database import db
from lms.learning.tables import Completion, Evidence
from lms.monitoring.queries import attention
from lms.monitoring.queries.totals import totals
from lms.monitoring.rules import PAGE
from lms.monitoring.rules.attention import today
from lms.monitoring.rules.reminders import (
    ABOUT_CONTACTS,
    BETWEEN,
    BY_NAME,
    NOT_BEGUN_AFTER,
    NOT_BEGUN_UNTIL,
    Due,
    ReminderState,
    RuleName,
    begin_of_day,
    begin_of_school_year,
    is_asked_to_confirm,
    week_of,
)
from lms.monitoring.tables.reminders import Reminder, ReminderSwitch
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.tables import Contact, Invitation, School


@dataclass(frozen=True, kw_only=True)
class DuePage:
    """Some of those who meet a rule now, and how many there are."""

    rows: list[Due]
    total: int


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """One page of what was sent, the newest first, and how many pages there are."""

    rows: list[Reminder]
    page: int
    pages: int
    total: int


# ── who meets a rule ───────────────────────────────────────────────────────
# Each gives the columns of ``Due`` in their order, without ``rule``. The first one is the row that the rule is about.


def _people(condition: ColumnElement[bool], since: Any) -> Select[Any]:
    return select(
        Person.id, Person.id, null(), Person.name, Person.email, since.label("since"), null().label("school")
    ).where(condition, Person.role == Role.FACILITATOR, Person.reminders_stopped_at.is_(None), attention.is_reachable())


def _stuck(moment: datetime) -> Select[Any]:
    return _people(attention.is_stuck(moment), attention.last_shown())


def _not_begun(moment: datetime) -> Select[Any]:
    return _people(
        and_(
            Person.created_at.between(moment - NOT_BEGUN_UNTIL, moment - NOT_BEGUN_AFTER),
            ~exists().where(Evidence.person_id == Person.id).correlate(Person),
            ~exists().where(Completion.person_id == Person.id).correlate(Person),
        ),
        Person.created_at,
    )


def _no_session(moment: datetime) -> Select[Any]:
    return _people(attention.waits_for_session(moment), Completion.completed_at).join(
        Completion, Completion.person_id == Person.id
    )


def _asked(moment: datetime) -> Any:
    """Whoever was asked, with the account that has this address, if there is one and it is open."""
    return (
        select(Contact.id, Person.id, Contact.id, Contact.name, Contact.email, Contact.appointed_at, School.name)
        .join(School, School.id == Contact.school_id)
        .outerjoin(Person, Person.email == Contact.email)
        .where(
            attention.is_unanswered(moment),
            attention.is_followed(moment),
            Contact.reminders_stopped_at.is_(None),
            or_(Person.id.is_(None), and_(Person.reminders_stopped_at.is_(None), attention.is_reachable())),
        )
    )


def _confirm(moment: datetime) -> Any:
    return (
        select(Contact.id, Person.id, Contact.id, Person.name, Person.email, Contact.accepted_at, School.name)
        .join(School, School.id == Contact.school_id)
        .join(Person, Person.id == Contact.person_id)
        .where(
            attention.is_unconfirmed(moment) if is_asked_to_confirm(moment) else false(),
            attention.is_followed(moment),
            Person.reminders_stopped_at.is_(None),
            attention.is_reachable(),
        )
    )


_MEETS: dict[RuleName, tuple[Callable[[datetime], Any], Any, Any]] = {
    RuleName.ASKED: (_asked, Contact.id, Contact.email),
    RuleName.CONFIRM: (_confirm, Contact.id, Person.email),
    RuleName.NO_SESSION: (_no_session, Person.id, Person.email),
    RuleName.STUCK: (_stuck, Person.id, Person.email),
    RuleName.NOT_BEGUN: (_not_begun, Person.id, Person.email),
}


def _same_person(email: Any) -> ColumnElement[bool]:
    """Over ``Reminder``: to this account or to this address."""
    return or_(Reminder.person_id == Person.id, Reminder.email == email)


def _had_enough(name: RuleName, email: Any, moment: datetime) -> ColumnElement[bool]:
    """Whether somebody had a reminder within the week, this one not long ago, or this one often enough already."""
    rule, whose = BY_NAME[name], _same_person(email)
    counts = Reminder.state != ReminderState.DROPPED
    lately = exists().where(
        whose,
        or_(
            # What was dropped today is not written again the same day.
            Reminder.composed_at >= begin_of_day(moment),
            and_(counts, or_(Reminder.composed_at > moment - BETWEEN, Reminder.week == week_of(moment))),
            and_(counts, Reminder.rule == name, Reminder.composed_at > moment - rule.again),
        ),
    )
    times = (
        select(func.count())
        .select_from(Reminder)
        .where(whose, counts, Reminder.rule == name, Reminder.composed_at >= begin_of_school_year(moment))
    )
    return or_(
        lately.correlate(Person, Contact), times.correlate(Person, Contact).scalar_subquery() >= literal(rule.at_most)
    )


def count_due(name: RuleName) -> int:
    """How many people would get the mail of this rule now."""
    asked = ("due", name, today(now()))
    known = totals.get(*asked)
    if known is None:
        statement, _row_id = _due_now(name)
        counted = statement.with_only_columns(func.count(), maintain_column_froms=True)
        known = (db.session.scalar(counted) or 0,)
        totals.keep(*asked, totals=known)
    return known[0]


def list_due(name: RuleName, *, offset: int = 0) -> DuePage:
    """Who would get the mail of this rule now, by the id of the row it is about, and how many. Two statements."""
    statement, row_id = _due_now(name)
    found = db.session.execute(statement.order_by(row_id).limit(PAGE).offset(offset))
    return DuePage(rows=[_due(name, row) for row in found], total=count_due(name))


def list_next_due(name: RuleName, *, after: int, limit: int) -> list[Due]:
    """The next people of a walk along this rule, behind the row with id ``after``. Nobody is counted."""
    statement, row_id = _due_now(name)
    rows = db.session.execute(statement.where(row_id > after).order_by(row_id).limit(limit))
    return [_due(name, row) for row in rows]


def _due_now(name: RuleName) -> tuple[Any, Any]:
    moment = now()
    meets, row_id, email = _MEETS[name]
    return meets(moment).where(~_had_enough(name, email, moment)), row_id


def _due(name: RuleName, row: Any) -> Due:
    id_, person_id, contact_id, person_name, email, since, school = row[:7]
    return Due(
        rule=name, id=id_, person_id=person_id, contact_id=contact_id, name=person_name, email=email, since=since,
        school=school,
    )  # fmt: skip


# ── when it leaves ─────────────────────────────────────────────────────────


def still_holds(reminder_id: int) -> bool:
    """Whether the rule is still on, and still met by whoever this reminder is for, at the same address."""
    reminder = db.session.get(Reminder, reminder_id)
    if reminder is None or reminder.rule not in list_rules_on():
        return False
    meets, row_id, email = _MEETS[reminder.rule]
    about = reminder.contact_id if reminder.rule in ABOUT_CONTACTS else reminder.person_id
    return bool(db.session.execute(meets(now()).where(row_id == about, email == reminder.email).limit(1)).one_or_none())


def find_reminder(reminder_id: int) -> Reminder | None:
    return db.session.get(Reminder, reminder_id)


def list_other_links(reminder: Reminder) -> list[Invitation]:
    """The links of the same question that still count, besides the one in this reminder."""
    return list(
        db.session.scalars(
            select(Invitation).where(
                Invitation.contact_id == reminder.contact_id,
                Invitation.id != reminder.invitation_id,
                Invitation.used_at.is_(None),
            )
        )
    )


# ── switches and log ───────────────────────────────────────────────────────


def list_rules_on() -> frozenset[RuleName]:
    return frozenset(db.session.scalars(select(ReminderSwitch.rule).where(ReminderSwitch.is_on)))


def find_switch(name: RuleName) -> ReminderSwitch | None:
    """The switch of a rule, locked."""
    return db.session.scalar(select(ReminderSwitch).where(ReminderSwitch.rule == name).with_for_update())


def list_reminders(*, page: int = 1) -> LogPage:
    """What was written, in two statements. ``page`` counts from 1."""
    total = db.session.scalar(select(func.count()).select_from(Reminder)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = db.session.scalars(
        select(Reminder).order_by(Reminder.composed_at.desc(), Reminder.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    )
    return LogPage(rows=list(rows), page=page, pages=pages, total=total)
