"""Schools as O&S sees them: how far each is from facts, finding one, and the life of an aanspreekpunt."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.clock import frozen, now
from lms.database import db
from lms.learning.forms import new_key
from lms.learning.tables import Completion
from lms.mail import OutboxMail
from lms.monitoring.queries import list_colleagues
from lms.monitoring.queries.register import PAGE, get_school_row, list_schools
from lms.monitoring.queries.wanted import FILTERS, STAGE_FILTERS, Wanted
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.rules import INVITATION_LIFE, Stage, StageFacts, stage_of
from lms.schools.rules.following import NoteKind
from lms.schools.tables import Contact, Invitation, Membership, School, SchoolWish
from tests.factories import make_contact_person, make_finished, make_log, make_note, make_person, make_school
from tests.server import Visit


@pytest.fixture
def staff(rich: Flask) -> Visit:
    return Visit(rich, make_person(role=Role.OS_STAFF).id)


def library(app: Flask) -> Any:
    return app.extensions["shelf"].library


def count(table: type[Any], *conditions: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def learn(app: Flask, person: Person) -> None:
    Visit(app, person.id).post("/navorming/klein/eerste-les/x1", {"choice": "a", "key": new_key()})


def stage(school_id: int) -> Stage:
    db.session.rollback()
    return get_school_row(school_id).stage


def counts(**known: int) -> dict[str, int]:
    """How many schools stand behind each filter; those that are not named are empty."""
    return dict.fromkeys(FILTERS, 0) | known


# ── how far a school is ────────────────────────────────────────────────────


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("started", [0, 2])
@pytest.mark.parametrize("completed", [0, 1])
@pytest.mark.parametrize("in_use", [False, True])
def test_the_furthest_fact_decides(asked: bool, accepted: bool, started: int, completed: int, in_use: bool) -> None:
    facts = StageFacts(
        was_contacted=asked, has_contact_person=accepted, started=started, completed=completed, in_use=in_use
    )
    reached = [Stage.KNOWN]
    reached += [Stage.CONTACTED] * asked + [Stage.CONTACT_PERSON] * accepted
    reached += [Stage.COURSE_STARTED] * bool(started) + [Stage.PACK_OPEN] * bool(completed)
    reached += [Stage.IN_USE] * in_use
    assert stage_of(facts) is max(reached)


@pytest.mark.both
def test_a_school_moves_on_with_what_happens(rich: Flask, staff: Visit) -> None:
    school = make_school()
    assert stage(school.id) is Stage.KNOWN
    form = {"name": "Els Claes", "email": "els@school.example"}
    staff.post(f"/scholen/{school.id}/aanspreekpunt", form)
    assert stage(school.id) is Stage.CONTACTED
    accept(rich, newest_link())
    assert stage(school.id) is Stage.CONTACT_PERSON
    learn(rich, make_person(school=school))
    assert stage(school.id) is Stage.COURSE_STARTED
    finished = make_finished(library(rich), school=school)
    assert stage(school.id) is Stage.PACK_OPEN
    row = get_school_row(school.id)
    assert (row.people, row.completed, row.contact_name) == (3, 1, "Els Claes")
    # A pack that is closed again takes the school back to what is still true.
    db.session.scalars(select(Completion).where(Completion.person_id == finished.id)).one().revoked_at = now()
    db.session.commit()
    assert stage(school.id) is Stage.COURSE_STARTED
    staff.post(f"/scholen/{school.id}/aanspreekpunt/beeindigen")
    assert stage(school.id) is Stage.COURSE_STARTED


@pytest.mark.both
def test_a_session_of_this_school_year_means_the_toolbox_is_in_use(rich: Flask) -> None:
    """Last year's sessions, and those given elsewhere, say nothing about the school now."""
    school, other = make_school(), make_school()
    person = make_finished(library(rich), school=school)
    with frozen(datetime(2026, 11, 20, 9, tzinfo=UTC)):
        make_log(person, school, day=date(2026, 8, 31))
        make_log(person, other)
        make_log(person)
        assert (stage(school.id), stage(other.id)) == (Stage.PACK_OPEN, Stage.IN_USE)
        make_log(person, school, day=date(2026, 9, 1))
        assert stage(school.id) is Stage.IN_USE
    with frozen(datetime(2027, 9, 1, 9, tzinfo=UTC)):
        assert stage(school.id) is Stage.PACK_OPEN


