"""Mail: written with its cause, delivered once by a real server on this machine, and never in the way of a page."""

from __future__ import annotations

import signal
import socket
import time
from collections import Counter
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.clock import frozen, now
from lms.config import Config
from lms.database import db
from lms.errors import Conflict, Invalid
from lms.learning.forms import new_key
from lms.mail import CLAIM_MINUTES, RETRY_MINUTES, Letter, MailServer, MailState, OutboxMail, compose, send_waiting
from lms.people import actions as people
from lms.people.actions.accounts import create_admin_link
from lms.people.tables import CodePurpose, SignInCode, StaffInvitation
from lms.permissions import Role
from lms.schools.tables import Contact
from tests import nursery
from tests.factories import make_person, make_school
from tests.postbox import SENDER, Postbox
from tests.rich_course import TINY
from tests.server import Server, Visit, free_port, together


def put(count: int, **fields: Any) -> None:
    """So many mails that wait, each to its own address."""
    for number in range(count):
        mail = compose("code", f"an{number}@school.example", code=f"{number:06d}", minutes=10)
        for name, value in fields.items():
            setattr(mail, name, value)
        db.session.add(mail)
    db.session.commit()


def states() -> Counter[MailState]:
    db.session.rollback()
    db.session.expire_all()
    return Counter(db.session.scalars(select(OutboxMail.state)))


