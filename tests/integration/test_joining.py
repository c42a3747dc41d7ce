"""How colleagues come in: the school link on the poster, invitations by mail, and who works where."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import lms.schools.actions.working
import lms.schools.queries.invitations
from lms.clock import frozen, now
from lms.database import db
from lms.mail import OutboxMail
from lms.people.rules import fingerprint
from lms.people.tables import Person, SignIn
from lms.permissions import Role
from lms.schools.rules import BETWEEN_INVITATIONS, INVITATION_LIFE, UNDO_LEAVING
from lms.schools.tables import EndedLink, Invitation, InvitedColleague, Membership, School, SchoolWish
from tests.factories import make_contact_person, make_finished, make_person, make_school
from tests.integration.test_links import PARALLEL, _usable_again, at_once
from tests.server import Visit, together
from tests.visitor import Page
from tests.world import Browser, code_mailed_to, end_transaction, form_token, library_of, link_mailed_to, mails_to

GUEST = "gast@school.example"


class Client(Browser):
    """Somebody who is signed in and sends every form with a token that fits."""

    def __init__(self, app: Flask, person_id: int) -> None:
        super().__init__(app)
        self.sign_in(person_id)

    def post(self, path: str, data: dict[str, Any] | None = None, **named: Any) -> Page:
        return super().post(path, data, **{"token": form_token(self)} | named)


def count(table: type[Any], *conditions: Any) -> int:
    end_transaction()
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def person_named(name: str) -> int:
    end_transaction()
    return db.session.scalars(select(Person.id).where(Person.name == name)).one()


def works_at(person_id: int) -> list[int]:
    end_transaction()
    return list(
        db.session.scalars(
            select(Membership.school_id)
            .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
            .order_by(Membership.id)
        )
    )


def link_now(school_id: int) -> str:
    end_transaction()
    return db.session.scalars(select(School.link_code).where(School.id == school_id)).one()


@pytest.fixture
def school(app: Flask) -> School:
    return make_school(name="Atheneum Link", municipality="Genk")


@pytest.fixture
def contact(app: Flask, school: School) -> Client:
    """The aanspreekpunt of ``school``."""
    return Client(app, make_contact_person(school, name="Ann Aanspreekpunt").id)


@pytest.fixture
def staff(app: Flask) -> Client:
    return Client(app, make_person(role=Role.OS_STAFF, name="Olga Staf").id)


# ── the school link ────────────────────────────────────────────────────────


@pytest.mark.both
def test_a_stranger_registers_by_the_link_and_works_at_that_school(app: Flask, school: School) -> None:
    make_school(name="Andere School")
    stranger = Browser(app)
    page = stranger.get(f"/s/{school.link_code}")
    assert "Atheneum Link, Genk" in page.text and f"{library_of(app).course.core_minutes} minuten" in page.text
    assert page.soup is not None
    target = str(page.soup.select("main a[href*='via=']")[0]["href"])
    form = stranger.get(target)
    assert "Atheneum Link, Genk" in form.text and form.soup is not None and form.soup.find("select") is None
    fields = {str(one["name"]): str(one["value"]) for one in form.soup.select("form input[type=hidden]")}
    # Whoever types another school into the form of a link still gets the school of the link.
    other = db.session.scalars(select(School.id).where(School.name == "Andere School")).one()
    typed = {**fields, "name": "Gast Nieuw", "email": GUEST, "school": str(other)}
    token = typed.pop("csrf_token")
    assert stranger.post("/registreren", typed, token=token).status == 303
    done = stranger.post("/registreren/code", {"code": code_mailed_to(GUEST)}, token=form_token(stranger))
    assert done.location == "/start"
    end_transaction()
    person = db.session.scalars(select(Person)).one()
    assert works_at(person.id) == [school.id]


def test_a_form_of_the_link_that_is_not_complete_keeps_the_school(app: Flask, school: School) -> None:
    stranger = Browser(app)
    page = stranger.post(
        "/registreren", {"via": school.link_code, "name": "", "email": "x"}, token=form_token(stranger)
    )
    assert page.status == 422 and page.soup is not None
    assert "Atheneum Link, Genk" in page.text and page.soup.find("select") is None
    assert page.soup.find("input", {"name": "via"})["value"] == school.link_code  # type: ignore[index]


def test_a_code_that_is_no_link_gives_the_ordinary_form(app: Flask, school: School) -> None:
    page = Browser(app).get("/registreren?via=nergens")
    assert page.status == 200 and page.soup is not None and page.soup.find("select", {"name": "school"}) is not None


@pytest.mark.both
def test_somebody_with_an_account_joins_with_one_button_and_a_double_click_is_once(app: Flask, school: School) -> None:
    first = make_school()
    person = make_person(school=first)
    browser = Browser(app).sign_in(person)
    page = browser.get(f"/s/{school.link_code}")
    assert "Ik werk op deze school" in page.text
    for _ in range(2):
        assert browser.post(f"/s/{school.link_code}", token=form_token(browser)).location == "/navorming"
    assert works_at(person.id) == [first.id, school.id]
    assert "Je hoort al bij Atheneum Link" in browser.get(f"/s/{school.link_code}").text


def _join_together(app: Flask, school: School, person_id: int) -> Counter[int]:
    visits = [Visit(app, person_id) for _ in range(8)]
    return Counter(together(8, lambda number: visits[number].post(f"/s/{school.link_code}").status))


@pytest.mark.both
def test_eight_clicks_at_once_are_one_membership(app: Flask, school: School) -> None:
    person = make_person()
    for _ in range(5):
        assert _join_together(app, school, person.id) == {303: 8}
        assert works_at(person.id) == [school.id]
        db.session.execute(Membership.__table__.delete())
        db.session.commit()


@pytest.mark.both
def test_without_the_look_before_joining_eight_clicks_collide(
    app: Flask, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin: it shows that the eight do arrive, and that the database holds the last line."""
    monkeypatch.setattr(lms.schools.actions.working.queries, "has_membership", lambda *_ids: False)
    person = make_person()
    assert _join_together(app, school, person.id)[303] == 1
    assert works_at(person.id) == [school.id]