@pytest.mark.both
@pytest.mark.parametrize("kind", list(NoteKind))
def test_a_call_a_mail_or_a_visit_is_contact_and_a_note_is_not(rich: Flask, kind: NoteKind) -> None:
    school = make_school()
    make_note(school, kind=kind)
    assert stage(school.id) is (Stage.KNOWN if kind is NoteKind.NOTE else Stage.CONTACTED)


@pytest.mark.both
def test_the_clauses_agree_with_the_stage_of_each_row(rich: Flask) -> None:
    """A filter on a stage gives exactly the rows that show it, whatever facts are true below it."""
    for number in range(16):
        school = make_school(name=f"School {number:02}")
        asked, accepted, completed, used = (bool(number & 1 << bit) for bit in range(4))
        if asked:
            make_note(school)
        if accepted:
            make_contact_person(school)
        person = make_finished(library(rich), school=school) if completed else make_person()
        if used:
            make_log(person, school)
    everything = list_schools().rows
    assert len(everything) == 16
    for name, wanted in STAGE_FILTERS.items():
        assert [row.id for row in list_schools(Wanted(only=name)).rows] == [
            row.id for row in everything if row.stage is wanted
        ]
    assert sum(list_schools().counts[name] for name in STAGE_FILTERS) == 16


@pytest.mark.both
def test_without_aanspreekpunt_is_a_flag_of_its_own(rich: Flask, staff: Visit) -> None:
    """Also a school where the pack is open may have lost its aanspreekpunt, and it comes first in the list."""
    full, empty = make_school(name="Alfa"), make_school(name="Omega")
    make_contact_person(full)
    make_finished(library(rich), school=empty)
    page = list_schools()
    assert [row.name for row in page.rows] == ["Omega", "Alfa"]
    assert page.rows[0].contact_name is None and page.rows[0].stage is Stage.PACK_OPEN
    assert page.counts == counts(alle=2, zonder=1, aanspreekpunt=1, open=1)
    shown = staff.get("/scholen?toon=zonder")
    assert "Omega" in shown.text and "Alfa" not in shown.text and "Zonder aanspreekpunt" in shown.text


def test_somebody_who_was_asked_is_not_yet_an_aanspreekpunt(rich: Flask, staff: Visit) -> None:
    school = make_school()
    staff.post(f"/scholen/{school.id}/aanspreekpunt", {"name": "Els Claes", "email": "els@school.example"})
    row = list_schools(Wanted(only="zonder")).rows[0]
    assert (row.contact_name, row.asked_name) == (None, "Els Claes")
    assert "Gevraagd" in staff.get("/scholen").text
    learn(rich, make_person(school=school))
    assert list_schools().counts == counts(alle=1, zonder=1, bezig=1)


@pytest.mark.both
def test_somebody_who_left_or_works_elsewhere_does_not_count(rich: Flask) -> None:
    here, there = make_school(), make_school()
    person = make_finished(library(rich), school=here)
    assert get_school_row(there.id).people == 0
    db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one().ended_at = now()
    db.session.commit()
    row = get_school_row(here.id)
    assert (row.people, row.completed, row.stage) == (0, 0, Stage.KNOWN)
    assert list_colleagues(here.id, library(rich).course) == []


def test_each_person_counts_once_at_every_school(rich: Flask) -> None:
    schools = [make_school(), make_school()]
    person = make_finished(library(rich), school=schools[0])
    db.session.add(Membership(person_id=person.id, school_id=schools[1].id, started_at=now()))
    db.session.commit()
    for school in schools:
        make_contact_person(school)
        row = get_school_row(school.id)
        assert (row.people, row.completed) == (2, 1)
    assert len(list_schools().rows) == 2


