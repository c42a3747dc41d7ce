"""How many statements a page costs: a small number for learners, the same number for staff at any size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert

from lms.clock import now
from lms.database import db
from lms.learning.forms import new_key
from lms.learning.rules import Result
from lms.learning.tables import Attempt, Evidence
from lms.people.actions.accounts import invite_staff
from lms.permissions import Role
from lms.schools.tables import Membership, School, SchoolWish
from tests.factories import make_contact_person, make_finished, make_person, make_school
from tests.server import Visit
from tests.world import make_invitee, visitor_of

pytestmark = pytest.mark.both

LEARNER, LIST = 6, 10

# What begins, ends or prepares a transaction is no question to the database.
FRAME = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA|SET TRANSACTION|SAVEPOINT|RELEASE)", re.IGNORECASE)
WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that the site sends inside."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not FRAME.match(statement):
            seen.append(statement)

    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def cost(visit: Visit, path: str) -> int:
    with statements() as seen:
        reply = visit.get(path)
    assert reply.status == 200, path
    return len(seen)


PAGES = (
    "/navorming",
    "/navorming/klein/eerste-les",
    "/navorming/klein/tweede-les",
    "/navorming/klein/alle-soorten",
    "/navorming/klein/alle-soorten?opnieuw=x-order",
    "/navorming/gesprek/robin",
    "/navorming/gesprek/sam",
    "/navorming/doorloop/klein",
    "/navorming/toets",
    "/navorming/mijn-antwoorden",
    "/navorming/wat-leerde-ik",
    "/navorming/zoeken?q=vraag",
    "/navorming/klaar",
    "/pakket",
    "/pakket/kleine-sessie",
    "/pakket/kleine-sessie?start=10.25",
    "/account",
    "/account/scholen",
)


def much_history(person_id: int, count: int) -> None:
    """So many answers and so much evidence of one person."""
    db.session.execute(
        insert(Attempt),
        [
            {
                "person_id": person_id, "exercise_id": ("x1", "x-order", "x2")[number % 3], "key": f"{number}-{new_key()}"[:64],
                "answer": {"choice": "a"}, "result": Result.WRONG, "content_digest": "d", "created_at": now(),
            }
            for number in range(count)
        ],
    )  # fmt: skip
    db.session.commit()


def test_every_page_of_a_learner_is_a_handful_of_statements(rich: Flask) -> None:
    school = make_school()
    make_contact_person(school)
    person = make_finished(rich.extensions["shelf"].library, school=school)
    visit = Visit(rich, person.id)
    costs = {path: cost(visit, path) for path in PAGES}
    assert max(costs.values()) <= LEARNER, costs
    much_history(person.id, 500)
    assert {path: cost(visit, path) for path in PAGES} == costs


def test_the_counting_sees_a_page_that_asks_per_row(rich: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: one question more for each exercise on the page."""
    from lms.learning import queries

    visit = Visit(rich, make_person().id)
    once = queries.last_attempts

    def careless(person_id: int, exercise_ids: Any, course: Any) -> Any:
        for exercise_id in exercise_ids:
            once(person_id, [exercise_id], course)
        return once(person_id, exercise_ids, course)

    monkeypatch.setattr(queries, "last_attempts", careless)
    assert cost(visit, "/navorming/klein/alle-soorten") > LEARNER


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/navorming/klein/eerste-les/x1", {"choice": "b"}),
        ("/navorming/klein/alle-soorten/x-order", {"p-s1": "1", "p-s2": "2", "p-s3": "3"}),
        ("/navorming/klein/alle-soorten/x-reflection", {"text": "Een notitie."}),
        ("/navorming/klein/lezen", {}),
        ("/navorming/gesprek/sam/schriftelijk", {"choice": "a"}),
    ],
)
def test_an_answer_is_at_most_six_statements_of_which_three_write(rich: Flask, path: str, data: dict[str, str]) -> None:
    """The first time, when it leaves evidence; again; and the same form twice."""
    visit = Visit(rich, make_person().id)
    form = {**data, "key": new_key()}
    for again in (form, {**data, "key": new_key()}, form):
        with statements() as seen:
            assert visit.post(path, again).status == 303
        writes = [statement for statement in seen if WRITE.match(statement)]
        assert len(seen) <= 6, seen
        assert len(writes) <= 3, writes
    assert not writes, "the same form again writes nothing"


def test_a_refused_answer_writes_nothing(rich: Flask) -> None:
    visit = Visit(rich, make_person().id)
    with statements() as seen:
        assert visit.post("/navorming/klein/eerste-les/x1", {"choice": "", "key": new_key()}).status == 422
    assert len(seen) <= LEARNER and not [statement for statement in seen if WRITE.match(statement)]