def test_the_way_in_by_the_link_survives_signing_in(app: Flask, school: School) -> None:
    page = Browser(app).get(f"/s/{school.link_code}")
    assert page.soup is not None
    assert page.soup.find("a", href=f"/aanmelden?next=/s/{school.link_code}") is not None


@pytest.mark.parametrize(
    "code", ["nergens", "%00", "..", "' OR 1=1", "<b>x", "cdfghjkm", "a" * 3000, "%E2%80%AE", "%F0%9F%92%A9"]
)
def test_an_unknown_code_is_a_friendly_page_with_a_way_on(app: Flask, school: School, code: str) -> None:
    page = Browser(app).get(f"/s/{code}")
    assert page.status == 404 and "<b>x" not in page.response.get_data(as_text=True)
    if code not in {"%00", ".."}:
        assert "kennen we niet" in page.text
        assert page.soup is not None and page.soup.select_one("main a[href='/registreren']") is not None


@pytest.mark.both
def test_a_new_link_replaces_the_old_one_which_says_so_kindly(app: Flask, school: School, contact: Client) -> None:
    old = school.link_code
    for _ in range(2):  # The second click replaces nothing more.
        assert contact.post(f"/scholen/{school.id}/link", {"code": old}).location == f"/mijn-school?school={school.id}"
    new = link_now(school.id)
    assert new != old and count(EndedLink) == 1
    stranger = Browser(app)
    page = stranger.get(f"/s/{old}")
    assert page.status == 404 and "werkt niet meer" in page.text and "Vraag die aan het aanspreekpunt" in page.text
    assert stranger.get(f"/s/{new}").status == 200
    signed_in = Browser(app).sign_in(make_person())
    assert signed_in.post(f"/s/{old}", token=form_token(signed_in)).status == 404
    assert count(Membership) == 1
    assert new in contact.get("/mijn-school").text.replace("-", "")


def test_every_school_has_a_link_and_the_poster_shows_it_as_a_qr_code(
    app: Flask, school: School, contact: Client, staff: Client
) -> None:
    for visit in (contact, staff):
        page = visit.get(f"/scholen/{school.id}/affiche")
        shown = f"{school.link_code[:4]}-{school.link_code[4:]}"
        assert page.status == 200 and shown in page.text and "Atheneum Link" in page.text
        drawing = page.soup.select_one("svg.qr")
        assert drawing is not None and drawing.find("path") is not None
        assert not page.soup.find_all(style=True) and not page.soup.find_all("style")


