"""No more of these mails: a link without signing in, that only stops what can be stopped, for one person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import lms.people.rules.mails
from lms.clock import frozen, now
from lms.database import db
from lms.mail import OutboxMail, compose, send_waiting
from lms.people.queries.mails import find_mail_choice
from lms.people.rules.mails import MailChoice, Stops, read_stop_token, stop_token
from lms.people.tables import Person
from lms.permissions import Role
from lms.privacy.actions import ask_deletion, erase
from lms.schools.tables import Contact
from tests.factories import make_person, make_school
from tests.postbox import Postbox
from tests.world import Browser, database_state, end_transaction, form_token, invite

ALL, NONE = MailChoice(reminders=True, evening=True), MailChoice(reminders=False, evening=False)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link_of(app: Flask, row_id: int, stops: Stops = Stops.PERSON) -> str:
    return f"/stop/{stop_token(str(app.secret_key), stops, row_id)}"


def choice_of(person_id: int) -> MailChoice | None:
    end_transaction()
    found = find_mail_choice(person_id)
    end_transaction()
    return found


def asked_contact() -> Contact:
    end_transaction()
    contact = db.session.scalars(select(Contact).order_by(Contact.id.desc())).first()
    assert contact is not None
    db.session.expunge(contact)
    end_transaction()
    return contact


# ── the link ───────────────────────────────────────────────────────────────


@pytest.mark.both
def test_opening_the_link_changes_nothing_and_the_button_stops_the_mails_of_one_person(app: Flask) -> None:
    person, other = make_person().id, make_person().id
    path, browser = link_of(app, person), Browser(app)
    before = database_state()
    for _ in range(3):
        page = browser.get(path)
        assert page.status == 200 and "Stop deze mails" in page.text
        assert browser.raw("HEAD", path).status_code == 200
    assert database_state() == before
    done = browser.post(path, follow=True)
    assert done.status == 200 and "De mails zijn gestopt" in done.text
    assert (choice_of(person), choice_of(other)) == (NONE, ALL)
    assert browser.post(path).status == 303, "twice is as good as once"
    assert choice_of(person) == NONE
    again = browser.post(path, {"weer": "1"}, follow=True)
    assert "Stop deze mails" in again.text and choice_of(person) == ALL


@pytest.mark.both
def test_the_button_of_a_mail_program_stops_and_never_starts(app: Flask) -> None:
    """RFC 8058: a post from elsewhere, without cookie and without a token of ours."""
    person = make_person().id
    path = link_of(app, person)
    answer = Browser(app).raw("POST", path, data=ONE_CLICK)
    assert answer.status_code == 303 and choice_of(person) == NONE
    Browser(app).raw("POST", path, data={**ONE_CLICK, "weer": "1"})
    assert choice_of(person) == NONE


@pytest.mark.parametrize("data", [{}, {"weer": "1"}, {"List-Unsubscribe": "one-click"}, {"csrf_token": "x"}])
def test_another_site_cannot_press_the_button(app: Flask, data: dict[str, str]) -> None:
    person = make_person().id
    before = database_state()
    assert Browser(app).raw("POST", link_of(app, person), data=data).status_code == 400
    assert database_state() == before


def wrong_links(app: Flask, person: int, other: int) -> list[str]:
    """Links that nobody got from us, and links of which a part was changed."""
    mine, theirs = link_of(app, person)[6:], link_of(app, other)[6:]
    seal = mine.partition("-")[2]
    return [
        f"p{other}-{seal}", f"v{person}-{seal}", f"p0{person}-{seal}", f"q{person}-{seal}", f"p{person}-{seal[:-1]}",
        f"p{person}-{seal}x", f"p{person}-{'A' * 27}", f"p{person}", "x", "p999999999999-" + seal, mine.upper(),
        stop_token("another key that is long enough", Stops.PERSON, person), f"{mine}%00", mine.replace("-", "_"),
        f"p{person}-{theirs.partition('-')[2]}", f"p\u0661-{seal}",
    ]  # fmt: skip


def accepted(app: Flask) -> list[str]:
    """Wrong links that open, or with which mail is stopped."""
    person, other = make_person().id, make_person().id
    browser, found = Browser(app), []
    for token in wrong_links(app, person, other):
        before = database_state()
        opened = browser.raw("GET", f"/stop/{token}")
        posted = browser.raw("POST", f"/stop/{token}", data={"csrf_token": form_token(browser), **ONE_CLICK})
        if (opened.status_code, posted.status_code) != (404, 404) or database_state() != before:
            found.append(f"{token}: {opened.status_code} {posted.status_code}")
    return found


@pytest.mark.both
def test_no_other_link_works(app: Flask) -> None:
    assert accepted(app) == []


def test_without_the_seal_everybody_stops_the_mails_of_everybody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin."""
    monkeypatch.setattr(lms.people.rules.mails.hmac, "compare_digest", lambda _one, _other: True)
    assert any(line.endswith("200 303") for line in accepted(app))


