"""Vandaag: what waits, for whom, and what to begin with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from lms.clock import frozen, now
from lms.database import db
from lms.learning.rules.completion import Basis
from lms.learning.tables import Completion, Evidence
from lms.monitoring.queries.totals import LargeTotals
from lms.monitoring.rules import PAGE
from lms.monitoring.rules.attention import today
from lms.monitoring.rules.today import Found, Line, Waiting, first_five, rest_of
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.tables import Contact, School
from tests.factories import make_contact_person, make_note, make_person, make_question, make_school
from tests.integration.test_pages_scale import LIST, cost
from tests.server import Visit
from tests.world import make_invitee

pytestmark = pytest.mark.both


def ago(days: float) -> datetime:
    return now() - timedelta(days=days)


def keep(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row


def fill(number: int = 0, owner: int | None = None) -> None:
    """One school with one of everything that waits, and one without aanspreekpunt."""
    school = make_school(name=f"Wachtschool {number}", owner_id=owner)
    make_contact_person(school)
    make_note(school, next_action=f"Actie {number}", next_on=today(now()) - timedelta(days=2))
    stuck, waiting = (
        make_person(school=school, name=f"Stil {number}"),
        make_person(school=school, name=f"Open {number}"),
    )
    db.session.add(Evidence(person_id=stuck.id, course_id="navorming", ref="exercise:x1", shown_at=ago(25)))
    keep(
        Completion(
            person_id=waiting.id,
            course_id="navorming",
            basis=Basis.COURSE,
            course_version=1,
            rule_version=1,
            content_digest="d",
            completed_at=ago(40),
        )  # fmt: skip
    )
    make_question(waiting, school_id=school.id, sent_at=ago(3), session_slug="kleine-sessie")
    asked = make_school(name=f"Vraagschool {number}", owner_id=owner)
    keep(Contact(school_id=asked.id, name=f"Gevraagd {number}", email="g@school.example", appointed_at=ago(10)))
    lost = make_school(name=f"Verloren school {number}", owner_id=owner)
    keep(
        Contact(
            school_id=lost.id,
            name=f"Weg {number}",
            email="w@school.example",
            appointed_at=ago(90),
            accepted_at=ago(80),
            ended_at=ago(5),
        )  # fmt: skip
    )


@pytest.fixture
def ann(rich: Flask) -> Person:
    return make_person(role=Role.OS_STAFF, name="Ann Medewerker")


def test_everything_that_waits_stands_there_with_its_button(rich: Flask, ann: Person) -> None:
    fill()
    page = Visit(rich, ann.id).get("/vandaag")
    for sentence in (
        "Actie 0", "2 dagen te laat", "Stil 0 begon aan de navorming en staat stil",
        "Open 0 heeft het pakket en plande nog geen sessie", "Open 0 stelde een vraag · Sessie 1: Kleine sessie",
        "Gevraagd 0 antwoordde nog niet", "Weg 0 is niet langer aanspreekpunt",
    ):  # fmt: skip
        assert sentence in page.text, sentence
    assert page.soup.select_one(f'a[href="mailto:{make_email("Stil 0")}"]') is not None
    for word in ("Gedaan", "Verstuur opnieuw", "Duid iemand aan", "Uitstellen"):
        assert word in page.text
    assert "Begin met deze" in page.text


def make_email(name: str) -> str:
    from sqlalchemy import select

    db.session.rollback()
    return db.session.scalars(select(Person.email).where(Person.name == name)).one()


def test_colleagues_who_were_invited_and_stay_away_are_one_line_a_school(rich: Flask, ann: Person) -> None:
    school = make_school()
    make_contact_person(school)
    for number in range(3):
        make_invitee(school.id, f"weg{number}@school.example")
    assert "nog niet binnen" not in Visit(rich, ann.id).get("/vandaag").text
    with frozen(now() + timedelta(days=6)):
        page = Visit(rich, ann.id).get("/vandaag")
    assert page.text.count("3 uitgenodigde collega’s zijn nog niet binnen") == 1
    assert page.soup.select_one(f'a[href="/scholen/{school.id}#uitgenodigd"]') is not None


def test_a_list_with_nothing_in_it_says_so(rich: Flask, ann: Person) -> None:
    page = Visit(rich, ann.id).get("/vandaag")
    assert "Niets te doen" in page.text and "Er wacht niets op je." in page.text


def test_red_is_only_for_what_is_late(rich: Flask, ann: Person) -> None:
    fill()
    make_note(make_school(), next_action="Vandaag te doen", next_on=today(now()))
    make_note(make_school(), next_action="Morgen te doen", next_on=today(now()) + timedelta(days=1))
    page = Visit(rich, ann.id).get("/vandaag")
    assert "Vandaag te doen" in page.text and "Morgen te doen" not in page.text
    assert {pill.get_text(" ", strip=True) for pill in page.soup.select(".pill-bad")} == {"2 dagen te laat"}


def test_my_schools_are_those_i_follow_and_what_i_promised(rich: Flask, ann: Person) -> None:
    fill(1, owner=ann.id)
    fill(2)
    promised = make_school(name="Beloofde school")
    make_note(promised, next_action="Mijn actie", next_on=today(now()), owner_id=ann.id)
    text = Visit(rich, ann.id).get("/vandaag?wie=mij").text
    assert "Wachtschool 1" in text and "Verloren school 1" in text and "Mijn actie" in text
    assert "Wachtschool 2" not in text and "Verloren school 2" not in text
    other = Visit(rich, make_person(role=Role.OS_STAFF).id).get("/vandaag?wie=mij").text
    assert "Niets te doen voor jouw scholen" in other


def test_a_group_shows_its_first_lines_and_all_of_them_on_a_page_of_its_own(rich: Flask, ann: Person) -> None:
    for number in range(PAGE + 3):
        db.session.add(School(name=f"Leeg {number:02}", kind="so", municipality="Genk", created_at=now()))
    db.session.commit()
    staff = Visit(rich, ann.id)
    page = staff.get("/vandaag")
    assert "Toon alle : Zonder aanspreekpunt" in page.text and "Leeg 05" not in page.text
    everything = staff.get("/vandaag?groep=zonder-aanspreekpunt")
    assert f"Leeg {PAGE - 1}" in everything.text and f"Leeg {PAGE}" not in everything.text
    assert f"Leeg {PAGE + 2}" in staff.get("/vandaag?groep=zonder-aanspreekpunt&pagina=2").text
    for nonsense in ("0", "-1", "x", "99999", "²", "9" * 500):
        assert "Leeg 00" in staff.get(f"/vandaag?groep=zonder-aanspreekpunt&pagina={nonsense}").text


def test_who_did_not_confirm_is_told_from_october(rich: Flask, ann: Person) -> None:
    school = make_school(name="Septemberschool")
    person = make_contact_person(school, name="Els Vast")
    contact = db.session.query(Contact).filter_by(person_id=person.id).one()
    contact.appointed_at = contact.accepted_at = datetime(2025, 10, 1, tzinfo=UTC)
    db.session.commit()
    for moment, told in ((datetime(2026, 9, 20, tzinfo=UTC), False), (datetime(2026, 10, 1, 8, tzinfo=UTC), True)):
        with frozen(moment):
            assert ("Els Vast bevestigde nog niet" in Visit(rich, ann.id).get("/vandaag").text) is told


def test_the_work_list_costs_the_same_at_any_size(rich: Flask, ann: Person) -> None:
    staff = Visit(rich, ann.id)
    fill(0)
    paths = ("/vandaag", "/vandaag?wie=mij", "/vandaag?groep=staat-stil")
    before = {path: cost(staff, path) for path in paths}
    assert max(before.values()) <= LIST, before
    for number in range(1, 7):
        fill(number)
    assert {path: cost(staff, path) for path in paths} == before


def test_staff_begin_their_day_here(rich: Flask, ann: Person) -> None:
    assert Visit(rich, ann.id).get("/start").location == "/vandaag"


def line(waiting: Waiting, school: int, days: int) -> Line:
    since = None if days < 0 else (now() - timedelta(days=days)).date()
    return Line(waiting=waiting, school_id=school, school=f"S{school}", municipality="Genk", since=since, ref=school)


def some_groups() -> list[Found]:
    return [
        Found(waiting=Waiting.ACTION, lines=[line(Waiting.ACTION, 1, 2), line(Waiting.ACTION, 2, 9)], total=2),
        Found(
            waiting=Waiting.VACANT,
            lines=[line(Waiting.VACANT, 1, 90), line(Waiting.VACANT, 3, 5), line(Waiting.VACANT, 4, -1)],
            total=3,
        ),
        Found(waiting=Waiting.STUCK, lines=[line(Waiting.STUCK, number, 30) for number in range(5, 9)], total=4),
        Found(waiting=Waiting.QUESTION, lines=[line(Waiting.QUESTION, 9, 1)], total=1),
    ]


def test_the_first_five_are_five_schools_what_was_promised_first() -> None:
    assert [one.school_id for one in first_five(some_groups())] == [2, 1, 9, 3, 5]


def test_what_stands_on_top_does_not_stand_below_again() -> None:
    groups = some_groups()
    rest = {group.waiting: group for group in rest_of(groups, first_five(groups))}
    assert Waiting.ACTION not in rest and Waiting.QUESTION not in rest
    assert [line.school_id for line in rest[Waiting.VACANT].lines] == [1, 4] and rest[Waiting.VACANT].total == 2
    assert [line.school_id for line in rest[Waiting.STUCK].lines] == [6, 7, 8] and rest[Waiting.STUCK].total == 3


def test_a_total_of_hundreds_is_counted_once_a_minute_and_a_small_one_every_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines themselves are always those of now."""
    from lms.monitoring.queries import today as lists

    visit = Visit(app, make_person(role=Role.OS_STAFF).id)
    fill(1)

    def stuck() -> tuple[int, list[str]]:
        db.session.rollback()
        found = lists.list_stuck(lists.Look(moment=now(), mine=None, limit=5))
        return found.total, [line.name for line in found.lines]

    assert stuck() == (1, ["Stil 1"])
    fill(2)
    assert stuck()[0] == 2
    monkeypatch.setattr(LargeTotals, "FROM", 1)
    assert stuck()[0] == 2
    fill(3)
    total, names = stuck()
    assert total == 2 and sorted(names) == ["Stil 1", "Stil 2", "Stil 3"]
    monkeypatch.setattr(LargeTotals, "SECONDS", 0.0)
    assert stuck()[0] == 3
    assert visit.get("/vandaag").status == 200