# ── invitations ────────────────────────────────────────────────────────────


def invite(visit: Client, school: School, text: str) -> Any:
    return visit.post(f"/scholen/{school.id}/uitnodigen", {"addresses": text})


def redeem(browser: Browser, token: str, **fields: str) -> Any:
    return browser.post(f"/uitnodiging/{token}", {"name": "Gast Nieuw", **fields}, token=form_token(browser))


@pytest.mark.both
def test_a_list_of_addresses_is_one_mail_each_with_a_link_of_its_own(
    app: Flask, school: School, contact: Client
) -> None:
    assert (
        invite(contact, school, "Gast Nieuw <gast@school.example>\nTWEE@School.example, gast@school.example").status
        == 303
    )
    assert count(OutboxMail) == count(InvitedColleague) == count(Invitation) == 2
    page = contact.get("/mijn-school")
    assert "2 uitnodigingen zijn verstuurd" in page.text
    assert "meer dan eens in je lijst en telde één keer: gast@school.example" in page.text
    assert "Gast Nieuw" in page.text and "twee@school.example" in page.text
    body = mails_to(GUEST)[0].body
    assert "Dag Gast Nieuw," in body and "Ann Aanspreekpunt nodigt je uit" in body and "Atheneum Link (Genk)" in body
    assert link_mailed_to(GUEST) != link_mailed_to("twee@school.example")
    assert count(Person) == 1, "inviting makes nobody"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["minstens één"]),
        ("an@school.be\nbo apenstaart school\ncas@\n\ndré@school", ["Regel 2", "Regel 3", "Regel 5"]),
        ("\n".join(f"a{n}@school.be" for n in range(51)), ["51 adressen", "hoogstens 50"]),
        ("x" * 3000, ["Regel 1"]),
        ("an\x00@school.be", ["Regel 1"]),
        ("An\u202e <an@school.be>", ["de naam", "De naam"]),
    ],
)  # fmt: skip
def test_every_problem_is_told_at_once_and_nothing_is_sent_or_lost(
    app: Flask, school: School, contact: Client, text: str, problems: list[str]
) -> None:
    page = invite(contact, school, text)
    assert page.status == 422 and count(OutboxMail) == count(InvitedColleague) == 0
    summary = page.soup.find(class_="error-summary")
    assert summary is not None and any(problem in summary.get_text() for problem in problems)
    if "Regel 5" in problems:
        assert all(problem in summary.get_text() for problem in problems)
    if text.isprintable() or "\n" in text:
        assert page.soup.find("textarea").get_text().strip() == text.strip()


def test_who_works_there_already_gets_no_mail(app: Flask, school: School, contact: Client) -> None:
    make_person(school=school, email="hier@school.example")
    make_person(email="elders@school.example")
    invite(contact, school, "hier@school.example elders@school.example")
    assert "Werkt hier al en kreeg geen mail: hier@school.example." in contact.get("/mijn-school").text
    assert not mails_to("hier@school.example") and len(mails_to("elders@school.example")) == 1


@pytest.mark.both
def test_an_address_gets_one_mail_a_day_whoever_asks_and_however(
    app: Flask, school: School, contact: Client, staff: Client
) -> None:
    other = make_school()
    invite(contact, school, GUEST)
    first = link_mailed_to(GUEST)
    invitee = db.session.scalars(select(InvitedColleague.id)).one()
    again, withdraw = (f"/scholen/{school.id}/uitnodiging/{invitee}/{act}" for act in ("opnieuw", "intrekken"))
    assert "Opnieuw sturen" not in contact.get("/mijn-school").text
    contact.post(again)
    invite(contact, school, GUEST)
    invite(staff, other, GUEST)
    assert contact.post(withdraw).status == 303
    invite(contact, school, GUEST)
    assert len(mails_to(GUEST)) == 1
    assert Browser(app).get(f"/uitnodiging/{first}").status == 404, "it was withdrawn"
    olga = person_named("Olga Staf")
    with frozen(now() + BETWEEN_INVITATIONS + timedelta(minutes=1)):
        invite(Client(app, olga), other, GUEST)
        assert len(mails_to(GUEST)) == 2


