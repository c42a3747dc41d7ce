"""One thing done twice is done once: double clicks, the back button, retries, two tabs, 8 posts at the same moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, func, select, update

from lms import database
from lms.database import db
from lms.learning import actions, queries
from lms.learning.forms import new_key
from lms.learning.tables import (
    Attempt,
    Attest,
    Completion,
    DialoguePlay,
    DialogueTurnSaid,
    Evidence,
    TestSitting,
)
from lms.mail import OutboxMail
from lms.people.tables import Person, SignIn, SignInCode
from lms.permissions import Role
from lms.schools.tables import Contact, Invitation, Membership, SchoolWish
from tests.conftest import empty_database
from tests.factories import make_person, make_school
from tests.server import Reply, Visit, together

AT_ONCE = 8
LESSONS = "/navorming/klein"
FIRST = f"{LESSONS}/eerste-les/x1"
ROUNDS = [25, pytest.param(500, marks=pytest.mark.slow)]


def count(table: type[Any], *conditions: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def all_at_once(visit: Visit, path: str, data: dict[str, Any] | None = None, times: int = AT_ONCE) -> list[Reply]:
    """The same form sent ``times`` at the same moment by the same browser."""
    tabs = [visit.copy() for _ in range(times)]
    return together(times, lambda number: tabs[number].post(path, data))


def same_reply(replies: list[Reply]) -> Reply:
    answers = {(reply.status, reply.location) for reply in replies}
    assert len(answers) == 1, answers
    return replies[0]


def check_one_attempt(visit: Visit, person_id: int) -> None:
    """Send one answer 8 times at once: the check that the sabotaged twins below must not survive."""
    replies = all_at_once(visit, FIRST, {"choice": "b", "key": new_key()})
    assert same_reply(replies).status == 303
    assert count(Attempt, Attempt.person_id == person_id) == 1
    assert count(Evidence, Evidence.person_id == person_id) == 1


def slowed(function: Callable[..., Any], seconds: float = 0.02) -> Callable[..., Any]:
    """The same function, with time afterwards for somebody else to come in between."""

    def wait(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        time.sleep(seconds)
        return result

    return wait


def do_all_but(visit: Visit, *left_out: str) -> None:
    """Everything completion asks of the rich course, except what is named."""
    posts: dict[str, list[tuple[str, dict[str, str]]]] = {
        "x1": [(FIRST, {"choice": "b", "key": new_key()})],
        "x2": [(f"{LESSONS}/tweede-les/x2", {"choice": "a", "key": new_key()})],
        "lezen": [(f"{LESSONS}/lezen", {})],
        "robin": [("/navorming/gesprek/robin", {"position": "0", "option": "b"})],
        "sam": [("/navorming/gesprek/sam", {"position": "0", "option": "a"})],
        "toets": [
            ("/navorming/toets", {}),
            *((f"/navorming/toets/q{number}", {"option": "b"}) for number in range(1, 6)),
            ("/navorming/toets/indienen", {}),
        ],
    }
    for step, forms in posts.items():
        if step not in left_out:
            for path, data in forms:
                assert visit.post(path, data).status in {303, 422}, path


# ── answers ────────────────────────────────────────────────────────────────


@pytest.mark.both
@pytest.mark.parametrize("rounds", ROUNDS)
def test_eight_posts_of_one_answer_are_one_attempt(rich: Flask, rounds: int) -> None:
    person = make_person()
    visit = Visit(rich, person.id)
    for done in range(rounds):
        replies = all_at_once(visit, FIRST, {"choice": "b", "key": new_key()})
        assert same_reply(replies).status == 303
        assert count(Attempt) == done + 1
    assert count(Evidence) == 1


def test_a_retry_and_the_back_button_get_the_first_reply(rich: Flask) -> None:
    person = make_person()
    visit = Visit(rich, person.id)
    form = {"choice": "a", "key": new_key()}
    first = visit.post(FIRST, form)
    again = visit.post(FIRST, form)
    assert (first.status, first.location) == (again.status, again.location)
    # With the back button the same form may come with another choice: what was kept first stands.
    visit.post(FIRST, form | {"choice": "b"})
    assert [attempt.answer for attempt in db.session.scalars(select(Attempt))] == [{"choice": "a"}]


def test_the_same_key_of_two_people_is_two_attempts(rich: Flask) -> None:
    key = new_key()
    for _ in range(2):
        assert Visit(rich, make_person().id).post(FIRST, {"choice": "a", "key": key}).status == 303
    assert count(Attempt) == 2


def test_another_form_is_another_attempt(rich: Flask) -> None:
    visit = Visit(rich, make_person().id)
    for _ in range(3):
        visit.post(FIRST, {"choice": "a", "key": new_key()})
    assert count(Attempt) == 3 and count(Evidence) == 1


@pytest.mark.both
def test_the_order_of_events_that_is_worst_still_gives_one_attempt(
    rich: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "has_attempt", slowed(queries.has_attempt))
    person = make_person()
    check_one_attempt(Visit(rich, person.id), person.id)


@pytest.mark.both
def test_without_its_key_the_answer_is_kept_more_than_once(rich: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: a server that does not know its own forms again."""
    kept = actions.submit_answer
    monkeypatch.setattr(actions, "submit_answer", lambda *args, key, by: kept(*args, key=new_key(), by=by))
    person = make_person()
    with pytest.raises(AssertionError):
        check_one_attempt(Visit(rich, person.id), person.id)
    assert count(Attempt) > 1


