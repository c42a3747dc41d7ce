"""One aanspreekpunt per school: appointed once, handed over in one moment, confirmed once a year."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from lms.clock import frozen, now
from lms.database import db
from lms.people.tables import AuditRow, Person
from lms.permissions import Role
from lms.schools import queries
from lms.schools.rules import INVITATION_LIFE
from lms.schools.tables import Contact, Membership, School, Succession
from tests.factories import make_contact_person, make_finished, make_log, make_note, make_person, make_school
from tests.server import Visit, together
from tests.world import ask_successor, library_of, mails_to, path_mailed_to

pytestmark = pytest.mark.both
NEXT = "olga@school.example"


@pytest.fixture
def staff(rich: Flask) -> Visit:
    return Visit(rich, make_person(role=Role.OS_STAFF, name="Ann Medewerker").id)


@pytest.fixture
def school(rich: Flask) -> School:
    return make_school(name="Atheneum")


@pytest.fixture
def els(school: School) -> Person:
    return make_contact_person(school, name="Els Nu", email="els@school.example")


def count(table: type[Any], *conditions: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def open_contacts(school: School) -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(select(Contact.name).where(Contact.school_id == school.id, Contact.ended_at.is_(None)))
    )


def ask(visit: Visit, school: School, **fields: str) -> Any:
    return visit.post(
        f"/scholen/{school.id}/overdracht", {"name": "Olga Straks", "email": NEXT, "message": ""} | fields
    )


# ── one at a time ──────────────────────────────────────────────────────────


def appoint_at_once(staff: Visit, school: School) -> list[int]:
    """Eight colleagues of O&S appoint somebody else at the same moment; gives what each got."""
    tabs = [staff.copy() for _ in range(8)]

    def appoint(number: int) -> int:
        form = {"name": f"Kandidaat {number}", "email": f"kandidaat{number}@school.example"}
        return tabs[number].post(f"/scholen/{school.id}/aanspreekpunt", form).status  # type: ignore[no-any-return]

    return together(8, appoint)


def test_of_eight_who_appoint_at_once_one_does(staff: Visit, school: School) -> None:
    for _ in range(5):
        assert sorted(appoint_at_once(staff, school)) == [303, *[409] * 7]
        assert len(open_contacts(school)) == 1
        staff.post(f"/scholen/{school.id}/aanspreekpunt/beeindigen")


@contextlib.contextmanager
def without_index() -> Iterator[None]:
    """The database allows everything for a while; what was made then is gone before the index comes back."""
    db.session.rollback()
    db.session.execute(text("DROP INDEX uq_contact_open"))
    db.session.commit()
    try:
        yield
    finally:
        db.session.rollback()
        for table in ("invitation", "contact"):
            db.session.execute(text(f"DELETE FROM {table}"))
        db.session.execute(text("CREATE UNIQUE INDEX uq_contact_open ON contact (school_id) WHERE ended_at IS NULL"))
        db.session.commit()


@pytest.mark.sqlite_alone
def test_without_the_index_and_the_look_there_would_be_several(
    staff: Visit, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin."""
    monkeypatch.setattr(queries, "find_open_contact", lambda _school_id: None)
    with without_index():
        assert appoint_at_once(staff, school).count(303) > 1
        assert len(open_contacts(school)) > 1


def test_the_database_itself_refuses_a_second_one(rich: Flask, school: School, els: Person) -> None:
    from sqlalchemy.exc import IntegrityError

    db.session.add(Contact(school_id=school.id, name="Twee", email="twee@school.example", appointed_at=now()))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


# ── handing over ───────────────────────────────────────────────────────────


