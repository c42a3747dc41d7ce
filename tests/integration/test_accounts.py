"""The administration of accounts: who is staff, closing and opening, and always one administrator left."""

from __future__ import annotations

import re
import threading
from collections import Counter
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

import lms.cli
import lms.people.actions.accounts
from lms.clock import frozen, now
from lms.database import db
from lms.errors import LmsError
from lms.people.actions import accounts as actions
from lms.people.queries import get_person
from lms.people.rules import STAFF_INVITATION_LIFE
from lms.people.rules.passwords import hash_password
from lms.people.tables import Act, AuditRow, Password, Person, RecoveryCode, StaffInvitation
from lms.permissions import Role
from tests.factories import make_person
from tests.visitor import Page
from tests.world import (
    TOTP_SECRET,
    Browser,
    copy_cookies,
    database_state,
    end_transaction,
    everything_stored,
    form_token,
    mails_to,
    path_mailed_to,
    visitor_of,
)

pytestmark = pytest.mark.both

NEW = "nieuw@school.example"


def make_admin(**fields: object) -> int:
    person_id = make_person(role=Role.ADMIN, **fields).id
    end_transaction()
    return person_id


def admin(app: Flask) -> Browser:
    return Browser(app).sign_in(make_admin(name="Ann Beheerder"))


def post(browser: Browser, path: str, **data: str) -> Page:
    return browser.post(path, data, token=form_token(browser))


def is_in(browser: Browser) -> bool:
    return browser.get("/account").status == 200


def person(person_id: int) -> Person:
    end_transaction()
    found = get_person(person_id)
    db.session.expunge_all()
    end_transaction()
    return found


def acts() -> list[tuple[str, int | None]]:
    end_transaction()
    return [(row.act, row.actor_id) for row in db.session.scalars(select(AuditRow).order_by(AuditRow.id))]


def invite(browser: Browser, email: str = NEW, role: str = "os") -> str:
    """Invite somebody by the page; gives the path of the link."""
    page = post(browser, "/beheer/nieuw", name="Nele Nieuw", email=email, role=role)
    assert (page.status, page.location) == (303, "/beheer"), page.text
    return path_mailed_to(email)


# ── the list ───────────────────────────────────────────────────────────────


def test_the_list_shows_staff_and_finds_a_begeleider_by_name_or_address(app: Flask) -> None:
    make_person(role=Role.OS_STAFF, name="Omar Volgt", totp_confirmed_at=None, totp_secret=None)
    make_person(role=Role.OS_STAFF, name="Dries Dicht", disabled_at=now())
    make_person(name="Émile Begeleider", email="emile@school.example")
    browser = admin(app)
    page = browser.get("/beheer")
    assert "Omar Volgt" in page.text and "Nog niet" in page.text and "Dicht" in page.text
    assert "Émile" not in page.text
    for search in ("émile", "EMILE@school", "begel"):
        assert "Émile Begeleider" in browser.get("/beheer", query_string={"zoek": search}).text
    for search in ("%", "_", "Omar", "niemand"):
        assert "Niemand gevonden" in browser.get("/beheer", query_string={"zoek": search}).text
    assert '"><script>' not in browser.get("/beheer?zoek=%22%3E%3Cscript%3E").response.get_data(as_text=True)


def test_only_an_administrator_has_it_in_the_menu(app: Flask) -> None:
    staff = Browser(app).sign_in(make_person(role=Role.OS_STAFF))
    for browser, there in ((admin(app), True), (staff, False)):
        page = browser.get("/account")
        assert page.soup is not None
        assert bool(page.soup.select('#menu a[href="/beheer"]')) is there


# ── becoming staff ─────────────────────────────────────────────────────────


