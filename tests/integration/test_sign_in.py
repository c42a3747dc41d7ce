"""Getting in: a code by mail, the second step of staff, and staying in. The answer never tells who has an account."""

from __future__ import annotations

import hashlib
import re
import time
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select, update

import lms.people.actions
import lms.people.actions.second_factor
import lms.people.queries
from lms.clock import frozen, now
from lms.database import db
from lms.errors import Invalid
from lms.people.rules import CODE_MINUTES, CODE_TRIES, CODES_PER_HOUR
from lms.people.rules.passwords import hash_password
from lms.people.tables import Password, Person, SignIn, SignInCode
from lms.permissions import Role
from tests.factories import make_person, make_school
from tests.visitor import Page
from tests.world import (
    TOTP_SECRET,
    Browser,
    ask_code,
    code_mailed_to,
    codes_of,
    copy_cookies,
    database_state,
    end_transaction,
    everything_stored,
    form_token,
    invite,
    mails_to,
    session_of,
    without_changing_parts,
    wrong_code,
)

KNOWN, UNKNOWN, CLOSED = "bekend@school.example", "vreemd@school.example", "dicht@school.example"


def make_accounts() -> None:
    make_person(email=KNOWN, name="Bekende Begeleider")
    make_person(email=CLOSED, name="Gesloten Begeleider", disabled_at=now())
    end_transaction()


def give_code(browser: Browser, code: str, path: str = "/aanmelden/code") -> Page:
    return browser.post(path, {"code": code}, token=form_token(browser))


def is_in(browser: Browser) -> bool:
    return browser.get("/account").status == 200


def signed_in_by_mail(app: Flask, address: str, **fields: str) -> Browser:
    browser = Browser(app)
    page = give_code(browser, ask_code(browser, address, **fields))
    assert page.status == 303, page.text
    return browser


# ── the code ───────────────────────────────────────────────────────────────


def test_a_code_of_six_digits_lets_its_owner_in(app: Flask) -> None:
    make_accounts()
    browser = Browser(app)
    code = ask_code(browser, KNOWN)
    assert re.fullmatch(r"\d{6}", code)
    page = give_code(browser, f" {code[:3]} {code[3:]} ")
    assert (page.status, page.location) == (303, "/start")
    assert "Bekende Begeleider" in browser.get("/account").text


def test_capitals_and_spaces_in_the_address_do_not_matter(app: Flask) -> None:
    make_accounts()
    browser = Browser(app)
    page = browser.post("/aanmelden", {"email": "  Bekend@School.EXAMPLE "}, token=form_token(browser))
    assert page.status == 303
    assert give_code(browser, code_mailed_to(KNOWN)).status == 303
    assert is_in(browser)


@pytest.mark.parametrize(("minutes", "works"), [(CODE_MINUTES - 0.1, True), (CODE_MINUTES + 0.1, False)])
def test_a_code_works_ten_minutes(app: Flask, minutes: float, works: bool) -> None:
    make_accounts()
    asked_at = now()
    browser = Browser(app)
    with frozen(asked_at):
        code = ask_code(browser, KNOWN)
    with frozen(asked_at + timedelta(minutes=minutes)):
        page = give_code(browser, code)
        assert page.location == ("/start" if works else "/aanmelden")
        assert is_in(browser) is works


def test_after_five_wrong_codes_the_right_one_is_refused_too(app: Flask) -> None:
    make_accounts()
    browser = Browser(app)
    code = ask_code(browser, KNOWN)
    for left in range(CODE_TRIES - 1, 0, -1):
        page = give_code(browser, wrong_code(code))
        assert page.status == 422
        assert ("nog één keer" if left == 1 else f"nog {left} keer") in page.text
    last = copy_cookies(browser)
    assert give_code(browser, wrong_code(code)).location == "/aanmelden"
    assert give_code(last, code).location == "/aanmelden"
    assert not is_in(browser) and not is_in(last)