def count(table: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def worker_of(config: Config, url: str) -> nursery.Command:
    """``lms worker --once`` on the database of the suite."""
    environ = Server(config).environ | {"LMS_MAIL_URL": url, "LMS_MAIL_FROM": SENDER, "LMS_COURSES": str(TINY)}
    return nursery.command(["worker", "--once"], environ)


# ── with its cause ─────────────────────────────────────────────────────────


@pytest.mark.both
def test_a_mail_is_written_in_the_transaction_of_its_cause(app: Flask) -> None:
    people.ask_code(CodePurpose.SIGN_IN, "an@school.example", browser="b")
    assert count(SignInCode) == 1 and count(OutboxMail) == 1
    mail = db.session.scalars(select(OutboxMail)).one()
    assert (mail.state, mail.attempts, mail.recipient) == (MailState.WAITING, 0, "an@school.example")
    assert mail.due_at == mail.created_at


@pytest.mark.both
def test_what_did_not_happen_leaves_no_mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit fails after the mail was written to the session: neither is there."""
    from sqlalchemy import event

    def fail(_session: object) -> None:
        raise RuntimeError("the power went out")

    event.listen(db.session, "before_commit", fail)
    try:
        with pytest.raises(RuntimeError):
            people.ask_code(CodePurpose.SIGN_IN, "an@school.example", browser="b")
    finally:
        event.remove(db.session, "before_commit", fail)
    db.session.rollback()
    assert count(SignInCode) == 0 and count(OutboxMail) == 0


@pytest.mark.both
def test_a_question_that_is_refused_leaves_no_mail(app: Flask) -> None:
    staff, school = Visit(app, make_person(role=Role.OS_STAFF).id), make_school()
    form = {"name": "Els Claes", "email": "els@school.example"}
    assert staff.post(f"/scholen/{school.id}/aanspreekpunt", form).status == 303
    assert staff.post(f"/scholen/{school.id}/aanspreekpunt", form | {"email": "jan@school.example"}).status == 409
    assert count(OutboxMail) == 1 and count(Contact) == 1


# ── what is in it ──────────────────────────────────────────────────────────


def test_a_mail_arrives_as_it_was_written(app: Flask, postbox: Postbox) -> None:
    name = "Ægir O'Neill-Ünal"
    mail = compose(
        "invitation", "els@school.example", name=name, school="Atheneum <b> & Zoon (Genk)", inviter="An Peeters",
        link="https://navorming.example/uitnodiging/abc", until="31/12/2026",
    )  # fmt: skip
    db.session.add(mail)
    db.session.commit()
    assert send_waiting(db.session(), postbox.server) == 1
    [arrived] = postbox.mails
    assert arrived["To"] == "els@school.example" and arrived["From"] == SENDER
    assert arrived["Subject"] == "Word jij het aanspreekpunt van Atheneum <b> & Zoon (Genk)?"
    body = arrived.get_content()
    assert f"Dag {name}," in body and "https://navorming.example/uitnodiging/abc" in body
    assert "&amp;" not in body
    assert arrived["Auto-Submitted"] == "auto-generated" and arrived["Message-ID"] == mail.message_id
    assert arrived.get_content_type() == "text/plain"


EVIL = [
    "An\r\nBcc: iedereen@school.example",
    "An\nBcc: iedereen@school.example",
    "An\rBcc: iedereen@school.example",
    "An\r\n\r\nGeen brief van ons",
    "An\x85Bcc: iedereen@school.example",
    "An\u2028Bcc: iedereen@school.example",
]


@pytest.mark.parametrize("name", EVIL)
def test_a_line_break_never_becomes_a_header(app: Flask, postbox: Postbox, name: str) -> None:
    db.session.add(
        compose(
            "invitation",
            "els@school.example",
            name=name,
            school=name,
            inviter=name,
            link="https://navorming.example/uitnodiging/abc",
            until="31/12/2026",
        )  # fmt: skip
    )
    db.session.commit()
    assert send_waiting(db.session(), postbox.server) == 1
    [arrived] = postbox.mails
    assert arrived["Bcc"] is None and arrived["To"] == "els@school.example"
    assert set(arrived.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version", "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip
    assert len(str(arrived["Subject"]).splitlines()) == 1


@pytest.mark.parametrize("name", EVIL)
def test_a_name_or_address_with_a_line_break_is_refused_before_that(app: Flask, name: str) -> None:
    with pytest.raises(Invalid):
        people.ask_code(CodePurpose.SIGN_IN, f"an@school.example{name[2:]}", browser="b")
    assert count(OutboxMail) == 0
    try:
        create_admin_link(email="an@school.example", name=name, link_base="")
    except Invalid:
        assert count(StaffInvitation) == 0
    else:
        # The separators of Unicode are spaces to us: they never reach the table as what they are.
        assert db.session.scalars(select(StaffInvitation.name)).one() == "An Bcc: iedereen@school.example"


def test_a_very_long_name_gives_a_subject_that_fits(app: Flask, postbox: Postbox) -> None:
    mail = compose(
        "invitation", "els@school.example", name="x", school="é" * 400, inviter="x", link="https://x.example", until="x"
    )
    db.session.add(mail)
    db.session.commit()
    assert len(mail.subject) == 200
    assert send_waiting(db.session(), postbox.server) == 1


# ── delivering ─────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.both
def test_the_worker_delivers_exactly_what_waited(app: Flask, postbox: Postbox, config: Config) -> None:
    """More than one batch, of which some are not due yet or were sent before."""
    put(25)
    put(2, due_at=now() + timedelta(hours=1))
    put(2, state=MailState.SENT, sent_at=now())
    put(1, state=MailState.FAILED)
    told = worker_of(config, postbox.url).end()
    assert told.code == 0, told.errors
    assert "25 mails verstuurd" in told.out
    assert len(postbox.mails) == 25 and set(postbox.count.values()) == {1}
    assert states() == {MailState.SENT: 27, MailState.WAITING: 2, MailState.FAILED: 1}
    # What was looked at here may not keep the next worker waiting.
    db.session.rollback()
    assert "0 mails verstuurd" in worker_of(config, postbox.url).end().out
    assert len(postbox.mails) == 25


@pytest.mark.slow
@pytest.mark.both
def test_two_workers_at_once_deliver_each_mail_once(app: Flask, postbox: Postbox, config: Config) -> None:
    put(38)
    workers = [worker_of(config, postbox.url) for _ in range(2)]
    assert [worker.end().code for worker in workers] == [0, 0]
    send_all(postbox)
    assert len(postbox.mails) == 38 and set(postbox.count.values()) == {1}
    assert states() == {MailState.SENT: 38}


def send_all(postbox: Postbox) -> None:
    while send_waiting(db.session(), postbox.server):
        pass


@pytest.mark.both
def test_eight_workers_in_a_race_claim_each_mail_once(app: Flask, postbox: Postbox) -> None:
    put(60)

    def work(_number: int) -> int:
        total = 0
        with app.app_context():
            while sent := send_waiting(db.session(), postbox.server, limit=5):
                total += sent
        return total

    assert sum(together(8, work)) == 60
    assert len(postbox.mails) == 60 and set(postbox.count.values()) == {1}


@pytest.mark.both
def test_without_the_claim_a_mail_is_delivered_twice(
    app: Flask, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin: workers that look at what waits without taking it."""
    from lms import mail

    def look(session: Any, limit: int) -> list[OutboxMail]:
        return list(session.scalars(select(OutboxMail).where(OutboxMail.state == MailState.WAITING).limit(limit)))

    monkeypatch.setattr(mail, "_claim", look)
    postbox.before = lambda _mail: time.sleep(0.02)
    put(10)

    def work(_number: int) -> None:
        with app.app_context():
            from lms.database import reading

            # Only the looking matters here; what they write afterwards is left out.
            with reading():
                found = look(db.session(), 10)
                list(postbox.server.deliver(found))

    together(2, work)
    assert max(postbox.count.values()) == 2


# ── when it does not work ──────────────────────────────────────────────────


@pytest.mark.both
def test_a_server_that_is_down_postpones_and_later_delivers(app: Flask, postbox: Postbox) -> None:
    put(3)
    start = now()
    down = MailServer(url=f"smtp://127.0.0.1:{free_port()}", sender=SENDER, timeout=2)
    moment = start
    for tries, minutes in enumerate(RETRY_MINUTES, 1):
        with frozen(moment):
            assert send_waiting(db.session(), down) == 0
            assert send_waiting(db.session(), down) == 0, "before its time nothing is tried again"
        rows = db.session.scalars(select(OutboxMail)).all()
        assert {row.attempts for row in rows} == {tries}
        assert {row.state for row in rows} == {MailState.WAITING}
        assert {row.due_at for row in rows} == {moment + timedelta(minutes=minutes)}
        moment += timedelta(minutes=minutes)
    with frozen(moment):
        assert send_waiting(db.session(), postbox.server) == 3
    assert set(postbox.count.values()) == {1}


@pytest.mark.both
def test_after_the_last_try_a_mail_is_given_up(app: Flask) -> None:
    put(1)
    down = MailServer(url=f"smtp://127.0.0.1:{free_port()}", sender=SENDER, timeout=2)
    moment = now()
    for minutes in (*RETRY_MINUTES, 0):
        with frozen(moment):
            send_waiting(db.session(), down)
        moment += timedelta(minutes=minutes)
    assert states() == {MailState.FAILED: 1}
    with frozen(moment + timedelta(days=1)):
        assert send_waiting(db.session(), down) == 0


@pytest.mark.parametrize("answer", ["550 no such user", "451 try later"])
def test_one_mail_that_is_refused_does_not_hold_up_the_others(app: Flask, postbox: Postbox, answer: str) -> None:
    put(5)
    postbox.before = lambda mail: answer if mail["To"] == "an2@school.example" else None
    assert send_waiting(db.session(), postbox.server) == 4
    assert states() == {MailState.SENT: 4, MailState.WAITING: 1}
    assert set(postbox.count.values()) == {1}


@pytest.mark.parametrize(
    "recipient", ["an\nBcc: x@school.example", "", "geen adres", "an@", "@", "a" * 248 + "@x.be", "ægir@schöol.example"]
)
def test_an_address_no_mail_can_go_to_does_not_hold_up_the_others(app: Flask, postbox: Postbox, recipient: str) -> None:
    """However such a row came to be: the others leave, once, and the next round does not start all over."""
    put(2)
    put(1, recipient=recipient)
    put(2)
    moment = now()
    for _ in range(8):
        with frozen(moment):
            send_waiting(db.session(), postbox.server)
        moment += timedelta(hours=5)
    others = [mail for mail in postbox.mails if mail["To"] in {"an0@school.example", "an1@school.example"}]
    assert len(others) == 4 and max(postbox.count.values()) == 1
    assert states()[MailState.SENT] >= 4 and states()[MailState.CLAIMED] == 0


def test_a_server_that_is_rude_when_leaving_does_not_get_everything_twice(app: Flask, postbox: Postbox) -> None:
    """What was accepted is sent, whatever the server says to QUIT."""
    postbox.quit_answer = "421 too busy to say goodbye"
    put(3)
    send_waiting(db.session(), postbox.server)
    with frozen(now() + timedelta(hours=1)):
        send_waiting(db.session(), postbox.server)
    assert len(postbox.mails) == 3 and set(postbox.count.values()) == {1}
    assert states() == {MailState.SENT: 3}


@pytest.mark.both
def test_a_claim_whose_worker_died_is_taken_up_again(app: Flask, postbox: Postbox) -> None:
    moment = now()
    put(2, state=MailState.CLAIMED, claimed_at=moment, attempts=1)
    with frozen(moment + timedelta(minutes=CLAIM_MINUTES) - timedelta(seconds=1)):
        assert send_waiting(db.session(), postbox.server) == 0
    with frozen(moment + timedelta(minutes=CLAIM_MINUTES) + timedelta(seconds=1)):
        assert send_waiting(db.session(), postbox.server) == 2
    assert states() == {MailState.SENT: 2}


@pytest.mark.both
def test_a_worker_killed_while_sending_sends_again_only_what_was_under_way(
    app: Flask, postbox: Postbox, config: Config
) -> None:
    put(8)
    killed: list[int] = []

    def kill_at_the_fifth(_mail: EmailMessage) -> None:
        if len(postbox.mails) == 4 and not killed:
            killed.append(worker.born.pid)
            worker.born.send(signal.SIGKILL)

    postbox.before = kill_at_the_fifth
    worker = worker_of(config, postbox.url)
    assert worker.end().code == nursery.KILLED and killed
    with frozen(now() + timedelta(minutes=CLAIM_MINUTES, seconds=5)):
        send_all(postbox)
    assert states() == {MailState.SENT: 8}
    assert len(postbox.count) == 8, "no mail is lost"
    assert sorted(postbox.count.values()) in ([1] * 8, [1] * 7 + [2]), "at most the one under way is sent twice"


# ── never in the way ───────────────────────────────────────────────────────


@pytest.mark.both
def test_no_transaction_is_open_while_the_mail_server_talks(rich: Flask, postbox: Postbox) -> None:
    """A slow server then makes no page wait: on SQLite an open transaction of the worker would stop every answer."""
    seen: list[bool] = []
    put(5)
    session = db.session()
    postbox.before = lambda _mail: seen.append(session.in_transaction())
    assert send_waiting(session, postbox.server) == 5
    assert seen == [False] * 5


def test_no_page_opens_a_connection(rich: Flask, monkeypatch: pytest.MonkeyPatch, database_kind: str) -> None:
    """Asking a code, inviting, learning: with every socket forbidden all of it works as ever."""
    if database_kind != "sqlite":
        pytest.skip("here the database itself is reached through a socket")
    staff, learner = Visit(rich, make_person(role=Role.OS_STAFF).id), Visit(rich, make_person().id)
    school_id, stranger = make_school().id, Visit(rich)
    tried: list[object] = []

    def refuse(*args: object, **_kwargs: object) -> None:
        tried.append(args[1:])
        raise OSError("no connections here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    stranger.look("/aanmelden")
    assert stranger.post("/aanmelden", {"email": "an@school.example"}).status == 303
    stranger.look("/registreren")
    form = {"name": "An Peeters", "email": "an2@school.example", "school": str(school_id)}
    assert stranger.post("/registreren", form).status == 303
    form = {"name": "Els Claes", "email": "els@school.example"}
    assert staff.post(f"/scholen/{school_id}/aanspreekpunt", form).status == 303
    assert staff.post(f"/scholen/{school_id}/aanspreekpunt/opnieuw").status == 303
    for path in ("/", "/navorming", "/navorming/klein/eerste-les", "/pakket", "/voorbeeld", "/privacy", "/healthz"):
        assert learner.get(path).status == 200, path
    assert learner.post("/navorming/klein/eerste-les/x1", {"choice": "b", "key": new_key()}).status == 303
    assert staff.get("/scholen").status == 200
    assert tried == []
    assert count(OutboxMail) == 4


def test_the_forbidden_socket_is_really_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: something that does open a connection is noticed by the same patch."""
    tried: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *args: tried.append(args))
    letter = Letter(id=1, recipient="an@school.example", subject="Dag", body="Dag", message_id="<1@x.invalid>")
    [(_, error)] = MailServer(url="smtp://127.0.0.1:9", sender=SENDER, timeout=0.01).deliver([letter])
    assert tried and error is not None


# ── the worker as a command ────────────────────────────────────────────────


def test_in_development_the_outbox_itself_is_the_mailbox(app: Flask, config: Config) -> None:
    put(2)
    told = worker_of(config, "postvak:").end()
    assert told.code == 0, told.errors
    assert states() == {MailState.SENT: 2}
    assert all("Je code is" in body for body in db.session.scalars(select(OutboxMail.body)))


def test_what_was_sent_is_not_kept_to_read(app: Flask, postbox: Postbox) -> None:
    put(1)
    send_waiting(db.session(), postbox.server)
    assert db.session.scalars(select(OutboxMail.body)).one() == ""
    assert "Je code is 000000" in postbox.mails[0].get_content()


def test_the_worker_with_a_dead_mail_server_ends_calmly(app: Flask, config: Config) -> None:
    put(2)
    told = worker_of(config, f"smtp://127.0.0.1:{free_port()}").end()
    assert told.code == 0 and "0 mails" in told.out and "Traceback" not in told.errors
    assert states() == {MailState.WAITING: 2}


def test_nothing_of_a_mail_is_logged(app: Flask, postbox: Postbox, caplog: pytest.LogCaptureFixture) -> None:
    put(3)
    postbox.before = lambda mail: "550 an1@school.example is unknown" if mail["To"] == "an1@school.example" else None
    send_waiting(db.session(), postbox.server)
    with frozen(now() + timedelta(hours=1)):
        send_waiting(db.session(), MailServer(url=f"smtp://127.0.0.1:{free_port()}", sender=SENDER, timeout=1))
    assert "school.example" not in caplog.text


@pytest.mark.both
def test_asking_many_codes_sends_a_limited_number_of_mails(app: Flask) -> None:
    for number in range(10):
        people.ask_code(CodePurpose.SIGN_IN, "an@school.example", browser=f"b{number}")
    assert count(SignInCode) == 10 and count(OutboxMail) == 6
    db.session.execute(update(SignInCode).values(created_at=now() - timedelta(hours=2)))
    db.session.commit()
    people.ask_code(CodePurpose.SIGN_IN, "an@school.example", browser="later")
    assert count(OutboxMail) == 7


def test_an_address_in_capitals_is_that_of_the_same_account(app: Flask) -> None:
    make_person(email="an@school.example", role=Role.ADMIN)
    with pytest.raises(Conflict):
        create_admin_link(email="An@School.EXAMPLE", name="An", link_base="")