def test_an_invitation_makes_an_account_that_still_sets_up_its_second_step(app: Flask) -> None:
    link = invite(admin(app))
    guest = Browser(app)
    before = database_state()
    for method in ("GET", "HEAD", "GET"):
        assert guest.raw(method, link).status_code == 200
    assert database_state() == before, "a scanner that opens the link uses nothing up"
    page = post(guest, link)
    assert page.status == 303
    assert guest.get("/scholen").location == "/aanmelden/tweede-stap"
    made = db.session.scalars(select(Person).where(Person.email == NEW)).one()
    assert (made.role, made.name, made.totp_secret) == (Role.OS_STAFF, "Nele Nieuw", None)
    again = Browser(app)
    assert post(again, link).status == 404 and again.get(link).status == 404
    assert "niet meer geldig" in again.get(link).text


def test_the_link_is_long_stored_as_a_fingerprint_and_lasts_a_day(app: Flask) -> None:
    browser, start = admin(app), now()
    with frozen(start):
        link = invite(browser)
    token = link.rsplit("/", 1)[1]
    assert len(token) * 6 >= 128 and token not in everything_stored(without=frozenset({"outbox_mail"}))
    with frozen(start + STAFF_INVITATION_LIFE - timedelta(minutes=1)):
        assert Browser(app).get(link).status == 200
    with frozen(start + STAFF_INVITATION_LIFE + timedelta(minutes=1)):
        assert Browser(app).get(link).status == 404 and post(Browser(app), link).status == 404
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.email == NEW)) == 0


def test_a_link_ends_when_it_is_withdrawn_or_sent_again(app: Flask) -> None:
    browser = admin(app)
    first, second = invite(browser), invite(browser)
    assert Browser(app).get(first).status == 404 and Browser(app).get(second).status == 200
    end_transaction()
    number = db.session.scalars(select(StaffInvitation.id).where(StaffInvitation.closed_at.is_(None))).one()
    assert "Nele Nieuw" in browser.get("/beheer").text
    assert post(browser, f"/beheer/uitnodiging/{number}/intrekken").status == 303
    assert Browser(app).get(second).status == 404
    assert post(browser, f"/beheer/uitnodiging/{number}/intrekken").status == 404


def test_an_address_with_an_account_is_not_invited(app: Flask) -> None:
    make_person(email=NEW)
    page = post(admin(app), "/beheer/nieuw", name="Nele Nieuw", email="NIEUW@school.example", role="os")
    assert page.status == 409 and "verander daar de rol" in page.text and mails_to(NEW) == []


@pytest.mark.parametrize("role", ["", "begeleider", "koning", "beheerder "])
def test_an_invitation_is_for_staff_only(app: Flask, role: str) -> None:
    page = post(admin(app), "/beheer/nieuw", name="Nele Nieuw", email=NEW, role=role)
    assert page.status == 422 and mails_to(NEW) == []


def test_who_registered_meanwhile_gets_the_role_and_every_session_ends(app: Flask) -> None:
    link = invite(admin(app), role="beheerder")
    there = make_person(email=NEW, name="Nele Zelf")
    elsewhere = Browser(app).sign_in(there)
    assert post(Browser(app), link).status == 303
    assert person(there.id).role is Role.ADMIN and person(there.id).name == "Nele Zelf"
    assert not is_in(elsewhere)


def test_a_closed_account_is_not_opened_by_a_link(app: Flask) -> None:
    link = invite(admin(app))
    closed = make_person(email=NEW, disabled_at=now()).id
    assert post(Browser(app), link).status == 404
    assert person(closed).role is Role.FACILITATOR


def redeem(app: Flask, link: str, times: int = 20) -> Counter[int]:
    browsers = [Browser(app) for _ in range(times)]
    data = [{"csrf_token": form_token(browser)} for browser in browsers]
    seen: Counter[int] = Counter()
    gate = threading.Barrier(times)

    def send(place: int) -> None:
        gate.wait()
        with app.app_context():
            seen[browsers[place].client.post(link, data=data[place]).status_code] += 1

    threads = [threading.Thread(target=send, args=(place,)) for place in range(times)]
    end_transaction()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return seen