def test_when_tries_are_not_counted_guessing_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin of the test above."""
    refuse = SignInCode.refuse

    def forgetful(row: SignInCode) -> Exception:
        row.tries_left += 1
        return refuse(row)

    monkeypatch.setattr(SignInCode, "refuse", forgetful)
    make_accounts()
    browser = Browser(app)
    code = ask_code(browser, KNOWN)
    for _ in range(CODE_TRIES + 3):
        assert give_code(browser, wrong_code(code)).status == 422
    assert give_code(browser, code).location == "/start"


def test_a_code_works_only_in_the_browser_that_asked_for_it(app: Flask) -> None:
    """Somebody who reads the code over a shoulder, or is told it on the phone, cannot use it elsewhere."""
    make_accounts()
    asking, other = Browser(app), Browser(app)
    ask_code(other, KNOWN)
    code = ask_code(asking, KNOWN)
    assert code_mailed_to(KNOWN) == code
    assert give_code(other, code).status == 422
    assert not is_in(other)
    assert Browser(app).get("/aanmelden/code").location == "/aanmelden"
    assert give_code(asking, code).status == 303


def test_a_code_works_once(app: Flask) -> None:
    make_accounts()
    browser = Browser(app)
    code = ask_code(browser, KNOWN)
    again = copy_cookies(browser)
    assert give_code(browser, code).status == 303
    # Within ten seconds it is a double click; after that it is somebody trying an old code.
    with frozen(now() + timedelta(seconds=11)):
        assert give_code(again, code).location == "/aanmelden"
    assert not is_in(again)


def test_at_most_six_codes_an_hour_are_mailed_to_one_address(app: Flask) -> None:
    make_accounts()
    start = now()
    with frozen(start):
        for _ in range(CODES_PER_HOUR + 4):
            page = Browser(app)
            assert page.post("/aanmelden", {"email": KNOWN}, token=form_token(page)).status == 303
        assert len(mails_to(KNOWN)) == CODES_PER_HOUR
        # Another address is not held back by it.
        ask_code(Browser(app), _new_address())
    with frozen(start + timedelta(minutes=61)):
        ask_code(Browser(app), KNOWN)
    assert len(mails_to(KNOWN)) == CODES_PER_HOUR + 1


def test_a_code_that_was_not_mailed_lets_nobody_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise asking without end would give five guesses each time, beyond the six codes that are mailed."""
    make_accounts()
    monkeypatch.setattr(lms.people.actions, "new_code", lambda: "314159")
    browsers = [Browser(app) for _ in range(CODES_PER_HOUR + 1)]
    for browser in browsers:
        browser.post("/aanmelden", {"email": KNOWN}, token=form_token(browser))
    assert len(mails_to(KNOWN)) == CODES_PER_HOUR
    give_code(browsers[-1], "314159")
    assert not is_in(browsers[-1])
    give_code(browsers[-2], "314159")
    assert is_in(browsers[-2])


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12345\x00", "<b>1</b>", "9" * 5000]
)
def test_nonsense_as_a_code_is_refused_in_words(app: Flask, typed: str) -> None:
    make_accounts()
    browser = Browser(app)
    ask_code(browser, KNOWN)
    page = give_code(browser, typed)
    assert page.status == 422
    assert "code" in page.text.lower() and "<b>1</b>" not in page.response.get_data(as_text=True)
    assert not is_in(browser)


# ── the answer does not tell who has an account ────────────────────────────


def _shape(page: Page, address: str) -> tuple[int, str, dict[str, str], str]:
    """Everything of an answer that somebody could compare."""
    headers = {name: value for name, value in page.response.headers if name not in {"Date", "Set-Cookie"}}
    # The length follows from the length of the address, which the asker typed.
    headers.pop("Content-Length", None)
    names = sorted(cookie.split("=")[0] for cookie in page.response.headers.getlist("Set-Cookie"))
    body = without_changing_parts(page.response.get_data(as_text=True), address)
    return page.status, page.location, {**headers, "cookies": ",".join(names)}, body


def walk_sign_in(app: Flask, address: str) -> list[tuple[int, str, dict[str, str], str]]:
    browser = Browser(app)
    pages = [browser.post("/aanmelden", {"email": address}, token=form_token(browser)), browser.get("/aanmelden/code")]
    pages += [give_code(browser, code) for code in ("000001", "", "000002", "000003", "000004", "000005", "000006")]
    pages += [browser.get("/aanmelden"), browser.get("/account")]
    return [_shape(page, address) for page in pages]


def walk_registration(app: Flask, address: str) -> list[tuple[int, str, dict[str, str], str]]:
    browser = Browser(app)
    data = {"name": "Een Begeleider", "email": address, "school": "anders", "wish": "De Wijzer, Bree"}
    pages = [browser.post("/registreren", data, token=form_token(browser)), browser.get("/registreren/code")]
    pages += [
        give_code(browser, code, "/registreren/code") for code in ("000001", "", *(f"00000{n}" for n in range(2, 7)))
    ]
    pages += [browser.get("/registreren"), browser.get("/account")]
    return [_shape(page, address) for page in pages]


