"""The register of schools: changing a school without losing what a colleague wrote, and removing one."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.clock import now
from lms.database import db
from lms.people.tables import Act, AuditRow, Person
from lms.permissions import Role
from lms.schools.actions import register as actions
from lms.schools.rules import SchoolKind
from lms.schools.rules.register import SchoolFacts
from lms.schools.tables import EndedLink, School
from tests.factories import make_log, make_note, make_person, make_school
from tests.server import Visit, together
from tests.world import Browser, end_transaction, form_token, visitor_of

pytestmark = pytest.mark.both


@pytest.fixture
def staff(rich: Flask) -> Visit:
    return Visit(rich, make_person(role=Role.OS_STAFF).id)


def school_of(school_id: int) -> School:
    db.session.rollback()
    return db.session.scalars(select(School).where(School.id == school_id)).one()


def audits(act: Act) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditRow.subject_id).where(AuditRow.act == act.value)))


def form(**changes: str) -> dict[str, str]:
    plain = {
        "name": "Atheneum", "kind": "so", "municipality": "Genk", "street": "", "postcode": "", "number": "",
        "owner": "", "version": "1",
    }  # fmt: skip
    return plain | changes


# ── changing ───────────────────────────────────────────────────────────────


def test_every_fact_of_a_school_can_be_changed(staff: Visit) -> None:
    school = make_school(name="Atheneum")
    owner = make_person(role=Role.OS_STAFF, name="Demo Opvolger")
    page = staff.get(f"/scholen/{school.id}/wijzigen")
    assert page.soup.find("input", {"name": "name"})["value"] == "Atheneum"
    changes = {
        "name": "KA Bree", "kind": "cvo", "municipality": "bree", "street": "Kerkstraat 1", "postcode": "B-3960",
        "number": "123.456", "owner": str(owner.id),
    }  # fmt: skip
    assert staff.post(f"/scholen/{school.id}/wijzigen", form(**changes)).location == f"/scholen/{school.id}"
    row = school_of(school.id)
    assert actions.facts_of(row) == SchoolFacts(
        name="KA Bree", kind=SchoolKind.ADULT_EDUCATION, municipality="Bree", street="Kerkstraat 1", postcode="3960",
        number="123456", owner_id=owner.id,
    )  # fmt: skip
    assert row.version == 2 and audits(Act.SCHOOL_EDITED) == [school.id]


def test_the_same_form_twice_changes_once(staff: Visit) -> None:
    school = make_school(name="Atheneum")
    for _ in range(2):
        reply = staff.post(f"/scholen/{school.id}/wijzigen", form(name="KA Bree"))
        assert reply.location == f"/scholen/{school.id}"
    assert school_of(school.id).version == 2 and len(audits(Act.SCHOOL_EDITED)) == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "De naam is nog leeg. Vul dit in."),
        ("name", "x" * 161, "De naam is te lang. Gebruik hoogstens 160 tekens."),
        ("municipality", "", "De gemeente is nog leeg. Vul dit in."),
        ("kind", "kleuter", "Kies wat voor school of organisatie het is."),
        ("street", "Kerk\x0bstraat", "De straat bevat een teken dat niet kan"),
        ("postcode", "396", "Een postcode heeft vier cijfers, zoals 3600."),
        ("postcode", "٣٩٦٠", "Een postcode heeft vier cijfers, zoals 3600."),
        ("number", "12", "Een schoolnummer heeft drie tot tien cijfers"),
        ("number", "=1+1", "Een schoolnummer heeft drie tot tien cijfers"),
        ("owner", "999999", "Kies iemand van O&S uit de lijst, of niemand."),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_kept(staff: Visit, field: str, typed: str, said: str) -> None:
    school = make_school(name="Atheneum")
    reply = staff.post(f"/scholen/{school.id}/wijzigen", form(**{"name": "KA Bree", field: typed}))
    assert reply.status == 422 and said in reply.text.replace("&amp;", "&")
    if field not in {"name", "kind", "owner"}:
        assert reply.soup.find("input", {"name": "name"})["value"] == "KA Bree"
        assert typed in reply.soup.find("input", {"name": field})["value"]
    assert school_of(school.id).version == 1


def test_a_begeleider_or_a_closed_account_cannot_follow_a_school(staff: Visit) -> None:
    school = make_school(name="Atheneum")
    for person in (make_person(), make_person(role=Role.OS_STAFF, disabled_at=now())):
        assert staff.post(f"/scholen/{school.id}/wijzigen", form(owner=str(person.id))).status == 422
    # Who followed it before and left stays, until somebody chooses another.
    gone = make_person(role=Role.OS_STAFF, disabled_at=now())
    old = make_school(name="Oud", owner_id=gone.id)
    assert staff.post(f"/scholen/{old.id}/wijzigen", form(name="Ouder", owner=str(gone.id))).status == 303


def test_a_name_or_number_of_another_school_is_refused(staff: Visit) -> None:
    make_school(name="Atheneum", number="123456")
    school = make_school(name="College")
    reply = staff.post(f"/scholen/{school.id}/wijzigen", form(name="ATHENEUM"))
    assert reply.status == 409 and "staat al in de lijst" in reply.text
    reply = staff.post(f"/scholen/{school.id}/wijzigen", form(name="College", number="123456"))
    assert reply.status == 409 and "Dit nummer hoort al bij Atheneum in Genk." in reply.text
    assert school_of(school.id).version == 1


def test_a_name_from_before_a_merger_of_municipalities_becomes_the_one_of_today(rich: Flask, staff: Visit) -> None:
    school = make_school(name="Atheneum")
    browser = Browser(rich).sign_in(make_person(role=Role.OS_STAFF).id)
    sent = form(municipality="bilzen", csrf_token=form_token(browser))
    browser.raw("POST", f"/scholen/{school.id}/wijzigen", data=sent)
    assert "Bilzen heet nu Bilzen-Hoeselt." in browser.get(f"/scholen/{school.id}").text
    assert school_of(school.id).municipality == "Bilzen-Hoeselt"
    staff.post(f"/scholen/{school.id}/wijzigen", form(municipality="Leuven", version="2"))
    assert school_of(school.id).municipality == "Leuven"


# ── two at once ────────────────────────────────────────────────────────────


def test_the_second_editor_sees_both_versions_and_loses_nothing(rich: Flask, staff: Visit) -> None:
    other = Visit(rich, make_person(role=Role.OS_STAFF).id)
    school = make_school(name="Atheneum")
    assert staff.post(f"/scholen/{school.id}/wijzigen", form(name="KA Genk", street="Stationsstraat 2")).status == 303
    reply = other.post(f"/scholen/{school.id}/wijzigen", form(name="Koninklijk Atheneum", postcode="3600"))
    assert reply.status == 409
    rows = [[cell.get_text(strip=True) for cell in row("td")] for row in reply.soup.select("tbody tr")]
    assert rows == [["KA Genk", "Koninklijk Atheneum"], ["Stationsstraat 2", "–"], ["–", "3600"]]
    assert school_of(school.id).name == "KA Genk"
    # What was typed stands in the form, which now saves over the version that was shown.
    shown = {box["name"]: box.get("value", "") for box in reply.soup.select("form[action] input[name]")}
    assert (shown["name"], shown["postcode"], shown["version"]) == ("Koninklijk Atheneum", "3600", "2")
    again = form(name="Koninklijk Atheneum", postcode="3600", version=shown["version"], street="Stationsstraat 2")
    assert other.post(f"/scholen/{school.id}/wijzigen", again).status == 303
    row = school_of(school.id)
    assert (row.name, row.postcode, row.street, row.version) == ("Koninklijk Atheneum", "3600", "Stationsstraat 2", 3)


@pytest.mark.both
def test_of_eight_who_change_a_school_at_once_one_does(staff: Visit) -> None:
    school = make_school()
    tabs = [staff.copy() for _ in range(8)]

    def change(number: int) -> int:
        return tabs[number].post(f"/scholen/{school.id}/wijzigen", form(name=f"School {number}")).status

    assert sorted(together(8, change)) == [303, *[409] * 7]


@pytest.mark.parametrize("version", ["", "0", "x", "99", "-1", "1 or 1"])
def test_a_form_without_its_version_overwrites_nothing(staff: Visit, version: str) -> None:
    school = make_school(name="Atheneum")
    assert staff.post(f"/scholen/{school.id}/wijzigen", form(name="Anders", version=version)).status == 409
    assert school_of(school.id).name == "Atheneum"


def save_at_once(app: Flask, start: threading.Barrier, told: list[bool], school_id: int, person: Person) -> None:
    """Rename a school as soon as the other one is ready too; ``told`` grows when it was saved."""
    with app.app_context():
        name = f"Naam van {person.id}"
        facts = SchoolFacts(name=f"{name} voor {school_id}", kind=SchoolKind.SECONDARY, municipality="Genk")
        start.wait()
        try:
            told.append(actions.edit_school(school_id, facts, version=1, by=visitor_of(person)))
        except actions.Changed:
            db.session.rollback()
        finally:
            db.session.remove()


def lost_updates(rich: Flask, rounds: int = 12) -> int:
    """Two editors who save at the same moment, each another name: how often both were told it is saved."""
    people = [make_person(role=Role.OS_STAFF) for _ in range(2)]
    lost, start = 0, threading.Barrier(2)
    for number in range(rounds):
        school = make_school(name=f"Ronde {number}")
        end_transaction()
        told: list[bool] = []
        threads = [
            threading.Thread(target=save_at_once, args=(rich, start, told, school.id, person)) for person in people
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lost += len(told) > 1
    return lost


def test_of_two_editors_at_once_one_wins_and_the_other_is_told(rich: Flask) -> None:
    assert lost_updates(rich) == 0


def test_without_the_version_the_lost_update_is_seen(rich: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: the version on the row is taken for the one of the form."""
    whole = actions.edit_school

    def careless(school_id: int, facts: SchoolFacts, *, version: int, by: Any) -> bool:
        with db.session.no_autoflush:
            db.session.execute(update(School).where(School.id == school_id).values(version=version))
        return whole(school_id, facts, version=version, by=by)

    monkeypatch.setattr(actions, "edit_school", careless)
    assert lost_updates(rich, 2) == 2