def test_the_aanspreekpunt_hands_over_and_the_next_one_sees_everything(
    rich: Flask, staff: Visit, school: School, els: Person
) -> None:
    nele = make_finished(library_of(rich), school=school, name="Nele Klaar")
    make_log(nele, school, session_slug="kleine-sessie", worked="Kanarie van het logboek")
    make_note(school, text="Kanarie van O&S", next_action="Infoavond vastleggen", next_on=now().date(), is_shared=True)
    make_note(school, text="Kanarie twee", next_action="Interne kanarie", next_on=now().date())
    own = Visit(rich, els.id)
    assert ask(own, school, message="De directie beslist in mei.").location == f"/mijn-school?school={school.id}"
    assert open_contacts(school) == ["Els Nu"], "until the answer nothing changes"
    assert "is op" in own.get("/mijn-school").text and "Olga Straks" in staff.get(f"/scholen/{school.id}").text
    link = path_mailed_to(NEXT)
    assert "De directie beslist in mei." in mails_to(NEXT)[-1].body
    guest = Visit(rich)
    page = guest.look(link)
    assert "Els Nu" in page.text and "Atheneum" in page.text and "De directie beslist in mei." in page.text
    reply = guest.post(link)
    assert (reply.status, reply.location) == (303, f"/mijn-school/{school.id}/overdracht")
    assert open_contacts(school) == ["Olga Straks"]
    page = guest.get(reply.location)
    for shown in ("Els Nu geeft je mee", "De directie beslist in mei.", "Nele Klaar", "14 jongeren", "Kleine sessie",
                  "Infoavond vastleggen", "Affiche met QR-code", "Wat je eerst doet"):  # fmt: skip
        assert shown in page.text, shown
    assert "anarie" not in page.text, "what O&S and a begeleider wrote for themselves stays with them"
    assert own.get("/mijn-school").status == 404 and own.get("/navorming").status == 200
    assert "Olga Straks is nu het aanspreekpunt" in mails_to("els@school.example")[-1].body
    assert "Olga Straks nam over van Els Nu" in staff.get(f"/scholen/{school.id}").text
    assert count(Contact) == 2 and count(Membership, Membership.school_id == school.id) == 3


def test_opening_the_link_uses_nothing_up_and_the_button_works_once(rich: Flask, school: School, els: Person) -> None:
    link = f"/overnemen/{ask_successor(school.id, NEXT)}"
    for _ in range(3):
        assert Visit(rich).get(link).status == 200
    guest = Visit(rich)
    guest.look(link)
    other_tab = guest.copy()
    assert guest.post(link).status == 303
    assert Visit(rich).get(link).status == 404
    again = other_tab.post(link)
    assert again.status == 404 and "niet meer geldig" in again.text


def test_eight_clicks_at_once_make_one_aanspreekpunt_and_one_account(rich: Flask, school: School, els: Person) -> None:
    link = f"/overnemen/{ask_successor(school.id, NEXT)}"
    guests = [Visit(rich) for _ in range(8)]
    for guest in guests:
        guest.look(link)
    replies = together(8, lambda number: guests[number].post(link).status)
    assert sorted(replies) == [303, *[404] * 7]
    assert open_contacts(school) == ["Volgende Collega"] and count(Person, Person.email == NEXT) == 1


def test_a_link_ends_after_its_time_and_when_it_is_sent_again_or_withdrawn(
    rich: Flask, staff: Visit, school: School, els: Person
) -> None:
    first = ask_successor(school.id, NEXT)
    with frozen(now() + INVITATION_LIFE):
        assert Visit(rich).get(f"/overnemen/{first}").status == 404
    at = f"/scholen/{school.id}/overdracht"
    assert staff.post(f"{at}/opnieuw").status == 303
    second = path_mailed_to(NEXT)
    assert Visit(rich).get(f"/overnemen/{first}").status == 404 and Visit(rich).get(second).status == 200
    mailed = len(mails_to(NEXT))
    staff.post(f"{at}/opnieuw")
    assert len(mails_to(NEXT)) == mailed, "one such mail a day"
    assert staff.post(f"{at}/intrekken").status == 303
    assert Visit(rich).get(second).status == 404
    assert staff.post(f"{at}/intrekken").status == 404 and open_contacts(school) == ["Els Nu"]


def test_the_token_is_not_kept(rich: Flask, school: School, els: Person) -> None:
    token = ask_successor(school.id, NEXT)
    db.session.rollback()
    row = db.session.scalars(select(Succession)).one()
    assert len(token) >= 22 and row.token_fingerprint != token
    assert Visit(rich).get(f"/overnemen/{row.token_fingerprint}").status == 404


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [({"name": ""}, 422, "naam"), ({"email": "geen"}, 422, "e-mailadres"), ({"message": "x" * 501}, 422, "te lang"),
     ({"email": "ELS@school.example"}, 422, "aanspreekpunt van nu")],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    rich: Flask, school: School, els: Person, fields: dict[str, str], status: int, sentence: str
) -> None:
    reply = ask(Visit(rich, els.id), school, **fields)
    assert reply.status == status and sentence in reply.text and count(Succession) == 0


def test_one_successor_at_a_time_and_none_without_an_aanspreekpunt(staff: Visit, school: School, els: Person) -> None:
    assert ask(staff, school).status == 303
    second = ask(staff, school, email="piet@school.example", name="Piet Tweede")
    assert second.status == 409 and "al gevraagd" in second.text
    assert second.soup.find("input", {"name": "name"})["value"] == "Piet Tweede"
    assert ask(staff, make_school()).status == 409
    assert count(Succession) == 1


