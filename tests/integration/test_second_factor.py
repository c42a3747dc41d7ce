"""Recovery codes and another app: for the day the phone is gone, and never a way around the second step."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

import lms.people.actions.second_factor
from lms.clock import frozen, now
from lms.database import db
from lms.people.rules import FRESH, RECOVERY_CODES, SignedIn
from lms.people.tables import Person, RecoveryCode, SignIn
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
    session_of,
)

pytestmark = pytest.mark.both

STAFF = "os@school.example"


def make_staff(**fields: object) -> int:
    person = make_person(email=STAFF, role=Role.OS_STAFF, **{"totp_secret": TOTP_SECRET} | fields)
    end_transaction()
    return person.id


def before_second_step(app: Flask) -> Browser:
    browser = Browser(app)
    code = ask_code(browser, STAFF)
    assert browser.post("/aanmelden/code", {"code": code}, token=form_token(browser)).status == 303
    return browser


def post(browser: Browser, path: str, **data: str) -> Page:
    return browser.post(path, data, token=form_token(browser))


def recover(browser: Browser, code: str) -> Page:
    return post(browser, "/aanmelden/herstelcode", code=code)


def shown_codes(browser: Browser) -> list[str]:
    page = browser.get("/account/herstelcodes")
    assert page.soup is not None
    return [item.get_text() for item in page.soup.select(".code-list li")]


def new_codes(app: Flask) -> list[str]:
    """Ten codes for the one member of staff, made by the page."""
    browser = Browser(app).sign_in(db.session.scalars(select(RecoveryCode.person_id)).first() or make_staff())
    assert post(browser, "/account/herstelcodes").location == "/account/herstelcodes"
    return shown_codes(browser)


def may_go_on(browser: Browser) -> bool:
    return browser.get("/scholen").status == 200


def test_ten_codes_are_shown_once_right_after_setting_up_the_app(app: Flask) -> None:
    make_staff(totp_secret=None, totp_confirmed_at=None)
    browser = before_second_step(app)
    assert browser.get("/scholen").location == "/aanmelden/tweede-stap"
    found = re.search(r"Sleutel: ([A-Z2-7]{32})", browser.get("/aanmelden/tweede-stap").text)
    assert found is not None
    done = post(browser, "/aanmelden/tweede-stap", code=pyotp.TOTP(found.group(1)).at(time.time()))
    assert done.location == "/account/herstelcodes"
    codes = shown_codes(browser)
    assert len(set(codes)) == RECOVERY_CODES
    # A page may be loaded twice; the button ends it, and leads to where they were going.
    assert shown_codes(browser) == codes
    assert post(browser, "/account/herstelcodes/bewaard").location == "/scholen"
    assert shown_codes(browser) == [] and "nog 10" in browser.get("/account/herstelcodes").text
    stored = everything_stored()
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_after_the_second_step_the_page_that_was_asked_for_opens(app: Flask) -> None:
    make_staff()
    browser = before_second_step(app)
    for asked, leads_to in (("/scholen?zoek=genk", "/scholen?zoek=genk"), (f"/scholen?zoek={'x' * 5000}", "/start")):
        answer = browser.get(asked)
        assert answer.location == "/aanmelden/tweede-stap"
        assert all(len(cookie) < 4093 for cookie in answer.response.headers.getlist("Set-Cookie"))
        kept = copy_cookies(browser)
        assert session_of(kept)["next"] == leads_to
    browser.get("/scholen?zoek=genk")
    code = pyotp.TOTP(TOTP_SECRET).at(time.time())
    assert post(browser, "/aanmelden/tweede-stap", code=code).location == "/scholen?zoek=genk"


def test_forgotten_on_the_screen_the_codes_go_away_by_themselves(app: Flask) -> None:
    make_staff()
    browser = Browser(app).sign_in(make_person(role=Role.OS_STAFF))
    post(browser, "/account/herstelcodes")
    assert len(shown_codes(browser)) == RECOVERY_CODES
    with frozen(now() + timedelta(minutes=11)):
        assert shown_codes(browser) == []


def test_a_recovery_code_stands_in_for_the_app_once_and_a_mail_tells(app: Flask) -> None:
    code = new_codes(app)[3]
    browser = before_second_step(app)
    page = browser.get("/aanmelden/tweede-stap")
    assert page.soup is not None and page.soup.find("a", href="/aanmelden/herstelcode") is not None
    before, stolen = session_of(browser), copy_cookies(browser)
    done = recover(browser, f" {code.lower().replace('-', ' ')} ")
    assert (done.status, done.location) == (303, "/account/tweede-stap")
    assert may_go_on(browser)
    # A new session id; the one from before is worth nothing.
    assert session_of(browser)["_user_id"] != before["_user_id"]
    assert stolen.get("/account").location.startswith("/aanmelden")
    assert "nog 9" in mails_to(STAFF)[-1].body
    again = before_second_step(app)
    refused = recover(again, code)
    assert refused.status == 422 and "klopt niet" in refused.text and not may_go_on(again)


def test_when_using_one_is_not_written_down_it_works_for_ever(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin of the test above."""
    code = new_codes(app)[0]
    renew = lms.people.actions.second_factor._renew

    def forgetful(sign_in: SignIn, person: Person) -> SignedIn:
        for used in db.session.scalars(select(RecoveryCode)):
            used.used_at = None
        return renew(sign_in, person)

    monkeypatch.setattr(lms.people.actions.second_factor, "_renew", forgetful)
    for _ in range(2):
        browser = before_second_step(app)
        assert recover(browser, code).status == 303
        assert may_go_on(browser)


