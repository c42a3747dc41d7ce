"""Contacts of O&S with schools, what comes next of them, and schools that are set aside."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.clock import BRUSSELS, now
from lms.database import db
from lms.learning.forms import new_key
from lms.people.tables import AuditRow, Person
from lms.permissions import Role
from lms.schools.actions import following
from lms.schools.rules.following import Interest, Until, put_off
from lms.schools.tables import ContactNote, School
from tests.factories import make_note, make_person, make_school
from tests.server import Visit, together

pytestmark = pytest.mark.both


def today() -> date:
    return now().astimezone(BRUSSELS).date()


@pytest.fixture
def ann(rich: Flask) -> Person:
    return make_person(role=Role.OS_STAFF, name="Ann Medewerker")


@pytest.fixture
def staff(rich: Flask, ann: Person) -> Visit:
    return Visit(rich, ann.id)


def form(ann: Person, **fields: str) -> dict[str, str]:
    values = {
        "kind": "telefoon", "day": "", "text": "Drie klassen starten in januari.", "next_action": "", "next_on": "",
        "owner": str(ann.id), "key": new_key(),
    }  # fmt: skip
    return values | fields


def only_note() -> ContactNote:
    db.session.rollback()
    return db.session.scalars(select(ContactNote)).one()


def count(table: type[Any], *conditions: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditRow.act).order_by(AuditRow.id)))


# ── noting ─────────────────────────────────────────────────────────────────


def test_a_contact_is_noted_with_what_comes_next_and_stands_in_the_time_line(staff: Visit, ann: Person) -> None:
    school = make_school(name="Atheneum")
    colleague = make_person(role=Role.OS_STAFF, name="Tom Collega")
    when = today() + timedelta(days=3)
    page = staff.get(f"/scholen/{school.id}/contact")
    assert page.soup.find("input", {"name": "day"})["value"] == today().isoformat()
    assert "Ann Medewerker (ik)" in page.text and "Tom Collega" in page.text
    reply = staff.post(
        f"/scholen/{school.id}/contact",
        form(ann, next_action="Datum voorstellen", next_on=when.isoformat(), owner=str(colleague.id)),
    )
    assert (reply.status, reply.location) == (303, f"/scholen/{school.id}#tijdlijn")
    note = only_note()
    assert (note.day, note.by_id, note.owner_id, note.next_on) == (today(), ann.id, colleague.id, when)
    shown = staff.get(f"/scholen/{school.id}").text
    assert "Drie klassen starten in januari." in shown and "Tom Collega" in shown
    assert shown.index("Volgende stap") < shown.index("Datum voorstellen") < shown.index("Tijdlijn")
    assert acts() == ["contact_note.added"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "  "}, "Schrijf in één zin"),
        ({"text": "x" * 2001}, "te lang"),
        ({"kind": ""}, "Kies hoe er contact was"),
        ({"kind": "fax"}, "Kies hoe er contact was"),
        ({"day": "morgen"}, "Dat is geen dag"),
        ({"day": "31/2/2026"}, "Dat is geen dag"),
        ({"day": "2999-01-01"}, "moet nog komen"),
        ({"day": "1/1/1999"}, "voor het begin"),
        ({"next_action": "Bellen"}, "Kies tegen wanneer"),
        ({"next_on": "2030-01-01"}, "Schrijf ook wat"),
        ({"next_action": "Bellen", "next_on": "2020-10-10"}, "al voorbij"),
        ({"next_action": "Bellen", "next_on": "2999-10-10"}, "te ver"),
        ({"next_action": "x" * 201, "next_on": "2027-10-10"}, "te lang"),
        ({"owner": "999999"}, "Kies een collega"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_with_everything_kept(
    staff: Visit, ann: Person, fields: dict[str, str], sentence: str
) -> None:
    school = make_school()
    reply = staff.post(f"/scholen/{school.id}/contact", form(ann, **fields))
    assert reply.status == 422 and sentence in reply.text
    assert reply.soup.select_one(".error-summary a") is not None
    if "text" not in fields:
        assert "Drie klassen starten" in str(reply.soup.find("textarea", {"name": "text"}))
    assert count(ContactNote) == 0


def test_a_day_may_be_typed_and_may_be_in_the_past(staff: Visit, ann: Person) -> None:
    school = make_school()
    staff.post(f"/scholen/{school.id}/contact", form(ann, day="5/10/2025"))
    assert only_note().day == date(2025, 10, 5)


def test_a_double_click_makes_one_contact(rich: Flask, staff: Visit, ann: Person) -> None:
    school = make_school()
    data = form(ann)
    tabs = [staff.copy() for _ in range(8)]
    replies = together(8, lambda number: tabs[number].post(f"/scholen/{school.id}/contact", data))
    assert {(reply.status, reply.location) for reply in replies} == {(303, f"/scholen/{school.id}#tijdlijn")}
    assert count(ContactNote) == 1 and acts() == ["contact_note.added"]


def test_without_its_key_a_double_click_makes_two(staff: Visit, ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: the form of the second click comes with another key."""
    school = make_school()
    for _ in range(2):
        staff.post(f"/scholen/{school.id}/contact", form(ann))
    assert count(ContactNote) == 2


