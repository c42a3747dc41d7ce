"""Leaving: a month to come back, then nothing of the person is left and no figure has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import lms.privacy.queries
from lms.clock import frozen, now
from lms.database import SQLITE_PRAGMAS, db, empty_journal
from lms.dev.demo import right_answer
from lms.errors import Conflict
from lms.learning import tables as learning
from lms.learning.actions import submit_answer
from lms.learning.forms import new_key
from lms.learning.tables import Attempt, Attest, Completion, DialoguePlay, Evidence
from lms.monitoring.queries import list_colleagues
from lms.monitoring.queries.register import list_schools
from lms.monitoring.queries.wanted import FILTERS, Wanted
from lms.people.queries import get_person
from lms.people.tables import Person, SignIn
from lms.permissions import Role
from lms.privacy import actions
from lms.privacy.rules.parts import Erased
from lms.privacy.rules.registry import PERSONAL
from lms.privacy.rules.terms import ERASED_NAME
from lms.schools.tables import Contact, Membership, School
from tests.canaries import Marked, database_bytes, make_marked
from tests.factories import make_contact_person, make_finished, make_person, make_school
from tests.world import Browser, ask_code, end_transaction, everything_stored, library_of, mails_to

pytestmark = pytest.mark.both

SITE = "http://127.0.0.1:8000"


def leave_and_be_erased(person_id: int) -> None:
    """Ask to leave, and let the month pass."""
    actions.ask_deletion(person_id, link_base=SITE)
    with frozen(now() + timedelta(days=30, minutes=1)):
        assert actions.erase(person_id)
    end_transaction()


def figures() -> list[Any]:
    """Every figure the site shows or can count: per school, per filter, and the rows they stand on."""
    end_transaction()
    page = list_schools()
    counted = [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Person, Membership, Evidence, Completion, Attest, School)
    ]
    return [page.rows, page.counts, [list_schools(Wanted(only=name)).counts for name in FILTERS], counted]


# ── asking and coming back ─────────────────────────────────────────────────


def test_leaving_signs_out_everywhere_and_mails_the_way_back(app: Flask) -> None:
    person = make_person(name="Bram Voorbeeld")
    phone, laptop = Browser(app).sign_in(person), Browser(app).sign_in(person)
    page = laptop.get("/account/verwijderen")
    assert "Dit verdwijnt op" in page.text and "Je aanmeldingen. Al je aanmeldingen verdwijnen." in page.text
    answer = laptop.post("/account/verwijderen", follow=True)
    assert "Je account wordt verwijderd" in answer.text
    assert phone.get("/navorming").location.startswith("/aanmelden")
    assert laptop.get("/navorming").location.startswith("/aanmelden")
    (mail,) = mails_to(person.email)
    assert "Houd mijn account" in mail.body and f"{SITE}/aanmelden" in mail.body


def test_who_signs_in_within_the_month_is_offered_the_way_back_and_nothing_else(app: Flask) -> None:
    person = make_person()
    actions.ask_deletion(person.id, link_base=SITE)
    browser = Browser(app)
    code = ask_code(browser, person.email)
    assert browser.post("/aanmelden/code", {"code": code}).status == 303
    page = browser.get("/start", follow=True)
    assert "Wil je je account houden?" in page.text
    assert browser.get("/navorming").location == "/account/terug"
    assert browser.get("/account/export").location == "/account/terug"
    assert "Houd mijn account" in browser.get("/account").text
    browser.get("/account/terug")
    assert "Je account blijft bestaan" in browser.post("/account/terug", follow=True).text
    assert browser.get("/navorming").status == 200
    with frozen(now() + timedelta(days=31)):
        assert not actions.erase(person.id)


def test_asking_twice_sends_one_mail_and_keeps_the_first_date(app: Flask) -> None:
    person = make_person()
    actions.ask_deletion(person.id, link_base=SITE)
    first = get_person(person.id).deletion_asked_at
    with frozen(now() + timedelta(days=3)):
        actions.ask_deletion(person.id, link_base=SITE)
    end_transaction()
    assert get_person(person.id).deletion_asked_at == first and len(mails_to(person.email)) == 1


def test_who_comes_back_at_the_last_moment_is_not_erased(app: Flask) -> None:
    """The worker made its list; the owner came back before it got there."""
    person = make_person()
    actions.ask_deletion(person.id, link_base=SITE)
    with frozen(now() + timedelta(days=31)):
        assert lms.privacy.queries.list_to_erase(now()) == [person.id]
        actions.undo_deletion(person.id)
        assert not actions.erase(person.id)
    assert get_person(person.id).erased_at is None


def test_before_the_month_is_over_nothing_is_erased(app: Flask) -> None:
    person = make_person()
    actions.ask_deletion(person.id, link_base=SITE)
    with frozen(now() + timedelta(days=29, hours=23)):
        assert not actions.erase(person.id)


def test_an_aanspreekpunt_who_leaves_makes_a_vacancy_at_once(app: Flask) -> None:
    school = make_school()
    person = make_contact_person(school)
    staff = Browser(app).sign_in(make_person(role=Role.OS_STAFF))
    browser = Browser(app).sign_in(person)
    assert f"niet langer het aanspreekpunt van {school.name}" in browser.get("/account/verwijderen").text
    assert school.name not in staff.get("/scholen?toon=zonder").text
    browser.post("/account/verwijderen")
    assert school.name in staff.get("/scholen?toon=zonder").text
    actions.undo_deletion(person.id)
    assert Browser(app).sign_in(person.id).get("/mijn-school").status == 404


def test_the_last_administrator_stays(app: Flask) -> None:
    admin = make_person(role=Role.ADMIN)
    browser = Browser(app).sign_in(admin)
    page = browser.get("/account/verwijderen")
    assert "enige beheerder" in page.text and "Verwijder mijn account" not in page.text
    assert browser.post("/account/verwijderen").status == 409
    with pytest.raises(Conflict):
        actions.ask_deletion(admin.id, link_base=SITE)
    db.session.rollback()
    second = make_person(role=Role.ADMIN)
    actions.ask_deletion(admin.id, link_base=SITE)
    with pytest.raises(Conflict):
        actions.ask_deletion(second.id, link_base=SITE)
    db.session.rollback()


# ── erasing ────────────────────────────────────────────────────────────────


def found_after_erasing(me: Marked) -> set[str]:
    """Words of this person that are still in the database; on SQLite in its files, free pages and journal too."""
    empty_journal(db.engine)
    is_file = db.engine.dialect.name == "sqlite"
    stored = database_bytes().decode("utf-8", "replace") if is_file else everything_stored()
    return {word for word in me.erasable() if word in stored}


def test_erasing_leaves_no_word_of_the_person_and_every_word_of_others(app: Flask) -> None:
    me, other = make_marked("Weg"), make_marked("Blijft")
    assert len(me.erasable()) >= 12
    leave_and_be_erased(me.id)
    assert found_after_erasing(me) == set()
    stored = everything_stored()
    assert {word for word in other.words.values() if word not in stored} == set()


def test_without_the_overwriting_the_words_stay_in_the_file(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: SQLite forgets where the rows were, but not what was in them."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("about the file of SQLite")
    monkeypatch.setitem(SQLITE_PRAGMAS, "secure_delete", "OFF")
    db.session.remove()
    db.engine.dispose()
    me = make_marked("Spoor")
    leave_and_be_erased(me.id)
    found = found_after_erasing(me)
    monkeypatch.undo()
    db.session.remove()
    db.engine.dispose()
    assert found


def test_a_table_that_is_kept_by_mistake_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second twin: somebody declares that the answers stay."""
    me = make_marked("Vergeten")
    parts = tuple(replace(part, erased=Erased.KEPT) if part.table == "attempt" else part for part in PERSONAL)
    monkeypatch.setattr(lms.privacy.queries, "PERSONAL", parts)
    leave_and_be_erased(me.id)
    assert me.words["attempt.answer"] in found_after_erasing(me)


