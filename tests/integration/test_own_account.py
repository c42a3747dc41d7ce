"""My account: my name, my address, and the browsers in which I am signed in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import lms.people.actions.own_account
from lms.clock import frozen, now
from lms.database import db
from lms.people.queries import get_person
from lms.people.rules import EMAIL_CHANGE_LIFE, EMAIL_CHANGES_PER_HOUR
from lms.people.tables import EmailChange, Person, SignIn
from lms.permissions import Role
from tests.factories import make_person
from tests.visitor import Page
from tests.world import (
    Browser,
    ask_code,
    copy_cookies,
    database_state,
    end_transaction,
    everything_stored,
    form_token,
    mails_to,
    path_mailed_to,
    without_changing_parts,
)

pytestmark = pytest.mark.both

OLD, NEW, TAKEN = "oud@school.example", "nieuw@school.example", "bezet@school.example"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def post(browser: Browser, path: str, **data: str) -> Page:
    return browser.post(path, data, token=form_token(browser))


def owner(app: Flask) -> Browser:
    return Browser(app).sign_in(make_person(email=OLD, name="Oude Naam"))


def is_in(browser: Browser) -> bool:
    return browser.get("/account").status == 200


def address_of(person_name: str = "Oude Naam") -> str:
    end_transaction()
    return db.session.scalars(select(Person.email).where(Person.name == person_name)).one()


# ── my name ────────────────────────────────────────────────────────────────


def test_a_name_is_changed_and_the_page_says_that_it_is_on_the_attest(app: Flask) -> None:
    browser = owner(app)
    page = browser.get("/account/naam")
    assert page.soup is not None and "attest" in page.text
    assert page.soup.find("input", {"name": "name"})["value"] == "Oude Naam"  # type: ignore[index]
    assert post(browser, "/account/naam", name="  Ægir   O'Neill ").location == "/account"
    assert "Ægir O'Neill" in browser.get("/account").text
    refused = post(browser, "/account/naam", name="een\r\nBcc: x@evil.example")
    assert refused.status == 422 and "Ægir O'Neill" in browser.get("/account").text


# ── where I am signed in ───────────────────────────────────────────────────


def signed_in(app: Flask, user_agent: str = FIREFOX, **fields: str) -> Browser:
    browser = Browser(app)
    browser.client.environ_base["HTTP_USER_AGENT"] = user_agent
    code = ask_code(browser, OLD, **fields)
    assert post(browser, "/aanmelden/code", code=code).status == 303
    return browser


def listed(browser: Browser) -> list[str]:
    page = browser.get("/account")
    assert page.soup is not None
    return [" ".join(item.get_text(" ").split()) for item in page.soup.select("#waar ~ ul.settings > li")]


def buttons(browser: Browser) -> list[str]:
    page = browser.get("/account")
    assert page.soup is not None
    return [
        str(form["action"]) for form in page.soup.find_all("form") if str(form["action"]).endswith("/beeindigen")
    ]  # fmt: skip


def test_every_browser_is_listed_with_what_it_is_and_this_one_is_marked(app: Flask) -> None:
    make_person(email=OLD)
    with frozen(now() - timedelta(days=2)):
        signed_in(app, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Safari/604.1", own_device="y")
    here = signed_in(app)
    first, second = listed(here)
    assert first.startswith("Firefox op Windows Dit toestel Sinds") and "eigen toestel" not in first
    assert second.startswith("Safari op een iPhone Sinds") and "eigen toestel" in second
    assert "Dit toestel" not in second


def test_one_session_is_ended_and_then_all_others(app: Flask) -> None:
    make_person(email=OLD)
    colleague = Browser(app).sign_in(make_person())
    here, phone, library, home = (signed_in(app) for _ in range(4))
    one = buttons(here)[-2]  # The oldest but one button ends a single session; the last ends all others.
    assert post(here, one).location == "/account#waar"
    assert sorted(is_in(browser) for browser in (phone, library, home)) == [False, True, True]
    stolen = copy_cookies(home)
    assert post(here, "/account/aanmeldingen/beeindigen").status == 303
    assert not any(is_in(browser) for browser in (phone, library, home, stolen))
    assert is_in(here) and is_in(colleague)
    assert len(listed(here)) == 1 and buttons(here) == []


def test_somebody_elses_session_does_not_exist(app: Flask) -> None:
    browser, colleague = owner(app), Browser(app).sign_in(make_person())
    end_transaction()
    theirs = db.session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    before = database_state()
    page = post(browser, f"/account/aanmeldingen/{theirs}/beeindigen")
    assert page.status == 404 and database_state() == before
    assert is_in(colleague)


def test_without_asking_whose_it_is_it_could_be_ended(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin of the test above."""
    find = lms.people.actions.own_account.queries.find_sign_in

    def mine(sign_in_id: int) -> SignIn | None:
        row = find(sign_in_id)
        if row is not None:
            row.person_id = person_id
        return row

    monkeypatch.setattr(lms.people.actions.own_account.queries, "find_sign_in", mine)
    person = make_person(email=OLD)
    person_id = person.id
    browser, colleague = Browser(app).sign_in(person), Browser(app).sign_in(make_person())
    end_transaction()
    theirs = db.session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    assert post(browser, f"/account/aanmeldingen/{theirs}/beeindigen").status == 303
    assert not is_in(colleague)


