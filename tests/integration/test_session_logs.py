"""The rows of a session that was given: once, of its own begeleider, and counted for the right group and school."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.clock import now
from lms.database import db
from lms.errors import NotFound, Stale
from lms.pack import actions as groups
from lms.pack import queries as plans
from lms.pack.actions import logs
from lms.pack.queries import logs as queries
from lms.pack.rules.logs import LogFacts, ParkedFacts
from lms.pack.tables import GroupFacts, LoggedBlock, Question, SessionLog
from lms.schools.rules import SchoolKind
from tests.factories import give_session, make_person, make_school
from tests.server import together
from tests.world import UNKNOWN_ID, end_transaction, library_of


def add_group(person: int, label: str = "6 TSO", school: int | None = None) -> int:
    facts = GroupFacts(label=label, school_id=school, school_year=2026, kind=SchoolKind.SECONDARY)
    return groups.add_group(facts, by=person)


def facts(**fields: Any) -> LogFacts:
    values: dict[str, Any] = {
        "session_slug": "wie-ben-jij", "day": date(2026, 11, 5), "head_count": 12, "mood": None, "worked": "",
        "asked": (), "blocks": (),
    }  # fmt: skip
    return LogFacts(**values | fields)


def row(log_id: int) -> SessionLog:
    end_transaction()
    return db.session.scalars(select(SessionLog).where(SessionLog.id == log_id)).one()


def count(table: type) -> int:
    end_transaction()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.both
def test_eight_times_the_same_log_at_once_is_one_row_with_its_questions_once(app: Flask) -> None:
    person = make_person().id
    parked = (ParkedFacts(client_id="vraag-van-deze-les", text="Kost dat veel?", exercise_id=None, parked_at=now()),)

    def send(_number: int) -> int:
        with app.app_context():
            return logs.log_session(facts(parked=parked), client_id="log-van-deze-les", by=person)

    assert len(set(together(8, send))) == 1
    assert count(SessionLog) == 1 and count(Question) == 1


def test_two_people_may_have_the_same_id_for_their_log(app: Flask) -> None:
    one, other = make_person().id, make_person().id
    ids = {logs.log_session(facts(), client_id="log-van-deze-les", by=person) for person in (one, other)}
    assert len(ids) == 2


def test_the_logs_of_a_group_share_a_mark_that_outlives_it(app: Flask) -> None:
    school = make_school()
    person = make_person(school=school).id
    school_id = school.id
    group = add_group(person, school=school_id)
    live = library_of(app)
    first = give_session(live, person, group_id=group)
    second = give_session(live, person, slug="talenten", group_id=group)
    alone = give_session(live, person)
    marks = [row(log).group_mark for log in (first, second, alone)]
    assert marks[0] == marks[1] != marks[2]
    assert (row(first).school_id, row(first).school_year) == (school_id, 2026)
    # Without group it counts for the only school of the begeleider.
    assert row(alone).school_id == school_id
    groups.remove_group(group, by=person)
    assert row(first).group_id is None and row(first).group_mark == marks[0] and row(first).school_id == school_id


def test_a_plan_or_group_of_somebody_else_is_left_out(app: Flask) -> None:
    owner, stranger = make_person().id, make_person().id
    group = add_group(owner)
    for group_id in (group, UNKNOWN_ID):
        log = row(give_session(library_of(app), stranger, group_id=group_id, plan_id=UNKNOWN_ID))
        assert log.group_id is None and log.plan_id is None


def test_a_log_is_changed_and_removed_by_its_owner_alone(app: Flask) -> None:
    owner, stranger = make_person().id, make_person().id
    log = give_session(library_of(app), owner)
    with pytest.raises(NotFound):
        logs.change_log(log, facts(), version=1, by=stranger)
    with pytest.raises(NotFound):
        logs.remove_log(log, by=stranger)
    logs.change_log(log, facts(head_count=9), version=1, by=owner)
    assert row(log).head_count == 9 and row(log).version == 2 and count(LoggedBlock) == 0
    with pytest.raises(Stale):
        logs.change_log(log, facts(head_count=8), version=1, by=owner)
    end_transaction()
    logs.remove_log(log, by=owner)
    assert count(SessionLog) == 0


def test_the_list_tells_planned_and_actual_minutes_in_one_statement(app: Flask) -> None:
    person = make_person().id
    group = add_group(person)
    live = library_of(app)
    total = sum(one.minutes for one in live.sessions[0].exercises)
    give_session(live, person, group_id=group, late=2, day=date(2026, 11, 5))
    give_session(live, person, slug="talenten", day=date(2026, 11, 6))
    cards = queries.list_logs(person)
    assert [card.session_slug for card in cards] == ["talenten", "wie-ben-jij"]
    assert (cards[1].planned, cards[1].actual) == (total, total + 2 * len(live.sessions[0].exercises))
    assert cards[1].group_label == "6 TSO"
    assert [card.session_slug for card in queries.list_logs(person, group_id=group)] == ["wie-ben-jij"]


def test_a_group_tells_what_was_done_with_it(app: Flask) -> None:
    person = make_person().id
    group = add_group(person)
    live = library_of(app)
    give_session(live, person, group_id=group, day=date(2026, 10, 1))
    last = give_session(live, person, group_id=group, day=date(2026, 11, 1))
    give_session(live, make_person().id)
    (card,) = plans.list_groups(person)
    assert {slug: (done.id, done.day) for slug, done in card.done.items()} == {"wie-ben-jij": (last, date(2026, 11, 1))}