def test_a_form_without_key_keeps_nothing(staff: Visit, ann: Person) -> None:
    school = make_school()
    assert staff.post(f"/scholen/{school.id}/contact", form(ann, key="")).status == 422
    assert count(ContactNote) == 0


def test_the_colleague_is_not_somebody_who_left_or_no_staff(staff: Visit, ann: Person) -> None:
    school = make_school()
    for person in (make_person(), make_person(role=Role.OS_STAFF, disabled_at=now())):
        assert staff.post(f"/scholen/{school.id}/contact", form(ann, owner=str(person.id))).status == 422


# ── mending ────────────────────────────────────────────────────────────────


def test_two_who_mend_one_contact_see_each_other(rich: Flask, staff: Visit, ann: Person) -> None:
    school = make_school()
    note = make_note(school, text="Oorspronkelijk.")
    path = f"/scholen/{school.id}/contact/{note.id}"
    other = Visit(rich, make_person(role=Role.OS_STAFF).id)
    assert 'name="version" value="1"' in staff.get(path).response.get_data(as_text=True).replace("  ", " ")
    assert other.post(path, form(ann, text="Van de ander.", version="1")).status == 303
    reply = staff.post(path, form(ann, text="Van mij.", version="1"))
    assert reply.status == 409 and "Van de ander." in reply.text
    assert "Van mij." in str(reply.soup.find("textarea", {"name": "text"}))
    assert only_note().text == "Van de ander."
    version = reply.soup.find("input", {"name": "version"})["value"]
    assert staff.post(path, form(ann, text="Van mij.", version=str(version))).status == 303
    assert only_note().text == "Van mij."


def test_of_eight_who_mend_one_contact_at_once_one_does(rich: Flask, staff: Visit, ann: Person) -> None:
    school = make_school()
    note = make_note(school)
    tabs = [staff.copy() for _ in range(8)]
    for version in range(1, 4):
        forms = [form(ann, text=f"Van tab {number}.", version=str(version)) for number in range(8)]

        def mend(number: int, forms: list[dict[str, str]] = forms) -> int:
            return tabs[number].post(f"/scholen/{school.id}/contact/{note.id}", forms[number]).status

        assert sorted(together(8, mend)) == [303, *[409] * 7]
        assert only_note().version == version + 1


def test_of_eight_who_set_a_school_aside_at_once_one_does(staff: Visit) -> None:
    school = make_school()
    tabs = [staff.copy() for _ in range(8)]

    def aside(number: int) -> int:
        data = {"interest": "geen", "reason": f"Reden {number}.", "until": "", "version": "1", "key": new_key()}
        return tabs[number].post(f"/scholen/{school.id}/opzij", data).status

    assert sorted(together(8, aside)) == [303, *[409] * 7]
    assert count(ContactNote) == 1