# ── my address ─────────────────────────────────────────────────────────────


def ask(browser: Browser, email: str = NEW) -> Page:
    return post(browser, "/account/mail", email=email)


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_the_address_changes_once_both_agreed_in_any_order_and_any_browser(app: Flask, order: tuple[str, str]) -> None:
    browser = owner(app)
    assert ask(browser, " Nieuw@School.EXAMPLE ").location == "/account"
    links = {address: path_mailed_to(address) for address in (OLD, NEW)}
    for number, address in enumerate(order):
        assert address_of() == OLD
        stranger = Browser(app)
        page = stranger.get(links[address])
        assert page.status == 200 and NEW in page.text
        done = post(stranger, links[address])
        assert (done.status, done.location) == (303, "/")
        assert ("andere adres" in stranger.get("/").text) is (number == 0)
    assert address_of() == NEW
    assert f"nu op {NEW}" in mails_to(OLD)[-1].body
    assert is_in(browser)
    code = ask_code(Browser(app), NEW)
    assert len(code) == 6


def test_opening_a_link_uses_nothing_up_and_the_button_works_once(app: Flask) -> None:
    ask(owner(app))
    link = path_mailed_to(OLD)
    before = database_state()
    for method in ("GET", "HEAD", "GET"):
        Browser(app).raw(method, link)
    assert database_state() == before
    assert post(Browser(app), link).status == 303
    again = post(Browser(app), link)
    assert again.status == 404 and "niet meer geldig" in again.text
    assert address_of() == OLD


def test_one_side_alone_changes_nothing_however_often(app: Flask) -> None:
    ask(owner(app))
    for _ in range(3):
        post(Browser(app), path_mailed_to(NEW))
    assert address_of() == OLD


def test_when_one_side_is_enough_a_thief_takes_the_account(app: Flask) -> None:
    """The sabotaged twin: the old address counts as asked already."""
    ask(owner(app))
    link = path_mailed_to(NEW)
    end_transaction()
    db.session.scalars(select(EmailChange)).one().old_agreed_at = now()
    db.session.commit()
    post(Browser(app), link)
    assert address_of() == NEW


def test_the_links_are_long_expire_and_are_stored_as_fingerprints(app: Flask) -> None:
    browser, start = owner(app), now()
    with frozen(start):
        ask(browser)
    links = [path_mailed_to(OLD), path_mailed_to(NEW)]
    stored = everything_stored(without=frozenset({"outbox_mail"}))
    for link in links:
        token = link.rsplit("/", 1)[1]
        assert len(token) * 6 >= 128 and token not in stored
    with frozen(start + EMAIL_CHANGE_LIFE + timedelta(minutes=1)):
        for link in links:
            assert Browser(app).get(link).status == 404
            assert post(Browser(app), link).status == 404
    assert address_of() == OLD


@pytest.mark.parametrize("end", ["withdrawn", "asked again", "closed account"])
def test_a_link_ends_with_the_question(app: Flask, end: str) -> None:
    browser = owner(app)
    ask(browser)
    links = [path_mailed_to(OLD), path_mailed_to(NEW)]
    if end == "withdrawn":
        assert "Toch niet" in browser.get("/account").text
        assert post(browser, "/account/mail/intrekken").status == 303
        assert "Toch niet" not in browser.get("/account").text
    elif end == "asked again":
        ask(browser, "derde@school.example")
    else:
        end_transaction()
        person = db.session.scalars(select(Person).where(Person.email == OLD)).one()
        person.disabled_at = now()
        db.session.commit()
    for link in links:
        assert post(Browser(app), link).status == 404
    assert address_of() == OLD