def test_colleagues_are_listed_with_how_far_they_are_and_nothing_more(rich: Flask, staff: Visit) -> None:
    school = make_school()
    make_person(school=school, name="Nora Nog")
    make_finished(library(rich), school=school, name="Karim Klaar")
    busy = make_person(school=school, name="Bea Bezig")
    learn(rich, busy)
    visit = Visit(rich, busy.id)
    visit.post("/navorming/klein/alle-soorten/x-reflection", {"text": "Kanarie", "key": new_key()})
    course = library(rich).course
    colleagues = list_colleagues(school.id, course)
    assert [(one.name, one.state, one.lessons_done, one.lessons) for one in colleagues] == [
        ("Bea Bezig", "bezig", 1, 4),
        ("Nora Nog", "nog niet begonnen", 0, 4),
        ("Karim Klaar", "klaar", 4, 4),
    ]
    page = staff.get(f"/scholen/{school.id}")
    assert "1 van 4 kernlessen" in page.text and "Kanarie" not in page.text


# ── finding a school ───────────────────────────────────────────────────────


@pytest.fixture
def some(rich: Flask) -> None:
    for name, place in (
        ("Atheneum 100%", "Genk"),
        ("Atheneum 1000", "Genk"),
        ("KTA_Zwartberg", "Genk"),
        ("KTA Zwartberg", "Hasselt"),
        ("Collège Saint-André", "Brussel"),
        ("École Één", "Brussel"),
        (r"Back\slash", "Bree"),
        ("O'Neill", "Bree"),
    ):
        make_school(name=name, municipality=place)


@pytest.mark.both
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("100%", {"Atheneum 100%"}),
        ("%", {"Atheneum 100%"}),
        ("KTA_", {"KTA_Zwartberg"}),
        ("_", {"KTA_Zwartberg"}),
        ("\\", {r"Back\slash"}),
        ("o'neill", {"O'Neill"}),
        ("ATHENEUM", {"Atheneum 100%", "Atheneum 1000"}),
        ("zwartberg hasselt", {"KTA Zwartberg"}),
        ("hasselt kta", {"KTA Zwartberg"}),
        ("genk bree", set()),
        ("saint-andré", {"Collège Saint-André"}),
        ("SAINT-ANDRÉ", {"Collège Saint-André"}),
        ("école één", {"École Één"}),
        ("brussel", {"Collège Saint-André", "École Één"}),
        ("nergens", set()),
        ("'; DROP TABLE school; --", set()),
    ],
)
def test_searching_finds_words_in_name_or_place(some: None, staff: Visit, search: str, found: set[str]) -> None:
    assert {row.name for row in list_schools(Wanted(search=search)).rows} == found
    page = staff.get("/scholen?zoek=" + search.replace("%", "%25").replace("&", "%26").replace("#", "%23"))
    assert page.status == 200
    for name in found:
        assert name in page.text
    if not found:
        assert "Niets gevonden" in page.text


@pytest.mark.parametrize(
    "query",
    ["zoek=%00", "zoek=" + "a" * 5000, "toon=weg", "pagina=0", "pagina=-1", "pagina=999999", "pagina=x", "pagina=" + "9" * 5000,
     "pagina=²", "zoek=%0d%0a", "zoek=%E2%80%AE", "zoek=a&zoek=b", "toon=&pagina=&zoek="],
)  # fmt: skip
def test_nonsense_in_the_address_is_a_page(some: None, staff: Visit, query: str) -> None:
    assert staff.get(f"/scholen?{query}").status in {200, 404}


