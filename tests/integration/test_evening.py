"""The evening before a session: one mail, and only while what it says is so."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

import lms.pack.queries.evening
from lms.cli.worker import CONDITIONS, write_evening_mails
from lms.clock import frozen, now
from lms.database import db
from lms.learning.forms import new_key
from lms.learning.tables import Completion
from lms.mail import MailServer, MailState, OutboxMail, send_waiting
from lms.pack import actions as groups
from lms.pack.actions import plans
from lms.pack.rules.planning import Asked
from lms.pack.tables import EveningMail, GroupFacts, Plan, SessionLog
from lms.people.actions.mails import choose_mails
from lms.people.rules.mails import MailChoice, Stops, stop_token
from lms.people.tables import Person
from lms.schools.rules import SchoolKind
from tests.factories import make_finished, make_person
from tests.postbox import SENDER, Postbox
from tests.server import free_port, together
from tests.world import Browser, end_transaction, library_of

HERE = ZoneInfo("Europe/Brussels")
# A Monday in term, far from any change of the clock.
TODAY = date(2026, 11, 16)


def at(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
    return datetime.combine(day, clock_time(hour, minute), HERE)


def make_plan(
    app: Flask,
    day: date | None = TODAY + timedelta(days=1),
    *,
    hours: tuple[int, ...] = (50, 50),
    start: clock_time | None = clock_time(10, 25),
    person: int = 0,
    made_at: datetime | None = None,
    group: int | None = None,
) -> int:
    """A plan of session 1, saved in the morning by somebody with an open pack."""
    live = library_of(app)
    with frozen(made_at or at(9)):
        person = person or make_finished(live, name="Demo Begeleider", email=f"an{new_key()[:6]}@school.example").id
        asked = Asked(hours=hours, day=day, start=start)
        return plans.save_plan(asked, live.sessions[0], label="", group_id=group, key=new_key(), by=person)


def owner_of(plan_id: int) -> int:
    end_transaction()
    owner = db.session.scalars(select(Plan.person_id).where(Plan.id == plan_id)).one()
    end_transaction()
    return owner


def write(app: Flask, moment: datetime) -> int:
    end_transaction()
    with frozen(moment):
        count = write_evening_mails(app)
    end_transaction()
    return count


def send(box: Postbox | MailServer, moment: datetime) -> int:
    end_transaction()
    server = box.server if isinstance(box, Postbox) else box
    with frozen(moment):
        sent = send_waiting(db.session(), server, conditions=CONDITIONS)
    end_transaction()
    return sent


def states() -> list[MailState]:
    end_transaction()
    return list(db.session.scalars(select(OutboxMail.state).order_by(OutboxMail.id)))


# ── what it says ───────────────────────────────────────────────────────────


@pytest.mark.both
def test_the_evening_before_the_plan_arrives_in_short_with_its_links(app: Flask, postbox: Postbox) -> None:
    live = library_of(app)
    person = make_finished(live, name="Demo Begeleider", email="demo@school.example").id
    facts = GroupFacts(label="6 TSO maandag", school_id=None, school_year=2026, kind=SchoolKind.SECONDARY)
    plan = make_plan(app, person=person, group=groups.add_group(facts, by=person))
    assert write(app, at(17)) == 1
    assert send(postbox, at(17, 1)) == 1
    [mail] = postbox.mails
    base = app.config["LMS"].base_url
    assert mail["To"] == "demo@school.example"
    assert mail["Subject"] == f"Morgen om 10.25: sessie 1, {live.sessions[0].short_title}"
    body = mail.get_content().replace("\r\n", "\n")
    assert "Dag Demo Begeleider," in body and "Groep: 6 TSO maandag\n" in body
    assert "Uur: van 10.25 tot 12.05\n" in body
    assert "Lesuur 1\n- 10.25: " in body and "Lesuur 2\n- 11.15: " in body and " min\n" in body
    for path in (f"/pakket/planner/plan/{plan}", f"/live/{plan}", "/pakket/wie-ben-jij"):
        assert f"{base}{path}\n" in body, path
    stop = f"{base}/stop/{stop_token(str(app.secret_key), Stops.PERSON, person)}"
    assert stop in body and mail["List-Unsubscribe"] == f"<{stop}>"
    row = db.session.scalars(select(EveningMail)).one()
    assert row.sent_at == at(17, 1) and row.day == date(2026, 11, 17)


def test_a_plan_without_an_hour_counts_minutes(app: Flask, postbox: Postbox) -> None:
    make_plan(app, start=None, hours=(50,))
    write(app, at(17))
    send(postbox, at(17))
    [mail] = postbox.mails
    assert mail["Subject"].startswith("Morgen: sessie 1") and "Uur:" not in mail.get_content()
    assert "- minuut 0: " in mail.get_content() and "Lesuur" not in mail.get_content()


# ── when ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        (at(16, 59), 0), (at(17), 1), (at(21, 59), 1), (at(22), 0), (at(12), 0),
        (at(18, day=TODAY - timedelta(days=1)), 0), (at(18, day=TODAY + timedelta(days=1)), 0),
    ],
)  # fmt: skip
def test_it_goes_between_five_and_ten_on_the_day_before(app: Flask, moment: datetime, count: int) -> None:
    make_plan(app, made_at=at(9, day=TODAY - timedelta(days=2)))
    assert write(app, moment) == count


# The evening before a lesson around both changes of the clock, a leap day and a new year.
EVENINGS = ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2027-03-28", "2028-02-28", "2026-12-31"]


@pytest.mark.parametrize("evening", EVENINGS)
def test_tomorrow_is_the_next_day_on_the_calendar_whatever_the_clock_does(
    app: Flask, postbox: Postbox, evening: str
) -> None:
    today = date.fromisoformat(evening)
    plan = make_plan(app, today + timedelta(days=1), start=clock_time(8, 30), made_at=at(9, day=today))
    assert write(app, at(16, 59, day=today)) == 0
    assert write(app, at(17, day=today)) == 1
    assert send(postbox, at(21, day=today)) == 1
    body = postbox.mails[0].get_content()
    assert "Uur: van 8.30 tot 10.10" in body
    # Page, mail and calendar agree.
    with frozen(at(12, day=today)):
        browser = Browser(app).sign_in(owner_of(plan))
        ics = browser.raw("GET", f"/pakket/planner/plan/{plan}/agenda.ics").get_data(as_text=True)
        page = browser.get(f"/pakket/planner/plan/{plan}").text
    assert f"DTSTART;TZID=Europe/Brussels:{today + timedelta(days=1):%Y%m%d}T083000" in ics
    assert f"DTEND;TZID=Europe/Brussels:{today + timedelta(days=1):%Y%m%d}T101000" in ics
    assert "8.30–" in page and "10.10" in page


def test_somebody_who_is_still_busy_with_the_plan_is_left_alone_for_a_while(app: Flask) -> None:
    make_plan(app, made_at=at(17, 50))
    assert write(app, at(18)) == 0
    assert write(app, at(18, 5)) == 1


# ── only while it is so ────────────────────────────────────────────────────


def move(plan_id: int) -> None:
    plan = db.session.get_one(Plan, plan_id)
    plan.day, plan.version = TODAY + timedelta(days=3), plan.version + 1
    db.session.commit()


def take_off_the_calendar(plan_id: int) -> None:
    db.session.get_one(Plan, plan_id).day = None
    db.session.commit()


def remove(plan_id: int) -> None:
    plans.remove_plan(plan_id, by=owner_of(plan_id))


def log(plan_id: int) -> None:
    plan = db.session.get_one(Plan, plan_id)
    db.session.add(
        SessionLog(
            person_id=plan.person_id, client_id=new_key(), plan_id=plan_id, group_mark=new_key()[:32], school_year=2026,
            session_slug=plan.session_slug, day=TODAY, head_count=12, asked=[], content_digest="d", received_at=now(),
            changed_at=now(),
        )
    )  # fmt: skip
    db.session.commit()


def _change(plan_id: int, **fields: Any) -> None:
    person = db.session.get_one(Person, owner_of(plan_id))
    for name, value in fields.items():
        setattr(person, name, value)
    db.session.commit()


def revoke(plan_id: int) -> None:
    owner = owner_of(plan_id)
    db.session.scalars(select(Completion).where(Completion.person_id == owner)).one().revoked_at = now()
    db.session.commit()


def never_open(plan_id: int) -> None:
    db.session.execute(delete(Completion).where(Completion.person_id == owner_of(plan_id)))
    db.session.commit()


def stop(plan_id: int) -> None:
    choose_mails(MailChoice(reminders=True, evening=False), person_id=owner_of(plan_id))


def close(plan_id: int) -> None:
    _change(plan_id, disabled_at=now())


def leave(plan_id: int) -> None:
    _change(plan_id, deletion_asked_at=now())


REASONS: list[Callable[[int], None]] = [
    move, take_off_the_calendar, remove, log, revoke, never_open, stop, close, leave,
]  # fmt: skip


@pytest.mark.both
@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.__name__)
def test_what_is_no_longer_so_is_not_written(app: Flask, reason: Callable[[int], None]) -> None:
    plan = make_plan(app)
    make_plan(app)
    end_transaction()
    reason(plan)
    assert write(app, at(18)) == 1, "only the other one"


def sent_after(app: Flask, postbox: Postbox, reason: Callable[[int], None]) -> int:
    """How many mails leave when this happens between writing and sending."""
    plan = make_plan(app)
    assert write(app, at(18)) == 1
    end_transaction()
    reason(plan)
    return send(postbox, at(18, 1))


@pytest.mark.both
@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.__name__)
def test_what_stopped_being_so_between_writing_and_sending_does_not_leave(
    app: Flask, postbox: Postbox, reason: Callable[[int], None]
) -> None:
    assert sent_after(app, postbox, reason) == 0
    assert postbox.mails == [] and states() == [MailState.CANCELLED]
    assert db.session.scalars(select(OutboxMail.body)).one() == ""
    assert db.session.scalar(select(func.count()).select_from(EveningMail)) == 0


@pytest.mark.both
@pytest.mark.parametrize("reason", [move, log, revoke, stop], ids=lambda reason: reason.__name__)
def test_without_looking_again_the_mail_would_leave(
    app: Flask, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, reason: Callable[[int], None]
) -> None:
    """The sabotaged twin."""
    monkeypatch.setitem(
        CONDITIONS, "evening", type(CONDITIONS["evening"])(holds=lambda _id: True, settled=lambda _id, _state: None)
    )
    assert sent_after(app, postbox, reason) == 1


@pytest.mark.both
def test_a_plan_that_changed_after_the_mail_was_written_is_mailed_as_it_is_now(app: Flask, postbox: Postbox) -> None:
    plan = make_plan(app)
    write(app, at(17))
    live = library_of(app)
    asked = Asked(hours=(50, 50), day=TODAY + timedelta(days=1), start=clock_time(13, 15))
    with frozen(at(17, 1)):
        plans.change_plan(plan, asked, live.sessions[0], label="", group_id=None, version=1, by=owner_of(plan))
    assert send(postbox, at(17, 2)) == 0
    assert write(app, at(17, 10)) == 0
    assert write(app, at(17, 20)) == 1
    assert send(postbox, at(17, 21)) == 1
    assert "Morgen om 13.15" in postbox.mails[0]["Subject"]


@pytest.mark.both
def test_a_mail_server_that_is_away_until_after_midnight_leaves_no_mail_about_tomorrow(
    app: Flask, postbox: Postbox
) -> None:
    make_plan(app)
    write(app, at(21))
    assert send(MailServer(url=f"smtp://127.0.0.1:{free_port()}", sender=SENDER, timeout=1), at(21)) == 0
    assert states() == [MailState.WAITING]
    assert send(postbox, at(0, 30, day=TODAY + timedelta(days=1))) == 0
    assert states() == [MailState.CANCELLED] and postbox.mails == []


# ── never twice ────────────────────────────────────────────────────────────


@pytest.mark.both
def test_however_often_the_worker_looks_it_is_one_mail(app: Flask, postbox: Postbox) -> None:
    make_plan(app)
    for minute in range(0, 60, 10):
        write(app, at(17, minute))
        send(postbox, at(17, minute))
    assert len(postbox.mails) == 1


def mails_of_a_race(app: Flask, postbox: Postbox) -> int:
    """How many mails three plans get from eight workers at once."""
    for _ in range(3):
        make_plan(app)
    end_transaction()

    def work(_number: int) -> None:
        with app.app_context():
            write_evening_mails(app)
            send_waiting(db.session(), postbox.server, conditions=CONDITIONS)

    with frozen(at(18)):
        together(8, work)
        while send_waiting(db.session(), postbox.server, conditions=CONDITIONS):
            pass
    end_transaction()
    return len(postbox.mails)


@pytest.mark.both
def test_eight_workers_at_once_write_each_mail_once(app: Flask, postbox: Postbox) -> None:
    assert mails_of_a_race(app, postbox) == 3
    assert set(postbox.count.values()) == {1}


@pytest.mark.both
def test_without_the_unique_row_workers_write_it_again_and_again(
    app: Flask, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin: each worker keeps its row under a day of its own."""
    from itertools import count

    days = count(1)

    def own_day(**fields: Any) -> EveningMail:
        return EveningMail(**fields | {"day": fields["day"] + timedelta(days=next(days))})

    monkeypatch.setattr("lms.pack.actions.evening.EveningMail", own_day)
    monkeypatch.setitem(
        CONDITIONS, "evening", type(CONDITIONS["evening"])(holds=lambda _id: True, settled=lambda _id, _state: None)
    )
    assert mails_of_a_race(app, postbox) > 3