def test_twenty_who_press_the_button_at_once_give_one_account(app: Flask) -> None:
    assert redeem(app, invite(admin(app))) == {303: 1, 404: 19}
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.email == NEW)) == 1


def test_a_link_that_is_not_used_up_lets_more_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: the link is found whether or not it was used."""
    link = invite(admin(app))
    monkeypatch.setattr(
        lms.people.actions.accounts.accounts, "find_staff_invitation",
        lambda token, lock=False: db.session.scalars(select(StaffInvitation)).one(),
    )  # fmt: skip
    assert redeem(app, link)[303] > 1


# ── the first administrator ────────────────────────────────────────────────


def create_admin(app: Flask, monkeypatch: pytest.MonkeyPatch, email: str = NEW, name: str = "Ann Eerst") -> str:
    """What the command prints, in the database of this test."""
    monkeypatch.setattr(lms.cli.site, "_app", lambda: app)
    end_transaction()
    done = CliRunner().invoke(lms.cli.main, ["create-admin", email, name])
    end_transaction()
    return f"{done.exit_code} {done.output}"


def test_the_command_prints_a_link_with_which_the_first_administrator_begins(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = create_admin(app, monkeypatch)
    found = re.search(r"http://127\.0\.0\.1:8000(/medewerker-worden/\S+)", output)
    assert output.startswith("0 ") and found is not None
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0, "nobody is there before the button"
    assert mails_to(NEW) == []
    browser = Browser(app)
    assert "Beheerder" in browser.get(found.group(1)).text
    assert post(browser, found.group(1)).status == 303
    assert browser.get("/beheer").location == "/aanmelden/tweede-stap"
    assert acts() == [(Act.STAFF_INVITED, None), (Act.ACCOUNT_CREATED, None)]


def test_the_command_refuses_in_words_who_is_administrator_already(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_admin(email=NEW)
    assert create_admin(app, monkeypatch).startswith(f"1 {NEW} is al beheerder.")
    assert create_admin(app, monkeypatch, email="geen adres").startswith("1 Vul een volledig e-mailadres in")


# ── one account ────────────────────────────────────────────────────────────


def test_another_role_begins_with_another_session_and_a_mail(app: Flask) -> None:
    colleague = make_person(name="Bo Begeleider")
    theirs = Browser(app).sign_in(colleague)
    stolen = copy_cookies(theirs)
    browser = admin(app)
    assert post(browser, f"/beheer/{colleague.id}", role="os").status == 303
    assert person(colleague.id).role is Role.OS_STAFF
    assert not is_in(theirs) and not is_in(stolen)
    assert "O&S" in mails_to(colleague.email)[-1].body
    assert acts()[-1][0] == Act.ACCOUNT_ROLE_CHANGED


def test_when_sessions_go_on_the_old_one_has_the_new_rights(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin of the test above and of the one about closing."""
    monkeypatch.setattr(lms.people.actions.accounts, "end_sign_ins", lambda person_id: None)
    colleague = make_person()
    theirs = Browser(app).sign_in(colleague)
    browser = admin(app)
    assert post(browser, f"/beheer/{colleague.id}", role="os").status == 303
    assert is_in(theirs)
    post(browser, f"/beheer/{colleague.id}/sluiten")
    post(browser, f"/beheer/{colleague.id}/openen")
    assert is_in(theirs)


def test_who_is_no_longer_staff_keeps_no_short_password_and_no_second_step(app: Flask) -> None:
    colleague = make_person(role=Role.OS_STAFF).id
    db.session.add(Password(person_id=colleague, hash=hash_password("kw7 zon!"), set_at=now()))
    db.session.add_all(RecoveryCode.set_for(colleague)[0])
    db.session.commit()
    assert post(admin(app), f"/beheer/{colleague}", role="begeleider").status == 303
    assert person(colleague).totp_secret is None
    assert db.session.get(Password, colleague) is None
    assert db.session.scalar(select(func.count()).select_from(RecoveryCode)) == 0


