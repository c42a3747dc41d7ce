"""Links and codes that come by mail: long, stored as a fingerprint, for one purpose, for a while, and once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, true
from werkzeug.test import TestResponse

import lms.people.actions
import lms.people.queries
import lms.schools.actions
import lms.schools.queries.invitations
from lms.clock import frozen, now
from lms.database import db
from lms.mail import Letter, MailServer, OutboxMail, send_waiting
from lms.people.rules import fingerprint
from lms.people.tables import Person, SignIn, SignInCode
from lms.permissions import Role
from lms.schools import actions
from lms.schools.rules import INVITATION_LIFE
from lms.schools.tables import Contact, Invitation, Membership
from tests.factories import make_person, make_school
from tests.visitor import Page
from tests.world import (
    STAFF,
    Browser,
    ask_code,
    code_mailed_to,
    copy_cookies,
    database_state,
    end_transaction,
    everything_stored,
    form_token,
    invite,
    link_mailed_to,
    mails_to,
    session_of,
)

GUEST = "gast@school.example"
NO_LONGER = "niet meer geldig"


def invited(address: str = GUEST) -> tuple[int, str]:
    """A school that asked somebody, and the token of the link."""
    school_id = make_school().id
    token = invite(school_id, address)
    return school_id, token


def accept(browser: Browser, token: str) -> Page:
    return browser.post(f"/uitnodiging/{token}", token=form_token(browser))


def register(browser: Browser, address: str = GUEST, **fields: str) -> str:
    """Ask for an account; gives the code of the mail."""
    data = {"name": "Nieuwe Gast", "email": address, "school": "anders", "wish": "De Wijzer, Bree", **fields}
    assert browser.post("/registreren", data, token=form_token(browser)).status == 303
    return code_mailed_to(address)


def give(browser: Browser, path: str, code: str) -> Page:
    return browser.post(path, {"code": code}, token=form_token(browser))


# ── long and stored as a fingerprint ───────────────────────────────────────


def test_a_link_holds_128_bits_or_more_and_is_never_the_same(app: Flask) -> None:
    tokens = {invited(f"gast{number}@school.example")[1] for number in range(5)}
    assert len(tokens) == 5
    for token in tokens:
        # Six bits a letter.
        assert len(token) * 6 >= 128
        assert len(set(token)) > 12, "hardly random"


def test_no_link_code_or_session_can_be_read_in_the_tables(app: Flask) -> None:
    """The outbox is the one place: a mail that waits to be sent has to hold what it says."""
    _, link = invited()
    registering = Browser(app)
    code = register(registering, "nieuw@school.example")
    browser_token = str(session_of(registering)["code_browser"])
    stored = everything_stored(without=frozenset({"outbox_mail"}))
    for secret in (link, f"'{code}'", browser_token):
        assert secret not in stored
    assert fingerprint(link) in stored


class _PostOffice(MailServer):
    """Takes every mail and keeps none."""

    def deliver(self, letters: list[Letter]) -> Iterator[tuple[Letter, Exception | None]]:
        yield from ((letter, None) for letter in letters)


def test_once_a_mail_is_sent_nobody_can_read_its_link_in_the_database(app: Flask) -> None:
    """A copy of the database is then no bunch of keys."""
    _, link = invited()
    end_transaction()
    assert send_waiting(db.session(), _PostOffice(url="smtp://localhost", sender="x@school.example")) == 1
    assert link not in everything_stored()


# ── for one purpose ────────────────────────────────────────────────────────


def test_a_code_to_sign_in_finishes_no_registration(app: Flask) -> None:
    make_person(email="bekend@school.example")
    browser = Browser(app)
    code = ask_code(browser, "bekend@school.example")
    before = database_state()
    page = give(browser, "/registreren/code", code)
    assert page.location == "/registreren"
    assert database_state() == before
    assert browser.get("/account").status == 302


def test_a_code_to_register_signs_nobody_in(app: Flask) -> None:
    make_person(email="bekend@school.example")
    browser = Browser(app)
    code = register(browser, "bekend@school.example")
    before = database_state()
    assert give(browser, "/aanmelden/code", code).location == "/aanmelden"
    assert database_state() == before
    assert browser.get("/account").status == 302


@pytest.mark.parametrize("place", ["/uitnodiging/{}", "/attest/{}"])
def test_a_code_or_a_session_opens_no_link(app: Flask, place: str) -> None:
    person = make_person(email="bekend@school.example").id
    browser = Browser(app).sign_in(person)
    token = str(session_of(browser)["_user_id"])
    code = ask_code(Browser(app), "bekend@school.example")
    for secret in (token, code, fingerprint(token)):
        assert Browser(app).get(place.format(secret)).status == 404


def test_a_link_is_no_session_and_no_attest(app: Flask) -> None:
    _, link = invited()
    browser = Browser(app)
    with browser.client.session_transaction() as session:
        session["_user_id"] = link
    assert browser.get("/account").status == 302
    assert browser.get(f"/attest/{link}").status == 404


def test_the_fingerprint_of_a_link_is_not_the_link(app: Flask) -> None:
    """Whoever reads the database cannot use what stands there."""
    _, link = invited()
    assert Browser(app).get(f"/uitnodiging/{fingerprint(link)}").status == 404


# ── for a while ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("after", "works"), [(timedelta(minutes=-1), True), (timedelta(minutes=1), False)])
def test_a_link_expires(app: Flask, after: timedelta, works: bool) -> None:
    moment = now()
    with frozen(moment):
        _, token = invited()
    with frozen(moment + INVITATION_LIFE + after):
        browser = Browser(app)
        page = browser.get(f"/uitnodiging/{token}")
        assert page.status == (200 if works else 404)
        assert works or (NO_LONGER in page.text and "O&S" in page.text)
        before = database_state()
        assert accept(browser, token).status == (303 if works else 404)
        assert works or database_state() == before


def test_a_link_ends_when_it_is_sent_again_or_when_the_question_is_taken_back(app: Flask) -> None:
    school_id, first = invited()
    actions.renew_invitation(school_id, by=STAFF, link_base="http://127.0.0.1:8000")
    second = link_mailed_to(GUEST)
    assert first != second
    assert Browser(app).get(f"/uitnodiging/{first}").status == 404
    assert Browser(app).get(f"/uitnodiging/{second}").status == 200
    end_transaction()
    actions.end_contact(school_id, by=STAFF)
    for token in (first, second):
        browser = Browser(app)
        assert browser.get(f"/uitnodiging/{token}").status == 404
        assert accept(browser, token).status == 404
    end_transaction()
    assert db.session.scalars(select(Person)).all() == []


# ── opening it uses nothing up ─────────────────────────────────────────────


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_mail_scanners_may_open_a_link_as_often_as_they_like(app: Flask, method: str) -> None:
    school_id, token = invited()
    before = database_state()
    for _ in range(3):
        answer = Browser(app).raw(method, f"/uitnodiging/{token}", headers={"User-Agent": "mail scanner"})
        assert answer.status_code == 200
    assert database_state() == before
    browser = Browser(app)
    page = browser.get(f"/uitnodiging/{token}")
    assert "Gevraagde Collega" in page.text and page.soup is not None
    assert accept(browser, token).location == "/start"
    assert browser.get("/mijn-school").status == 200
    end_transaction()
    contact = db.session.scalars(select(Contact).where(Contact.school_id == school_id)).one()
    assert contact.accepted_at is not None


def test_the_page_behind_a_link_keeps_its_address_to_itself(app: Flask) -> None:
    """The token stands in the address: no other site may get it as a referrer, no cache may keep the page."""
    _, token = invited()
    answer = Browser(app).get(f"/uitnodiging/{token}").response
    assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer", "strict-origin"}
    assert {"private", "no-store"} & set(answer.headers["Cache-Control"].replace(" ", "").split(","))


# ── once ───────────────────────────────────────────────────────────────────


def test_a_used_link_tells_how_to_go_on(app: Flask) -> None:
    _, token = invited()
    browser = Browser(app)
    assert accept(browser, token).status == 303
    other = Browser(app).sign_in(make_person())
    before = database_state()
    for visitor in (other, Browser(app)):
        page = visitor.get(f"/uitnodiging/{token}")
        assert page.status == 404 and NO_LONGER in page.text
        assert accept(visitor, token).status == 404
    # Who is in by this link pressed the button twice, or opens the mail again.
    assert accept(browser, token).status == 303
    assert "Je nam deze uitnodiging al aan." in browser.get(f"/uitnodiging/{token}", follow=True).text
    assert database_state() == before


PARALLEL = 20


def at_once(browsers: list[Browser], path: str, data: dict[str, str]) -> list[TestResponse]:
    """Send the same form from every browser at the same moment, each in a thread of its own."""
    tokens = [form_token(browser) for browser in browsers]
    start = threading.Barrier(len(browsers))
    answers: list[TestResponse | None] = [None] * len(browsers)

    def send(place: int) -> None:
        start.wait(timeout=20)
        answers[place] = browsers[place].client.post(path, data={**data, "csrf_token": tokens[place]})

    end_transaction()
    threads = [threading.Thread(target=send, args=(place,)) for place in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [answer for answer in answers if answer is not None]


def redeem_invitation(app: Flask) -> Counter[str]:
    _, token = invited()
    answers = at_once([Browser(app) for _ in range(PARALLEL)], f"/uitnodiging/{token}", {})
    return Counter(answer.headers.get("Location", str(answer.status_code)) for answer in answers)


def redeem_registration(app: Flask) -> Counter[str]:
    browser = Browser(app)
    code = register(browser)
    answers = at_once([copy_cookies(browser) for _ in range(PARALLEL)], "/registreren/code", {"code": code})
    return Counter(answer.headers.get("Location", str(answer.status_code)) for answer in answers)


def redeem_sign_in(app: Flask) -> Counter[str]:
    make_person(email=GUEST)
    browser = Browser(app)
    code = ask_code(browser, GUEST)
    answers = at_once([copy_cookies(browser) for _ in range(PARALLEL)], "/aanmelden/code", {"code": code})
    return Counter(answer.headers.get("Location", str(answer.status_code)) for answer in answers)


def count(table: type[Any]) -> int:
    end_transaction()
    return len(db.session.scalars(select(table)).all())


@pytest.mark.both
def test_of_twenty_who_open_a_link_at_once_one_succeeds_and_there_is_one_account(app: Flask) -> None:
    assert redeem_invitation(app) == {"/start": 1, "404": PARALLEL - 1}
    assert count(Person) == 1
    assert count(SignIn) == 1
    assert count(Membership) <= 1


@pytest.mark.both
@pytest.mark.parametrize("redeem", [redeem_registration, redeem_sign_in])
def test_a_code_sent_twenty_times_by_its_browser_makes_one_account(
    app: Flask, redeem: Callable[[Flask], Counter[str]]
) -> None:
    """The same browser in the same seconds is a double click: each reply lets in, and nothing is made twice."""
    assert redeem(app) == {"/start": PARALLEL}
    assert count(Person) == 1
    assert count(Membership) <= 1


def _usable_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links and codes that were used count as new."""

    def find_code(browser: str) -> SignInCode | None:
        found: SignInCode | None = db.session.scalar(
            select(SignInCode).where(SignInCode.browser_fingerprint == fingerprint(browser)).with_for_update()
        )
        return found

    monkeypatch.setattr(
        lms.schools.queries.invitations, "_usable", lambda token: Invitation.token_fingerprint == fingerprint(token)
    )
    monkeypatch.setattr(lms.schools.queries.invitations, "_still_open", lambda: (true(), true()))
    monkeypatch.setattr(lms.people.queries, "find_code", find_code)
    monkeypatch.setattr(lms.schools.actions, "find_code", find_code)