def _die(_session: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.both
def test_a_worker_that_is_killed_while_writing_leaves_all_or_nothing(app: Flask, postbox: Postbox) -> None:
    """A copy of this process dies just before it commits; the next worker writes the mail, once."""
    from sqlalchemy import event

    make_plan(app)
    end_transaction()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            db.engine.dispose(close=False)
            event.listen(db.session, "before_commit", _die)
            with frozen(at(18)):
                write_evening_mails(app)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was killed"
    until = time.monotonic() + 20
    while not (written := write(app, at(18, 1))) and time.monotonic() < until:
        time.sleep(0.2)
    assert written == 1 and write(app, at(18, 2)) == 0
    assert send(postbox, at(18, 3)) == 1 and len(postbox.mails) == 1


# ── many ───────────────────────────────────────────────────────────────────


def test_looking_is_one_statement_and_takes_a_few_at_a_time(app: Flask) -> None:
    from tests.integration.test_pages_scale import statements

    person = make_finished(library_of(app)).id
    for _ in range(7):
        make_plan(app, person=person)
    end_transaction()
    with frozen(at(18)):
        with statements() as seen:
            found = lms.pack.queries.evening.list_plans_for(TODAY + timedelta(days=1), limit=5)
        assert len(found) == 5 and len(seen) == 1
        assert [write_evening_mails(app, limit=5) for _ in range(3)] == [5, 2, 0]
    end_transaction()


def test_nobody_without_a_plan_hears_anything(app: Flask) -> None:
    make_person()
    make_plan(app, None)
    make_plan(app, TODAY)
    make_plan(app, TODAY + timedelta(days=2))
    assert write(app, datetime(2026, 11, 16, 17, tzinfo=UTC)) == 0