def walk_invitation(app: Flask, address: str) -> list[tuple[int, str, dict[str, str], str]]:
    school = make_school(name="Een School", municipality=address)
    token = invite(school.id, address, "Gevraagde Collega")
    browser = Browser(app)
    end_transaction()
    pages = [browser.get(f"/uitnodiging/{token}"), browser.post(f"/uitnodiging/{token}", token="")]
    return [
        (status, location, headers, without_changing_parts(body, address, token))
        for status, location, headers, body in (_shape(page, address) for page in pages)
    ]


@pytest.mark.parametrize("walk", [walk_sign_in, walk_registration, walk_invitation])
def test_the_answer_is_the_same_with_without_and_with_a_closed_account(app: Flask, walk: object) -> None:
    assert callable(walk)
    make_accounts()
    known, unknown, closed = (walk(app, address) for address in (KNOWN, UNKNOWN, CLOSED))
    for step, answers in enumerate(zip(known, unknown, closed, strict=True)):
        assert answers[0] == answers[1] == answers[2], f"step {step}"


def test_telling_that_an_account_is_unknown_would_be_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: an unknown address gets an error of its own."""
    ask = lms.people.actions.ask_code

    def telling(purpose: object, email: str, **details: object) -> None:
        if lms.people.queries.find_person_by_email(email) is None:
            raise Invalid("Dit adres kennen we niet.")
        ask(purpose, email, **details)  # type: ignore[arg-type]

    monkeypatch.setattr(lms.people.actions, "ask_code", telling)
    make_accounts()
    assert walk_sign_in(app, KNOWN)[0] != walk_sign_in(app, UNKNOWN)[0]


def test_the_same_number_of_rows_and_mails_for_every_kind_of_address(app: Flask) -> None:
    make_accounts()
    for address in (KNOWN, UNKNOWN, CLOSED):
        browser = Browser(app)
        assert browser.post("/aanmelden", {"email": address}, token=form_token(browser)).status == 303
        assert (len(mails_to(address)), len(codes_of(address))) == (1, 1), address


def test_an_address_without_usable_account_gets_no_code_that_works(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail says what is the matter and holds no code; even the right code would be refused."""
    make_accounts()
    monkeypatch.setattr(lms.people.actions, "new_code", lambda: "271828")
    for address in (UNKNOWN, CLOSED):
        browser = Browser(app)
        browser.post("/aanmelden", {"email": address}, token=form_token(browser))
        mail = mails_to(address)[-1]
        assert not re.search(r"\d{6}", mail.subject + mail.body)
        assert give_code(browser, "271828").status == 422
        assert not is_in(browser)
    browser = Browser(app)
    data = {"name": "Een Begeleider", "email": CLOSED, "school": "anders", "wish": "De Wijzer, Bree"}
    browser.post("/registreren", data, token=form_token(browser))
    assert give_code(browser, "271828", "/registreren/code").status == 422
    assert not is_in(browser)


def test_registering_with_an_address_that_has_an_account_changes_nothing_of_it(app: Flask) -> None:
    make_accounts()
    browser = Browser(app)
    data = {"name": "Iemand Anders", "email": KNOWN, "school": "anders", "wish": "De Wijzer, Bree"}
    browser.post("/registreren", data, token=form_token(browser))
    assert give_code(browser, code_mailed_to(KNOWN), "/registreren/code").status == 303
    assert "Bekende Begeleider" in browser.get("/account").text
    end_transaction()
    assert db.session.scalar(select(func.count()).select_from(Person)) == 2


# ── staying in and getting out ─────────────────────────────────────────────


def test_signing_in_gives_a_new_session_and_drops_the_old_one(app: Flask) -> None:
    make_accounts()
    browser = Browser(app)
    with browser.client.session_transaction() as session:
        session["planted"], session["_user_id"] = "by somebody else", "a token somebody else knows"
    code = ask_code(browser, KNOWN)
    before = session_of(browser)
    give_code(browser, code)
    after = session_of(browser)
    assert "planted" not in after and "code_browser" not in after
    assert after["_user_id"] not in {before["_user_id"], before["code_browser"]}
    assert after.get("csrf_token") != before["csrf_token"]