@pytest.mark.both
def test_without_the_look_the_second_post_gets_another_reply(rich: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: only the unique key of the table is left, so nothing is double, but people see an error."""
    monkeypatch.setattr(queries, "has_attempt", lambda *_: False)
    person = make_person()
    with pytest.raises(AssertionError):
        check_one_attempt(Visit(rich, person.id), person.id)
    assert count(Attempt) == 1


@contextmanager
def deferred_begin() -> Iterator[None]:
    """SQLite transactions as Python's driver would begin them: the write lock comes with the first write."""

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN")

    event.remove(db.engine, "begin", database._begin_sqlite)
    event.listen(db.engine, "begin", begin)
    try:
        yield
    finally:
        event.remove(db.engine, "begin", begin)
        event.listen(db.engine, "begin", database._begin_sqlite)


@pytest.mark.both
def test_without_the_lock_the_race_shows(rich: Flask, monkeypatch: pytest.MonkeyPatch, database_kind: str) -> None:
    """The sabotaged twin: on PostgreSQL without the locked row, on SQLite with a late write lock."""
    monkeypatch.setattr(queries, "has_attempt", slowed(queries.has_attempt))
    person = make_person()
    visit = Visit(rich, person.id)
    if database_kind == "sqlite":
        with deferred_begin(), pytest.raises(AssertionError):
            check_one_attempt(visit, person.id)
    else:
        monkeypatch.setattr(actions, "lock_person", lambda person_id: None)
        with pytest.raises(AssertionError):
            check_one_attempt(visit, person.id)


# ── completing ─────────────────────────────────────────────────────────────

LAST = {
    "x1": (FIRST, {"choice": "b"}),
    "lezen": (f"{LESSONS}/lezen", {}),
    "robin": ("/navorming/gesprek/robin", {"position": "0", "option": "b"}),
    "sam": ("/navorming/gesprek/sam/schriftelijk", {"choice": "a"}),
    "toets": ("/navorming/toets/indienen", {}),
}


def before_the_last(rich: Flask, last: str) -> Visit:
    visit = Visit(rich, make_person().id)
    do_all_but(visit, last)
    if last == "toets":
        visit.post("/navorming/toets")
        for number in range(1, 6):
            visit.post(f"/navorming/toets/q{number}", {"option": "b"})
    assert count(Completion) == 0
    return visit


@pytest.mark.both
@pytest.mark.parametrize("last", LAST)
def test_the_last_step_sent_eight_times_gives_one_attest(rich: Flask, last: str) -> None:
    visit = before_the_last(rich, last)
    path, data = LAST[last]
    replies = all_at_once(visit, path, {**data, "key": new_key()})
    assert {reply.status for reply in replies} == {303}
    assert count(Completion) == 1 and count(Attest) == 1
    assert "/navorming/klaar" in {reply.location for reply in replies}
    assert visit.get("/pakket/kleine-sessie").status == 200


CLICKS = 20


def check_one_attest(visit: Visit, last: str) -> None:
    """The last step clicked twenty times at once: the check that the sabotaged twin below must not survive."""
    path, data = LAST[last]
    replies = all_at_once(visit, path, {**data, "key": new_key()}, times=CLICKS)
    assert {reply.status for reply in replies} == {303}
    assert count(Completion) == 1 and count(Attest) == 1
    assert visit.get("/navorming/attest.pdf").status == 200


@pytest.mark.both
@pytest.mark.parametrize("rounds", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_twenty_clicks_on_the_last_step_give_one_attest(rich: Flask, rounds: int) -> None:
    for _ in range(rounds):
        check_one_attest(before_the_last(rich, "x1"), "x1")
        empty_database()


@pytest.mark.both
def test_without_the_lock_twenty_clicks_do_not_get_one_reply(
    rich: Flask, monkeypatch: pytest.MonkeyPatch, database_kind: str
) -> None:
    """The sabotaged twin: the database still holds one completion, and people meet an error instead of it."""
    monkeypatch.setattr(queries, "find_completion", slowed(queries.find_completion))
    visit = before_the_last(rich, "x1")
    if database_kind == "sqlite":
        with deferred_begin(), pytest.raises(AssertionError):
            check_one_attest(visit, "x1")
    else:
        monkeypatch.setattr(actions, "lock_person", lambda person_id: None)
        with pytest.raises(AssertionError):
            check_one_attest(visit, "x1")
    assert count(Completion) == 1 and count(Attest) == 1


@pytest.mark.parametrize("last", LAST)
def test_a_double_click_on_the_last_step_ends_at_the_attest(rich: Flask, last: str) -> None:
    """A browser shows the reply to the second click, so that one has to be the same."""
    visit = before_the_last(rich, last)
    path, data = LAST[last]
    form = {**data, "key": new_key()}
    assert visit.post(path, form).location == "/navorming/klaar"
    assert visit.post(path, form).location == "/navorming/klaar"


def check_two_tabs(visit: Visit, rich: Flask) -> bool:
    """Give the two last answers in two tabs at once; gives whether the pack opened."""
    forms = [
        (FIRST, {"choice": "b", "key": new_key()}),
        (f"{LESSONS}/tweede-les/x2", {"choice": "a", "key": new_key()}),
    ]
    tabs = [visit.copy(), visit.copy()]
    replies = together(2, lambda number: tabs[number].post(*forms[number]))
    assert {reply.status for reply in replies} == {303}
    return visit.get("/pakket/kleine-sessie").status == 200


@pytest.mark.both
@pytest.mark.parametrize("rounds", [10, pytest.param(60, marks=pytest.mark.slow)])
def test_two_tabs_with_the_two_last_answers_always_complete(rich: Flask, rounds: int) -> None:
    for done in range(rounds):
        visit = Visit(rich, make_person().id)
        do_all_but(visit, "x1", "x2")
        assert check_two_tabs(visit, rich), f"round {done}: the pack stays shut"
    assert count(Completion) == count(Attest) == rounds


def meeting(function: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    """The same function, after which two callers wait for each other, for so long at most."""
    point = threading.Barrier(2)

    def wait(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        try:
            point.wait(seconds)
        except threading.BrokenBarrierError:
            point.reset()
        return result

    return wait


@pytest.mark.both
def test_two_tabs_complete_in_the_worst_order(rich: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(rich, make_person().id)
    do_all_but(visit, "x1", "x2")
    monkeypatch.setattr(queries, "evidence_of", meeting(queries.evidence_of, 0.1))
    assert check_two_tabs(visit, rich)
    assert count(Completion) == 1


def test_without_the_locked_row_the_pack_stays_shut(
    rich: Flask, monkeypatch: pytest.MonkeyPatch, database_kind: str
) -> None:
    """The sabotaged twin: neither tab sees the answer of the other, and nobody completes the course."""
    if database_kind == "sqlite":
        pytest.skip("SQLite has one writer at a time; its twin is the late write lock above")
    visit = Visit(rich, make_person().id)
    do_all_but(visit, "x1", "x2")
    monkeypatch.setattr(actions, "lock_person", lambda person_id: None)
    monkeypatch.setattr(queries, "evidence_of", meeting(queries.evidence_of, 2.0))
    assert not check_two_tabs(visit, rich)
    assert count(Evidence) == 6 and count(Completion) == 0


# ── conversations and the test ─────────────────────────────────────────────


@pytest.mark.both
def test_a_turn_said_eight_times_stands_once(rich: Flask) -> None:
    visit = Visit(rich, make_person().id)
    replies = all_at_once(visit, "/navorming/gesprek/robin", {"position": "0", "option": "a"})
    assert same_reply(replies).status == 303
    assert count(DialoguePlay) == 1 and count(DialogueTurnSaid) == 1


@pytest.mark.both
def test_two_different_words_at_the_same_moment_leave_one(rich: Flask) -> None:
    visit = Visit(rich, make_person().id)
    tabs = [visit.copy() for _ in range(AT_ONCE)]
    replies = together(
        AT_ONCE,
        lambda number: tabs[number].post("/navorming/gesprek/robin", {"position": "0", "option": "ab"[number % 2]}),
    )
    assert {reply.status for reply in replies} == {303}
    assert count(DialogueTurnSaid) == 1


@pytest.mark.both
def test_a_session_against_the_clock_begins_and_goes_on_once(rich: Flask) -> None:
    visit, clock = Visit(rich, make_person().id), "/navorming/doorloop/klein"
    assert same_reply(all_at_once(visit, f"{clock}/begin", {"run": "0", "day": "3"})).status == 303
    assert count(Attempt) == 1
    tabs = [visit.copy() for _ in range(AT_ONCE)]
    forms = [{"run": "1", "position": "0", "choice": choice} for choice in ("go_on", "skip")]
    replies = together(AT_ONCE, lambda number: tabs[number].post(clock, forms[number % 2]))
    assert {reply.status for reply in replies} == {303}
    assert count(Attempt) == 2


@pytest.mark.both
def test_a_test_started_or_handed_in_eight_times_is_one_sitting(rich: Flask) -> None:
    visit = Visit(rich, make_person().id)
    assert same_reply(all_at_once(visit, "/navorming/toets")).status == 303
    assert count(TestSitting) == 1
    for number in range(1, 6):
        visit.post(f"/navorming/toets/q{number}", {"option": "a"})
    assert same_reply(all_at_once(visit, "/navorming/toets/indienen")).location == "/navorming/toets"
    assert count(TestSitting) == 1 and count(TestSitting, TestSitting.handed_in_at.is_not(None)) == 1


@pytest.mark.both
def test_answers_to_different_questions_at_once_are_all_kept(rich: Flask) -> None:
    visit = Visit(rich, make_person().id)
    visit.post("/navorming/toets")
    drawn = [row["item"] for row in db.session.scalars(select(TestSitting)).one().drawn]
    tabs = [visit.copy() for _ in drawn]
    together(len(drawn), lambda number: tabs[number].post(f"/navorming/toets/{drawn[number]}", {"option": "b"}))
    db.session.rollback()
    assert db.session.scalars(select(TestSitting)).one().answers == dict.fromkeys(drawn, "b")


# ── coming in ──────────────────────────────────────────────────────────────


def last_code() -> str:
    db.session.rollback()
    mail = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    return mail.subject.split()[0]


def wait_for_code(app: Flask, email: str, school_id: int) -> tuple[Visit, str]:
    """A browser that filled in the registration and looks at the page for the code."""
    visit = Visit(app)
    visit.look("/registreren")
    form = {"name": "An Peeters", "email": email, "school": str(school_id)}
    assert visit.post("/registreren", form).status == 303
    visit.look("/registreren/code")
    return visit, last_code()


def ask_to_sign_in(app: Flask, email: str) -> tuple[Visit, str]:
    visit = Visit(app)
    visit.look("/aanmelden")
    assert visit.post("/aanmelden", {"email": email}).status == 303
    visit.look("/aanmelden/code")
    return visit, last_code()


@pytest.mark.both
def test_a_registration_confirmed_eight_times_is_one_account(rich: Flask) -> None:
    visit, code = wait_for_code(rich, "an@school.example", make_school().id)
    replies = all_at_once(visit, "/registreren/code", {"code": code})
    assert {reply.status for reply in replies} == {303}
    assert "/start" in {reply.location for reply in replies}
    assert count(Person) == 1 and count(Membership) == 1


@pytest.mark.both
def test_one_address_registered_in_four_browsers_at_once_is_one_account(rich: Flask) -> None:
    school_id = make_school().id
    browsers = [wait_for_code(rich, "an@school.example", school_id) for _ in range(4)]
    replies = together(4, lambda number: browsers[number][0].post("/registreren/code", {"code": browsers[number][1]}))
    assert {(reply.status, reply.location) for reply in replies} == {(303, "/start")}
    assert count(Person) == 1 and count(Membership) == 1


@pytest.mark.both
def test_a_code_lets_in_once_however_often_it_is_sent(rich: Flask) -> None:
    person = make_person()
    visit, code = ask_to_sign_in(rich, person.email)
    replies = all_at_once(visit, "/aanmelden/code", {"code": code})
    assert {reply.status for reply in replies} == {303}
    assert "/start" in {reply.location for reply in replies}
    assert count(SignInCode, SignInCode.used_at.is_not(None)) == 1


@pytest.mark.both
def test_eight_wrong_codes_at_once_are_five_tries(rich: Flask) -> None:
    person = make_person()
    visit, code = ask_to_sign_in(rich, person.email)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    replies = all_at_once(visit, "/aanmelden/code", {"code": wrong})
    assert sorted(reply.status for reply in replies) == [303, 303, 303, 303, 422, 422, 422, 422]
    assert db.session.scalars(select(SignInCode.tries_left)).one() == 0
    assert visit.post("/aanmelden/code", {"code": code}).location == "/aanmelden"
    assert count(SignIn) == 0


@pytest.mark.parametrize("way", ["sign in", "register"])
def test_a_double_click_on_the_code_lets_in(rich: Flask, way: str) -> None:
    """The second click leaves before the first reply is there, with the old cookie, and its reply is what stays."""
    if way == "register":
        visit, code = wait_for_code(rich, "an@school.example", make_school().id)
        path = "/registreren/code"
    else:
        visit, code = ask_to_sign_in(rich, make_person().email)
        path = "/aanmelden/code"
    second = visit.copy()
    assert visit.post(path, {"code": code}).location == "/start"
    assert second.post(path, {"code": code}).location == "/start"
    assert second.get("/navorming").status == 200


# ── schools ────────────────────────────────────────────────────────────────


def make_staff(app: Flask) -> Visit:
    return Visit(app, make_person(role=Role.OS_STAFF).id)


@pytest.mark.both
@pytest.mark.parametrize("rounds", [5, pytest.param(30, marks=pytest.mark.slow)])
def test_appointing_eight_times_at_once_asks_one_person(rich: Flask, rounds: int) -> None:
    staff = make_staff(rich)
    for _ in range(rounds):
        school_id = make_school().id
        tabs = [staff.copy() for _ in range(AT_ONCE)]
        replies = together(
            AT_ONCE,
            lambda number, school_id=school_id, tabs=tabs: tabs[number].post(
                f"/scholen/{school_id}/aanspreekpunt",
                {"name": f"Vraag Nummer{number}", "email": f"vraag{number}@school.example"},
            ),
        )
        assert sorted(reply.status for reply in replies) == [303] + [409] * (AT_ONCE - 1)
        assert count(Contact, Contact.school_id == school_id) == 1
    assert count(Invitation) == count(OutboxMail) == rounds


def invitation_token(link_mail: OutboxMail) -> str:
    return next(word for word in link_mail.body.split() if "/uitnodiging/" in word).rsplit("/", 1)[1]


def invite(rich: Flask, email: str = "gevraagd@school.example") -> tuple[int, str]:
    school_id = make_school().id
    form = {"name": "Els Claes", "email": email}
    assert make_staff(rich).post(f"/scholen/{school_id}/aanspreekpunt", form).status == 303
    mail = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    return school_id, invitation_token(mail)


@pytest.mark.both
def test_an_invitation_accepted_in_twenty_browsers_is_one_account(rich: Flask) -> None:
    school_id, token = invite(rich)
    browsers = [Visit(rich) for _ in range(20)]
    for browser in browsers:
        browser.look(f"/uitnodiging/{token}")
    replies = together(20, lambda number: browsers[number].post(f"/uitnodiging/{token}"))
    assert sorted(reply.status for reply in replies) == [303] + [404] * 19
    assert count(Person, Person.email == "gevraagd@school.example") == 1
    assert count(Membership) == 1 and count(Contact, Contact.accepted_at.is_not(None)) == 1
    assert count(SignIn, SignIn.second_factor_at.is_(None)) == 1


@pytest.mark.both
def test_two_invitations_of_one_person_accepted_at_once_are_one_account(rich: Flask) -> None:
    tokens = [invite(rich)[1] for _ in range(3)]
    browsers = [Visit(rich) for _ in tokens]
    for browser, token in zip(browsers, tokens, strict=True):
        browser.look(f"/uitnodiging/{token}")
    replies = together(3, lambda number: browsers[number].post(f"/uitnodiging/{tokens[number]}"))
    assert {reply.status for reply in replies} == {303}
    assert count(Person, Person.email == "gevraagd@school.example") == 1
    assert count(Membership) == 3


@pytest.mark.both
def test_renewing_eight_times_at_once_leaves_one_link(rich: Flask) -> None:
    school_id, old = invite(rich)
    replies = all_at_once(make_staff(rich), f"/scholen/{school_id}/aanspreekpunt/opnieuw")
    assert {reply.status for reply in replies} == {303}
    assert count(Invitation, Invitation.used_at.is_(None)) == 1
    assert Visit(rich).get(f"/uitnodiging/{old}").status == 404


@pytest.mark.both
def test_a_school_added_eight_times_at_once_stands_once(rich: Flask) -> None:
    form = {"name": "Atheneum Zwartberg", "kind": "so", "municipality": "Genk"}
    replies = all_at_once(make_staff(rich), "/scholen/nieuw", form)
    assert sorted(reply.status for reply in replies) == [303] + [409] * (AT_ONCE - 1)


@pytest.mark.both
def test_a_wish_settled_eight_times_at_once_is_one_membership(rich: Flask) -> None:
    from lms.clock import now

    person, school_id = make_person(), make_school().id
    db.session.add(SchoolWish(person_id=person.id, wish="Mijn school", created_at=now()))
    db.session.commit()
    wish_id = db.session.scalars(select(SchoolWish.id)).one()
    replies = all_at_once(make_staff(rich), f"/scholen/wens/{wish_id}", {"school": str(school_id)})
    assert sorted({reply.status for reply in replies}) == [303, 404]
    assert count(Membership) == 1


@pytest.mark.both
def test_ending_and_accepting_at_once_leave_no_half_contact(rich: Flask) -> None:
    """Whoever is first: an ended appointment never counts as an aanspreekpunt."""
    for _ in range(5):
        school_id, token = invite(rich, f"els{school_count()}@school.example")
        staff, guest = make_staff(rich), Visit(rich)
        guest.look(f"/uitnodiging/{token}")
        posts: list[Callable[[], Reply]] = [
            lambda staff=staff, school_id=school_id: staff.post(f"/scholen/{school_id}/aanspreekpunt/beeindigen"),
            lambda guest=guest, token=token: guest.post(f"/uitnodiging/{token}"),
        ]
        replies = together(2, lambda number, posts=posts: posts[number]())
        assert replies[0].status == 303 and replies[1].status in {303, 404}
        assert count(Contact, Contact.school_id == school_id, Contact.ended_at.is_(None)) == 0


def school_count() -> int:
    return count(Membership)


def test_revoking_while_completing_changes_nothing_twice(rich: Flask) -> None:
    """A completion that is taken back stays one row, also when its owner goes on at the same moment."""
    from lms.clock import now

    visit = Visit(rich, make_person().id)
    do_all_but(visit)
    assert count(Completion) == 1
    db.session.execute(update(Completion).values(revoked_at=now()))
    db.session.commit()
    assert same_reply(all_at_once(visit, FIRST, {"choice": "b", "key": new_key()})).status == 303
    assert count(Completion) == 1 and count(Completion, Completion.revoked_at.is_(None)) == 0
