"""Questions that travel: parked, back in the next check-in, to O&S, answered, for everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.clock import now
from lms.database import db
from lms.learning.forms import new_key
from lms.pack.queries.questions import open_questions_of_group
from lms.pack.rules.questions import QuestionState, state_of
from lms.pack.tables import Question
from lms.people.tables import Person
from tests.factories import make_finished, make_group, make_person, make_question, make_school
from tests.integration.test_pages_scale import statements
from tests.visitor import Page
from tests.world import Browser, database_state, end_transaction, library_of


@pytest.mark.both
def test_a_group_hears_the_fresh_answers_first_and_nothing_that_was_settled(app: Flask) -> None:
    person = make_person()
    group, other = make_group(person), make_group(person)
    yesterday = now() - timedelta(days=1)
    make_question(person, group, text="Hoe lang duurt een graduaat?")
    make_question(person, group, text="Wie helpt met een beurs?", parked_at=yesterday)
    make_question(person, group, text="Klaar", parked_at=yesterday, settled_at=now())
    make_question(
        person, group, text="Wat kost het?", parked_at=now(), sent_at=now(), answered_at=now(), answer="Dat hangt af."
    )
    make_question(person, other, text="Van een andere groep?")
    make_question(person, text="Zonder groep?")
    found = open_questions_of_group(group.id)
    assert [one.text for one in found] == ["Wat kost het?", "Wie helpt met een beurs?", "Hoe lang duurt een graduaat?"]
    assert [one.answer for one in found] == ["Dat hangt af.", "", ""]


# ── the begeleider ─────────────────────────────────────────────────────────

AT = "/pakket/vragen"


def owner(app: Flask, **fields: Any) -> tuple[Browser, Person]:
    """Somebody with an open pack."""
    person = make_finished(library_of(app), **fields)
    return Browser(app).sign_in(person), person


def park(browser: Browser, text: str = "Hoe lang duurt een graduaat?", **fields: Any) -> Page:
    return browser.post(AT, {"text": text, "place": "wie-ben-jij", "group": "", "key": new_key(), **fields})


def rows() -> list[Question]:
    end_transaction()
    found = list(db.session.scalars(select(Question).order_by(Question.id)))
    db.session.expunge_all()
    end_transaction()
    return found


@pytest.mark.both
def test_a_question_is_parked_once_with_its_group_its_school_and_its_exercise(app: Flask) -> None:
    school = make_school()
    browser, person = owner(app, school=school)
    group = make_group(person, school_id=school.id)
    form = {"place": "wie-ben-jij/s1-verleden", "group": str(group.id), "key": new_key()}
    for _ in range(2):
        answer = park(browser, "Mag je  ook\nwerken?", **form)
        assert (answer.status, answer.location) == (303, AT)
    (row,) = rows()
    assert (row.text, row.group_id, row.school_id) == ("Mag je ook werken?", group.id, school.id)
    assert (row.session_slug, row.exercise_id) == ("wie-ben-jij", "s1-verleden")
    page = browser.get(AT)
    assert "Mag je ook werken?" in page.text and "Sessie 1 · Verleden" in page.text


@pytest.mark.sqlite_alone
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": " "}, "De vraag is nog leeg."),
        ({"text": "x" * 401}, "Gebruik hoogstens 400 tekens."),
        ({"text": "Wat\u202e?"}, "een teken dat niet kan"),
        ({"place": "bestaat-niet"}, "Kies bij welke sessie de vraag hoort."),
        ({"place": "wie-ben-jij/s2-anderen"}, "Kies bij welke sessie de vraag hoort."),
        ({"group": "x"}, "Kies een groep uit de lijst."),
    ],
)
def test_what_cannot_be_kept_is_told_at_the_field_with_everything_typed(
    app: Flask, fields: dict[str, str], says: str
) -> None:
    browser, _ = owner(app)
    page = park(browser, **{"text": "Een goede vraag?", **fields})
    assert page.status == 422 and says in page.text
    if "text" not in fields:
        assert "Een goede vraag?" in page.text
    assert rows() == []


@pytest.mark.sqlite_alone
def test_a_first_name_gets_a_warning_and_is_kept(app: Flask) -> None:
    browser, _ = owner(app)
    park(browser, "Yasmina vraagt of een graduaat iets voor haar is")
    assert "naam van een jongere" in browser.get(AT).text
    assert rows()[0].text.startswith("Yasmina")


@pytest.mark.sqlite_alone
def test_settling_sending_and_taking_back_can_each_be_undone(app: Flask) -> None:
    browser, person = owner(app)
    at = f"{AT}/{make_question(person).id}"

    def state() -> QuestionState:
        (row,) = rows()
        return state_of(settled_at=row.settled_at, sent_at=row.sent_at, answered_at=row.answered_at)

    for act, then in (
        ("klaar", QuestionState.SETTLED), ("klaar", QuestionState.SETTLED), ("terug", QuestionState.WAITING),
        ("naar-os", QuestionState.SENT), ("naar-os", QuestionState.SENT), ("niet-naar-os", QuestionState.WAITING),
    ):  # fmt: skip
        assert browser.post(f"{at}/{act}").status == 303
        assert state() is then, act
    browser.post(f"{at}/klaar")
    assert browser.post(f"{at}/naar-os").status == 409
    assert "Zet terug" in browser.get(AT).text
    browser.post(f"{at}/verwijderen")
    assert rows() == []


@pytest.mark.sqlite_alone
def test_two_tabs_do_not_overwrite_each_other_and_an_answered_question_stays(app: Flask) -> None:
    browser, person = owner(app)
    question = make_question(person, text="Eerste versie?")
    at, form = f"{AT}/{question.id}", {"place": "wie-ben-jij", "group": "", "versie": "1"}
    assert browser.post(at, {**form, "text": "Tweede versie?"}).status == 303
    page = browser.post(at, {**form, "text": "Derde versie?"})
    assert page.status == 409 and "Tweede versie?" in page.text and "Derde versie?" in page.text
    assert rows()[0].text == "Tweede versie?"
    assert browser.post(at, {**form, "text": "Derde versie?", "versie": "2"}).status == 303
    answered = make_question(person, sent_at=now(), answered_at=now(), answer="Zo zit het.")
    assert browser.post(f"{AT}/{answered.id}", {**form, "text": "Nog iets?"}).status == 409
    assert "verandert niet meer" in browser.get(f"{AT}/{answered.id}").text


@pytest.mark.both
def test_a_question_comes_back_in_the_check_in_of_the_next_plan_and_on_its_fiche(app: Flask) -> None:
    browser, person = owner(app)
    group, other = make_group(person), make_group(person)
    make_question(person, group, text="Wie helpt met een beurs?")
    make_question(person, other, text="Van een andere groep?")
    saved = browser.post(
        "/pakket/planner/talenten", {"uren": "2 × 50", "groep": str(group.id), "key": new_key()}
    ).location
    plan_id = saved.rpartition("/")[2]
    for path in (saved, f"/pakket/talenten?plan={plan_id}"):
        page = browser.get(path)
        assert "Wie helpt met een beurs?" in page.text and "Van een andere groep?" not in page.text, path
    assert "Wie helpt met een beurs?" not in browser.get("/pakket/talenten").text
    back = browser.post(f"{AT}/{rows()[0].id}/klaar", {"next": f"{saved}#vragen"})
    assert back.location == f"{saved}#vragen"
    assert "Wie helpt met een beurs?" not in browser.get(saved).text
    # A page of somebody else is nowhere to go back to.
    again = browser.post(f"{AT}/{rows()[0].id}/terug", {"next": "//elders.example/"})
    assert again.location == AT


@pytest.mark.both
def test_another_begeleider_reads_and_changes_nothing(app: Flask) -> None:
    _, person = owner(app)
    group = make_group(person, label="Geheime groep")
    question = make_question(person, group, text="Van mij alleen?")
    stranger, _ = owner(app)
    before = database_state()
    answers = [stranger.get(f"{AT}?groep={group.id}"), stranger.get(f"{AT}/{question.id}")]
    form = {"text": "Dief?", "place": "wie-ben-jij", "group": "", "versie": "1"}
    answers += [
        stranger.post(f"{AT}/{question.id}{act}", form)
        for act in ("", "/klaar", "/terug", "/naar-os", "/niet-naar-os", "/verwijderen")
    ]
    assert {answer.status for answer in answers} == {404}
    assert park(stranger, group=str(group.id)).status == 422
    assert database_state() == before
    assert "Van mij alleen?" not in stranger.get(AT).text and "Geheime groep" not in stranger.get(AT).text


@pytest.mark.both
def test_any_number_of_questions_costs_the_same_statements(app: Flask) -> None:
    browser, person = owner(app)
    group = make_group(person)

    def cost(path: str) -> int:
        with statements() as seen:
            assert browser.get(path).status == 200
        return len(seen)

    plan = browser.post(
        "/pakket/planner/wie-ben-jij", {"uren": "2 × 50", "groep": str(group.id), "key": new_key()}
    ).location
    fiche = "/pakket/wie-ben-jij"
    paths = (AT, f"{AT}?groep={group.id}", plan, fiche, f"{fiche}?plan={plan.rpartition('/')[2]}", "/pakket/opwarmen")

    def ask(count: int) -> dict[str, int]:
        for _ in range(count):
            make_question(person, group)
            make_question(person, group, settled_at=now())
            make_question(person, sent_at=now(), answered_at=now(), published_at=now(), published_as="Voor iedereen?")
        return {path: cost(path) for path in paths}

    once = ask(2)
    assert max(once.values()) <= 6, once
    assert ask(12) == once