def test_without_the_version_the_second_editor_overwrites_the_first(
    rich: Flask, staff: Visit, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin: whoever saves last is always right."""
    school = make_school()
    note = make_note(school)
    careless = following.change_note

    def always(note_id: int, school_id: int, facts: Any, *, version: int, by: Any) -> None:
        db.session.rollback()
        kept = db.session.scalars(select(ContactNote.version)).one()
        careless(note_id, school_id, facts, version=kept, by=by)

    monkeypatch.setattr(following, "change_note", always)
    path = f"/scholen/{school.id}/contact/{note.id}"
    staff.post(path, form(ann, text="Van de ander.", version="1"))
    assert staff.post(path, form(ann, text="Van mij.", version="1")).status == 303
    assert only_note().text == "Van mij."


def test_an_old_action_may_keep_its_day_while_something_else_is_mended(staff: Visit, ann: Person) -> None:
    school = make_school()
    day = today() - timedelta(days=4)
    note = make_note(school, next_action="Bellen", next_on=day, owner_id=ann.id)
    path = f"/scholen/{school.id}/contact/{note.id}"
    kept = {"next_action": "Bellen", "version": "1"}
    assert staff.post(path, form(ann, text="Beter.", next_on=day.isoformat(), **kept)).status == 303
    kept["version"] = "2"
    earlier = (day - timedelta(days=1)).isoformat()
    assert staff.post(path, form(ann, text="Beter.", next_on=earlier, **kept)).status == 422


# ── what comes next ────────────────────────────────────────────────────────


def test_an_action_is_done_and_that_is_undone(staff: Visit, ann: Person) -> None:
    school = make_school()
    note = make_note(school, next_action="Bellen met de directie", next_on=today(), owner_id=ann.id)
    at = f"/scholen/{school.id}/contact/{note.id}"
    for _ in range(2):
        assert staff.post(f"{at}/gedaan", {"terug": "vandaag"}).location == "/vandaag"
    page = staff.get(f"/scholen/{school.id}")
    assert "Toch niet gedaan" in page.text
    for _ in range(2):
        assert staff.post(f"{at}/toch-niet").status == 303
    assert only_note().done_at is None
    assert acts() == ["contact_note.done", "contact_note.reopened"]


@pytest.mark.parametrize(
    ("day", "until", "expected"),
    [
        (date(2026, 11, 24), Until.TOMORROW, date(2026, 11, 25)),
        # Friday, Saturday and Sunday: nobody works before Monday.
        (date(2026, 11, 27), Until.TOMORROW, date(2026, 11, 30)),
        (date(2026, 11, 28), Until.TOMORROW, date(2026, 11, 30)),
        (date(2026, 11, 29), Until.TOMORROW, date(2026, 11, 30)),
        (date(2026, 11, 23), Until.NEXT_WEEK, date(2026, 11, 30)),
        (date(2026, 11, 29), Until.NEXT_WEEK, date(2026, 11, 30)),
        (date(2026, 11, 29), "3/12/2026", date(2026, 12, 3)),
    ],
)
def test_putting_off_lands_on_a_working_day(day: date, until: str, expected: date) -> None:
    assert put_off(until, day) == expected


def test_an_action_is_put_off_but_not_to_the_past(staff: Visit, ann: Person) -> None:
    school = make_school()
    note = make_note(school, next_action="Bellen", next_on=today() - timedelta(days=2))
    at = f"/scholen/{school.id}/contact/{note.id}"
    staff.post(f"{at}/uitstellen", {"tot": "week"})
    assert only_note().next_on == put_off("week", today())
    before = only_note().next_on
    for bad in ("2020-01-01", "", "gisteren"):
        assert staff.post(f"{at}/uitstellen", {"dag": bad}).status == 303
    assert only_note().next_on == before and acts() == ["contact_note.postponed"]
    staff.post(f"{at}/gedaan")
    staff.post(f"{at}/uitstellen", {"tot": "morgen"})
    assert only_note().next_on == before


def test_a_contact_without_action_is_not_to_be_done(staff: Visit) -> None:
    school = make_school()
    note = make_note(school)
    assert staff.post(f"/scholen/{school.id}/contact/{note.id}/gedaan").status == 409


# ── setting aside ──────────────────────────────────────────────────────────


def test_a_school_that_wants_later_leaves_the_list_until_its_day(staff: Visit) -> None:
    school = make_school(name="Atheneum Later")
    assert "Atheneum Later" in staff.get("/vandaag").text
    until = today() + timedelta(days=30)
    reply = staff.post(
        f"/scholen/{school.id}/opzij",
        {
            "interest": "later",
            "reason": "Eerst verhuizen.",
            "until": until.isoformat(),
            "version": "1",
            "key": new_key(),
        },
    )
    assert reply.status == 303
    assert "Atheneum Later" not in staff.get("/vandaag").text
    page = staff.get(f"/scholen/{school.id}").text
    assert "Deze school wil later meedoen." in page and "Later: Eerst verhuizen." in page
    db.session.execute(School.__table__.update().values(interest_until=today()))
    db.session.commit()
    assert "Vroeg om later: Eerst verhuizen." in staff.get("/vandaag").text
    for _ in range(2):
        staff.post(f"/scholen/{school.id}/opzij/terug")
    db.session.rollback()
    kept = db.session.scalars(select(School)).one()
    assert (kept.interest, kept.interest_reason, kept.interest_until) == (None, "", None)
    assert acts() == ["school.set_aside", "school.taken_up"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"interest": ""}, "Kies één van de twee"), ({"reason": " "}, "De reden is nog leeg"), ({"until": ""}, "geen dag"),
     ({"until": "2020-01-01"}, "al voorbij"), ({"reason": "x" * 301}, "te lang")],
)  # fmt: skip
def test_setting_aside_asks_for_a_reason_and_a_day(staff: Visit, fields: dict[str, str], sentence: str) -> None:
    school = make_school()
    data = {"interest": "later", "reason": "Nu niet.", "until": "2027-01-10", "version": "1", "key": new_key()}
    reply = staff.post(f"/scholen/{school.id}/opzij", data | fields)
    assert reply.status == 422 and sentence in reply.text
    assert count(School, School.interest.is_not(None)) == 0


def test_no_interest_needs_no_day_and_a_double_click_is_one(staff: Visit) -> None:
    school = make_school()
    data = {"interest": "geen", "reason": "Werkt met iets anders.", "until": "", "version": "1", "key": new_key()}
    for _ in range(2):
        assert staff.post(f"/scholen/{school.id}/opzij", data).status == 303
    assert count(School, School.interest == Interest.NONE) == 1 and count(ContactNote) == 1
    assert "Geen interesse" in staff.get(f"/scholen/{school.id}").text


def test_setting_aside_what_a_colleague_just_changed_shows_what_is_there(staff: Visit) -> None:
    school = make_school()
    data = {"interest": "geen", "reason": "Nee.", "until": "", "version": "1"}
    staff.post(f"/scholen/{school.id}/opzij", {**data, "reason": "De eerste reden.", "key": new_key()})
    reply = staff.post(f"/scholen/{school.id}/opzij", {**data, "key": new_key()})
    assert reply.status == 409 and "De eerste reden." in reply.text


# ── who follows it ─────────────────────────────────────────────────────────


def test_a_colleague_takes_a_school_over_with_one_click(rich: Flask, staff: Visit, ann: Person) -> None:
    other = make_person(role=Role.OS_STAFF, name="Tom Collega")
    school = make_school(owner_id=other.id)
    assert "Tom Collega volgt deze school op" in staff.get(f"/scholen/{school.id}").text
    for _ in range(2):
        staff.post(f"/scholen/{school.id}/opvolgen")
    assert "Jij volgt deze school op" in staff.get(f"/scholen/{school.id}").text
    assert Visit(rich, other.id).post(f"/scholen/{school.id}/opvolgen/stop").status == 303
    db.session.rollback()
    assert db.session.scalars(select(School.owner_id)).one() == ann.id
    staff.post(f"/scholen/{school.id}/opvolgen/stop")
    assert acts() == ["school.followed", "school.let_go"]