@pytest.mark.both
def test_pages_show_every_school_once(rich: Flask, staff: Visit) -> None:
    total = 2 * PAGE + 3
    for number in range(total):
        db.session.add(School(name=f"School {number:03}", kind="so", municipality="Genk", created_at=now()))
    db.session.commit()
    pages = [list_schools(Wanted(page=number)) for number in (1, 2, 3)]
    names = [row.name for page in pages for row in page.rows]
    assert len(names) == len(set(names)) == total and {page.pages for page in pages} == {3}
    assert [len(page.rows) for page in pages] == [PAGE, PAGE, 3]
    assert list_schools(Wanted(page=99)).page == 3 and list_schools(Wanted(page=0)).page == 1
    assert list_schools(Wanted(search="school 012")).counts["alle"] == 1
    second = staff.get("/scholen?pagina=2&toon=zonder")
    links = [str(link["href"]) for link in second.soup.select("nav a[href*='pagina=']")]
    assert links and all("toon=zonder" in link for link in links)


def test_filters_and_search_go_together(rich: Flask) -> None:
    with_contact, without = make_school(name="Alfa Een"), make_school(name="Alfa Twee")
    make_school(name="Beta")
    make_contact_person(with_contact)
    page = list_schools(Wanted(search="alfa", only="zonder"))
    assert [row.name for row in page.rows] == [without.name]
    assert page.counts == counts(alle=2, zonder=1, nieuw=1, aanspreekpunt=1)


# ── adding ─────────────────────────────────────────────────────────────────


def add(staff: Visit, name: str, municipality: str = "Genk", kind: str = "so") -> int:
    return staff.post("/scholen/nieuw", {"name": name, "kind": kind, "municipality": municipality}).status


@pytest.mark.both
def test_a_school_is_added_once_per_municipality_capitals_aside(staff: Visit) -> None:
    assert add(staff, "Atheneum") == 303
    assert add(staff, "ATHENEUM") == 409
    assert add(staff, "  Atheneum ", "genk") == 409
    assert add(staff, "Atheneum", "Hasselt") == 303
    assert add(staff, "Collège Één") == 303
    assert add(staff, "COLLÈGE ÉÉN") == 409
    assert count(School) == 3


@pytest.mark.parametrize(
    ("name", "municipality", "kind"),
    [("", "Genk", "so"), ("School", "", "so"), ("School", "Genk", ""), ("School", "Genk", "weg"), ("x" * 161, "Genk", "so"),
     ("School\nTwee", "Genk", "so"), ("School", "Genk\x00", "so"), ("\u202eloohcS", "Genk", "so")],
)  # fmt: skip
def test_a_school_that_is_not_complete_is_refused_with_what_was_typed(
    staff: Visit, name: str, municipality: str, kind: str
) -> None:
    reply = staff.post("/scholen/nieuw", {"name": name, "kind": kind, "municipality": municipality})
    assert reply.status == 422 and reply.soup.find(class_="error-summary") is not None
    assert count(School) == 0
    if municipality == "Genk" and name.isprintable():
        assert reply.soup.find("input", {"name": "municipality"})["value"] == "Genk"


# ── the aanspreekpunt ──────────────────────────────────────────────────────


def newest_link() -> str:
    db.session.rollback()
    mail = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    return "/uitnodiging/" + next(word for word in mail.body.split() if "/uitnodiging/" in word).rsplit("/", 1)[1]


def accept(app: Flask, link: str) -> Visit:
    guest = Visit(app)
    guest.look(link)
    assert guest.post(link).status == 303
    return guest


def ask(staff: Visit, school_id: int, email: str = "els@school.example", name: str = "Els Claes") -> str:
    assert staff.post(f"/scholen/{school_id}/aanspreekpunt", {"name": name, "email": email}).status == 303
    return newest_link()


@pytest.mark.both
def test_appointing_accepting_and_ending(rich: Flask, staff: Visit) -> None:
    school = make_school(name="Atheneum")
    link = ask(staff, school.id)
    assert count(Person, Person.email == "els@school.example") == 0, "asking makes nobody"
    assert "Gevraagd op" in staff.get(f"/scholen/{school.id}").text
    # Opening the link, as mail scanners do, uses nothing up.
    for _ in range(3):
        assert "Atheneum" in Visit(rich).get(link).text
    guest = accept(rich, link)
    assert guest.get("/start").location == "/mijn-school"
    assert "Atheneum" in guest.get("/mijn-school").text
    assert guest.get("/navorming").status == 200
    assert Visit(rich).get(link).status == 404
    assert "Aanspreekpunt sinds" in staff.get(f"/scholen/{school.id}").text
    staff.post(f"/scholen/{school.id}/aanspreekpunt/beeindigen")
    assert guest.get("/mijn-school").status == 404
    assert guest.get("/navorming").status == 200, "the account stays, only the task ends"
    page = staff.get(f"/scholen/{school.id}")
    assert "Zonder aanspreekpunt" in page.text and "Els Claes" in page.text
    assert count(Contact) == 1 and count(Membership) == 1