@pytest.mark.both
@pytest.mark.parametrize("redeem", [redeem_invitation])
def test_when_used_ones_count_as_new_more_than_one_succeeds(
    app: Flask, monkeypatch: pytest.MonkeyPatch, redeem: Callable[[Flask], Counter[str]]
) -> None:
    """The sabotaged twin: it shows that the twenty really do arrive together."""
    _usable_again(monkeypatch)
    assert redeem(app)["/start"] > 1


@pytest.mark.both
def test_two_browsers_that_register_the_same_address_at_once_make_one_account(app: Flask) -> None:
    """Each has a right code of its own; whoever is second is signed in to the account of the first."""
    browsers = [Browser(app) for _ in range(5)]
    codes = [register(browser) for browser in browsers]
    tokens = [form_token(browser) for browser in browsers]
    start = threading.Barrier(len(browsers))
    statuses: list[tuple[int, str]] = []

    def send(place: int) -> None:
        start.wait(timeout=20)
        answer = browsers[place].client.post(
            "/registreren/code", data={"code": codes[place], "csrf_token": tokens[place]}
        )
        statuses.append((answer.status_code, answer.headers.get("Location", "")))

    end_transaction()
    threads = [threading.Thread(target=send, args=(place,)) for place in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert Counter(statuses) == {(303, "/start"): len(browsers)}
    assert count(Person) == 1


# ── what accepting does ────────────────────────────────────────────────────


def test_accepting_uses_the_account_that_is_there(app: Flask) -> None:
    person = make_person(email=GUEST, name="Al Bekend").id
    school_id, token = invited()
    browser = Browser(app)
    assert accept(browser, token).status == 303
    assert "Al Bekend" in browser.get("/account").text
    end_transaction()
    contact = db.session.scalars(select(Contact).where(Contact.school_id == school_id)).one()
    assert contact.person_id == person
    assert count(Person) == 1


def test_a_closed_account_cannot_be_opened_by_a_link(app: Flask) -> None:
    make_person(email=GUEST, disabled_at=now())
    _, token = invited()
    before = database_state()
    browser = Browser(app)
    page = accept(browser, token)
    assert page.status == 404 and NO_LONGER in page.text
    assert database_state() == before


def test_a_link_never_makes_somebody_staff(app: Flask) -> None:
    _, token = invited()
    browser = Browser(app)
    page = browser.post(
        f"/uitnodiging/{token}", {"role": "beheerder", "email": "ander@school.example", "name": "Ander"},
        token=form_token(browser),
    )  # fmt: skip
    assert page.status == 303
    end_transaction()
    person = db.session.scalars(select(Person)).one()
    assert (person.role, person.email, person.name) == (Role.FACILITATOR, GUEST, "Gevraagde Collega")


@pytest.mark.parametrize(
    "token",
    ["x", "0", "None", "a" * 43, "a" * 5000, "%00", "..", "%2e%2e", "'--", "<b>x</b>", "%F0%9F%92%A9", "a%0d%0ab", " "],
)
def test_a_link_that_never_was_gets_the_page_that_says_so(app: Flask, token: str) -> None:
    invited()
    page = Browser(app).get(f"/uitnodiging/{token}")
    assert page.status == 404
    assert "<b>x</b>" not in page.response.get_data(as_text=True)


def test_a_link_with_one_letter_changed_is_refused(app: Flask) -> None:
    _, token = invited()
    for changed in (token[:-1], token + "a", ("b" if token[0] != "b" else "c") + token[1:], token.swapcase()):
        assert Browser(app).get(f"/uitnodiging/{changed}").status == 404


def test_the_mail_of_an_invitation_goes_to_the_one_who_was_asked_only(app: Flask) -> None:
    invited()
    assert len(mails_to(GUEST)) == 1
    assert count(OutboxMail) == 1
