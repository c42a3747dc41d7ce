"""Reminders: who gets one and why, one a week at most, and never about what is no longer so."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select

import lms.monitoring.actions.reminders
import lms.monitoring.queries.reminders
from lms.cli.worker import BATCH, CONDITIONS, ReminderRound
from lms.clock import frozen
from lms.database import db
from lms.learning.forms import new_key
from lms.learning.tables import Evidence
from lms.mail import MailServer, MailState, OutboxMail, compose, send_waiting
from lms.monitoring.actions.reminders import switch_rule, write_reminder
from lms.monitoring.queries.reminders import list_due
from lms.monitoring.rules.reminders import BETWEEN, RULES, Due, ReminderState, RuleName, week_of
from lms.monitoring.tables.reminders import Reminder, ReminderSwitch
from lms.pack.actions import plans
from lms.pack.rules.planning import Asked
from lms.people.actions.mails import choose_mails
from lms.people.rules.mails import MailChoice
from lms.people.tables import Act, AuditRow, Person
from lms.permissions import Role
from lms.schools.actions.stopping import choose_asking
from lms.schools.tables import Contact, School
from tests.factories import make_contact_person, make_finished, make_person, make_school
from tests.integration.test_pages_scale import statements
from tests.postbox import SENDER, Postbox
from tests.server import Visit, free_port, together
from tests.world import STAFF, Browser, database_state, end_transaction, invite, library_of

HERE = ZoneInfo("Europe/Brussels")
# A Monday in term.
MONDAY = datetime(2026, 11, 16, 9, tzinfo=HERE)
SEPTEMBER = datetime(2026, 9, 15, 9, tzinfo=HERE)


def ago(days: float, moment: datetime = MONDAY) -> datetime:
    return moment - timedelta(days=days)


def begin(app: Flask, person: int, moment: datetime) -> None:
    """Somebody shows something in the course."""
    course = library_of(app).course
    db.session.add(Evidence(person_id=person, course_id=course.id, ref=f"exercise:{new_key()[:8]}", shown_at=moment))
    db.session.commit()


def make_stuck(app: Flask, days: float = 30, moment: datetime = MONDAY, **fields: Any) -> int:
    person = make_person(created_at=ago(days + 5, moment), **fields).id
    begin(app, person, ago(days, moment))
    return int(person)


def make_idle(app: Flask, days: float = 40, moment: datetime = MONDAY) -> int:
    """Somebody whose pack is open for so many days and who did nothing with it."""
    with frozen(ago(days, moment)):
        return int(make_finished(library_of(app)).id)


def ask(email: str = "gevraagd@school.example", days: float = 8, moment: datetime = MONDAY) -> str:
    """Ask somebody to be the aanspreekpunt, so many days ago; the mail about it left. Gives the token of its link."""
    with frozen(ago(days, moment)):
        token = invite(make_school(name=f"Demoschool {new_key()[:6]}").id, email)
    db.session.execute(delete(OutboxMail).where(OutboxMail.condition.is_(None)))
    db.session.commit()
    return token


def make_asked(moment: datetime = MONDAY, days: float = 8, email: str = "gevraagd@school.example") -> int:
    ask(email, days, moment)
    end_transaction()
    contact = db.session.scalars(select(Contact.id).where(Contact.email == email)).one()
    end_transaction()
    return contact


def make_unconfirmed(moment: datetime = SEPTEMBER) -> int:
    with frozen(ago(200, moment)):
        return int(make_contact_person(make_school()).id)


def switch(*names: RuleName, on: bool = True) -> None:
    end_transaction()
    for name in names or [rule.name for rule in RULES]:
        switch_rule(name, on=on, by=STAFF)
    end_transaction()


def walk(app: Flask, moment: datetime = MONDAY) -> int:
    """A whole walk of a worker along all rules; gives how many reminders it wrote."""
    end_transaction()
    round_, count = ReminderRound(), 0
    with frozen(moment):
        for _ in range(3 * len(RULES)):
            count += round_.step(app)
    end_transaction()
    return count


def send(box: Postbox | MailServer, moment: datetime = MONDAY) -> int:
    end_transaction()
    server, total = box.server if isinstance(box, Postbox) else box, 0
    with frozen(moment):
        while sent := send_waiting(db.session(), server, conditions=CONDITIONS):
            total += sent
    end_transaction()
    return total


def reminders() -> list[Reminder]:
    end_transaction()
    rows = list(db.session.scalars(select(Reminder).order_by(Reminder.id)))
    db.session.expunge_all()
    end_transaction()
    return rows


def due(name: RuleName, moment: datetime = MONDAY) -> list[Due]:
    end_transaction()
    with frozen(moment):
        rows = list_due(name).rows
    end_transaction()
    return rows


# ── who, and after how long ────────────────────────────────────────────────


@pytest.mark.both
def test_each_rule_finds_its_people_and_says_why(app: Flask) -> None:
    stuck, idle = make_stuck(app, name="Demo Steek"), make_idle(app)
    new = make_person(created_at=ago(11), name="Demo Nieuw").id
    asked, unconfirmed = make_asked(), make_unconfirmed()
    make_stuck(app, days=20)
    make_idle(app, days=29)
    make_person(created_at=ago(9))
    make_person(created_at=ago(121))
    make_person(created_at=ago(50), role=Role.OS_STAFF)
    make_asked(days=6, email="pas@school.example")
    found = {rule.name: due(rule.name) for rule in RULES}
    assert {name: [one.id for one in rows] for name, rows in found.items()} == {
        RuleName.ASKED: [asked], RuleName.CONFIRM: [], RuleName.NO_SESSION: [idle], RuleName.STUCK: [stuck],
        RuleName.NOT_BEGUN: [new],
    }  # fmt: skip
    assert [one.person_id for one in due(RuleName.CONFIRM, SEPTEMBER)] == [unconfirmed]
    assert found[RuleName.STUCK][0].why == "Begon aan de navorming en kwam sinds 17/10/2026 niet verder."
    assert found[RuleName.NOT_BEGUN][0].why == "Heeft sinds 05/11/2026 een account en begon nog niet."
    assert found[RuleName.ASKED][0].why.startswith("Werd op 08/11/2026 gevraagd als aanspreekpunt van Demoschool")
    assert found[RuleName.ASKED][0].person_id is None and found[RuleName.ASKED][0].contact_id == asked


@pytest.mark.both
@pytest.mark.parametrize(
    ("day", "count"), [("2026-09-07", 0), ("2026-09-08", 1), ("2026-10-30", 1), ("2026-11-03", 0), ("2026-06-10", 0)]
)
def test_confirming_is_asked_in_september_and_october_alone(app: Flask, day: str, count: int) -> None:
    make_unconfirmed(datetime(2026, 6, 1, 9, tzinfo=HERE))
    assert len(due(RuleName.CONFIRM, datetime.combine(date.fromisoformat(day), clock_time(9), HERE))) == count


def test_a_school_that_said_no_is_left_alone(app: Flask) -> None:
    from lms.schools.rules.following import Interest

    contact = make_asked()
    school = db.session.get_one(School, db.session.get_one(Contact, contact).school_id)
    school.interest, school.interest_reason = Interest.NONE, "Geen plaats in het rooster."
    db.session.commit()
    assert due(RuleName.ASKED) == []


def test_everything_is_off_until_somebody_turns_it_on(app: Flask) -> None:
    make_stuck(app)
    assert walk(app) == 0 and reminders() == []
    switch(RuleName.NO_SESSION)
    assert walk(app) == 0
    switch(RuleName.STUCK)
    assert walk(app) == 1


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 16, 7, 59, tzinfo=HERE), datetime(2026, 11, 16, 18, 0, tzinfo=HERE),
        datetime(2026, 11, 14, 10, tzinfo=HERE), datetime(2026, 11, 11, 10, tzinfo=HERE),
        datetime(2026, 7, 10, 10, tzinfo=HERE), datetime(2026, 12, 22, 10, tzinfo=HERE),
    ],
)  # fmt: skip
def test_nothing_is_written_outside_school_hours(app: Flask, moment: datetime) -> None:
    make_stuck(app, moment=moment)
    switch()
    assert walk(app, moment) == 0
    assert due(RuleName.STUCK, moment) != []


# ── the mail ───────────────────────────────────────────────────────────────


@pytest.mark.both
def test_a_reminder_arrives_with_its_link_its_stop_link_and_a_line_in_the_log(app: Flask, postbox: Postbox) -> None:
    person = make_stuck(app, name="Demo Steek", email="steek@school.example")
    switch(RuleName.STUCK)
    assert walk(app) == 1
    assert send(postbox, MONDAY + timedelta(minutes=1)) == 1
    [mail] = postbox.mails
    base = app.config["LMS"].base_url
    body = mail.get_content()
    assert mail["To"] == "steek@school.example" and mail["Subject"] == "Je navorming wacht op je"
    assert "Sinds 17/10/2026" in body and f"{base}/navorming" in body
    stop = re.search(rf"{base}(/stop/\S+)", body)
    assert stop is not None and mail["List-Unsubscribe"] == f"<{stop[0]}>"
    assert Browser(app).post(stop[1], follow=True).status == 200
    assert db.session.get_one(Person, person).reminders_stopped_at is not None
    [row] = reminders()
    assert (row.rule, row.person_id, row.state) == (RuleName.STUCK, person, ReminderState.SENT)
    assert row.settled_at == MONDAY + timedelta(minutes=1) and "kwam sinds" in row.why and row.week == "2026-W47"


@pytest.mark.both
def test_who_was_asked_gets_a_link_that_works_and_the_earlier_one_ends(app: Flask, postbox: Postbox) -> None:
    first = ask()
    switch(RuleName.ASKED)
    walk(app)
    with frozen(MONDAY):
        assert Browser(app).get(f"/uitnodiging/{first}").status == 200, "until the new one left"
        assert send(postbox) == 1
        found = re.search(r"/uitnodiging/(\S+)", postbox.mails[0].get_content())
        assert found is not None
        assert Browser(app).get(f"/uitnodiging/{first}").status == 404
        page = Browser(app)
        assert page.get(f"/uitnodiging/{found[1]}").status == 200
        page.post(f"/uitnodiging/{found[1]}")
    assert due(RuleName.ASKED) == []


@pytest.mark.both
def test_a_link_in_a_mail_that_never_left_does_not_end_the_one_that_did(app: Flask, postbox: Postbox) -> None:
    first = ask()
    switch(RuleName.ASKED)
    walk(app)
    switch(RuleName.ASKED, on=False)
    assert send(postbox) == 0
    with frozen(MONDAY):
        assert Browser(app).get(f"/uitnodiging/{first}").status == 200


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name.value)
def test_every_mail_of_a_rule_is_short_and_ends_with_the_way_out(app: Flask, rule: Any) -> None:
    one = Due(
        rule=rule.name, id=1, person_id=1, contact_id=1, name="Demo Naam", email="demo@school.example", since=MONDAY,
        school="Demoschool",
    )  # fmt: skip
    mail = lms.monitoring.actions.reminders.compose_mail(
        one, link_base="https://x.example", stop_url="https://x.example/stop/y", contact="os@x.example", token="t"
    )
    assert mail.body.startswith("Dag Demo Naam,") and mail.body.rstrip().endswith("https://x.example/stop/y")
    assert mail.stop_url == "https://x.example/stop/y" and len(mail.subject) < 80
    for sentence in re.split(r"[.!?:]\s", re.sub(r"https?://\S+", "", mail.body)):
        assert len(sentence.split()) <= 22, sentence


# ── one a week ─────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.both
def test_over_all_rules_and_weeks_nobody_gets_two_within_seven_days(app: Flask, postbox: Postbox) -> None:
    """Two months, every hour of every day: somebody who meets two rules, and two who meet one."""
    contact = make_stuck(app, email="beide@school.example")
    ask("beide@school.example", 30)
    ask("alleen@school.example", 30)
    make_stuck(app, email="steek@school.example")
    switch()
    seen: list[tuple[str, datetime]] = []
    for day in range(60):
        for hour in (0, 4):
            moment = MONDAY + timedelta(days=day, hours=hour)
            walk(app, moment)
            send(postbox, moment)
            seen += [(str(mail["To"]), moment) for mail in postbox.mails[len(seen) :]]
    for address in {address for address, _ in seen}:
        moments = [moment for to, moment in seen if to == address]
        assert all(later - earlier >= BETWEEN for earlier, later in itertools.pairwise(moments)), address
    counts = Counter(address for address, _ in seen)
    # Twice at most for each rule: who meets two rules can get four.
    assert counts == {"beide@school.example": 4, "alleen@school.example": 2, "steek@school.example": 2}
    assert {row.person_id for row in reminders() if row.email == "beide@school.example"} == {contact}


def written_in_a_race(app: Flask) -> int:
    """How many reminders five people get from eight workers at once, each meeting two rules."""
    for number in range(5):
        make_stuck(app, email=f"an{number}@school.example")
        make_asked(email=f"an{number}@school.example")
    switch()
    end_transaction()

    def work(_number: int) -> None:
        with app.app_context():
            round_ = ReminderRound()
            for _ in range(3 * len(RULES)):
                round_.step(app)

    with frozen(MONDAY):
        together(8, work)
    end_transaction()
    return len(reminders())


@pytest.mark.both
def test_workers_that_race_write_one_reminder_a_person(app: Flask) -> None:
    assert written_in_a_race(app) == 5
    end_transaction()
    assert db.session.scalar(select(func.count()).select_from(OutboxMail).where(OutboxMail.condition.is_not(None))) == 5


def loosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the weekly limit away, in the question and in the table."""
    from itertools import count

    weeks = count(1)
    monkeypatch.setattr(lms.monitoring.actions.reminders, "week_of", lambda _moment: f"W{next(weeks)}")
    monkeypatch.setattr(lms.monitoring.queries.reminders, "_had_enough", lambda *_asked: db.false())