def walk(app: Flask, email: str) -> list[tuple[int, str, str]]:
    """All that the asker sees, up to and after agreeing on the own address."""
    browser = Browser(app).sign_in(make_person(email=OLD, name="Oude Naam"))
    with frozen(now().replace(microsecond=0)):
        pages = [ask(browser, email), browser.get("/account")]
        pages += [post(browser, path_mailed_to(OLD)), browser.get("/account"), post(browser, "/account/mail/intrekken")]
    rows = db.session.scalar(select(func.count()).select_from(EmailChange))
    sent = len(mails_to(email))
    end_transaction()
    person = db.session.scalars(select(Person).where(Person.email == OLD)).one()
    db.session.delete(person)
    db.session.commit()
    return [
        (page.status, page.location, without_changing_parts(page.response.get_data(as_text=True), email))
        for page in pages
    ] + [(rows or 0, str(sent), "")]


def without_numbers(steps: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    return [(status, location, re.sub(r"\d+", "0", body)) for status, location, body in steps]


def test_an_address_that_is_taken_gets_the_same_answer_and_its_owner_a_mail(app: Flask) -> None:
    taken_id = make_person(email=TAKEN).id
    assert without_numbers(walk(app, TAKEN)) == without_numbers(walk(app, NEW))
    told = mails_to(TAKEN)[-1].body
    assert "al een account" in told and "/bevestigen/" not in told
    assert get_person(taken_id).email == TAKEN


def test_telling_that_it_is_taken_would_be_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin."""
    act = lms.people.actions.own_account.ask_email_change

    def telling(email: str, **details: object) -> None:
        if email == TAKEN:
            raise lms.people.actions.own_account.Invalid("Dit adres is bezet.")
        act(email, **details)  # type: ignore[arg-type]

    make_person(email=TAKEN)
    fair = walk(app, NEW)
    monkeypatch.setattr(lms.people.actions.own_account, "ask_email_change", telling)
    browser = owner(app)
    assert ask(browser, TAKEN).status != fair[0][0]


def test_an_account_made_meanwhile_with_the_new_address_is_left_alone(app: Flask) -> None:
    browser = owner(app)
    ask(browser)
    links = [path_mailed_to(OLD), path_mailed_to(NEW)]
    make_person(email=NEW, name="Intussen Iemand")
    assert post(Browser(app), links[0]).status == 303
    assert post(Browser(app), links[1]).status == 409
    assert address_of() == OLD and address_of("Intussen Iemand") == NEW


def test_nobody_is_flooded_with_mail(app: Flask) -> None:
    browser = owner(app)
    for number in range(EMAIL_CHANGES_PER_HOUR):
        assert ask(browser, f"nieuw{number}@school.example").status == 303
    refused = ask(browser, "nog@school.example")
    assert refused.status == 422 and "over een uur" in refused.text
    assert mails_to("nog@school.example") == []


def test_the_own_address_and_nonsense_are_refused_at_the_field(app: Flask) -> None:
    browser = owner(app)
    for typed in ("OUD@school.example", "geen adres", "", "a@b.example\r\nBcc: x@evil.example"):
        page = ask(browser, typed)
        assert page.status == 422 and page.soup is not None and page.soup.find(id="email-fout")
    end_transaction()
    assert db.session.scalar(select(func.count()).select_from(EmailChange)) == 0


# ── the page ───────────────────────────────────────────────────────────────


def test_the_page_is_one_with_every_part(app: Flask) -> None:
    page = Browser(app).sign_in(make_person(role=Role.OS_STAFF)).get("/account")
    assert page.soup is not None
    assert [heading.get_text() for heading in page.soup.select("main section > h2")] == [
        "Mijn gegevens", "Hoe ik me aanmeld", "Tweede stap", "Waar ik aangemeld ben", "Waar je werkt", "Mail die ik krijg",
        "Wie ziet wat?", "Alles over jou op deze site",
    ]  # fmt: skip


def test_before_the_second_step_staff_see_nothing_of_it_but_the_way_out(app: Flask) -> None:
    page = Browser(app).sign_in(make_person(role=Role.OS_STAFF), second_factor=False).get("/account")
    assert page.soup is not None and page.soup.find("section") is None
    assert "Meld je af" in page.text