def test_a_closed_account_is_out_from_the_next_request_and_its_sessions_never_come_back(app: Flask) -> None:
    colleague = make_person()
    theirs = Browser(app).sign_in(colleague)
    browser = admin(app)
    assert post(browser, f"/beheer/{colleague.id}/sluiten").status == 303
    assert not is_in(theirs)
    assert "Open het account weer" in browser.get(f"/beheer/{colleague.id}").text
    assert post(browser, f"/beheer/{colleague.id}/sluiten").status == 409
    assert post(browser, f"/beheer/{colleague.id}", role="os").status == 422
    assert post(browser, f"/beheer/{colleague.id}/openen").status == 303
    assert not is_in(theirs)
    assert post(browser, f"/beheer/{colleague.id}/openen").status == 409
    assert is_in(Browser(app).sign_in(colleague))


def test_a_second_step_is_emptied_and_set_up_anew(app: Flask) -> None:
    colleague = make_person(role=Role.OS_STAFF)
    db.session.add_all(RecoveryCode.set_for(colleague.id)[0])
    db.session.commit()
    theirs = Browser(app).sign_in(colleague)
    browser = admin(app)
    assert post(browser, f"/beheer/{colleague.id}/tweede-stap").status == 303
    assert not is_in(theirs) and "tweede stap" in mails_to(colleague.email)[-1].body
    assert db.session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    page = Browser(app).sign_in(colleague, second_factor=False).get("/aanmelden/tweede-stap")
    assert "Sleutel:" in page.text and TOTP_SECRET not in page.text
    assert post(browser, f"/beheer/{colleague.id}/tweede-stap").status == 409


# ── always one left ────────────────────────────────────────────────────────


def test_nobody_takes_the_own_role_away_or_closes_the_own_account(app: Flask) -> None:
    own = make_admin()
    make_admin()
    browser = Browser(app).sign_in(own)
    assert "Dit ben jij" in browser.get(f"/beheer/{own}").text
    before = database_state()
    for path, data in ((f"/beheer/{own}", {"role": "os"}), (f"/beheer/{own}/sluiten", {}), (f"/beheer/{own}/tweede-stap", {})):  # fmt: skip
        assert post(browser, path, **data).status == 422
    assert database_state() == before


def admins_left_after_a_quarrel(app: Flask, rounds: int = 8) -> list[int]:
    """Two administrators take away each other's role at the same moment; gives how many are left each time."""
    left = []
    for _ in range(rounds):
        end_transaction()
        for old in db.session.scalars(select(Person)):
            db.session.delete(old)
        db.session.commit()
        pair = [make_person(role=Role.ADMIN), make_person(role=Role.ADMIN)]
        gate = threading.Barrier(2)
        end_transaction()

        def quarrel(by: Person, other: int, gate: threading.Barrier = gate) -> None:
            with app.app_context():
                gate.wait()
                try:
                    actions.change_role(other, Role.OS_STAFF, by=visitor_of(by))
                except LmsError:
                    db.session.rollback()

        threads = [
            threading.Thread(target=quarrel, args=(pair[0], pair[1].id)),
            threading.Thread(target=quarrel, args=(pair[1], pair[0].id)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        left.append(db.session.scalar(select(func.count()).select_from(Person).where(Person.role == Role.ADMIN)) or 0)
        end_transaction()
    return left


def test_two_administrators_who_take_each_others_role_away_leave_one(app: Flask) -> None:
    assert admins_left_after_a_quarrel(app) == [1] * 8


def test_without_looking_again_under_the_lock_nobody_is_left(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: whoever opened the page as administrator counts as one."""
    everybody = range(1, 1_000_000)
    monkeypatch.setattr(lms.people.actions.accounts.accounts, "list_active_admins", lambda: everybody)
    assert 0 in admins_left_after_a_quarrel(app)
