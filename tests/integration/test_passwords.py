"""A password is a second way in: it tells nothing, wrong tries wait, and hashing holds up nobody."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

import lms.people.actions.passwords
import lms.people.views.door
from lms.clock import frozen, now
from lms.database import db
from lms.people.rules import FRESH, fingerprint
from lms.people.rules import passwords as rules
from lms.people.rules.passwords import FREE_TRIES, hash_password
from lms.people.tables import Password, SignIn, WrongTries
from lms.permissions import Role
from tests.factories import make_person
from tests.visitor import Page
from tests.world import (
    TOTP_SECRET,
    Browser,
    ask_code,
    copy_cookies,
    end_transaction,
    everything_stored,
    form_token,
    mails_to,
    without_changing_parts,
)

KNOWN, BARE = "bekend@school.example", "zonder@school.example"
UNKNOWN, CLOSED = "vreemd@school.example", "dicht@school.example"
PASSWORD, OTHER = "paard nietje batterij wolk", "zeven kapotte trommels blazen"


def make_with_password(email: str = KNOWN, password: str = PASSWORD, **fields: object) -> int:
    person = make_person(email=email, **fields)
    db.session.add(Password(person_id=person.id, hash=hash_password(password), set_at=now()))
    db.session.commit()
    end_transaction()
    return person.id


def make_accounts() -> None:
    make_with_password()
    make_person(email=BARE)
    make_with_password(CLOSED, disabled_at=now())


def sign_in(browser: Browser, email: str = KNOWN, password: str = PASSWORD, **fields: str) -> Page:
    data = {"email": email, "password": password, **fields}
    return browser.post("/aanmelden/wachtwoord", data, token=form_token(browser))


def signed_in(app: Flask, **fields: str) -> Browser:
    browser = Browser(app)
    assert sign_in(browser, **fields).status == 303
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get("/account").status == 200


def change(browser: Browser, path: str = "/account/wachtwoord", **fields: str) -> Page:
    return browser.post(path, fields, token=form_token(browser))


# ── getting in ─────────────────────────────────────────────────────────────


@pytest.mark.sqlite_alone
def test_the_page_to_sign_in_asks_a_code_first_and_leads_to_the_password(app: Flask) -> None:
    page = Browser(app).get("/aanmelden?next=/navorming")
    assert page.soup is not None
    assert "Stuur mij een code" in page.text
    assert page.soup.find("a", href="/aanmelden/wachtwoord?next=/navorming") is not None


@pytest.mark.sqlite_alone
def test_a_password_lets_its_owner_in_and_leads_where_they_were_going(app: Flask) -> None:
    make_accounts()
    browser = Browser(app)
    page = sign_in(browser, " Bekend@School.EXAMPLE ", next="/navorming")
    assert (page.status, page.location) == (303, "/navorming")
    assert is_in(browser)
    assert not is_in(signed_out := Browser(app)) and sign_in(signed_out, next="//evil.example").location == "/start"


@pytest.mark.sqlite_alone
def test_signing_in_with_a_password_gives_a_new_session(app: Flask) -> None:
    make_accounts()
    browser = Browser(app)
    with browser.client.session_transaction() as session:
        session["planted"], session["_user_id"] = "by somebody else", "a token somebody else knows"
    assert sign_in(browser).status == 303
    with browser.client.session_transaction() as session:
        assert "planted" not in session and session["_user_id"] != "a token somebody else knows"


@pytest.mark.sqlite_alone
def test_staff_with_a_password_still_give_their_second_step(app: Flask) -> None:
    make_with_password(role=Role.OS_STAFF, totp_secret=TOTP_SECRET)
    browser = signed_in(app)
    for path in ("/scholen", "/account/wachtwoord", "/account/mail", "/account/naam", "/account/herstelcodes"):
        assert browser.get(path).location == "/aanmelden/tweede-stap", path
    code = pyotp.TOTP(TOTP_SECRET).at(time.time())
    assert browser.post("/aanmelden/tweede-stap", {"code": code}, token=form_token(browser)).status == 303
    assert browser.get("/scholen").status == 200


@pytest.mark.both
def test_twenty_people_sign_in_from_one_address_at_once(app: Flask) -> None:
    """A school has one address for everybody: what waits is an account, never the school."""
    for number in range(20):
        make_with_password(f"collega{number}@school.example")
    for _ in range(FREE_TRIES + 2):
        sign_in(Browser(app), UNKNOWN, OTHER)
    assert [sign_in(Browser(app), f"collega{number}@school.example").status for number in range(20)] == [303] * 20


# ── the answer tells nothing ───────────────────────────────────────────────


@contextmanager
def counted_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every call of the hasher, and whether a transaction was open."""
    calls: list[str] = []
    real = rules.hasher

    class Counted:
        def note(self, name: str) -> None:
            calls.append(f"{name} in a transaction" if db.session().in_transaction() else name)

        def verify(self, kept: str, typed: str) -> bool:
            self.note("verify")
            return real.verify(kept, typed)

        def hash(self, typed: str) -> str:
            self.note("hash")
            return real.hash(typed)

    with monkeypatch.context() as patch:
        patch.setattr(rules, "hasher", Counted())
        yield calls