def test_a_code_of_somebody_else_is_worth_nothing(app: Flask) -> None:
    make_staff()
    other = Browser(app).sign_in(make_person(role=Role.OS_STAFF))
    post(other, "/account/herstelcodes")
    code = shown_codes(other)[0]
    browser = before_second_step(app)
    assert recover(browser, code).status == 422 and not may_go_on(browser)


def test_five_wrong_codes_of_either_kind_end_the_session(app: Flask) -> None:
    codes = new_codes(app)
    browser = before_second_step(app)
    kept = copy_cookies(browser)
    for _ in range(2):
        assert post(browser, "/aanmelden/tweede-stap", code="000000x").status == 422
        assert recover(browser, "AAAA-AAAA-AAAA-AAAA").status == 422
    assert recover(browser, "").status == 422, "an empty field is no try"
    assert recover(browser, "BBBB-BBBB-BBBB-BBBB").location == "/aanmelden"
    assert recover(kept, codes[0]).location == "/aanmelden"
    assert not may_go_on(kept)


def test_new_codes_replace_the_old_ones(app: Flask) -> None:
    old, new = new_codes(app), new_codes(app)
    assert not set(old) & set(new)
    assert "nieuwe herstelcodes" in mails_to(STAFF)[-1].body
    assert recover(before_second_step(app), old[0]).status == 422
    assert recover(before_second_step(app), new[0]).status == 303


def test_another_app_takes_the_place_of_the_first(app: Flask) -> None:
    code = new_codes(app)[0]
    elsewhere = Browser(app).sign_in(db.session.scalars(select(RecoveryCode.person_id)).first() or 0)
    browser = before_second_step(app)
    recover(browser, code)
    found = re.search(r"Sleutel: ([A-Z2-7]{32})", browser.get("/account/tweede-stap").text)
    assert found is not None and found.group(1) != TOTP_SECRET
    secret = found.group(1)
    wrong = post(browser, "/account/tweede-stap", code="000000x")
    assert wrong.status == 422 and secret in wrong.text
    stolen = copy_cookies(browser)
    assert post(browser, "/account/tweede-stap", code=pyotp.TOTP(secret).at(time.time())).location == "/account"
    assert may_go_on(browser) and not may_go_on(stolen) and not may_go_on(elsewhere)
    assert "andere app" in mails_to(STAFF)[-1].body
    later = before_second_step(app)
    assert post(later, "/aanmelden/tweede-stap", code=pyotp.TOTP(TOTP_SECRET).at(time.time())).status == 422
    assert post(later, "/aanmelden/tweede-stap", code=pyotp.TOTP(secret).at(time.time() + 30)).status == 303


@pytest.mark.parametrize("path", ["/account/tweede-stap", "/account/herstelcodes"])
def test_both_need_a_fresh_sign_in(app: Flask, path: str) -> None:
    """Who finds a screen open may not give himself a way in for later."""
    browser = Browser(app).sign_in(make_staff())
    browser.get(path)
    secret = str(session_of(browser).get("totp", ""))
    with frozen(now() + FRESH + timedelta(minutes=1)):
        assert "Meld je eerst opnieuw aan" in browser.get(path).text
        code = pyotp.TOTP(secret).at(time.time()) if secret else ""
        refused = post(browser, path, code=code)
        assert "Meld je eerst opnieuw aan" in refused.text
    end_transaction()
    assert db.session.scalars(select(RecoveryCode)).all() == []


def test_the_action_refuses_too_when_the_page_would_not(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: the page forgets to look, and the action holds; then it forgets too, and it is changed."""
    monkeypatch.setattr("lms.people.views.second_factor.has_fresh_sign_in", lambda sign_in_id: True)
    browser = Browser(app).sign_in(make_staff())
    with frozen(now() + FRESH + timedelta(minutes=1)):
        assert post(browser, "/account/herstelcodes").status == 422
        monkeypatch.setattr(lms.people.actions.second_factor, "_require_fresh", lambda by: None)
        assert post(browser, "/account/herstelcodes").status == 303


def test_a_begeleider_has_no_second_step_to_change(app: Flask) -> None:
    browser = Browser(app).sign_in(make_person())
    for path in ("/account/tweede-stap", "/account/herstelcodes"):
        assert browser.get(path).status == 404
    assert "Herstelcodes" not in browser.get("/account").text