# ── removing ───────────────────────────────────────────────────────────────


def test_a_school_without_anything_can_be_removed(staff: Visit) -> None:
    school = make_school(name="Leeg")
    db.session.add(EndedLink(school_id=school.id, code="cdfghjkm", ended_at=now()))
    db.session.commit()
    assert "Verwijder Leeg?" in staff.get(f"/scholen/{school.id}/verwijderen").text
    assert staff.post(f"/scholen/{school.id}/verwijderen", {"version": "1"}).location == "/scholen"
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(School)) == 0
    assert audits(Act.SCHOOL_REMOVED) == [school.id]
    assert staff.post(f"/scholen/{school.id}/verwijderen", {"version": "1"}).status == 404


def test_a_school_to_which_something_belongs_stays_and_says_why(staff: Visit) -> None:
    school = make_school(name="Vol")
    make_note(school)
    make_log(make_person(school=school), school)
    page = staff.get(f"/scholen/{school.id}/verwijderen")
    assert [line.get_text() for line in page.soup.select("main ul li")] == [
        "1 begeleider die er werkt of werkte", "1 contact dat werd genoteerd", "1 gegeven sessie",
    ]  # fmt: skip
    assert staff.post(f"/scholen/{school.id}/verwijderen", {"version": "1"}).status == 409
    assert school_of(school.id).name == "Vol" and audits(Act.SCHOOL_REMOVED) == []


