"""What the clock takes away: not a day too early, and not a day too late."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update

from lms.cli.site import keep_terms
from lms.clock import frozen, now
from lms.config import Config
from lms.database import db
from lms.learning.tables import Attempt, Attest, Completion, Evidence
from lms.people.queries import get_person
from lms.people.tables import SignIn
from lms.permissions import Role
from lms.privacy import actions
from lms.privacy.queries import belongs_to, count_over, table_of
from lms.privacy.rules.parts import Erased, Part
from lms.privacy.rules.registry import PERSONAL, part_of
from lms.privacy.rules.terms import ERASED_NAME, months_before
from lms.schools.tables import Contact
from tests import nursery
from tests.canaries import Marked, make_marked
from tests.factories import make_finished, make_person
from tests.server import Server, let_in
from tests.world import Browser, ask_code, end_transaction, library_of, mails_to

pytestmark = pytest.mark.both

SWEPT = [part for part in PERSONAL if part.keep.is_swept]
A_DAY = timedelta(days=1)


# ── rows ───────────────────────────────────────────────────────────────────


def limit_of(part: Part) -> datetime:
    """What is older than this moment has had its term."""
    return now() - timedelta(days=part.keep.days) if part.keep.days else months_before(now(), part.keep.months)


def make_old(part: Part, moment: datetime, mark: str = "Oud") -> Marked:
    """Somebody whose rows all date from ``moment``, in the state in which this table is swept."""
    with frozen(moment):
        person = make_marked(mark)
    state = {name: values[0] for name, values in part.keep.only.items()}
    if state:
        db.session.execute(update(table_of(part)).values(**state))
        db.session.commit()
    return person


def is_there(part: Part, person: Marked) -> bool:
    """Whether a row of this person is still there; a wiped row belongs to nobody's address any more."""
    end_transaction()
    rows = db.session.execute(select(table_of(part)).where(belongs_to(part, person.id, person.email))).all()
    if part.erased is Erased.WIPED:
        return any(word in repr(rows) for place, word in person.words.items() if place.startswith(f"{part.table}."))
    return bool(rows)


@pytest.mark.parametrize("part", SWEPT, ids=lambda part: part.table)
def test_a_row_goes_when_its_term_is_over_and_not_before(app: Flask, part: Part) -> None:
    young = make_old(part, limit_of(part) + A_DAY, "Jong")
    assert actions.sweep(part) == 0
    old = make_old(part, limit_of(part) - A_DAY)
    assert count_over(part, now()) == 1
    assert actions.sweep(part) == 1 and not is_there(part, old)
    assert actions.sweep(part) == 0 and is_there(part, young)


def test_the_terms_are_those_that_were_promised() -> None:
    terms = {part.table: (part.keep.days, part.keep.months) for part in SWEPT}
    assert terms["sign_in"] == (90, 0) and terms["outbox_mail"] == (30, 0)
    assert terms["attempt"] == terms["dialogue_play"] == terms["test_sitting"] == (0, 12)
    assert terms["audit_row"] == (0, 24)


def test_answers_without_an_attest_stay_and_with_a_recent_one_too(app: Flask) -> None:
    part = part_of("attempt")
    person = make_old(part, now() - timedelta(days=800))
    db.session.execute(update(Attest).values(issued_at=now() - timedelta(days=100)))
    db.session.commit()
    assert actions.sweep(part) == 0 and is_there(part, person)
    db.session.execute(delete(Attest))
    db.session.commit()
    assert actions.sweep(part) == 0 and is_there(part, person)


def test_an_answer_of_yesterday_stays_when_the_attest_is_old(app: Flask) -> None:
    part = part_of("attempt")
    person = make_old(part, now() - A_DAY)
    db.session.execute(update(Attest).values(issued_at=now() - timedelta(days=800)))
    db.session.commit()
    assert actions.sweep(part) == 0 and is_there(part, person)


def test_a_year_after_the_attest_the_answers_go_and_the_pack_stays(app: Flask) -> None:
    finished = make_finished(library_of(app))
    shown = db.session.scalar(select(func.count()).select_from(Evidence))
    with frozen(now() + timedelta(days=370)):
        keep_terms(app)
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == shown
        assert db.session.scalar(select(func.count()).select_from(Completion)) == 1
        browser = Browser(app).sign_in(finished)
        for path in ("/navorming", "/navorming/klaar", "/navorming/toets", "/pakket", "/account/export"):
            assert browser.get(path).status == 200, path
        lesson = library_of(app).course.modules[0]
        assert browser.get(f"/navorming/{lesson.slug}/{lesson.lessons[0].slug}").status == 200


def test_a_question_nobody_answered_loses_its_name_and_frees_the_school(app: Flask) -> None:
    person = make_old(part_of("contact"), now() - timedelta(days=400))
    db.session.execute(update(Contact).values(ended_at=None))
    db.session.commit()
    assert actions.sweep(part_of("contact")) == 1
    contact = db.session.scalars(select(Contact)).one()
    assert (contact.name, contact.ended_at is None) == (ERASED_NAME, False)
    assert person.email != contact.email


def test_mail_that_still_waits_is_not_swept(app: Flask) -> None:
    make_marked("Wacht")
    with frozen(now() + timedelta(days=40)):
        assert actions.sweep(part_of("outbox_mail")) == 0


# ── accounts ───────────────────────────────────────────────────────────────


