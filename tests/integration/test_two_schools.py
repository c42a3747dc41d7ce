"""Two complete schools: whoever belongs to one reads and changes nothing of the other.

Every id of the other side is put in the path, the query and the body of real requests. The answer has to be
letter by letter the one for an id that does not exist, so nobody learns what exists.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, select

import lms.monitoring.views.school_page
import lms.schools.queries
from lms.clock import now
from lms.content.models import Choice
from lms.database import db
from lms.learning.forms import new_key
from lms.learning.tables import Attempt, DialoguePlay, Evidence, TestSitting
from lms.people.rules import Visitor
from lms.schools.tables import Contact, Membership, School
from tests.factories import make_contact_person, make_school
from tests.world import (
    UNKNOWN_ID,
    Browser,
    Side,
    database_state,
    end_transaction,
    form_token,
    library_of,
    make_side,
    without_changing_parts,
)


@dataclass(frozen=True)
class Sides:
    own: Side
    other: Side


def make_sides(app: Flask) -> Sides:
    library = library_of(app)
    return Sides(make_side("Noord", library), make_side("Zuid", library))


PEOPLE = ("contact", "facilitator", "finished")


def visit(app: Flask, sides: Sides, who: str) -> Browser:
    browser = Browser(app).sign_in(getattr(sides.own, who))
    end_transaction()
    return browser


COUNTED = {"started": "9", "finished": "8", "visited": "7", "enrolled": "5", "working": "3", "elsewhere": "0",
           "not_known": "0", "versie": "0"}  # fmt: skip


def swapped_requests(side: Side) -> list[tuple[str, str, dict[str, str]]]:
    """Every address and form of the site that takes an id, filled with the ids of ``side``.

    The same list is made for a side whose ids do not exist.
    """
    found: list[tuple[str, str, dict[str, str]]] = []
    for school in (side.school, side.asked_school):
        found += [
            ("GET", f"/scholen/{school}", {}),
            ("GET", f"/mijn-school?school={school}", {}),
            ("GET", f"/mijn-school?school={school}&toon=alle", {}),
            *(
                (method, path, data)
                for path in (f"/mijn-school/september?school={school}", f"/scholen/{school}/september")
                for method, data in (("GET", {}), ("POST", COUNTED | {"school_id": str(school)}))
            ),
            ("GET", f"/scholen/{school}/aanspreekpunt", {}),
            ("GET", f"/scholen/{school}/aanspreekpunt/beeindigen", {}),
            ("POST", f"/scholen/{school}/aanspreekpunt", {"name": "Dief", "email": "dief@school.example"}),
            ("POST", f"/scholen/{school}/aanspreekpunt/opnieuw", {}),
            ("GET", f"/scholen/{school}/wijzigen", {}),
            (
                "POST",
                f"/scholen/{school}/wijzigen",
                {"name": "Dief", "kind": "so", "municipality": "As", "version": "1"},
            ),
            ("GET", f"/scholen/{school}/samenvoegen", {}),
            ("GET", f"/scholen/{school}/samenvoegen/{side.asked_school}", {}),
            (
                "POST",
                f"/scholen/{school}/samenvoegen/{side.asked_school}",
                {"blijft": str(school), f"versie-{school}": "1", f"versie-{side.asked_school}": "1"},
            ),
            ("GET", f"/scholen/{school}/verwijderen", {}),
            ("POST", f"/scholen/{school}/verwijderen", {"version": "1"}),
            ("POST", f"/scholen/{school}/aanspreekpunt/beeindigen", {}),
            ("POST", f"/scholen/wens/{side.wish}", {"school": str(school)}),
            ("GET", f"/scholen/{school}/overdracht", {}),
            ("POST", f"/scholen/{school}/overdracht", {"name": "Dief", "email": "dief@school.example"}),
            ("POST", f"/scholen/{school}/overdracht/opnieuw", {}),
            ("POST", f"/scholen/{school}/overdracht/intrekken", {}),
            ("GET", f"/mijn-school/{school}/overdracht", {}),
            ("GET", f"/mijn-school/{school}/stoppen", {}),
            ("POST", f"/mijn-school/{school}/stoppen", {}),
            ("POST", f"/mijn-school/{school}/bevestigen", {}),
            ("GET", f"/scholen/{school}/contact", {}),
            ("GET", f"/scholen/{school}/contact/{side.note}", {}),
            ("POST", f"/scholen/{school}/contact", {"kind": "telefoon", "text": "Dief", "key": "k" * 24, "owner": "1"}),
            *(("POST", f"/scholen/{school}/contact/{side.note}{act}", {}) for act in ("", "/gedaan", "/toch-niet")),
            ("POST", f"/scholen/{school}/contact/{side.note}/uitstellen", {"tot": "week"}),
            ("GET", f"/scholen/{school}/opzij", {}),
            ("POST", f"/scholen/{school}/opzij", {"interest": "geen", "reason": "Dief", "key": "k" * 24}),
            *(("POST", f"/scholen/{school}/{act}", {}) for act in ("opzij/terug", "opvolgen", "opvolgen/stop")),
            ("GET", f"/scholen/{school}/affiche", {}),
            ("GET", f"/scholen/{school}/uitnodigen", {}),
            ("POST", f"/scholen/{school}/uitnodigen", {"addresses": "dief@school.example"}),
            ("POST", f"/scholen/{school}/link", {"code": side.link}),
            ("POST", f"/account/scholen/{school}/weg", {}),
            ("POST", f"/account/scholen/{school}/terug", {}),
            *(
                ("POST", f"/scholen/{school}/uitnodiging/{invitee}/{act}", {})
                for invitee in side.invitees
                for act in ("opnieuw", "intrekken")
            ),
            *(
                ("POST", f"/scholen/{school}/collega/{membership}/{act}", {})
                for membership in (side.leaver, side.left)
                for act in ("weg", "terug")
            ),
        ]
    for question in (side.question, side.sent_question):
        found += [
            ("GET", f"/vragen/{question}", {}),
            *(
                ("POST", f"/vragen/{question}/{act}", {"versie": "1", "answer": "Van een dief", "words": "Dief?"})
                for act in ("nemen", "loslaten", "antwoord", "publiceren", "niet-publiceren")
            ),
        ]
    for person in (side.facilitator, side.finished, side.contact):
        path = f"/begeleiders/{person}"
        found += [("GET", path, {}), ("GET", f"{path}/attest.pdf", {}), ("GET", f"{path}/scholen", {})]
        found += [
            ("POST", f"{path}/scholen", {"school": str(side.school)}),
            ("POST", f"{path}/scholen/{side.school}/weg", {}),
        ]
        for word in ("live", "openen", "intrekken", "heropenen"):
            found += [
                ("GET", f"{path}/{word}", {}),
                ("POST", f"{path}/{word}", {"reason": "Daarom.", "followed_on": "2025-10-06"}),
            ]
    return [*found, ("POST", f"/scholen/wens/{UNKNOWN_ID}", {"school": str(side.school)})]


NOBODY = Side(
    name="Niemand", school=UNKNOWN_ID, asked_school=UNKNOWN_ID + 1, facilitator=UNKNOWN_ID, finished=UNKNOWN_ID,
    contact=UNKNOWN_ID, invitation="", attest="", wish=UNKNOWN_ID + 2, link="nergens", canaries=(),
    invitees=(UNKNOWN_ID, UNKNOWN_ID + 1), leaver=UNKNOWN_ID, left=UNKNOWN_ID + 1,
    note=UNKNOWN_ID, succession="", question=UNKNOWN_ID, sent_question=UNKNOWN_ID + 1,
)  # fmt: skip


def leaks(app: Flask, who: str) -> list[str]:
    """What somebody of one school gets or changes of the other by swapping ids."""
    sides = make_sides(app)
    browser = visit(app, sides, who)
    found = []
    for (method, path, data), (_, nowhere, nothing) in zip(
        swapped_requests(sides.other), swapped_requests(NOBODY), strict=True
    ):
        before = database_state()
        answers = []
        for address, form in ((path, data), (nowhere, nothing)):
            body = {"csrf_token": form_token(browser), **form} if method == "POST" else None
            answer = browser.raw(method, address, data=body)
            answers.append((answer.status_code, without_changing_parts(answer.get_data(as_text=True))))
        if answers[0][0] != 404 or answers[0] != answers[1]:
            found.append(f"{method} {path}: {answers[0][0]}, an unknown id gets {answers[1][0]}")
        found += [f"{method} {path}: shows {word}" for word in sides.other.canaries if word in answers[0][1]]
        if database_state() != before:
            found.append(f"{method} {path}: changed the database")
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_every_id_of_another_school_is_like_one_that_does_not_exist(app: Flask, who: str) -> None:
    assert leaks(app, who) == []


@pytest.mark.slow
@pytest.mark.sqlite_alone
def test_when_every_school_is_visible_the_leak_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: the one query that decides which schools somebody may see lets everybody through."""

    def everything(_visitor: Visitor) -> ColumnElement[bool]:
        return School.id.is_not(None)

    def every_school(_visitor: Visitor) -> list[School]:
        return list(db.session.scalars(select(School)))

    monkeypatch.setattr(lms.schools.queries, "visible_to", everything)
    monkeypatch.setattr(lms.monitoring.views.school_page, "list_own_schools", every_school)
    found = "\n".join(leaks(app, "contact"))
    assert "/mijn-school?school=" in found and "shows KanarieZuid" in found