@pytest.mark.both
def test_a_list_sent_eight_times_at_once_is_one_mail_each(app: Flask, school: School) -> None:
    visits = [Visit(app, make_contact_person(school).id)]
    visits += [visits[0].copy() for _ in range(7)]
    data = {"addresses": f"{GUEST} twee@school.example"}
    sent = together(8, lambda number: visits[number].post(f"/scholen/{school.id}/uitnodigen", data).status)
    assert Counter(sent) == {303: 8}
    assert count(OutboxMail) == count(InvitedColleague) == count(Invitation) == 2


def test_with_no_memory_of_mails_an_address_would_get_more(
    app: Flask, school: School, contact: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin."""
    monkeypatch.setattr(lms.schools.queries.invitations, "mailed_today", lambda emails: set())
    invite(contact, school, GUEST)
    invite(contact, school, GUEST)
    assert len(mails_to(GUEST)) == 2


@pytest.mark.both
def test_sending_again_replaces_the_link(app: Flask, school: School, contact: Client) -> None:
    invite(contact, school, GUEST)
    first, invitee = link_mailed_to(GUEST), db.session.scalars(select(InvitedColleague.id)).one()
    ann = person_named("Ann Aanspreekpunt")
    with frozen(now() + timedelta(days=2)):
        contact = Client(app, ann)
        assert "Opnieuw sturen" in contact.get("/mijn-school").text
        assert contact.post(f"/scholen/{school.id}/uitnodiging/{invitee}/opnieuw").status == 303
        second = link_mailed_to(GUEST)
        assert Browser(app).get(f"/uitnodiging/{first}").status == 404
        assert Browser(app).get(f"/uitnodiging/{second}").status == 200
        assert count(InvitedColleague) == 1
    assert fingerprint(second) in db.session.scalars(select(Invitation.token_fingerprint)).all()


@pytest.mark.both
def test_whoever_accepts_has_an_account_and_works_there(app: Flask, school: School, contact: Client) -> None:
    invite(contact, school, GUEST)
    token = link_mailed_to(GUEST)
    guest = Browser(app)
    for method in ("GET", "HEAD", "GET"):
        assert guest.raw(method, f"/uitnodiging/{token}").status_code == 200
    empty = redeem(guest, token, name=" ")
    assert (
        empty.status == 422
        and "Vul een voornaam en een naam in" in empty.text
        and count(Person, Person.email == GUEST) == 0
    )
    assert redeem(guest, token, name="Gast O'Neill").location == "/start"
    person = db.session.scalars(select(Person).where(Person.email == GUEST)).one()
    assert (person.name, person.role) == ("Gast O'Neill", Role.FACILITATOR)
    assert works_at(person.id) == [school.id]
    assert guest.get("/navorming").status == 200
    assert redeem(Browser(app), token).status == 404
    page = contact.get("/mijn-school")
    assert "Gast O'Neill" in page.text and "nog niet binnen" not in page.text


def test_an_account_that_exists_keeps_its_name_and_joins(app: Flask, school: School, contact: Client) -> None:
    there = make_school()
    person = make_person(school=there, email=GUEST, name="Gast Bekend")
    invite(contact, school, "Iemand Anders <gast@school.example>")
    assert redeem(Browser(app), link_mailed_to(GUEST), name="Iemand Anders").status == 303
    assert works_at(person.id) == [there.id, school.id]
    assert db.session.scalars(select(Person.name).where(Person.id == person.id)).one() == "Gast Bekend"


def test_the_page_is_the_same_for_a_known_unknown_and_closed_account(
    app: Flask, school: School, contact: Client
) -> None:
    """Whoever forwards the mail tells nobody whether there is an account."""
    addresses = {"bekend": {"name": "Gast Een"}, "gesloten": {"name": "Gast Twee", "disabled_at": now()}}
    for word, fields in addresses.items():
        make_person(email=f"{word}@school.example", **fields)
    invite(contact, school, "bekend@school.example gesloten@school.example onbekend@school.example")
    pages = set()
    for word in ("bekend", "gesloten", "onbekend"):
        text = Browser(app).get(f"/uitnodiging/{link_mailed_to(f'{word}@school.example')}").text
        pages.add(text.replace(word, "…"))
    assert len(pages) == 1
    closed = Browser(app)
    assert redeem(closed, link_mailed_to("gesloten@school.example")).status == 404
    assert closed.get("/account").status == 302


@pytest.mark.parametrize(("after", "works"), [(timedelta(minutes=-1), True), (timedelta(minutes=1), False)])
def test_an_invitation_expires(app: Flask, school: School, contact: Client, after: timedelta, works: bool) -> None:
    invite(contact, school, GUEST)
    token = link_mailed_to(GUEST)
    sent = db.session.scalars(select(Invitation.expires_at)).one()
    with frozen(sent + after):
        assert Browser(app).get(f"/uitnodiging/{token}").status == (200 if works else 404)
        assert redeem(Browser(app), token).status == (303 if works else 404)
    with frozen(sent + timedelta(hours=1)):
        later = Client(app, person_named("Ann Aanspreekpunt"))
        assert works or "link verlopen" in later.get("/mijn-school").text
    assert sent - now() > INVITATION_LIFE - timedelta(minutes=1)


def redeem_together(app: Flask, contact: Client, school: School) -> Counter[str]:
    invite(contact, school, GUEST)
    token = link_mailed_to(GUEST)
    answers = at_once([Browser(app) for _ in range(PARALLEL)], f"/uitnodiging/{token}", {"name": "Gast Nieuw"})
    return Counter(answer.headers.get("Location", str(answer.status_code)) for answer in answers)


@pytest.mark.both
def test_of_twenty_who_open_an_invitation_at_once_one_succeeds(app: Flask, school: School, contact: Client) -> None:
    assert redeem_together(app, contact, school) == {"/start": 1, "404": PARALLEL - 1}
    assert count(Person, Person.email == GUEST) == 1
    person = db.session.scalars(select(Person.id).where(Person.email == GUEST)).one()
    assert works_at(person) == [school.id] and count(SignIn, SignIn.person_id == person) == 1


@pytest.mark.both
def test_when_used_invitations_count_as_new_more_than_one_succeeds(
    app: Flask, school: School, contact: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin: it shows that the twenty really do arrive together."""
    _usable_again(monkeypatch)
    assert redeem_together(app, contact, school)["/start"] > 1


def test_who_came_in_otherwise_is_no_longer_waited_for(app: Flask, school: School, contact: Client) -> None:
    person = make_person(email=GUEST)
    invite(contact, school, GUEST)
    assert "nog niet binnen" in contact.get("/mijn-school").text
    Client(app, person.id).post(f"/s/{school.link_code}")
    assert "nog niet binnen" not in contact.get("/mijn-school").text


# ── who works where ────────────────────────────────────────────────────────


def membership_of(person_id: int) -> int:
    end_transaction()
    return db.session.scalars(select(Membership.id).where(Membership.person_id == person_id)).one()


@pytest.mark.both
@pytest.mark.parametrize("who", ["contact", "staff"])
def test_who_no_longer_works_here_is_taken_off_and_put_back(
    app: Flask, school: School, contact: Client, staff: Client, who: str
) -> None:
    visit, home = {"contact": (contact, "/mijn-school"), "staff": (staff, f"/scholen/{school.id}")}[who]
    person = make_finished(library_of(app), school=school, name="Lies Vertrekt")
    other = make_school()
    Client(app, person.id).post(f"/s/{other.link_code}")
    at = f"/scholen/{school.id}/collega/{db.session.scalars(select(Membership.id).where(Membership.person_id == person.id, Membership.school_id == school.id)).one()}"
    assert visit.post(f"{at}/weg").status == 303
    page = visit.get(home)
    assert "Van de lijst gehaald (1)" in page.text and works_at(person.id) == [other.id]
    assert visit.post(f"{at}/weg").status == 404
    assert Client(app, person.id).get("/pakket/wie-ben-jij").status == 200, "what somebody earned stays"
    assert visit.post(f"{at}/terug").status == 303
    assert sorted(works_at(person.id)) == sorted([school.id, other.id])
    assert visit.post(f"{at}/terug").status == 404


def test_the_aanspreekpunt_is_not_taken_off_the_list(
    app: Flask, school: School, contact: Client, staff: Client
) -> None:
    person = person_named("Ann Aanspreekpunt")
    membership = membership_of(person)
    for visit in (contact, staff):
        assert visit.post(f"/scholen/{school.id}/collega/{membership}/weg").status == 303
    contact.post(f"/account/scholen/{school.id}/weg")
    assert works_at(person) == [school.id]
    assert "Laat O&S eerst iemand anders aanduiden" in staff.get(f"/scholen/{school.id}").text
    assert "Werkt hier niet meer" not in contact.get("/mijn-school").text


@pytest.mark.both
def test_somebody_stops_at_one_school_of_two_and_goes_back(app: Flask, school: School, contact: Client) -> None:
    other = make_school(name="Tweede School")
    person = make_person(school=school)
    visit = Client(app, person.id)
    assert visit.post("/account/scholen", {"school": str(other.id)}).location == "/account"
    assert visit.post("/account/scholen", {"school": str(other.id)}).status == 303
    assert works_at(person.id) == [school.id, other.id]
    assert "Tweede School" in visit.get("/account").text
    assert visit.post(f"/account/scholen/{school.id}/weg").location == "/account"
    assert works_at(person.id) == [other.id]
    assert "Je werkte ook bij Atheneum Link" in visit.get("/account").text
    # The aanspreekpunt can not take somebody back who left by their own doing.
    assert "Van de lijst gehaald" not in contact.get("/mijn-school").text
    left = db.session.scalars(
        select(Membership.id).where(Membership.person_id == person.id, Membership.ended_at.is_not(None))
    ).one()
    assert contact.post(f"/scholen/{school.id}/collega/{left}/terug").status == 404
    assert visit.post(f"/account/scholen/{school.id}/terug").status == 303
    assert sorted(works_at(person.id)) == sorted([school.id, other.id])


def test_nobody_comes_back_by_themselves_after_being_taken_off_nor_after_long(
    app: Flask, school: School, contact: Client
) -> None:
    person = make_person(school=school)
    visit = Client(app, person.id)
    contact.post(f"/scholen/{school.id}/collega/{membership_of(person.id)}/weg")
    assert visit.post(f"/account/scholen/{school.id}/terug").status == 404
    other = make_person(school=school)
    own = Client(app, other.id)
    own.post(f"/account/scholen/{school.id}/weg")
    ann = person_named("Ann Aanspreekpunt")
    with frozen(now() + UNDO_LEAVING + timedelta(minutes=1)):
        own, contact = Client(app, other.id), Client(app, ann)
        assert own.post(f"/account/scholen/{school.id}/terug").status == 404
        assert contact.post(f"/scholen/{school.id}/collega/{membership_of(person.id)}/terug").status == 404


def test_a_school_that_is_not_in_the_list_is_told_to_staff(app: Flask, school: School, staff: Client) -> None:
    visit = Client(app, make_person(school=school).id)
    for _ in range(2):
        reply = visit.post("/account/scholen", {"school": "anders", "wish": "De Wijzer, Bree"})
        assert reply.location == "/account"
    assert count(SchoolWish) == 1 and "De Wijzer, Bree" in staff.get("/scholen").text


@pytest.mark.parametrize(
    "data", [{}, {"school": ""}, {"school": "x"}, {"school": "987654"}, {"school": "anders"}, {"school": "²"}]
)
def test_a_choice_that_is_none_is_asked_again(app: Flask, school: School, data: dict[str, str]) -> None:
    visit = Client(app, make_person().id)
    reply = visit.post("/account/scholen", data)
    assert reply.status == 422 and reply.soup.find(class_="error-summary") is not None
    assert count(Membership) == count(SchoolWish) == 0


# ── the page of the aanspreekpunt ──────────────────────────────────────────


def test_the_page_says_who_is_where_and_what_to_do_and_never_an_answer(
    app: Flask, school: School, contact: Client
) -> None:
    make_person(school=school, name="Nele Nog")
    make_finished(library_of(app), school=school, name="Kim Klaar")
    invite(contact, school, GUEST)
    page = contact.get("/mijn-school")
    steps = [one.get_text() for one in page.soup.select(".next-steps li")]
    assert steps == ["Spreek Nele aan om te beginnen.", f"{GUEST} is uitgenodigd en nog niet binnen."]
    assert "1 van 3 is klaar met de navorming." in page.text
    assert "Een voorbeeld van een notitie." not in page.text


def test_an_empty_school_says_how_to_begin(app: Flask, contact: Client) -> None:
    page = contact.get("/mijn-school")
    assert "Nodig je eerste collega’s uit, of hang de affiche op." in page.text