@pytest.mark.both
def test_without_the_weekly_limit_people_get_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin."""
    loosen(monkeypatch)
    assert written_in_a_race(app) > 5


@pytest.mark.both
def test_the_database_itself_refuses_a_second_one_in_a_week(app: Flask) -> None:
    """Whatever the question before it said: by account, and by address."""
    person = make_stuck(app, email="steek@school.example")
    [one] = due(RuleName.STUCK)
    words = {"link_base": "", "stop_url": "", "contact": ""}
    other = Due(
        rule=RuleName.ASKED, id=1, person_id=None, contact_id=None, name="x", email=one.email, since=MONDAY, school="x"
    )
    moved = Due(
        rule=RuleName.NOT_BEGUN, id=person, person_id=person, contact_id=None, name="x", email="nieuw@school.example",
        since=MONDAY, school=None,
    )  # fmt: skip
    end_transaction()
    with frozen(MONDAY):
        assert write_reminder(one, **words)
        for again in (one, other, moved):
            assert not write_reminder(again, **words)
    with frozen(MONDAY + timedelta(days=7)):
        assert write_reminder(moved, **words)
    assert len(reminders()) == 2


def test_weeks_are_those_of_brussels() -> None:
    assert week_of(datetime(2026, 11, 15, 23, 30, tzinfo=HERE)) == "2026-W46"
    assert week_of(datetime(2026, 11, 16, 0, 30, tzinfo=HERE)) == "2026-W47"
    assert week_of(datetime(2027, 1, 1, 12, tzinfo=HERE)) == "2026-W53"


@pytest.mark.both
def test_a_mail_server_that_is_away_loses_nothing_and_the_limit_holds(app: Flask, postbox: Postbox) -> None:
    make_stuck(app, email="steek@school.example")
    switch(RuleName.STUCK)
    down = MailServer(url=f"smtp://127.0.0.1:{free_port()}", sender=SENDER, timeout=1)
    for hours in (0, 1, 2):
        walk(app, MONDAY + timedelta(hours=hours))
        assert send(down, MONDAY + timedelta(hours=hours)) == 0
    assert [row.state for row in reminders()] == [ReminderState.WAITING]
    assert send(postbox, MONDAY + timedelta(hours=7)) == 1
    for days in range(1, 7):
        walk(app, MONDAY + timedelta(days=days))
        send(postbox, MONDAY + timedelta(days=days))
    assert len(postbox.mails) == 1 and set(postbox.count.values()) == {1}
    assert [row.state for row in reminders()] == [ReminderState.SENT]


def test_a_mail_that_is_given_up_is_told_in_the_log_and_counts(app: Flask) -> None:
    make_stuck(app)
    switch(RuleName.STUCK)
    walk(app)
    down = MailServer(url=f"smtp://127.0.0.1:{free_port()}", sender=SENDER, timeout=1)
    for hours in range(0, 24, 2):
        send(down, MONDAY + timedelta(hours=hours))
        send(down, MONDAY + timedelta(hours=hours, minutes=30))
    assert [row.state for row in reminders()] == [ReminderState.FAILED]
    assert walk(app, MONDAY + timedelta(days=1)) == 0


# ── looked at again when it leaves ─────────────────────────────────────────


def goes_on(app: Flask, person: int) -> None:
    begin(app, person, MONDAY)


def completes(app: Flask, person: int) -> None:
    live = library_of(app)
    from lms.dev.demo import complete

    complete(live, person)


def stops(_app: Flask, person: int) -> None:
    choose_mails(MailChoice(reminders=False, evening=True), person_id=person)


def is_closed(_app: Flask, person: int) -> None:
    db.session.get_one(Person, person).disabled_at = MONDAY
    db.session.commit()


def leaves(_app: Flask, person: int) -> None:
    db.session.get_one(Person, person).deletion_asked_at = MONDAY
    db.session.commit()


def moves_house(_app: Flask, person: int) -> None:
    db.session.get_one(Person, person).email = "verhuisd@school.example"
    db.session.commit()


def turned_off(_app: Flask, _person: int) -> None:
    switch(RuleName.STUCK, on=False)


REASONS: list[Callable[[Flask, int], None]] = [
    goes_on, completes, stops, is_closed, leaves, moves_house, turned_off,
]  # fmt: skip


def sent_after(app: Flask, postbox: Postbox, reason: Callable[[Flask, int], None]) -> int:
    person = make_stuck(app)
    switch(RuleName.STUCK)
    assert walk(app) == 1
    with frozen(MONDAY):
        reason(app, person)
    return send(postbox, MONDAY + timedelta(minutes=5))


@pytest.mark.both
@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.__name__)
def test_what_is_no_longer_so_does_not_leave_and_the_log_says_it(
    app: Flask, postbox: Postbox, reason: Callable[[Flask, int], None]
) -> None:
    assert sent_after(app, postbox, reason) == 0
    assert postbox.mails == []
    [row] = reminders()
    assert row.state is ReminderState.DROPPED and row.week is None
    assert row.settled_at == MONDAY + timedelta(minutes=5)
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.condition == "reminder")).one()
    assert (mail.state, mail.body) == (MailState.CANCELLED, "")


@pytest.mark.both
@pytest.mark.parametrize("reason", [goes_on, stops, turned_off], ids=lambda reason: reason.__name__)
def test_without_looking_again_it_would_leave(
    app: Flask, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, reason: Callable[[Flask, int], None]
) -> None:
    """The sabotaged twin."""
    condition = CONDITIONS["reminder"]
    monkeypatch.setitem(CONDITIONS, "reminder", type(condition)(holds=lambda _id: True, settled=condition.settled))
    assert sent_after(app, postbox, reason) == 1


@pytest.mark.both
def test_the_other_rules_look_again_too(app: Flask, postbox: Postbox) -> None:
    idle, asked, stopped = make_idle(app), make_asked(), make_asked(email="stopt@school.example")
    new = make_person(created_at=ago(20)).id
    switch()
    assert walk(app) == 4
    live = library_of(app)
    with frozen(MONDAY):
        day = Asked(hours=(50, 50), day=(MONDAY + timedelta(days=9)).date(), start=clock_time(9))
        plans.save_plan(day, live.sessions[0], label="", group_id=None, key=new_key(), by=idle)
        choose_asking(stopped, wants=False)
        db.session.get_one(Contact, asked).ended_at = MONDAY
        db.session.commit()
        begin(app, new, MONDAY)
    assert send(postbox) == 0
    assert {row.state for row in reminders()} == {ReminderState.DROPPED}


@pytest.mark.both
def test_a_confirmed_aanspreekpunt_gets_no_mail(app: Flask, postbox: Postbox) -> None:
    first, second = make_unconfirmed(), make_unconfirmed()
    switch(RuleName.CONFIRM)
    assert walk(app, SEPTEMBER) == 2
    contact = db.session.scalars(select(Contact).where(Contact.person_id == first)).one()
    contact.confirmed_at = SEPTEMBER
    db.session.commit()
    assert send(postbox, SEPTEMBER) == 1
    assert [row.person_id for row in reminders() if row.state is ReminderState.SENT] == [second]


def test_a_week_that_was_not_used_is_free_for_another_rule(app: Flask, postbox: Postbox) -> None:
    """Somebody did what the first mail asked: the next day another one may go."""
    ask("beide@school.example")
    make_stuck(app, email="beide@school.example")
    switch()
    assert walk(app) == 1
    db.session.scalars(select(Contact)).one().ended_at = MONDAY
    db.session.commit()
    assert send(postbox) == 0
    assert walk(app, MONDAY + timedelta(hours=2)) == 0, "not on the same day"
    assert walk(app, MONDAY + timedelta(days=1)) == 1
    assert send(postbox, MONDAY + timedelta(days=1)) == 1


@pytest.mark.both
def test_a_worker_that_does_not_know_the_condition_leaves_the_mail_alone(app: Flask, postbox: Postbox) -> None:
    make_stuck(app)
    switch(RuleName.STUCK)
    walk(app)
    with frozen(MONDAY):
        assert send_waiting(db.session(), postbox.server) == 0
    assert send(postbox) == 1


def test_a_code_leaves_before_reminders_that_waited_longer(app: Flask, postbox: Postbox) -> None:
    for _ in range(30):
        make_stuck(app)
    switch(RuleName.STUCK)
    assert walk(app) == 30
    with frozen(MONDAY + timedelta(minutes=1)):
        db.session.add(compose("code", "an@school.example", code="123456", minutes=10))
        db.session.commit()
        send_waiting(db.session(), postbox.server, limit=1, conditions=CONDITIONS)
    assert [mail["To"] for mail in postbox.mails] == ["an@school.example"]


# ── the page of O&S ────────────────────────────────────────────────────────


def office(app: Flask) -> Browser:
    return Browser(app).sign_in(make_person(role=Role.OS_STAFF))


def test_the_preview_says_who_gets_what_and_why_before_anything_is_on(app: Flask) -> None:
    with frozen(MONDAY):
        make_stuck(app, name="Demo Steek", email="steek@school.example")
        browser = office(app)
        page = browser.get("/herinneringen")
        assert (
            "Er staat niets aan" in page.text and "Nu één persoon" in page.text and "Nog niets verstuurd" in page.text
        )
        before = database_state()
        detail = browser.get("/herinneringen/blijven-steken")
        assert database_state() == before
        assert "Demo Steek" in detail.text and "kwam sinds 17/10/2026 niet verder" in detail.text
        assert "Je navorming wacht op je" in detail.text and "Eén persoon zou dit krijgen" in detail.text
        empty = browser.get("/herinneringen/gevraagd")
        assert "verzonnen naam" in empty.text and "Demo Naam" in empty.text
        assert browser.get("/herinneringen/bestaat-niet").status == 404


@pytest.mark.both
def test_a_switch_is_written_down_once_and_can_be_taken_back(app: Flask) -> None:
    browser = office(app)

    def acts() -> list[str]:
        end_transaction()
        return list(db.session.scalars(select(AuditRow.act).order_by(AuditRow.id)))

    for _ in range(2):
        assert browser.post("/herinneringen/blijven-steken", {"aan": "1"}).status == 303
    assert acts() == [Act.REMINDERS_SWITCHED_ON]
    assert "Staat aan" in browser.get("/herinneringen/blijven-steken").text
    assert browser.post("/herinneringen/blijven-steken", {"aan": "0"}).status == 303
    assert acts() == [Act.REMINDERS_SWITCHED_ON, Act.REMINDERS_SWITCHED_OFF]
    assert db.session.scalars(select(ReminderSwitch.is_on)).all() == [False]


@pytest.mark.both
def test_two_who_turn_the_same_rule_on_at_once_leave_one_switch(app: Flask) -> None:
    def press(_number: int) -> None:
        with app.app_context():
            switch_rule(RuleName.STUCK, on=True, by=STAFF)

    end_transaction()
    together(6, press)
    assert db.session.scalars(select(ReminderSwitch.is_on)).all() == [True]
    assert db.session.scalar(select(func.count()).select_from(AuditRow)) == 1


def test_the_log_shows_what_was_sent_and_what_was_not_needed_any_more(app: Flask, postbox: Postbox) -> None:
    make_stuck(app, name="Demo Steek")
    gone = make_stuck(app, name="Demo Verder")
    switch(RuleName.STUCK)
    walk(app)
    begin(app, gone, MONDAY)
    send(postbox)
    with frozen(MONDAY):
        text = office(app).get("/herinneringen").text
    assert "Demo Steek" in text and "Verstuurd" in text and "Demo Verder" in text and "Niet meer nodig" in text
    assert "Elke schooldag om 8 uur" in text


@pytest.mark.both
def test_the_pages_cost_the_same_when_everything_doubles(app: Flask) -> None:
    with frozen(MONDAY):
        staff = Visit(app, make_person(role=Role.OS_STAFF).id)
    paths = ("/herinneringen", *(f"/herinneringen/{rule.name.value}" for rule in RULES))

    def grow(start: int) -> None:
        for number in range(start, start + 6):
            make_stuck(app)
            make_person(created_at=ago(15))
            make_asked(email=f"asked{number}@school.example")
        make_idle(app)
        walk(app)
        for _ in range(4):
            make_stuck(app)

    def costs() -> dict[str, int]:
        found = {}
        for path in paths:
            with frozen(MONDAY), statements() as seen:
                assert staff.get(path).status == 200
            found[path] = len(seen)
        return found

    switch()
    grow(0)
    before = costs()
    assert max(before.values()) <= 10, before
    grow(10)
    assert costs() == before


def test_a_worker_takes_a_few_at_a_time_and_waits_for_the_mail(app: Flask, postbox: Postbox) -> None:
    """A long row: no step writes more than a batch, and none while a batch still waits."""
    people = [
        {"email": f"veel{number}@school.example", "name": "Demo Veel", "role": Role.FACILITATOR, "created_at": ago(20)}
        for number in range(2 * BATCH + 5)
    ]
    db.session.execute(insert(Person), people)
    db.session.commit()
    switch(RuleName.NOT_BEGUN)
    round_, steps = ReminderRound(), []
    for _ in range(20):
        end_transaction()
        with frozen(MONDAY):
            with statements() as seen:
                steps.append(round_.step(app))
            assert len(seen) <= 3 + 4 * BATCH
            waiting = db.session.scalar(
                select(func.count()).select_from(OutboxMail).where(OutboxMail.state == MailState.WAITING)
            )
            assert (waiting or 0) <= 2 * BATCH
            end_transaction()
        send(postbox)
    assert sum(steps) == len(people) == len(postbox.mails) and max(steps) == BATCH