def test_eight_who_ask_a_successor_at_once_ask_one(staff: Visit, school: School, els: Person) -> None:
    tabs = [staff.copy() for _ in range(8)]
    replies = together(8, lambda number: ask(tabs[number], school, email=f"volgend{number}@school.example").status)
    assert sorted(replies) == [303, *[409] * 7] and count(Succession) == 1


def test_whoever_was_asked_cannot_take_over_from_somebody_else(
    rich: Flask, staff: Visit, school: School, els: Person
) -> None:
    """O&S ended the task of the aanspreekpunt meanwhile and found somebody."""
    link = f"/overnemen/{ask_successor(school.id, NEXT)}"
    staff.post(f"/scholen/{school.id}/aanspreekpunt/beeindigen")
    staff.post(f"/scholen/{school.id}/aanspreekpunt", {"name": "Iemand Anders", "email": "anders@school.example"})
    guest = Visit(rich)
    guest.look(link)
    assert guest.post(link).status == 404
    assert open_contacts(school) == ["Iemand Anders"] and count(Person, Person.email == NEXT) == 0


def test_whoever_was_asked_fills_a_vacancy(rich: Flask, staff: Visit, school: School, els: Person) -> None:
    link = f"/overnemen/{ask_successor(school.id, NEXT)}"
    staff.post(f"/scholen/{school.id}/aanspreekpunt/beeindigen")
    guest = Visit(rich)
    guest.look(link)
    assert guest.post(link).status == 303 and open_contacts(school) == ["Volgende Collega"]


def test_somebody_with_an_account_keeps_it_and_a_closed_one_does_not_open(
    rich: Flask, school: School, els: Person
) -> None:
    person = make_person(school=school, email=NEXT, name="Olga Zelf")
    link = f"/overnemen/{ask_successor(school.id, NEXT, 'Olga Anders')}"
    db.session.get_one(Person, person.id).disabled_at = now()
    db.session.commit()
    guest = Visit(rich)
    guest.look(link)
    assert guest.post(link).status == 404
    db.session.get_one(Person, person.id).disabled_at = None
    db.session.commit()
    assert guest.post(link).status == 303
    assert open_contacts(school) == ["Olga Zelf"] and count(Membership, Membership.person_id == person.id) == 1


# ── once a year ────────────────────────────────────────────────────────────


@pytest.fixture
def since_long(els: Person) -> Person:
    contact = db.session.scalars(select(Contact).where(Contact.person_id == els.id)).one()
    contact.appointed_at = contact.accepted_at = datetime(2025, 10, 1, tzinfo=UTC)
    db.session.commit()
    return els


def test_in_september_the_aanspreekpunt_is_asked_to_go_on(rich: Flask, school: School, since_long: Person) -> None:
    question = "Ben je ook dit schooljaar het aanspreekpunt?"
    for moment, asked in ((datetime(2026, 8, 30, tzinfo=UTC), False), (datetime(2026, 9, 1, 8, tzinfo=UTC), True)):
        with frozen(moment):
            assert (question in Visit(rich, since_long.id).get("/mijn-school").text) is asked
    with frozen(datetime(2026, 9, 2, 8, tzinfo=UTC)):
        own = Visit(rich, since_long.id)
        for _ in range(2):
            assert own.post(f"/mijn-school/{school.id}/bevestigen").status == 303
        assert question not in own.get("/mijn-school").text
        assert count(AuditRow, AuditRow.act == "contact.confirmed") == 1
    with frozen(datetime(2027, 9, 1, 8, tzinfo=UTC)):
        assert question in Visit(rich, since_long.id).get("/mijn-school").text


def test_the_aanspreekpunt_stops_and_o_and_s_sees_the_vacancy(
    rich: Flask, staff: Visit, school: School, els: Person
) -> None:
    own = Visit(rich, els.id)
    assert "Geef het dan door aan een collega" in own.get(f"/mijn-school/{school.id}/stoppen").text
    assert own.post(f"/mijn-school/{school.id}/stoppen").status == 303
    assert open_contacts(school) == [] and own.get("/mijn-school").status == 404
    assert "Els Nu is niet langer aanspreekpunt" in staff.get("/vandaag").text
    assert "Els Nu stopte als aanspreekpunt" in staff.get(f"/scholen/{school.id}").text


def test_a_question_to_take_over_that_is_not_answered_stands_in_the_work_list(
    rich: Flask, staff: Visit, school: School, els: Person
) -> None:
    ask_successor(school.id, NEXT)
    assert "om over te nemen" not in staff.get("/vandaag").text
    with frozen(now() + timedelta(days=6)):
        later = Visit(rich, make_person(role=Role.OS_STAFF).id).get("/vandaag").text
        assert "Volgende Collega antwoordde nog niet op de vraag om over te nemen" in later