@pytest.mark.both
def test_asking_again_replaces_the_link(rich: Flask, staff: Visit) -> None:
    school = make_school()
    first = ask(staff, school.id)
    assert staff.post(f"/scholen/{school.id}/aanspreekpunt/opnieuw").status == 303
    second = newest_link()
    assert first != second and count(Contact) == 1 and count(Invitation) == 2
    assert Visit(rich).get(first).status == 404
    accept(rich, second)
    assert staff.post(f"/scholen/{school.id}/aanspreekpunt/opnieuw").status == 404


def test_a_question_that_is_withdrawn_closes_its_link(rich: Flask, staff: Visit) -> None:
    school = make_school()
    link = ask(staff, school.id)
    guest = Visit(rich)
    guest.look(link)
    staff.post(f"/scholen/{school.id}/aanspreekpunt/beeindigen")
    reply = guest.post(link)
    assert reply.status == 404 and "niet meer geldig" in reply.text
    assert count(Person, Person.email == "els@school.example") == 0
    assert "werd ingetrokken" in staff.get(f"/scholen/{school.id}").text


def test_a_link_ends_after_its_time(rich: Flask, staff: Visit) -> None:
    link = ask(staff, make_school().id)
    guest = Visit(rich)
    guest.look(link)
    with frozen(now() + INVITATION_LIFE - timedelta(minutes=1)):
        assert guest.get(link).status == 200
    with frozen(now() + INVITATION_LIFE + timedelta(minutes=1)):
        assert guest.get(link).status == 404
        assert guest.post(link).status == 404
    assert count(Contact, Contact.accepted_at.is_not(None)) == 0


@pytest.mark.both
def test_somebody_who_has_an_account_keeps_it(rich: Flask, staff: Visit) -> None:
    here, there = make_school(), make_school()
    person = make_finished(library(rich), school=here, email="els@school.example", name="Els Eigennaam")
    guest = accept(rich, ask(staff, there.id, "ELS@School.example", "Els Anders"))
    assert count(Person) == 2 and count(Membership, Membership.person_id == person.id) == 2
    assert db.session.scalars(select(Person.name).where(Person.id == person.id)).one() == "Els Eigennaam"
    assert guest.get("/pakket/kleine-sessie").status == 200
    assert guest.get("/mijn-school").status == 200


def test_one_aanspreekpunt_at_a_time(rich: Flask, staff: Visit) -> None:
    school = make_school()
    accept(rich, ask(staff, school.id))
    reply = staff.post(f"/scholen/{school.id}/aanspreekpunt", {"name": "Jan Jans", "email": "jan@school.example"})
    assert reply.status == 409 and "heeft al een aanspreekpunt" in reply.text
    assert reply.soup.find("input", {"name": "name"})["value"] == "Jan Jans"
    staff.post(f"/scholen/{school.id}/aanspreekpunt/beeindigen")
    accept(rich, ask(staff, school.id, "jan@school.example", "Jan Jans"))
    assert get_school_row(school.id).contact_name == "Jan Jans"
    assert count(Contact) == 2