def test_the_seal_has_enough_bits_and_belongs_to_one_purpose(app: Flask) -> None:
    token = stop_token("k" * 40, Stops.PERSON, 7)
    assert len(token.partition("-")[2]) * 6 >= 128
    assert read_stop_token("k" * 40, token) == (Stops.PERSON, 7)
    assert read_stop_token("K" * 40, token) is None
    seals = {stop_token("k" * 40, stops, row).partition("-")[2] for stops in Stops for row in range(1, 50)}
    assert len(seals) == 98


def test_the_page_says_nothing_about_whose_mail_it_is(app: Flask) -> None:
    person = make_person(name="Nele Kanarie", email="nele@kanarie.example").id
    text = Browser(app).get(link_of(app, person)).text
    assert "Nele" not in text and "kanarie" not in text


def test_after_erasing_the_link_says_where_to_choose(app: Flask) -> None:
    person = make_person().id
    path = link_of(app, person)
    ask_deletion(person, link_base="")
    assert Browser(app).get(path).status == 200
    with frozen(now() + timedelta(days=31)):
        assert erase(person)
    end_transaction()
    browser = Browser(app)
    page = browser.get(path)
    assert page.status == 404 and "Bij je account kies je" in page.text
    assert browser.raw("POST", path, data=ONE_CLICK).status_code == 404
    assert db.session.get_one(Person, person).reminders_stopped_at is None


# ── somebody who was asked to be the aanspreekpunt ─────────────────────────


@pytest.mark.both
def test_who_was_asked_and_has_no_account_can_stop_too(app: Flask) -> None:
    token = invite(make_school().id, "gevraagd@school.example")
    contact = asked_contact()
    path, browser = link_of(app, contact.id, Stops.ASKED), Browser(app)
    assert "We vragen je dan niet opnieuw" in browser.get(path).text
    assert "De mails zijn gestopt" in browser.post(path, follow=True).text
    assert asked_contact().reminders_stopped_at is not None
    assert browser.get(f"/uitnodiging/{token}").status == 200, "the question itself stays open"
    assert "Stop deze mails" in browser.post(path, {"weer": "1"}, follow=True).text
    assert asked_contact().reminders_stopped_at is None
    browser.post(f"/uitnodiging/{token}")
    assert Browser(app).get(path).status == 404, "answered: there is nothing left to stop"


# ── my account ─────────────────────────────────────────────────────────────


@pytest.mark.both
def test_my_account_has_a_switch_for_each_kind(app: Flask) -> None:
    person = make_person().id
    browser = Browser(app).sign_in(person)

    def ticked() -> set[str]:
        page = browser.get("/account")
        assert page.soup is not None
        boxes = page.soup.find_all("input", {"type": "checkbox"})
        return {str(box["name"]) for box in boxes if box.has_attr("checked")}

    assert ticked() == {"herinneringen", "avond"}
    for data, choice in (
        ({"avond": "1"}, MailChoice(reminders=False, evening=True)),
        ({"herinneringen": "1"}, MailChoice(reminders=True, evening=False)),
        ({}, NONE),
        ({"avond": "1", "herinneringen": "1"}, ALL),
    ):
        assert browser.post("/account/mails", data).status == 303
        assert choice_of(person) == choice and ticked() == set(data)


def test_staff_choose_too_and_the_moment_of_the_first_stop_stays(app: Flask) -> None:
    person = make_person(role=Role.OS_STAFF).id
    browser, moment = Browser(app).sign_in(person), now()
    with frozen(moment):
        browser.post("/account/mails")
    with frozen(moment + timedelta(hours=1)):
        browser.post("/account/mails")
    end_transaction()
    row = db.session.get_one(Person, person)
    assert row.reminders_stopped_at == row.evening_stopped_at == moment


# ── in the mail itself ─────────────────────────────────────────────────────

LONG = "https://navorming.een-lange-naam-van-een-hogeschool.example/stop/p12345-" + "a" * 27


@pytest.mark.parametrize(
    ("url", "one_click"), [(LONG, "List-Unsubscribe=One-Click"), ("http://127.0.0.1:8000/stop/p1-x", None)]
)
def test_a_mail_program_finds_the_link_in_one_piece(
    app: Flask, postbox: Postbox, url: str, one_click: str | None
) -> None:
    db.session.add(compose("code", "an@school.example", stop_url=url, code="123456", minutes=10))
    db.session.add(compose("code", "an@school.example", code="123456", minutes=10))
    db.session.commit()
    raw: list[bytes] = []
    postbox.raw = raw.append
    assert send_waiting(db.session(), postbox.server) == 2
    with_link, without = postbox.mails
    assert with_link["List-Unsubscribe"] == f"<{url}>" and with_link["List-Unsubscribe-Post"] == one_click
    assert f"List-Unsubscribe: <{url}>\r\n".encode() in raw[0]
    assert without["List-Unsubscribe"] is None and without["List-Unsubscribe-Post"] is None
    assert with_link["From"] == without["From"]


def test_mail_that_always_goes_has_no_stop_link(app: Flask) -> None:
    browser = Browser(app)
    make_person(email="an@school.example", reminders_stopped_at=now(), evening_stopped_at=now())
    page = browser.post("/aanmelden", {"email": "an@school.example"}, token=form_token(browser))
    assert page.status == 303
    end_transaction()
    mail = db.session.scalars(select(OutboxMail)).one()
    assert mail.stop_url is None and mail.condition is None
