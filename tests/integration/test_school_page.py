"""The page of a school: where it is, the next step, and one time line of everything."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from lms.clock import BRUSSELS, frozen, now
from lms.database import db
from lms.learning.rules.completion import Basis
from lms.learning.tables import Completion, Evidence
from lms.monitoring.rules.timeline import PER_PAGE, read_pages
from lms.pack.tables import Plan
from lms.people.tables import Act, AuditRow, Person
from lms.permissions import Role
from lms.schools.tables import Contact, InvitedColleague, Membership, School
from tests.factories import make_contact_person, make_group, make_log, make_note, make_person, make_school
from tests.integration.test_pages_scale import LIST, cost
from tests.server import Visit
from tests.world import visitor_of

pytestmark = pytest.mark.both


def ago(days: float) -> datetime:
    return now() - timedelta(days=days)


def keep(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row


@pytest.fixture
def ann(rich: Flask) -> Person:
    return make_person(role=Role.OS_STAFF, name="Ann Medewerker")


@pytest.fixture
def staff(rich: Flask, ann: Person) -> Visit:
    return Visit(rich, ann.id)


def headings(page: Any) -> list[str]:
    return [" ".join(item.get_text(" ").split()) for item in page.soup.select("ol.log h3")]


def contact(school: School, name: str, **fields: Any) -> Contact:
    values = {"school_id": school.id, "name": name, "email": "els@school.example", "appointed_at": ago(100)}
    return keep(Contact(**values | fields))  # type: ignore[no-any-return]


def complete(person: Person, days: float) -> None:
    keep(
        Completion(
            person_id=person.id,
            course_id="navorming",
            basis=Basis.COURSE,
            course_version=1,
            rule_version=1,
            content_digest="d",
            completed_at=ago(days),
        )  # fmt: skip
    )


def plan_for(person: Person, school: School, day: date | None) -> Plan:
    group = make_group(person, school_id=school.id)
    return Plan(
        person_id=person.id, key=f"k{person.id}{day}", group_id=group.id, session_slug="kleine-sessie", label="",
        hours=[50], day=day, size=18, devices=[], changes=[], content_digest="d", created_at=now(), changed_at=now(),
    )  # fmt: skip


def full_school(ann: Person) -> School:
    """A school with one of everything that can stand in its time line."""
    school = make_school(name="Atheneum Vol")
    by = visitor_of(ann)
    keep(AuditRow.of(Act.SCHOOL_ADDED, school.id, by=by))
    former = contact(school, "Vroeger Iemand", accepted_at=ago(90), ended_at=ago(60), appointed_at=ago(95))
    keep(AuditRow.of(Act.CONTACT_ENDED, former.id, by=by))
    contact(school, "Nooit Gereageerd", appointed_at=ago(58), ended_at=ago(50))
    now_it = contact(school, "Els Nu", appointed_at=ago(48), accepted_at=ago(45), confirmed_at=ago(20))
    keep(AuditRow.of(Act.CONTACT_APPOINTED, now_it.id, by=by))
    for number in range(3):
        keep(
            InvitedColleague(
                school_id=school.id, email=f"c{number}@school.example", name="", invited_at=ago(40), sent_at=ago(40)
            )
        )
    nele = make_person(school=school, name="Nele Klaar")
    gone = make_person(school=school, name="Wim Weg")
    for row in db.session.query(Membership).filter_by(school_id=school.id):
        row.started_at = ago(39)
        if row.person_id == gone.id:
            row.ended_at = ago(15)
    db.session.commit()
    complete(nele, 10)
    make_log(nele, school, day=ago(3).astimezone(BRUSSELS).date(), session_slug="kleine-sessie", received_at=ago(3))
    make_note(
        school, day=ago(30).date(), text="Gebeld over januari.", by_id=ann.id, next_action="Mail sturen",
        next_on=ago(28).date(), done_at=ago(28), owner_id=ann.id,
    )  # fmt: skip
    return school


def test_the_time_line_tells_everything_once_the_newest_first(staff: Visit, ann: Person) -> None:
    school = full_school(ann)
    page = staff.get(f"/scholen/{school.id}")
    assert headings(page) == [
        "School toegevoegd",
        "Sessie 1: Kleine sessie gegeven door Nele Klaar",
        "Pakket ontgrendeld door Nele Klaar",
        "Wim Weg werkt hier niet meer",
        "Els Nu blijft aanspreekpunt",
        "Telefoon",
        *["Wim Weg kwam erbij", "Nele Klaar kwam erbij"],
        "3 collega’s uitgenodigd",
        "Els Nu werd aanspreekpunt",
        "Els Nu gevraagd als aanspreekpunt",
        "De vraag aan Nooit Gereageerd werd ingetrokken",
        "Nooit Gereageerd gevraagd als aanspreekpunt",
        "Vroeger Iemand stopte als aanspreekpunt",
        "Vroeger Iemand werd aanspreekpunt",
        "Vroeger Iemand gevraagd als aanspreekpunt",
    ] or headings(page)[6:8] == ["Nele Klaar kwam erbij", "Wim Weg kwam erbij"]


def test_what_people_noted_looks_otherwise_than_what_happened_by_itself(staff: Visit, ann: Person) -> None:
    school = full_school(ann)
    page = staff.get(f"/scholen/{school.id}")
    noted = page.soup.select("ol.log > li:not(.sys)")
    assert len(noted) == 1 and "Gebeld over januari." in noted[0].get_text()
    assert "Ann Medewerker" in noted[0].get_text() and "Gedaan" in noted[0].get_text()
    (stopped,) = [item for item in page.soup.select("ol.log > li") if "stopte als" in item.get_text()]
    assert "Ann Medewerker" in stopped.get_text(), "who did it comes from the audit"
    (session,) = [item for item in page.soup.select("ol.log > li") if "Kleine sessie" in item.get_text()]
    assert "14 jongeren" in session.get_text()


def test_a_long_time_line_is_shown_in_pieces(staff: Visit) -> None:
    school = make_school()
    for number in range(PER_PAGE * 2 + 1):
        make_note(school, text=f"Contact {number:02}.", created_at=now() + timedelta(seconds=number))
    at = f"/scholen/{school.id}"
    first, second, third = staff.get(at), staff.get(f"{at}?meer=2"), staff.get(f"{at}?meer=3")
    assert [len(headings(page)) for page in (first, second, third)] == [20, 40, 41]
    assert "Toon meer" in second.text and "Toon meer" not in third.text
    assert first.soup.find("a", string="Toon meer")["href"] == f"{at}?meer=2#tijdlijn"


@pytest.mark.parametrize(
    ("asked", "pages"), [("2", 2), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("99", 50), ("9" * 99, 1)]
)
def test_nonsense_in_the_address_shows_one_page(asked: str, pages: int) -> None:
    assert read_pages(asked) == pages


def test_the_page_costs_the_same_with_more_of_everything(staff: Visit, ann: Person) -> None:
    school = full_school(ann)
    before = cost(staff, f"/scholen/{school.id}")
    assert before <= LIST
    for _ in range(4):
        person = make_person(school=school)
        make_log(person, school)
        keep(plan_for(person, school, now().date() + timedelta(days=9)))
        make_note(school, next_action="Bellen", next_on=now().date())
    assert cost(staff, f"/scholen/{school.id}") == before


def test_sessions_that_are_planned_and_given_stand_with_their_numbers(staff: Visit, rich: Flask) -> None:
    school, other = make_school(), make_school()
    els = make_contact_person(school, name="Els Planner")
    today = now().astimezone(BRUSSELS).date()
    for where, day in ((school, today + timedelta(days=12)), (school, today - timedelta(days=12)), (school, None),
                       (other, today + timedelta(days=30))):  # fmt: skip
        keep(plan_for(els, where, day))
    make_log(els, school, session_slug="kleine-sessie", worked="Kanarie van het logboek", head_count=13)
    for page in (staff.get(f"/scholen/{school.id}"), Visit(rich, els.id).get("/mijn-school")):
        part = page.soup.find("section", {"aria-labelledby": "sessies"}).get_text(" ")
        assert part.count("18 jongeren") == 1 and "13 jongeren" in part
        assert "Kanarie" not in page.text, "a log is for its begeleider; others see day, session and how many"


# ── the next step ──────────────────────────────────────────────────────────


def next_step(staff: Visit, school: School) -> str:
    section = staff.get(f"/scholen/{school.id}").soup.find("section", {"aria-labelledby": "volgende"})
    return " ".join(section.get_text(" ").split()).removeprefix("Volgende stap ")


def test_the_next_step_follows_the_school(staff: Visit) -> None:
    school = make_school()
    assert next_step(staff, school) == "Duid iemand aan als aanspreekpunt. Duid een aanspreekpunt aan"
    asked = contact(school, "Els Vraag", appointed_at=ago(2))
    assert next_step(staff, school).startswith("Els Vraag antwoordde nog niet")
    asked = db.session.merge(asked)
    asked.appointed_at = ago(9)
    db.session.commit()
    assert next_step(staff, school).endswith("Verstuur de vraag opnieuw")
    asked.accepted_at = now()
    db.session.commit()
    assert next_step(staff, school).startswith("Vraag Els Vraag wie van de collega’s mee begint.")
    nele = make_person(school=school, name="Nele Nieuw")
    assert next_step(staff, school).startswith("Nog niemand begon aan de navorming.")
    evidence = keep(Evidence(person_id=nele.id, course_id="navorming", ref="exercise:x1", shown_at=now()))
    assert next_step(staff, school).startswith("De navorming loopt.")
    evidence.shown_at = ago(30)
    db.session.commit()
    assert next_step(staff, school).startswith("Nele Nieuw staat stil in de navorming.")
    complete(nele, 2)
    assert next_step(staff, school).startswith("Het pakket is open bij Nele Nieuw.")
    keep(plan_for(nele, school, date.today() + timedelta(days=40)))
    assert next_step(staff, school).startswith("Vraag of alles klaar is voor de sessie van")
    make_log(nele, school)
    assert next_step(staff, school).startswith("Vraag hoe de sessie van")
    make_note(school, next_action="Wat beloofd is", next_on=now().date())
    assert next_step(staff, school).startswith("Wat beloofd is Voor vandaag")


def test_a_vacancy_says_since_when(staff: Visit) -> None:
    with frozen(datetime(2026, 11, 20, 10, tzinfo=UTC)):
        school = make_school()
        contact(school, "Els Weg", accepted_at=ago(60), ended_at=ago(9))
    assert "Zonder aanspreekpunt sinds 11 november 2026" in staff.get(f"/scholen/{school.id}").text


def test_an_aanspreekpunt_whose_account_was_closed_leaves_a_vacancy(staff: Visit) -> None:
    school = make_school(name="Gesloten school")
    person = make_contact_person(school, name="Els Gesloten")
    db.session.get_one(Person, person.id).disabled_at = ago(2)
    db.session.commit()
    assert next_step(staff, school).startswith("Het account van Els Gesloten is gesloten.")
    page = staff.get("/vandaag")
    assert "Het account van het aanspreekpunt is gesloten" in page.text and "Zoek iemand anders" in page.text


def test_a_step_that_was_passed_over_stays_open(staff: Visit) -> None:
    """Somebody began the course while nobody is the aanspreekpunt."""
    school = make_school()
    make_log(make_person(school=school), school)

    def state() -> list[str]:
        steps = staff.get(f"/scholen/{school.id}").soup.select("ol.stages > li")
        return [" ".join(step["class"]) for step in steps if "Aanspreekpunt" in step.get_text()]

    assert state() == ["todo"]
    make_contact_person(school)
    assert state() == ["on"]