@pytest.mark.both
def test_one_person_may_be_the_aanspreekpunt_of_two_schools(rich: Flask, staff: Visit) -> None:
    schools = [make_school(name="Alfa"), make_school(name="Beta")]
    for school in schools:
        guest = accept(rich, ask(staff, school.id))
    assert count(Person, Person.email == "els@school.example") == 1
    page = guest.get("/mijn-school")
    assert "Alfa" in page.text and "Beta" in page.text
    assert page.soup.h1 is not None and page.soup.h1.get_text() == "Alfa"
    other = guest.get(f"/mijn-school?school={schools[1].id}").soup.h1
    assert other is not None and other.get_text() == "Beta"
    assert guest.get(f"/mijn-school?school={make_school().id}").status == 404
    assert len(list_schools().rows) == 3


def test_ending_what_is_not_there_is_not_found(staff: Visit) -> None:
    school = make_school()
    for path in ("beeindigen", "opnieuw"):
        assert staff.post(f"/scholen/{school.id}/aanspreekpunt/{path}").status == 404
    assert staff.get(f"/scholen/{school.id}/aanspreekpunt/beeindigen").status == 404


# ── a school that is not in the list ───────────────────────────────────────


def wish(rich: Flask, text: str = "Freinetschool De Beuk, Bree") -> tuple[Visit, int]:
    """Somebody registers with a school that is not listed; gives that person and the wish."""
    guest = Visit(rich)
    guest.look("/registreren")
    form = {"name": "An Peeters", "email": "an@school.example", "school": "anders", "wish": text}
    assert guest.post("/registreren", form).status == 303
    guest.look("/registreren/code")
    db.session.rollback()
    code = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one().subject.split()[0]
    assert guest.post("/registreren/code", {"code": code}).location == "/start"
    return guest, db.session.scalars(select(SchoolWish.id)).one()


@pytest.mark.both
def test_a_missing_school_is_settled_by_linking(rich: Flask, staff: Visit) -> None:
    guest, wish_id = wish(rich)
    assert "Je hangt nog aan geen school vast." in guest.get("/navorming").text
    assert "Freinetschool De Beuk, Bree" in staff.get("/scholen").text
    add(staff, "De Beuk", "Bree")
    school_id = db.session.scalars(select(School.id)).one()
    assert staff.post(f"/scholen/wens/{wish_id}", {"school": str(school_id)}).status == 303
    assert "De Beuk" in guest.get("/navorming").text
    assert "Freinetschool" not in staff.get("/scholen").text
    assert staff.post(f"/scholen/wens/{wish_id}", {"school": str(school_id)}).status == 404
    assert count(Membership) == 1


def test_a_missing_school_is_settled_without_linking(rich: Flask, staff: Visit) -> None:
    _guest, wish_id = wish(rich)
    assert staff.post(f"/scholen/wens/{wish_id}", {"school": ""}).status == 303
    assert count(Membership) == 0 and count(SchoolWish, SchoolWish.settled_at.is_(None)) == 0


@pytest.mark.both
@pytest.mark.parametrize("school", ["x", "-1", "999999", "1e3", "²", "9" * 11, "9" * 30, "9" * 5000])
def test_a_school_that_does_not_exist_settles_nothing(rich: Flask, staff: Visit, school: str) -> None:
    _guest, wish_id = wish(rich)
    assert staff.post(f"/scholen/wens/{wish_id}", {"school": school}).status in {404, 422}
    assert count(SchoolWish, SchoolWish.settled_at.is_(None)) == 1


def test_somebody_who_works_there_already_is_not_linked_twice(rich: Flask, staff: Visit) -> None:
    _guest, wish_id = wish(rich)
    school = make_school()
    person_id = db.session.scalars(select(SchoolWish.person_id)).one()
    db.session.add(Membership(person_id=person_id, school_id=school.id, started_at=now()))
    db.session.commit()
    assert staff.post(f"/scholen/wens/{wish_id}", {"school": str(school.id)}).status == 303
    assert count(Membership) == 1


def test_a_wish_with_markup_is_only_text(rich: Flask, staff: Visit, tmp_path: Path) -> None:
    wish(rich, "<script>alert(1)</script> & Co")
    page = staff.get("/scholen")
    assert "<script>alert(1)</script> & Co" in page.text
    assert page.soup.find("script", string=lambda text: bool(text and "alert" in text)) is None