def test_a_school_that_somebody_just_changed_is_not_removed(staff: Visit) -> None:
    school = make_school(name="Atheneum")
    staff.post(f"/scholen/{school.id}/wijzigen", form(name="KA Genk"))
    reply = staff.post(f"/scholen/{school.id}/verwijderen", {"version": "1"})
    assert reply.status == 409 and "Iemand anders veranderde deze school intussen." in reply.text
    assert school_of(school.id).name == "KA Genk"


def test_a_school_that_was_removed_while_somebody_typed_keeps_what_they_typed(staff: Visit) -> None:
    school = make_school(name="Atheneum")
    staff.post(f"/scholen/{school.id}/verwijderen", {"version": "1"})
    reply = staff.post(f"/scholen/{school.id}/wijzigen", form(name="KA Genk", street="Stationsstraat 2"))
    assert reply.status == 404 and "staat niet meer in de lijst" in reply.text
    assert reply.soup.find("input", {"name": "street"})["value"] == "Stationsstraat 2"
    assert reply.soup.find("form", action="/scholen/nieuw") is not None


# ── adding ─────────────────────────────────────────────────────────────────


def test_a_school_is_added_with_everything_that_is_known(staff: Visit) -> None:
    reply = staff.post("/scholen/nieuw", form(street="Markt 1", postcode="3600", number="987654"))
    school = school_of(int(reply.location.rsplit("/", 1)[1]))
    assert (school.street, school.postcode, school.number) == ("Markt 1", "3600", "987654")
    assert staff.post("/scholen/nieuw", form(name="Andere", number="987 654")).status == 409


@pytest.mark.parametrize("name", ["<b>vet</b>", "=cmd|' /C calc'!A0", "O'Neill & zonen", '"><script>alert(1)</script>'])
def test_a_strange_name_is_text_everywhere(staff: Visit, name: str) -> None:
    reply = staff.post("/scholen/nieuw", form(name=name))
    for path in (reply.location, f"{reply.location}/wijzigen", f"{reply.location}/verwijderen", "/scholen"):
        page = staff.get(path)
        source = page.response.get_data(as_text=True)
        assert page.status == 200 and "<script>alert" not in source and "<b>vet" not in source