def test_erasing_changes_no_figure(app: Flask) -> None:
    library = library_of(app)
    school = make_school()
    finished = make_finished(library, school=school)
    busy = make_person(school=school)
    exercise = library.course.lessons[0].exercises[0]
    submit_answer(library, exercise.id, right_answer(exercise), key=new_key(), by=busy.id)
    before = figures()
    for person in (finished, busy):
        leave_and_be_erased(person.id)
    assert figures() == before
    for table in (Attempt, DialoguePlay, learning.TestSitting):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert list_colleagues(school.id, library.course) == []
    staff = Browser(app).sign_in(make_person(role=Role.OS_STAFF))
    assert "2 accounts zijn gewist en tellen nog mee" in staff.get(f"/scholen/{school.id}").text


def test_with_the_rows_of_the_person_gone_the_figures_change(app: Flask) -> None:
    """The sabotaged twin: erasing by deleting the person."""
    finished = make_finished(library_of(app), school=make_school())
    before = figures()
    db.session.delete(get_person(finished.id))
    db.session.commit()
    assert figures() != before


def test_the_attest_of_somebody_who_left_is_no_longer_available(app: Flask) -> None:
    finished = make_finished(library_of(app))
    code = db.session.scalars(select(Attest.code)).one()
    stranger = Browser(app)
    page = Browser(app).sign_in(finished).get("/account/verwijderen")
    assert "Je attest. Nummer en datum blijven." in page.text
    assert "Geldig" in stranger.get(f"/attest/{code}").text
    leave_and_be_erased(finished.id)
    page = stranger.get(f"/attest/{code}")
    assert page.status == 410 and "niet meer beschikbaar" in page.text
    assert db.session.scalars(select(Attest.code)).one() == code


def test_an_erased_account_lets_nobody_in_and_its_address_is_free(app: Flask) -> None:
    person = make_person(email="terug@school.example")
    browser = Browser(app).sign_in(person)
    leave_and_be_erased(person.id)
    assert browser.get("/account").location.startswith("/aanmelden")
    stub = get_person(person.id)
    assert (stub.name, stub.disabled_at is None, stub.totp_secret) == (ERASED_NAME, False, None)
    assert stub.email.endswith(".invalid") and db.session.scalar(select(func.count()).select_from(SignIn)) == 0
    make_person(email="terug@school.example")


def test_an_appointment_keeps_its_dates_and_loses_the_name(app: Flask) -> None:
    school = make_school()
    person = make_contact_person(school, name="Ann Weg")
    leave_and_be_erased(person.id)
    contact = db.session.scalars(select(Contact)).one()
    assert contact.name == ERASED_NAME and contact.accepted_at and contact.ended_at
    staff = Browser(app).sign_in(make_person(role=Role.OS_STAFF))
    assert ERASED_NAME in staff.get(f"/scholen/{school.id}").text