def test_the_cookie_token_is_long_random_and_stored_as_a_fingerprint_only(app: Flask) -> None:
    make_accounts()
    tokens = {str(session_of(signed_in_by_mail(app, KNOWN))["_user_id"]) for _ in range(3)}
    assert len(tokens) == 3
    stored = everything_stored()
    for token in tokens:
        assert len(token) >= 22, "128 bits in base64"
        assert token not in stored


def test_signing_out_ends_the_session_on_the_server_too(app: Flask) -> None:
    make_accounts()
    browser = signed_in_by_mail(app, KNOWN)
    stolen = copy_cookies(browser)
    elsewhere = signed_in_by_mail(app, KNOWN)
    page = browser.post("/afmelden", token=form_token(browser))
    assert (page.status, page.location) == (303, "/")
    assert not is_in(browser) and not is_in(stolen)
    # Only this browser: elsewhere the same person goes on.
    assert is_in(elsewhere)


def test_a_session_that_is_only_forgotten_by_the_cookie_could_be_replayed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin: signing out empties the cookie and forgets the row."""
    monkeypatch.setattr(lms.people.actions, "sign_out", lambda _sign_in_id: None)
    make_accounts()
    browser = signed_in_by_mail(app, KNOWN)
    stolen = copy_cookies(browser)
    browser.post("/afmelden", token=form_token(browser))
    assert is_in(stolen)


def test_closing_an_account_ends_its_sessions_from_the_next_request(app: Flask) -> None:
    make_accounts()
    browser = signed_in_by_mail(app, KNOWN)
    assert is_in(browser)
    end_transaction()
    db.session.execute(update(Person).where(Person.email == KNOWN).values(disabled_at=now()))
    db.session.commit()
    assert not is_in(browser)
    before = database_state()
    assert browser.post("/navorming/toets", token=form_token(browser)).location == "/aanmelden"
    assert database_state() == before


@pytest.mark.parametrize(
    ("role", "own_device", "hours"),
    [
        (Role.FACILITATOR, True, 30 * 24),
        (Role.FACILITATOR, False, 24),
        (Role.OS_STAFF, True, 12),
        (Role.ADMIN, True, 12),
    ],
)
def test_a_session_lasts_as_long_as_was_promised(app: Flask, role: Role, own_device: bool, hours: int) -> None:
    person_id = make_person(role=role).id
    start = now()
    with frozen(start):
        person = db.session.get(Person, person_id)
        assert person is not None
        row, token = SignIn.open_for(person, own_device=own_device, second_factor=True)
        db.session.add(row)
        db.session.commit()
    browser = Browser(app)
    with browser.client.session_transaction() as session:
        session["_user_id"] = token
    with frozen(start + timedelta(hours=hours, minutes=-1)):
        assert is_in(browser)
    with frozen(start + timedelta(hours=hours, minutes=1)):
        assert not is_in(browser)


def test_on_a_shared_device_the_cookie_goes_with_the_browser(app: Flask) -> None:
    make_accounts()
    for own_device, lasting in (("", False), ("y", True)):
        browser = Browser(app)
        code = ask_code(browser, KNOWN, **({"own_device": own_device} if own_device else {}))
        cookie = give_code(browser, code).response.headers["Set-Cookie"]
        assert ("Expires=" in cookie) is lasting
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", ".eJw", "é", "0" * 3000])
def test_an_altered_cookie_is_a_stranger(app: Flask, cookie: str) -> None:
    browser = signed_in_by_mail(app, _new_address())
    browser.client.set_cookie("navorming", cookie)
    assert not is_in(browser)


def _new_address() -> str:
    address = make_person().email
    end_transaction()
    return address


# ── the second step of staff ───────────────────────────────────────────────


def make_staff(**fields: object) -> str:
    make_person(email="os@school.example", role=Role.OS_STAFF, **{"totp_secret": TOTP_SECRET} | fields)
    end_transaction()
    return "os@school.example"


def make_new_staff() -> str:
    return make_staff(totp_secret=None, totp_confirmed_at=None)


def totp(secret: str, ahead: int = 0) -> str:
    return pyotp.TOTP(secret).at(time.time() + 30 * ahead)


def second_step(browser: Browser, code: str) -> Page:
    return browser.post("/aanmelden/tweede-stap", {"code": code}, token=form_token(browser))


def test_staff_reach_nothing_but_their_way_in_before_the_second_step(app: Flask) -> None:
    """Every route is tried in test_access.py; here is the way in itself."""
    browser = signed_in_by_mail(app, make_staff())
    assert browser.get("/start").location == "/aanmelden/tweede-stap"
    for path in ("/scholen", "/scholen/nieuw", "/navorming", "/pakket", "/pakket/wie-ben-jij", "/mijn-school"):
        assert browser.get(path).location == "/aanmelden/tweede-stap", path
    assert browser.get("/aanmelden/tweede-stap").status == 200
    assert browser.get("/account").status == 200
    assert browser.post("/afmelden", token=form_token(browser)).status == 303


def test_setting_up_the_second_step_works_from_the_page_to_the_register(app: Flask) -> None:
    browser = signed_in_by_mail(app, make_new_staff())
    page = browser.get("/aanmelden/tweede-stap")
    assert page.soup is not None
    found = re.search(r"Sleutel: ([A-Z2-7]{32})", page.text)
    assert found is not None and page.soup.find("svg", class_="qr") is not None
    secret = found.group(1)
    # The secret stays the same when the page is opened again, or scanning it would be in vain.
    assert secret in browser.get("/aanmelden/tweede-stap").text
    before, stolen = session_of(browser), copy_cookies(browser)
    done = second_step(browser, totp(secret))
    # First the recovery codes, which are shown once.
    assert (done.status, done.location) == (303, "/account/herstelcodes")
    assert browser.get("/scholen").status == 200
    # A new session: the token from before the second step is worth nothing.
    after = session_of(browser)
    assert after["_user_id"] != before["_user_id"] and "totp" not in after
    assert not is_in(stolen)
    # From now on the app is asked for, and its secret is shown no more.
    later = signed_in_by_mail(app, "os@school.example")
    assert secret not in later.get("/aanmelden/tweede-stap").text
    assert second_step(later, totp(secret, ahead=1)).status == 303
    assert later.get("/scholen").status == 200


def test_a_code_of_the_app_works_once(app: Flask) -> None:
    address = make_staff()
    first, second = signed_in_by_mail(app, address), signed_in_by_mail(app, address)
    code = totp(TOTP_SECRET)
    assert second_step(first, code).status == 303
    page = second_step(second, code)
    assert page.status == 422
    assert second.get("/scholen").location == "/aanmelden/tweede-stap"


def test_when_used_codes_are_forgotten_one_can_be_used_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin of the test above."""
    judge = lms.people.actions.second_factor.totp_step
    monkeypatch.setattr(
        lms.people.actions.second_factor, "totp_step", lambda secret, typed, at, _last: judge(secret, typed, at, None)
    )
    address = make_staff()
    first, second = signed_in_by_mail(app, address), signed_in_by_mail(app, address)
    code = totp(TOTP_SECRET)
    assert second_step(first, code).status == 303
    assert second_step(second, code).status == 303