def pass_time(app: Flask, **time: float) -> dict[str, int]:
    """What the worker does on the day that is this much later."""
    with frozen(now() + timedelta(**time)):
        counts = keep_terms(app)
    end_transaction()
    return counts


def test_after_23_months_one_mail_and_after_24_the_account_goes(app: Flask) -> None:
    person = make_person(email="lang.weg@school.example")
    let_in(person.id)
    assert pass_time(app, days=690)["notices"] == 0
    assert pass_time(app, days=702)["notices"] == 1
    assert pass_time(app, days=703)["notices"] == 0
    (mail,) = mails_to("lang.weg@school.example")
    assert "Je account verloopt op" in mail.subject and "/aanmelden" in mail.body
    assert pass_time(app, days=725)["accounts"] == 0
    assert pass_time(app, days=734)["accounts"] == 1
    assert get_person(person.id).erased_at is not None
    assert pass_time(app, days=735)["accounts"] == 0


def test_who_signs_in_after_the_mail_keeps_the_account(app: Flask) -> None:
    person = make_person(email="terug@school.example")
    let_in(person.id)
    pass_time(app, days=702)
    with frozen(now() + timedelta(days=710)):
        browser = Browser(app)
        code = ask_code(browser, "terug@school.example")
        assert browser.post("/aanmelden/code", {"code": code}).status == 303
    counts = pass_time(app, days=800)
    assert (counts["accounts"], counts["notices"]) == (0, 0)
    assert get_person(person.id).name == person.name
    assert pass_time(app, days=710 + 702)["notices"] == 1


def test_after_a_long_standstill_the_mail_comes_first(app: Flask) -> None:
    person = make_person()
    counts = pass_time(app, days=1500)
    assert (counts["notices"], counts["accounts"]) == (1, 0)
    assert pass_time(app, days=1520)["accounts"] == 0
    assert pass_time(app, days=1531)["accounts"] == 1
    assert get_person(person.id).name == ERASED_NAME


def test_who_asked_to_leave_is_erased_by_the_worker_after_30_days(app: Flask) -> None:
    person = make_person()
    actions.ask_deletion(person.id, link_base="http://127.0.0.1:8000")
    assert pass_time(app, days=29)["accounts"] == 0
    assert pass_time(app, days=31)["accounts"] == 1


def test_a_closed_account_goes_without_a_mail_and_the_last_administrator_stays(app: Flask) -> None:
    closed = make_person(email="gesloten@school.example", disabled_at=now())
    admin, staff = make_person(role=Role.ADMIN), make_person(role=Role.OS_STAFF)
    counts = pass_time(app, days=740)
    assert (counts["accounts"], counts["notices"]) == (1, 1)
    assert mails_to("gesloten@school.example") == [] and get_person(closed.id).erased_at is not None
    assert pass_time(app, days=800)["accounts"] == 1
    assert (get_person(admin.id).erased_at, get_person(staff.id).erased_at is None) == (None, False)


def test_reading_pages_notes_nothing_and_signing_in_notes_the_moment(app: Flask) -> None:
    person = make_person()
    assert get_person(person.id).last_seen_at is None
    browser = Browser(app).sign_in(person.id)
    seen = get_person(person.id).last_seen_at
    end_transaction()
    browser.get("/navorming")
    assert seen is not None and get_person(person.id).last_seen_at == seen


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2028-02-29", 24, "2026-02-28"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-11-23", 24, "2024-11-23"),
        ("2026-12-31", 12, "2025-12-31"),
    ],
)
def test_months_are_counted_back_on_the_calendar(moment: str, months: int, before: str) -> None:
    assert months_before(datetime.fromisoformat(moment), months) == datetime.fromisoformat(before)


# ── the commands ───────────────────────────────────────────────────────────


def make_old_sign_in() -> None:
    with frozen(now() - timedelta(days=200)):
        let_in(make_person().id)
    end_transaction()


def count_sign_ins() -> int:
    end_transaction()
    found = db.session.scalar(select(func.count()).select_from(SignIn)) or 0
    end_transaction()
    return found


def counted(config: Config, *words: str) -> str:
    told = nursery.command(["retention", *words], Server(config).environ).end()
    assert told.code == 0, told.errors
    return told.out


@pytest.mark.slow
def test_the_command_counts_in_a_trial_and_sweeps_for_real(app: Flask, config: Config) -> None:
    make_old_sign_in()
    assert json.loads(counted(config, "--dry-run", "--json"))["sign_in"] == 1
    assert "Je aanmeldingen: 1" in counted(config, "--dry-run") and count_sign_ins() == 1
    assert json.loads(counted(config, "--json"))["sign_in"] == 1 and count_sign_ins() == 0
    assert "niets" in counted(config)


@pytest.mark.slow
def test_the_worker_sweeps_by_itself(app: Flask, config: Config) -> None:
    make_old_sign_in()
    worker = nursery.command(["worker"], Server(config).environ)
    until = time.monotonic() + 60
    while count_sign_ins() and time.monotonic() < until:
        time.sleep(0.2)
    told = worker.stop()
    assert count_sign_ins() == 0, told.errors


def test_a_day_that_fails_does_not_stop_the_mail(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """The database refuses a row that is too young, as it does when its clock is behind: told without values."""
    from lms.cli.worker import Clockwork

    make_marked("Jong")
    with frozen(now() + timedelta(days=800)):
        Clockwork(app).tick()
    assert "could not keep the terms" in caplog.text and "Jong" not in caplog.text
    assert db.session.scalar(text("SELECT count(*) FROM audit_row")) == 1