def answers(app: Flask, email: str, tries: int = FREE_TRIES + 3) -> list[tuple[int, str]]:
    """What somebody sees who tries a password for this address again and again."""
    pages = [sign_in(Browser(app), email, OTHER) for _ in range(tries)]
    return [(page.status, without_changing_parts(page.response.get_data(as_text=True), email)) for page in pages]


def differences(app: Flask, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """In what known, unknown, closed accounts and those without password differ."""
    make_accounts()
    seen, hashes = {}, {}
    with frozen(now()):
        for email in (KNOWN, BARE, UNKNOWN, CLOSED):
            with counted_hashes(monkeypatch) as calls:
                seen[email] = answers(app, email)
            hashes[email] = list(calls)
    found = set()
    if any(answer != seen[KNOWN] for answer in seen.values()):
        found.add("answer")
    if any(calls != hashes[KNOWN] for calls in hashes.values()):
        found.add("hashes")
    assert len(hashes[KNOWN]) == FREE_TRIES
    return found


@pytest.mark.sqlite_alone
def test_the_answer_and_the_number_of_hashes_are_the_same_for_every_kind_of_address(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert differences(app, monkeypatch) == set()


@pytest.mark.sqlite_alone
def test_skipping_the_hash_of_nobody_would_be_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: who has no password is refused at once."""
    real = rules.is_password
    monkeypatch.setattr(
        lms.people.views.door, "is_password", lambda kept, typed: real(kept, typed) if kept else False
    )  # fmt: skip
    assert differences(app, monkeypatch) == {"hashes"}


@pytest.mark.sqlite_alone
@pytest.mark.slow
def test_telling_that_an_account_is_closed_would_be_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second twin: a closed account gets words of its own."""
    act = lms.people.actions.passwords.sign_in_with_password

    def telling(email: str, **details: object) -> object:
        if email == CLOSED:
            raise lms.people.actions.passwords.Invalid("Dit account is gesloten.")
        return act(email, **details)  # type: ignore[arg-type]

    monkeypatch.setattr(lms.people.actions.passwords, "sign_in_with_password", telling)
    assert differences(app, monkeypatch) == {"answer"}


@pytest.mark.sqlite_alone
def test_the_right_password_of_a_closed_account_gets_the_same_answer_as_a_wrong_one(app: Flask) -> None:
    make_accounts()
    right, wrong = sign_in(Browser(app), CLOSED, PASSWORD), sign_in(Browser(app), CLOSED, OTHER)
    assert (right.status, right.text) == (wrong.status, wrong.text) == (422, wrong.text)
    assert "horen niet bij elkaar" in wrong.text
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0


# ── wrong tries wait ───────────────────────────────────────────────────────


@pytest.mark.both
def test_ten_wrong_tries_slow_that_account_only_and_say_for_how_long(app: Flask) -> None:
    make_accounts()
    make_with_password("collega@school.example")
    start = now()
    with frozen(start):
        for _ in range(FREE_TRIES):
            assert "horen niet bij elkaar" in sign_in(Browser(app), password=OTHER).text
        waiting = sign_in(Browser(app))
        assert waiting.status == 422 and "Wacht nog één minuut." in waiting.text
        assert sign_in(Browser(app), "collega@school.example").status == 303
        # The code by mail is never held up.
        browser = Browser(app)
        code = ask_code(browser, KNOWN)
        assert browser.post("/aanmelden/code", {"code": code}, token=form_token(browser)).status == 303
    with frozen(start + timedelta(seconds=61)):
        assert "horen niet bij elkaar" in sign_in(Browser(app), password=OTHER).text
        assert "Wacht nog 2 minuten." in sign_in(Browser(app)).text
    with frozen(start + timedelta(seconds=61 + 121)):
        assert sign_in(Browser(app)).status == 303
        # The right one wipes the slate.
        assert "horen niet bij elkaar" in sign_in(Browser(app), password=OTHER).text
    end_transaction()
    assert db.session.get_one(WrongTries, fingerprint(KNOWN)).count == 1


@pytest.mark.both
def test_after_a_day_wrong_tries_are_forgotten(app: Flask) -> None:
    make_accounts()
    start = now()
    with frozen(start):
        answers(app, KNOWN)
    with frozen(start + timedelta(hours=25)):
        assert sign_in(Browser(app), password=OTHER).text.count("Wacht nog") == 0
        assert "Wacht nog" not in sign_in(Browser(app), password=OTHER).text


def race(app: Flask, tries: int = 30) -> Counter[str]:
    """Try wrong passwords from many browsers at the same moment; gives what they were told."""
    browsers = [Browser(app) for _ in range(tries)]
    data = [{"email": KNOWN, "password": OTHER, "csrf_token": form_token(browser)} for browser in browsers]
    told: Counter[str] = Counter()
    gate = threading.Barrier(tries)

    def send(place: int) -> None:
        gate.wait()
        with app.app_context():
            answer = browsers[place].client.post("/aanmelden/wachtwoord", data=data[place])
        said = "waits" if "Wacht nog" in answer.get_data(as_text=True) else "wrong"
        told[said if answer.status_code == 422 else str(answer.status_code)] += 1

    threads = [threading.Thread(target=send, args=(place,)) for place in range(tries)]
    end_transaction()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


@pytest.mark.both
def test_tries_at_the_same_moment_are_all_counted(app: Flask) -> None:
    make_accounts()
    assert race(app) == {"wrong": FREE_TRIES, "waits": 20}


@pytest.mark.both
def test_counting_after_looking_lets_more_through(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: everybody looks before anybody has counted."""
    tries = FREE_TRIES + 2
    count, look = lms.people.actions.passwords._count_try, threading.Barrier(tries)

    def late(email: str) -> None:
        waiting = db.session.scalar(select(WrongTries.count)) or 0
        db.session.rollback()
        look.wait(timeout=20)
        if waiting < FREE_TRIES:
            count(email)

    monkeypatch.setattr(lms.people.actions.passwords, "wait_after", lambda wrong: timedelta(0))
    monkeypatch.setattr(lms.people.actions.passwords, "_count_try", late)
    make_accounts()
    # Nobody was stopped, and nobody met an error instead.
    assert race(app, tries) == {"wrong": tries}


# ── set, change, remove ────────────────────────────────────────────────────


@pytest.mark.both
def test_a_password_is_set_changed_and_removed_with_a_notice_by_mail(app: Flask) -> None:
    person_id = make_person(email=KNOWN).id
    browser = Browser(app).sign_in(person_id)
    assert change(browser, new=PASSWORD).location == "/account"
    assert "ingesteld" in mails_to(KNOWN)[-1].body
    assert is_in(signed_in(app))
    assert change(browser, new=OTHER).status == 303
    assert "veranderd" in mails_to(KNOWN)[-1].body
    assert sign_in(Browser(app)).status == 422 and is_in(signed_in(app, password=OTHER))
    assert change(browser, "/account/wachtwoord/verwijderen").location == "/account"
    assert "verwijderd" in mails_to(KNOWN)[-1].body
    assert sign_in(Browser(app), password=OTHER).status == 422
    assert browser.get("/account/wachtwoord/verwijderen").status == 404
    stored = everything_stored()
    assert PASSWORD not in stored and OTHER not in stored


@pytest.mark.sqlite_alone
def test_the_rules_of_a_password_are_said_at_the_field_and_the_name_is_refused(app: Flask) -> None:
    browser = Browser(app).sign_in(make_person(name="Nele Van Acker"))
    for typed, word in (("", "Typ het"), ("kw7!", "te kort"), ("x7" * 65, "te lang"), ("Nele van Acker 2026", "raden")):
        page = change(browser, new=typed)
        assert page.status == 422 and page.soup is not None
        error = page.soup.find(id="new-fout")
        assert error is not None and word in error.get_text()
        assert typed == "" or typed not in page.response.get_data(as_text=True), "a password never comes back"


@pytest.mark.sqlite_alone
def test_staff_may_take_a_shorter_one(app: Flask) -> None:
    begeleider, staff = Browser(app).sign_in(make_person()), Browser(app).sign_in(make_person(role=Role.OS_STAFF))
    assert change(begeleider, new="kw7 zon!").status == 422
    assert change(staff, new="kw7 zon!").status == 303


@pytest.mark.sqlite_alone
def test_a_sign_in_that_is_not_fresh_needs_the_current_password(app: Flask) -> None:
    make_with_password()
    start = now()
    browser = signed_in(app)
    with frozen(start + FRESH + timedelta(minutes=1)):
        for path in ("/account/wachtwoord", "/account/wachtwoord/verwijderen"):
            page = browser.get(path)
            assert page.soup is not None and page.soup.find("input", {"name": "current"})
            for current in ("", OTHER):
                refused = change(browser, path, new=OTHER, current=current)
                assert refused.status == 422 and "niet je wachtwoord van nu" in refused.text
        assert change(browser, new=OTHER, current=PASSWORD).status == 303
        assert sign_in(Browser(app), password=OTHER).status == 303


@pytest.mark.sqlite_alone
def test_without_looking_at_the_moment_of_signing_in_anybody_at_the_screen_could_change_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin of the test above."""
    monkeypatch.setattr(lms.people.actions.passwords.own_account, "has_fresh_sign_in", lambda sign_in_id: True)
    make_with_password()
    browser = signed_in(app)
    with frozen(now() + timedelta(days=1) - timedelta(minutes=5)):
        assert change(browser, new=OTHER, current="").status == 303


@pytest.mark.sqlite_alone
def test_somebody_without_password_and_without_fresh_sign_in_signs_in_again_first(app: Flask) -> None:
    make_person(email=KNOWN)
    browser = Browser(app)
    code = ask_code(browser, KNOWN)
    browser.post("/aanmelden/code", {"code": code}, token=form_token(browser))
    with frozen(now() + timedelta(hours=1)):
        page = browser.get("/account/wachtwoord")
        assert page.soup is not None and page.soup.find("input", {"name": "new"}) is None
        assert "Meld je opnieuw aan" in change(browser, new=PASSWORD).text
        again = browser.post("/aanmelden/opnieuw", {"next": "/account/wachtwoord"}, token=form_token(browser))
        assert again.location == "/account/wachtwoord"
        assert browser.get("/account/wachtwoord").location == "/aanmelden?next=/account/wachtwoord"
        assert db.session.scalar(select(func.count()).select_from(Password)) == 0


@pytest.mark.sqlite_alone
def test_guessing_the_current_password_waits_like_guessing_at_the_door(app: Flask) -> None:
    make_with_password()
    browser = signed_in(app)
    with frozen(now() + timedelta(hours=1)):
        for _ in range(FREE_TRIES):
            assert "niet je wachtwoord van nu" in change(browser, new=OTHER, current="x").text
        assert "Wacht nog" in change(browser, new=OTHER, current=PASSWORD).text
        assert "Wacht nog" in sign_in(Browser(app)).text


@pytest.mark.both
@pytest.mark.parametrize("path", ["/account/wachtwoord", "/account/wachtwoord/verwijderen"])
def test_a_change_ends_every_other_session_from_the_next_request(app: Flask, path: str) -> None:
    make_with_password()
    make_with_password("collega@school.example")
    here, elsewhere, colleague = signed_in(app), signed_in(app), signed_in(app, email="collega@school.example")
    stolen = copy_cookies(elsewhere)
    assert change(here, path, new=OTHER).status == 303
    assert not is_in(elsewhere) and not is_in(stolen)
    assert is_in(here) and is_in(colleague)


@pytest.mark.sqlite_alone
def test_when_other_sessions_are_left_alone_a_thief_stays_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin of the test above."""
    monkeypatch.setattr(lms.people.actions.passwords.own_account, "list_open_sign_ins", lambda person_id, but: [])
    make_with_password()
    here, elsewhere = signed_in(app), signed_in(app)
    assert change(here, new=OTHER).status == 303
    assert is_in(elsewhere)


@pytest.mark.both
def test_two_windows_that_change_it_at_once_do_not_overwrite_each_other(app: Flask) -> None:
    make_with_password()
    browser = signed_in(app)
    begin = lms.people.actions.passwords.begin_password_change

    def overtaken(by: object) -> object:
        found = begin(by)  # type: ignore[arg-type]
        db.session.get_one(Password, by.id).hash = hash_password("van het andere venster")  # type: ignore[attr-defined]
        db.session.commit()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lms.people.actions.passwords, "begin_password_change", overtaken)
        assert change(browser, new=OTHER).status == 409
    assert sign_in(Browser(app), password="van het andere venster").status == 303


# ── hashing holds up nobody ────────────────────────────────────────────────


def every_hash(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Go every way that hashes; gives the calls and whether they came inside a transaction."""
    make_accounts()
    start = now()
    with counted_hashes(monkeypatch) as calls:
        for email in (KNOWN, BARE, UNKNOWN, CLOSED):
            sign_in(Browser(app), email)
        browser = signed_in(app)
        assert change(browser, new=OTHER).status == 303
        with frozen(start + timedelta(hours=1)):
            assert change(browser, new=PASSWORD, current=OTHER).status == 303
            assert change(browser, "/account/wachtwoord/verwijderen", current="x").status == 422
            assert change(browser, "/account/wachtwoord/verwijderen", current=PASSWORD).status == 303
    return Counter(calls)


@pytest.mark.both
def test_no_password_is_hashed_inside_a_transaction(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert every_hash(app, monkeypatch) == {"verify": 8, "hash": 2}


@pytest.mark.both
def test_hashing_before_the_transaction_ends_would_be_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: what begins a try leaves its transaction open."""
    begin = lms.people.actions.passwords.begin_password_try

    def lingering(email: str) -> str | None:
        kept = begin(email)
        db.session.scalar(select(func.count()).select_from(Password))
        return kept

    monkeypatch.setattr(lms.people.actions.passwords, "begin_password_try", lingering)
    assert every_hash(app, monkeypatch)["verify in a transaction"] == 5