def test_five_wrong_codes_end_the_session(app: Flask) -> None:
    browser = signed_in_by_mail(app, make_staff())
    kept = copy_cookies(browser)
    wrong = wrong_code(totp(TOTP_SECRET))
    while wrong in {totp(TOTP_SECRET, ahead) for ahead in (-2, -1, 0, 1, 2)}:
        wrong = wrong_code(wrong)
    for _ in range(4):
        assert second_step(browser, wrong).status == 422
    assert second_step(browser, wrong).location == "/aanmelden"
    assert not is_in(browser) and not is_in(kept)
    # The account itself is not shut: its owner signs in again.
    again = signed_in_by_mail(app, "os@school.example")
    assert second_step(again, totp(TOTP_SECRET)).status == 303


def test_somebody_with_an_app_cannot_be_given_another_secret(app: Flask) -> None:
    """A secret in the cookie counts only for whoever has none yet."""
    browser = signed_in_by_mail(app, make_staff())
    other = pyotp.random_base32()
    with browser.client.session_transaction() as session:
        session["totp"] = other
    assert second_step(browser, totp(other)).status == 422
    assert other not in browser.get("/aanmelden/tweede-stap").text


@pytest.mark.parametrize(
    "typed", ["", "12345", "abcdef", "é12345", "１２３４５６", "12345\x00", "<b>x</b>", "9" * 5000]
)
def test_nonsense_in_the_second_step_is_refused_in_words(app: Flask, typed: str) -> None:
    browser = signed_in_by_mail(app, make_staff())
    page = second_step(browser, typed)
    assert page.status == 422
    assert "code" in page.text.lower()