def test_a_turn_and_a_test_answer_stay_small(rich: Flask) -> None:
    visit = Visit(rich, make_person().id)
    posts = [
        ("/navorming/gesprek/robin", {"position": "0", "option": "a"}),
        ("/navorming/gesprek/robin", {"position": "1", "option": "a"}),
        ("/navorming/toets", {}),
        *((f"/navorming/toets/q{number}", {"option": "b"}) for number in range(1, 6)),
        ("/navorming/toets/indienen", {}),
    ]
    for path, data in posts:
        with statements() as seen:
            assert visit.post(path, data).status in {303, 422}, path
        # The last turn of a conversation also keeps its ending and its evidence.
        assert len(seen) <= 8, (path, seen)
        assert len([statement for statement in seen if WRITE.match(statement)]) <= 3, (path, seen)


def test_the_step_that_completes_is_bounded_too(rich: Flask) -> None:
    """Completion and attest are two rows more, once in the life of a learner."""
    visit = Visit(rich, make_person().id)
    for path, data in (
        ("/navorming/klein/tweede-les/x2", {"choice": "a", "key": new_key()}),
        ("/navorming/klein/lezen", {}),
        ("/navorming/gesprek/robin", {"position": "0", "option": "b"}),
        ("/navorming/gesprek/sam", {"position": "0", "option": "a"}),
        ("/navorming/toets", {}),
        *((f"/navorming/toets/q{number}", {"option": "b"}) for number in range(1, 6)),
        ("/navorming/toets/indienen", {}),
    ):
        visit.post(path, data)
    with statements() as seen:
        reply = visit.post("/navorming/klein/eerste-les/x1", {"choice": "b", "key": new_key()})
    assert reply.location == "/navorming/klaar"
    assert len(seen) <= 10, seen


# ── staff ──────────────────────────────────────────────────────────────────


def grow(schools: int, people: int) -> list[int]:
    """So many schools with so many people each, of whom half began; gives the ids of the schools."""
    ids = []
    for number in range(schools):
        school = make_school(municipality=f"Gemeente {number}")
        ids.append(school.id)
        make_contact_person(school)
        for index in range(people):
            person = make_person(school=school)
            if index % 2:
                db.session.add(Evidence(person_id=person.id, course_id="navorming", ref="exercise:x1", shown_at=now()))
        db.session.add(SchoolWish(person_id=person.id, wish=f"Wens {number}", created_at=now()))
    db.session.commit()
    return ids


def test_staff_pages_cost_the_same_when_everything_doubles(rich: Flask) -> None:
    staff = Visit(rich, make_person(role=Role.OS_STAFF).id)
    first, *_ = grow(3, 3)
    paths = (
        "/scholen",
        "/scholen?toon=zonder",
        "/scholen?toon=bezig&zoek=school",
        f"/scholen/{first}",
        f"/scholen/{first}/aanspreekpunt/beeindigen",
        f"/scholen/{first}/uitnodigen",
        f"/scholen/{first}/affiche",
        "/scholen/nieuw",
    )
    before = {path: cost(staff, path) for path in paths}
    assert max(before.values()) <= LIST, before
    grow(3, 6)
    for _ in range(6):
        person = make_person()
        db.session.add(Membership(person_id=person.id, school_id=first, started_at=now()))
    db.session.commit()
    assert {path: cost(staff, path) for path in paths} == before


def test_the_pages_of_an_administrator_cost_the_same_with_more_accounts(rich: Flask) -> None:
    person = make_person(role=Role.ADMIN)
    admin = Visit(rich, person.id)
    paths = ("/beheer", "/beheer?zoek=persoon", f"/beheer/{make_person().id}", "/beheer/nieuw", "/account")

    def more(number: int) -> None:
        for role in Role:
            make_person(role=role)
        invite_staff(
            name="Nieuw", email=f"nieuw{number}@school.example", role=Role.OS_STAFF, by=visitor_of(person), link_base=""
        )
        Visit(rich, person.id)

    more(0)
    before = {path: cost(admin, path) for path in paths}
    # The account of staff also counts their recovery codes.
    assert max(before.values()) <= LEARNER + 1, before
    for number in range(1, 6):
        more(number)
    assert {path: cost(admin, path) for path in paths} == before


def test_the_page_of_the_aanspreekpunt_costs_the_same_with_more_colleagues(rich: Flask) -> None:
    school = make_school()
    visit = Visit(rich, make_contact_person(school).id)
    make_person(school=school)
    make_invitee(school.id, "een@school.example")
    before = cost(visit, "/mijn-school")
    assert before <= LIST
    for number in range(8):
        make_finished(rich.extensions["shelf"].library, school=school)
        make_invitee(school.id, f"nog{number}@school.example")
    assert cost(visit, "/mijn-school") == before


def test_registering_costs_the_same_with_more_schools(rich: Flask) -> None:
    stranger = Visit(rich)
    make_school()
    before = cost(stranger, "/registreren")
    db.session.execute(
        insert(School),
        [{"name": f"S{n}", "kind": "so", "municipality": "Genk", "created_at": now()} for n in range(200)],
    )
    db.session.commit()
    assert cost(stranger, "/registreren") == before <= 2


def test_public_pages_ask_the_database_nothing(rich: Flask) -> None:
    stranger = Visit(rich)
    for path in ("/", "/voorbeeld", "/privacy", "/toegankelijkheid"):
        assert cost(stranger, path) == 0, path
