"""What waits for somebody: each condition holds from the day it should, and not a day before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, select

from lms.clock import now
from lms.database import db
from lms.learning.rules.completion import Basis
from lms.learning.tables import Completion, Evidence
from lms.monitoring.queries import attention
from lms.monitoring.rules.attention import confirmed_since, is_reported, today
from lms.pack.tables import Plan, Question, SessionLog
from lms.people.tables import Person
from lms.schools.rules.following import Interest
from lms.schools.tables import Contact, InvitedColleague, School
from tests.factories import make_contact_person, make_person, make_school

pytestmark = pytest.mark.both
MOMENT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def ago(days: float) -> datetime:
    return MOMENT - timedelta(days=days)


def who(table: Any, clause: ColumnElement[bool], *joins: Any) -> list[int]:
    statement = select(table.id)
    for join in joins:
        statement = statement.join(*join)
    return list(db.session.scalars(statement.where(clause).order_by(table.id)))


def keep(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row


def busy(days: float, **fields: Any) -> Person:
    """Somebody who last showed something so many days ago, and one thing long before."""
    person = make_person(**fields)
    for number, when in enumerate((ago(days), ago(days + 2))):
        db.session.add(Evidence(person_id=person.id, course_id="navorming", ref=f"exercise:x{number}", shown_at=when))
    db.session.commit()
    return person


def complete(person: Person, days: float, **fields: Any) -> Completion:
    values = {
        "person_id": person.id, "course_id": "navorming", "basis": Basis.COURSE, "course_version": 1,
        "rule_version": 1, "content_digest": "d", "completed_at": ago(days),
    }  # fmt: skip
    return keep(Completion(**values | fields))  # type: ignore[no-any-return]


def test_somebody_is_stuck_after_three_weeks_and_no_longer_after_a_year(app: Flask) -> None:
    stuck = [busy(21.1).id, busy(364).id]
    busy(20.9)
    busy(366)
    make_person()
    assert who(Person, attention.is_stuck(MOMENT)) == stuck


@pytest.mark.parametrize("fields", [{"disabled_at": ago(1)}, {"deletion_asked_at": ago(1)}, {"erased_at": ago(1)}])
def test_an_account_that_is_closed_or_leaves_is_not_stuck(app: Flask, fields: dict[str, Any]) -> None:
    busy(30, **fields)
    assert who(Person, attention.is_stuck(MOMENT)) == []


def test_whoever_finished_in_any_way_is_not_stuck(app: Flask) -> None:
    complete(busy(30), 40, basis=Basis.GRANTED)
    complete(busy(30), 40, revoked_at=ago(2))
    assert who(Person, attention.is_stuck(MOMENT)) == []


def log_of(person: Person, day: date) -> SessionLog:
    return SessionLog(
        person_id=person.id, client_id=f"c{person.id}", group_mark="m", school_year=2026, session_slug="wie-ben-jij",
        day=day, head_count=12, asked=[], content_digest="d", received_at=MOMENT, changed_at=MOMENT,
    )  # fmt: skip


def plan_of(person: Person, day: date | None) -> Plan:
    return Plan(
        person_id=person.id, key=f"k{person.id}", session_slug="wie-ben-jij", label="", hours=[50], day=day, devices=[],
        changes=[], content_digest="d", created_at=MOMENT, changed_at=MOMENT,
    )  # fmt: skip


def test_an_open_pack_waits_after_a_month_without_session(app: Flask) -> None:
    waiting = make_person()
    done = [complete(waiting, 30.1).id]
    complete(make_person(), 29.9)
    complete(make_person(), 60, revoked_at=ago(1))
    complete(make_person(), 400)
    gave, plans, planned, dateless = (make_person() for _ in range(4))
    for person in (gave, plans, planned):
        complete(person, 60)
    done.append(complete(dateless, 60).id)
    keep(log_of(gave, date(2026, 11, 2)))
    keep(plan_of(plans, date(2026, 12, 1)))
    keep(plan_of(planned, date(2026, 10, 25)))
    keep(plan_of(dateless, None))
    joined = (Person, Person.id == Completion.person_id)
    assert who(Completion, attention.waits_for_session(MOMENT), joined) == done


def test_a_plan_of_long_ago_no_longer_counts(app: Flask) -> None:
    person = make_person()
    completion = complete(person, 60)
    keep(plan_of(person, date(2026, 10, 1)))
    joined = (Person, Person.id == Completion.person_id)
    assert who(Completion, attention.waits_for_session(MOMENT), joined) == [completion.id]


def contact(school: School, **fields: Any) -> Contact:
    values = {"school_id": school.id, "name": "Els", "email": "els@school.example", "appointed_at": ago(100)}
    return keep(Contact(**values | fields))  # type: ignore[no-any-return]


def test_a_question_to_be_aanspreekpunt_waits_after_a_week(app: Flask) -> None:
    late = contact(make_school(), appointed_at=ago(7.1))
    contact(make_school(), appointed_at=ago(6.9))
    contact(make_school(), accepted_at=ago(50))
    contact(make_school(), ended_at=ago(50))
    assert who(Contact, attention.is_unanswered(MOMENT)) == [late.id]


def test_an_invited_colleague_waits_unless_they_came_in_otherwise(app: Flask) -> None:
    school = make_school()
    made = {}
    for name, fields in {
        "late": {}, "fresh": {"sent_at": ago(3)}, "in": {"accepted_at": ago(2)}, "back": {"withdrawn_at": ago(2)},
        "came": {},
    }.items():  # fmt: skip
        values: dict[str, Any] = {"invited_at": ago(20), "sent_at": ago(20)}
        row = InvitedColleague(school_id=school.id, email=f"{name}@school.example", name="", **values | fields)
        made[name] = keep(row).id
    make_person(school=school, email="came@school.example")
    assert who(InvitedColleague, attention.is_unanswered_colleague(MOMENT)) == [made["late"]]


@pytest.mark.parametrize(
    ("accepted", "confirmed", "waits"),
    [
        (datetime(2025, 10, 1, tzinfo=UTC), None, True),
        (datetime(2025, 10, 1, tzinfo=UTC), datetime(2025, 9, 3, tzinfo=UTC), True),
        (datetime(2025, 10, 1, tzinfo=UTC), datetime(2026, 9, 3, tzinfo=UTC), False),
        (datetime(2026, 8, 20, tzinfo=UTC), None, False),
        (datetime(2026, 6, 30, 20, tzinfo=UTC), None, True),
        # In Brussels it is July already.
        (datetime(2026, 6, 30, 22, tzinfo=UTC), None, False),
    ],
)
def test_an_aanspreekpunt_confirms_once_a_school_year(
    app: Flask, accepted: datetime, confirmed: datetime | None, waits: bool
) -> None:
    row = contact(make_school(), accepted_at=accepted, confirmed_at=confirmed)
    assert who(Contact, attention.is_unconfirmed(MOMENT)) == ([row.id] if waits else [])


def test_the_school_year_begins_in_september_and_o_and_s_looks_from_october() -> None:
    assert confirmed_since(datetime(2026, 8, 31, 12, tzinfo=UTC)) == datetime(2025, 6, 30, 22, tzinfo=UTC)
    assert confirmed_since(datetime(2026, 8, 31, 22, tzinfo=UTC)) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    reported = [
        datetime(2026, 10, 1, tzinfo=UTC),
        datetime(2027, 8, 31, tzinfo=UTC),
        datetime(2026, 9, 30, 22, tzinfo=UTC),
    ]
    assert all(is_reported(moment) for moment in reported)
    assert not is_reported(datetime(2026, 9, 30, 21, tzinfo=UTC)) and not is_reported(datetime(2026, 9, 1, tzinfo=UTC))


def test_a_school_is_set_aside_until_its_day(app: Flask) -> None:
    free = make_school().id
    make_school(interest=Interest.NONE, interest_reason="Wil niet.")
    make_school(interest=Interest.LATER, interest_until=today(MOMENT) + timedelta(days=1))
    come = make_school(interest=Interest.LATER, interest_until=today(MOMENT)).id
    assert who(School, attention.is_followed(MOMENT)) == [free, come]
    assert who(School, attention.may_be_asked_again(MOMENT)) == [come]


def test_a_school_lacks_an_aanspreekpunt_when_nobody_is_or_was_asked(app: Flask) -> None:
    never, stopped, asked, has, closed = (make_school() for _ in range(5))
    contact(stopped, accepted_at=ago(90), ended_at=ago(9))
    contact(stopped, ended_at=ago(3))
    contact(asked)
    make_contact_person(has)
    person = make_contact_person(closed)
    db.session.get_one(Person, person.id).disabled_at = now()
    db.session.commit()
    assert who(School, attention.lacks_contact()) == [never.id, stopped.id, closed.id]
    rows = db.session.execute(select(School.id, attention.vacant_since().label("since")).order_by(School.id)).all()
    assert {row.id: row.since for row in rows} == {
        never.id: None, stopped.id: ago(9), asked.id: None, has.id: None, closed.id: None,
    }  # fmt: skip


def test_a_question_waits_once_it_was_sent(app: Flask) -> None:
    person = make_person()
    made = []
    for number, fields in enumerate(({}, {"sent_at": ago(2)}, {"sent_at": ago(2), "answered_at": ago(1)})):
        row = Question(
            person_id=person.id, client_id=f"q{number}", session_slug="wie-ben-jij", text="Hoe dan?", parked_at=ago(3),
            **fields,
        )  # fmt: skip
        made.append(keep(row).id)
    assert who(Question, attention.waits_for_answer()) == [made[1]]