@pytest.mark.slow
@pytest.mark.sqlite_alone
def test_a_second_look_at_visibility_stands_behind_the_first(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the list of own schools were wrong, the query per school still refuses."""
    monkeypatch.setattr(
        lms.monitoring.views.school_page, "list_own_schools", lambda _visitor: list(db.session.scalars(select(School)))
    )
    assert leaks(app, "contact") == []


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_of_ones_own_shows_anything_of_the_other_school(app: Flask, who: str) -> None:
    sides = make_sides(app)
    browser = visit(app, sides, who)
    live = library_of(app)
    module = live.course.modules[0]
    for path in (
        "/", "/start", "/account", "/mijn-school/september", "/navorming", "/navorming/klaar", "/navorming/toets", "/pakket", "/mijn-school",
        f"/navorming/{module.slug}/{module.lessons[0].slug}", f"/mijn-school?school={sides.own.school}", "/voorbeeld",
    ):  # fmt: skip
        text = browser.get(path, follow=True).response.get_data(as_text=True)
        for word in sides.other.canaries:
            assert word not in text, f"{path} shows {word}"


def test_the_aanspreekpunt_sees_all_colleagues_of_the_own_school(app: Flask) -> None:
    """Otherwise the tests above would pass on an empty page."""
    sides = make_sides(app)
    text = visit(app, sides, "contact").get("/mijn-school").text
    for name in ("Bram KanarieNoord", "Fien KanarieNoord", "School KanarieNoord"):
        assert name in text


@pytest.mark.sqlite_alone
@pytest.mark.parametrize(
    "query",
    ["school={other}", "school={other}&school={own}", "school=%20{other}", "school={other}%20", "school=0{other}",
     "school=%2B{other}", "school={other}.0", "school=-1", "school=0", "school={other}%00", "school=99999999999999",
     "school=%D9%A1", "school=*", "school={other},{own}", "school[]={other}&school=x"],
)  # fmt: skip
def test_no_spelling_of_an_id_opens_another_school(app: Flask, query: str) -> None:
    sides = make_sides(app)
    page = visit(app, sides, "contact").get(
        "/mijn-school?" + query.format(other=sides.other.school, own=sides.own.school)
    )
    assert page.status == 404
    assert not any(word in page.text for word in sides.other.canaries)


@pytest.mark.parametrize("query", ["school={own}&school={other}", "School={other}", "school_id={other}", "id={other}"])
def test_an_extra_parameter_changes_nothing_about_whose_school_it_is(app: Flask, query: str) -> None:
    sides = make_sides(app)
    page = visit(app, sides, "contact").get(
        "/mijn-school?" + query.format(other=sides.other.school, own=sides.own.school)
    )
    assert page.status == 200 and "KanarieNoord" in page.text
    assert not any(word in page.text for word in sides.other.canaries)


def test_ids_of_others_in_the_body_never_say_whose_answer_it_is(app: Flask) -> None:
    """Whoever is signed in is the learner, whatever else the form says."""
    sides = make_sides(app)
    live = library_of(app)
    browser = visit(app, sides, "facilitator")
    victim = sides.other.facilitator
    stolen = {
        name: str(victim)
        for name in ("person_id", "person", "by", "id", "user_id", "sign_in_id", "play_id", "school_id")
    }
    module, lesson, exercise = next(
        (module, lesson, exercise)
        for module in live.course.modules
        for lesson in module.lessons
        for exercise in lesson.exercises
        if isinstance(exercise, Choice)
    )
    spoken = live.course.dialogues[0]
    for path, data in (
        (f"/navorming/{module.slug}/{lesson.slug}/{exercise.id}", {"choice": exercise.options[0].id, "key": new_key()}),
        (f"/navorming/gesprek/{spoken.slug}", {"position": "0", "option": spoken.turns[0].options[0].id}),
        ("/navorming/toets", {}),
    ):
        page = browser.post(f"{path}?person_id={victim}", {**stolen, **data}, token=form_token(browser))
        assert page.status == 303, path
    end_transaction()
    for table in (Attempt, DialoguePlay, Evidence, TestSitting):
        owners = set(db.session.scalars(select(table.person_id)))
        assert sides.own.facilitator in owners and victim not in owners, table.__tablename__


def test_a_key_of_another_learner_hides_nothing_and_changes_nothing(app: Flask) -> None:
    """The key that makes a double click one attempt counts per person."""
    sides = make_sides(app)
    live = library_of(app)
    module, lesson, exercise = next(
        (module, lesson, exercise)
        for module in live.course.modules
        for lesson in module.lessons
        for exercise in lesson.exercises
        if isinstance(exercise, Choice)
    )
    path, key = f"/navorming/{module.slug}/{lesson.slug}/{exercise.id}", new_key()
    for person, option in ((sides.other.facilitator, 0), (sides.own.facilitator, 1)):
        browser = Browser(app).sign_in(person)
        data = {"choice": exercise.options[option].id, "key": key}
        assert browser.post(path, data, token=form_token(browser)).status == 303
    end_transaction()
    kept = {
        row.person_id: row.answer["choice"] for row in db.session.scalars(select(Attempt).where(Attempt.key == key))
    }
    assert kept == {
        sides.other.facilitator: exercise.options[0].id,
        sides.own.facilitator: exercise.options[1].id,
    }


def test_somebody_who_was_aanspreekpunt_sees_the_school_no_longer(app: Flask) -> None:
    sides = make_sides(app)
    browser = visit(app, sides, "contact")
    assert browser.get("/mijn-school").status == 200
    end_transaction()
    contact = db.session.scalars(select(Contact).where(Contact.person_id == sides.own.contact)).one()
    contact.ended_at = now()
    db.session.commit()
    assert browser.get(f"/mijn-school?school={sides.own.school}").status == 404
    assert browser.get("/mijn-school").status == 404


def test_being_asked_gives_no_right_before_it_is_accepted(app: Flask) -> None:
    """An open question with the address of an account opens nothing for that account."""
    sides = make_sides(app)
    db.session.add(
        Contact(
            school_id=make_school().id, name="x", email="bram@noord.example", person_id=sides.own.facilitator,
            appointed_at=now(),
        )
    )  # fmt: skip
    db.session.commit()
    assert visit(app, sides, "facilitator").get("/mijn-school").status == 404


def test_the_aanspreekpunt_of_two_schools_chooses_between_those_two_alone(app: Flask) -> None:
    sides = make_sides(app)
    second = make_school(name="Tweede School")
    second_id = second.id
    person = make_contact_person(second, name="Dubbel Punt").id
    school = db.session.get(School, sides.own.asked_school)
    assert school is not None
    contact = db.session.scalars(select(Contact).where(Contact.school_id == school.id)).one()
    contact.person_id, contact.accepted_at = person, now()
    db.session.commit()
    browser = Browser(app).sign_in(person)
    assert "Tweede School" in browser.get(f"/mijn-school?school={second_id}").text
    assert "Gevraagd KanarieNoord" in browser.get(f"/mijn-school?school={sides.own.asked_school}").text
    assert browser.get(f"/mijn-school?school={sides.own.school}").status == 404
    assert browser.get(f"/mijn-school?school={sides.other.school}").status == 404


def test_a_colleague_who_left_is_gone_from_the_page(app: Flask) -> None:
    sides = make_sides(app)
    browser = visit(app, sides, "contact")
    assert "Bram KanarieNoord" in browser.get("/mijn-school").text
    end_transaction()
    row = db.session.scalars(select(Membership).where(Membership.person_id == sides.own.facilitator)).one()
    row.ended_at = now()
    db.session.commit()
    assert "Bram KanarieNoord" not in browser.get("/mijn-school").text
