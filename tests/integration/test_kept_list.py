"""The list of schools from kept figures: the same as when every school is looked at now, and true after every deed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from lms.clock import BRUSSELS, now
from lms.database import db
from lms.learning.forms import new_key
from lms.learning.tables import Completion, Evidence
from lms.monitoring.actions.figures import gather_figures
from lms.monitoring.actions.merging import merge_schools
from lms.monitoring.queries import register, trusting
from lms.monitoring.queries.merging import list_alike, list_listed, list_with_a_double
from lms.monitoring.queries.register import list_schools
from lms.monitoring.queries.wanted import FILTERS, NOBODY, ORDERS, Wanted
from lms.monitoring.tables.figures import FigureStamp
from lms.people.tables import Act, AuditRow, Person
from lms.permissions import Role
from lms.schools.actions.register import add_school, edit_school, remove_school
from lms.schools.rules import SchoolKind
from lms.schools.rules.doubles import likely_doubles
from lms.schools.rules.following import Interest, NoteKind
from lms.schools.rules.register import SchoolFacts
from lms.schools.tables import Contact, ContactNote, Membership, School, SchoolWish
from tests.factories import make_contact_person, make_finished, make_note, make_person, make_school
from tests.figures import random_world
from tests.integration.test_pages_scale import LIST, cost
from tests.server import Visit
from tests.world import end_transaction, visitor_of

pytestmark = pytest.mark.both


@pytest.fixture
def person() -> Person:
    return make_person(role=Role.OS_STAFF, name="Demo Opvolger")


@pytest.fixture
def staff(rich: Flask, person: Person) -> Visit:
    return Visit(rich, person.id)


def gather(app: Flask) -> None:
    end_transaction()
    assert gather_figures(app.extensions["shelf"].library.course)


def shown(wanted: Wanted, *, live: bool) -> tuple[list[Any], dict[str, int], int]:
    """The page and its counts; ``live``: as if nothing were kept."""
    end_transaction()
    with pytest.MonkeyPatch.context() as patch:
        if live:
            patch.setattr(register, "find_kept", lambda: None)
        page = list_schools(wanted)
    assert (page.kept is None) == live
    return page.rows, page.counts, page.pages


def every_kind_of_look(owner: int) -> list[Wanted]:
    return [
        *(Wanted(only=only) for only in FILTERS),
        *(Wanted(order=order, descending=turned) for order in ORDERS for turned in (False, True)),
        Wanted(search="school"), Wanted(search="GENK 1"), Wanted(search="ann"), Wanted(search="%"), Wanted(page=9),
        Wanted(kind=SchoolKind.SECONDARY, only="zonder"), Wanted(municipality="genk", order="contact"),
        Wanted(owner_id=owner, search="1"), Wanted(owner_id=NOBODY), Wanted(is_mining=True, order="gemeente"),
        Wanted(interest=Interest.NONE),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_what_is_kept_shows_the_same_as_looking_at_every_school(
    rich: Flask, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = random_world(rich.extensions["shelf"].library, seed, schools=24, people=40)[0]
    make_school(name="École Één", municipality="Genk", number="012345", interest=Interest.NONE)
    monkeypatch.setattr(register, "PAGE", 7)
    gather(rich)
    looks = [*every_kind_of_look(owner), Wanted(search="ÉCOLE één"), Wanted(search="012345")]
    kept = trusting.find_kept()
    assert kept is not None and kept.loose == ()
    for wanted in looks:
        assert shown(wanted, live=False) == shown(wanted, live=True), wanted
    # And when somebody did something to some of the schools, and one came.
    ids = list(db.session.scalars(select(School.id).order_by(School.id)))
    make_school(name="Aaa nieuw", municipality="Genk")
    for number, school_id in enumerate(ids[::5]):
        db.session.add(AuditRow.of(Act.SCHOOL_FOLLOWED, school_id, by=None))
        db.session.execute(delete(ContactNote).where(ContactNote.school_id == school_id))
        db.session.execute(delete(Contact).where(Contact.school_id == school_id))
        db.session.execute(update(School).where(School.id == school_id).values(name=f"Zzz {number}"))
    db.session.commit()
    for wanted in looks:
        assert shown(wanted, live=False) == shown(wanted, live=True), wanted


# ── what staff do is seen at once ──────────────────────────────────────────


def add(visit: Visit, _school: School) -> None:
    add_school(SchoolFacts(name="Nieuw", kind=SchoolKind.SECONDARY, municipality="Genk"), by=None)


def rename(visit: Visit, school: School) -> None:
    changed = SchoolFacts(name="Zeta", kind=SchoolKind.YOUTH_WORK, municipality="As")
    edit_school(school.id, changed, version=1, by=visitor_of(make_person(role=Role.OS_STAFF)))


def merge(visit: Visit, school: School) -> None:
    other = db.session.scalars(select(School.id).where(School.name == "Dubbel")).one()
    by = visitor_of(make_person(role=Role.OS_STAFF))
    merge_schools(school.id, other, versions=(1, 1), contact_of=None, by=by)


def remove(visit: Visit, _school: School) -> None:
    empty = db.session.scalars(select(School.id).where(School.name == "Leeg")).one()
    remove_school(empty, version=1, by=visitor_of(make_person(role=Role.OS_STAFF)))


def appoint(visit: Visit, school: School) -> None:
    form = {"name": "Demo Ann", "email": "ann@school.example"}
    assert visit.post(f"/scholen/{school.id}/aanspreekpunt", form).status == 303


def call(visit: Visit, school: School) -> None:
    day = now().astimezone(BRUSSELS).date().isoformat()
    form = {"kind": NoteKind.PHONE.value, "day": day, "text": "Gebeld.", "key": new_key()}
    assert visit.post(f"/scholen/{school.id}/contact", form).status == 303


def send_away(visit: Visit, school: School) -> None:
    membership = db.session.scalars(select(Membership.id).where(Membership.school_id == school.id)).one()
    assert visit.post(f"/scholen/{school.id}/collega/{membership}/weg").status == 303


def close_pack(visit: Visit, school: School) -> None:
    completion = db.session.scalars(select(Completion)).one()
    completion.revoked_at = now()
    db.session.add(AuditRow.of(Act.COMPLETION_REVOKED, completion.id, by=None))
    db.session.commit()


@pytest.mark.parametrize("deed", [add, rename, merge, remove, appoint, call, send_away, close_pack])
def test_a_deed_of_staff_is_in_the_list_and_its_counts_at_once(
    rich: Flask, staff: Visit, deed: Callable[[Visit, School], None]
) -> None:
    school = make_school(name="Alfa", municipality="Genk")
    make_finished(rich.extensions["shelf"].library, school=school)
    make_note(make_school(name="Dubbel", municipality="Genk"))
    make_school(name="Leeg")
    for number in range(3):
        make_contact_person(make_school(name=f"Ander {number}", municipality="Genk"))
    gather(rich)
    before = shown(Wanted(order="naam"), live=False)
    deed(staff, school)
    kept = trusting.find_kept()
    assert kept is not None and kept.loose
    after = shown(Wanted(order="naam"), live=False)
    assert after != before and after == shown(Wanted(order="naam"), live=True)


def test_what_begeleiders_do_counts_from_the_next_gathering_and_the_page_says_so(rich: Flask, staff: Visit) -> None:
    school = make_school(name="Alfa", municipality="Genk")
    person = make_person(school=school)
    gather(rich)
    db.session.add(Evidence(person_id=person.id, course_id="navorming", ref="exercise:x1", shown_at=now()))
    db.session.commit()
    page = staff.get("/scholen?toon=nieuw")
    assert "De filters zijn geteld op" in page.text
    # It is found by what was counted; the row says what is true now.
    (row,) = page.soup.select("table.schools tbody tr")
    assert "Navorming bezig" in row.get_text()
    gather(rich)
    assert not staff.get("/scholen?toon=nieuw").soup.select("table.schools")
    assert staff.get("/scholen?toon=bezig").soup.select("table.schools")


def test_without_fresh_figures_or_after_a_whole_file_every_school_is_looked_at(rich: Flask, staff: Visit) -> None:
    make_school()
    assert trusting.find_kept() is None
    gather(rich)
    assert trusting.find_kept() is not None
    for shift in (trusting.FRESH + timedelta(minutes=1), timedelta(minutes=-5)):
        stamp = db.session.scalars(select(FigureStamp)).one()
        stamp.taken_at = now() - shift
        db.session.commit()
        assert trusting.find_kept() is None
    assert "geteld" not in staff.get("/scholen").text
    gather(rich)
    db.session.add(AuditRow.of(Act.SCHOOLS_IMPORTED, 1, by=None))
    db.session.commit()
    assert trusting.find_kept() is None


def test_more_new_schools_than_can_be_looked_at_apart_are_looked_at_together(rich: Flask, staff: Visit) -> None:
    make_school()
    gather(rich)
    for _ in range(trusting.LOOSE):
        make_school()
    kept = trusting.find_kept()
    assert kept is not None and len(kept.loose) == trusting.LOOSE
    make_school()
    assert trusting.find_kept() is None


def test_a_new_municipality_can_be_chosen_at_once(rich: Flask, staff: Visit) -> None:
    make_school(municipality="Genk")
    gather(rich)
    assert "Nergenshuizen" not in staff.get("/scholen").text
    make_school(municipality="Nergenshuizen")
    for _ in range(2):
        chosen = staff.get("/scholen?gemeente=Nergenshuizen").soup.select("#filter-gemeente option[selected]")
        assert [option["value"] for option in chosen] == ["Nergenshuizen"]
        gather(rich)


def test_the_kept_list_costs_few_statements(rich: Flask, staff: Visit) -> None:
    make_contact_person(make_school())
    gather(rich)
    person = make_person()
    db.session.add(SchoolWish(person_id=person.id, wish="Nog een school", created_at=now()))
    db.session.commit()
    assert cost(staff, "/scholen?zoek=school&wie=mij") <= LIST
    make_school()
    assert cost(staff, "/scholen?op=stap") <= LIST


# ── schools that stand there twice ─────────────────────────────────────────


def test_the_kept_marks_find_the_same_doubles_as_comparing_all(rich: Flask, staff: Visit) -> None:
    place = {"street": "Markt 1", "postcode": "3600"}
    first = make_school(name="Sint-Jozef Genk", number="012345", **place)
    for fields in (
        {"name": "SINT JOZEF"}, {"name": "De Sint-Jozef vzw"}, {"name": "Sint Jozef", "municipality": "As"},
        {"name": "A", "number": "12345"}, {"name": "B", "number": "00012345", "municipality": "As"},
        {"name": "C", "municipality": "As", "street": "markt 1", "postcode": "3600"}, {"name": "Ander", "number": "999"},
        {"name": "De School"}, {"name": "Instituut", "number": "000"}, {"name": "D", "number": "0"},
    ):  # fmt: skip
        make_school(**fields)
    gather(rich)
    # One that came after, and one that was changed after.
    make_school(name="Jozef Sint")
    changed = make_school(name="Eerst anders")
    gather(rich)
    make_school(name="Jozef, Sint")
    db.session.execute(update(School).where(School.id == changed.id).values(name="Sint.Jozef"))
    db.session.add(AuditRow.of(Act.SCHOOL_EDITED, changed.id, by=None))
    db.session.commit()
    end_transaction()
    pairs, kept = likely_doubles(list_listed()), trusting.find_kept()
    assert kept is not None and len(kept.loose) == 2
    assert likely_doubles(list_with_a_double(kept)) == likely_doubles(list_with_a_double(None)) == pairs
    assert len(list_with_a_double(kept)) < len(list_listed())
    for school in db.session.scalars(select(School)):
        alike = {two.id if one.id == school.id else one.id for one, two in pairs if school.id in (one.id, two.id)}
        assert [one.id for one in list_alike(school, kept)] == [one.id for one in list_alike(school, None)]
        assert {one.id for one in list_alike(school, kept)} == alike
    assert len(list_alike(db.session.get_one(School, first.id), kept)) == 8
    assert staff.get(f"/scholen/{first.id}/samenvoegen").status == 200