def test_with_a_known_total_the_first_schools_without_aanspreekpunt_are_the_same(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking among those that lost one alone changes nothing, also where these do not fill the page."""
    from lms.monitoring.queries import today as lists

    monkeypatch.setattr(LargeTotals, "FROM", 0)
    for number in range(3):
        stopped = make_contact_person(make_school(name=f"Gestopt {number}"))
        contact = db.session.query(Contact).filter_by(person_id=stopped.id).one()
        contact.accepted_at, contact.ended_at = ago(50), ago(10 - number)
        make_school(name=f"Nooit {number}")
    closed = make_contact_person(make_school(name="Gesloten"))
    db.session.get_one(Person, closed.id).disabled_at = ago(30)
    make_contact_person(make_school(name="In orde"))
    db.session.commit()
    for limit, offset in ((2, 0), (4, 0), (5, 0), (3, 3), (20, 0)):
        look = lists.Look(moment=now(), mine=None, limit=limit, offset=offset)
        found = []
        for seconds in (0.0, 60.0, 60.0):
            monkeypatch.setattr(LargeTotals, "SECONDS", seconds)
            db.session.rollback()
            found.append(lists.list_vacant(look))
        assert found[0] == found[1] == found[2], limit
        assert found[0].total == 7
    assert [line.school for line in found[0].lines[:4]] == ["Gesloten", "Gestopt 0", "Gestopt 1", "Gestopt 2"]


def test_whoever_showed_two_things_at_once_is_stuck_once(app: Flask) -> None:
    school = make_school()
    person = make_person(school=school, name="Stil Eens")
    moment = ago(30)
    for ref in ("exercise:x1", "exercise:x2"):
        db.session.add(Evidence(person_id=person.id, course_id="navorming", ref=ref, shown_at=moment))
    db.session.commit()
    visit = Visit(app, make_person(role=Role.OS_STAFF).id)
    assert visit.get("/vandaag?groep=staat-stil").text.count("Stil Eens") == 1