def test_an_invitation_does_not_replace_the_second_step(app: Flask) -> None:
    """Staff who accept to be an aanspreekpunt by a link in their mail still give their second step."""
    token = invite(make_school().id, make_staff())
    browser = Browser(app)
    page = browser.post(f"/uitnodiging/{token}", token=form_token(browser))
    assert page.status == 303
    assert browser.get("/scholen").location == "/aanmelden/tweede-stap"


# ── where signing in leads ─────────────────────────────────────────────────

# Too long for a cookie, and of a kind that does not get shorter by packing it.
ENDLESS = "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(100))

LEAVING = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "https://evil.example", "HTTPS://evil.example", "http:evil.example", "https:/evil.example", "https:///evil.example",
    "javascript:alert(1)", "data:text/html,x", "ftp://evil.example", "mailto:x@evil.example", "evil.example",
    "@evil.example", " //evil.example", "\t//evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example",
    "/%0d%0aLocation:%20https://evil.example", "\u2028//evil.example", "/\x00/evil.example",
    "//evil.example\\@localhost",
    "//localhost@evil.example", "//[evil.example", "//[::1", "/\\/evil.example", "http://localhost@evil.example",
    "//evil.example/%2f..", "/%5cevil.example", "/.//evil.example", "/..//evil.example", "?next=//evil.example",
    "#//evil.example", "//e\u0301vil.example", "/\u3000/evil.example", "//%65vil.example", "/" + ENDLESS, ENDLESS,
]  # fmt: skip


def leaves(location: str) -> bool:
    """Whether a browser at http://localhost would go to another site, the way browsers read an address."""
    cleaned = re.sub(r"[\t\r\n]", "", location).strip("".join(map(chr, range(33)))).replace("\\", "/")
    if cleaned.startswith("//"):
        return True
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", cleaned)
    return scheme is not None


def test_a_browser_would_leave_by_most_of_these() -> None:
    """Otherwise the payloads would be harmless."""
    assert sum(leaves(payload) for payload in LEAVING) >= 20


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("target", LEAVING, ids=range(len(LEAVING)))
def test_no_address_to_go_back_to_leads_away(app: Flask, target: str) -> None:
    make_accounts()
    browser = Browser(app)
    shown = browser.get("/aanmelden", query_string={"next": target})
    assert shown.status in {200, 404}
    if shown.status == 404:
        return
    page = browser.post("/aanmelden", {"email": KNOWN, "next": target}, token=form_token(browser))
    assert (page.status, page.location) == (303, "/aanmelden/code")
    assert all(len(cookie) < 4093 for cookie in page.response.headers.getlist("Set-Cookie")), "no browser keeps it"
    done = give_code(browser, code_mailed_to(KNOWN))
    assert done.status == 303 and not leaves(done.location), done.location
    # Somebody who is signed in already is sent on at once.
    again = browser.get("/aanmelden", query_string={"next": target})
    assert again.status == 302 and not leaves(again.location), again.location


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("target", LEAVING, ids=range(len(LEAVING)))
def test_no_address_leads_away_by_the_password_or_by_signing_in_again(app: Flask, target: str) -> None:
    person = make_person(email=KNOWN)
    db.session.add(Password(person_id=person.id, hash=hash_password("paard nietje batterij wolk"), set_at=now()))
    db.session.commit()
    browser = Browser(app)
    data = {"email": KNOWN, "password": "paard nietje batterij wolk", "next": target}
    done = browser.post("/aanmelden/wachtwoord", data, token=form_token(browser))
    assert done.status == 303 and not leaves(done.location), done.location
    again = browser.get("/aanmelden/wachtwoord", query_string={"next": target})
    assert again.status == 404 or not leaves(again.location), again.location
    out = browser.post("/aanmelden/opnieuw", {"next": target}, token=form_token(browser))
    assert out.status == 303 and not leaves(out.location), out.location


def test_the_page_that_was_asked_for_opens_after_signing_in(app: Flask) -> None:
    make_accounts()
    browser = Browser(app)
    asked = browser.get("/navorming/toets?nieuw=1")
    code = ask_code(browser, KNOWN, next="/navorming/toets?nieuw=1")
    assert asked.location == "/aanmelden?next=/navorming/toets?nieuw%3D1"
    assert give_code(browser, code).location == "/navorming/toets?nieuw=1"


def test_the_redirect_of_the_guard_carries_a_path_of_this_site_only(app: Flask) -> None:
    for path in ("//evil.example/navorming", "/navorming//evil.example", "/scholen?x=//evil.example"):
        answer = Browser(app).raw("GET", path)
        assert not leaves(answer.headers.get("Location", ""))
