"""The own bijvraag in a lesson: typing, the verdict, trying again, disagreeing, and what O&S reads of that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from lms.clock import now
from lms.database import db
from lms.didactics.probing import Kind
from lms.learning import queries
from lms.learning.forms import new_key
from lms.learning.rules import OWN_QUESTION_LENGTH
from lms.learning.tables import Attempt, Completion, Evidence, ProbingObjection
from lms.people.tables import Person
from lms.permissions import Role
from tests.factories import make_person
from tests.integration.test_learning import KINDS, answer, card, fields, words
from tests.server import Reply, Visit

pytestmark = pytest.mark.sqlite_alone

NAME = "x-own-question"
PUSH = "Zou je niet beter eerst je diploma halen?"


@pytest.fixture
def visit(rich: Flask) -> Visit:
    return Visit(rich, make_person().id)


def ask(visit: Visit, text: str) -> Reply:
    return answer(visit, NAME, {"text": text})


def object_to(visit: Visit) -> Reply:
    return visit.post(f"{KINDS}/{NAME}/niet-eens", {})


def count(table: type[Attempt] | type[ProbingObjection] | type[Completion]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_youngster_speaks_and_the_field_is_labelled(visit: Visit) -> None:
    shown = card(visit.get(KINDS), NAME)
    assert "Robbe, 17" in words(shown) and "garage van mijn nonkel" in words(shown)
    assert "Welke bijvraag stel jij aan Robbe?" in words(shown)
    assert f"Hoogstens {OWN_QUESTION_LENGTH} tekens" in words(shown)
    assert "Dit kan beter" not in words(shown)


def test_the_verdict_says_what_opens_what_could_be_better_and_how(visit: Visit) -> None:
    ask(visit, PUSH)
    shown = words(card(visit.get(KINDS), NAME))
    assert PUSH in shown
    assert "Suggestieve vraag" in shown and "jouw raad" in shown and "suggestief-raad" in shown
    assert "Zeg liever: Hoe kijk jij zelf naar de garage?" in shown
    ask(visit, "Wat trekt je aan in de garage?")
    shown = words(card(visit.get(KINDS), NAME))
    assert "Open vraag" in shown and "Een woord van de jongere" in shown
    assert "Dit kan beter" not in shown and "Zeg liever" not in shown


def test_making_it_counts_whatever_the_verdict_and_it_is_never_right_or_wrong(visit: Visit) -> None:
    ask(visit, PUSH)
    shown = card(visit.get(KINDS), NAME)
    assert db.session.scalars(select(Evidence.ref)).all() == [f"exercise:{NAME}"]
    assert db.session.scalars(select(Attempt.result)).all() == ["seen"]
    assert shown.find(attrs={"data-result": True}) is None and "juist" not in words(shown).lower()


def test_trying_again_starts_from_what_was_typed_as_often_as_one_likes(visit: Visit) -> None:
    for text in (PUSH, "Hoezo?", "Wat nog?"):
        ask(visit, text)
        again = card(visit.get(f"{KINDS}?opnieuw={NAME}"), NAME)
        assert fields(again, "text")[0].get_text() == text
    assert count(Attempt) == 3


def test_the_same_key_is_one_attempt(visit: Visit) -> None:
    key = new_key()
    for _ in range(3):
        assert visit.post(f"{KINDS}/{NAME}", {"text": PUSH, "key": key}).status == 303
    assert count(Attempt) == 1


@pytest.mark.parametrize(
    ("text", "says"), [("", "Schrijf eerst je bijvraag"), (" \n ", "Schrijf eerst"), ("wat " * 1250, "5000 tekens")]
)
def test_nothing_or_too_much_is_refused_and_kept(visit: Visit, text: str, says: str) -> None:
    text = text if len(text) < 4000 else text[:4999] + "?"
    reply = ask(visit, text)
    assert reply.status == 422
    shown = card(reply, NAME)
    assert says in words(shown)
    assert fields(shown, "text")[0].get_text() == text.strip("\n") or text.strip() == ""
    assert count(Attempt) == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("😀😀", "Hier staan geen woorden"),
        ("Что ты там делаешь сегодня?", "geen Nederlandse vraag"),
        ("<script>alert(1)</script> Wat doe je?", "<script>alert(1)</script> Wat doe je?"),
        ("x" * OWN_QUESTION_LENGTH, "Geen vraag"),
    ],
)
def test_strange_text_gets_a_plain_verdict_and_is_shown_as_typed(visit: Visit, text: str, says: str) -> None:
    assert ask(visit, text).status == 303
    page = visit.get(KINDS)
    assert says in words(card(page, NAME)) and text in words(card(page, NAME))
    assert "<script>alert" not in page.response.get_data(as_text=True)


def test_a_first_name_gets_a_gentle_warning_that_blocks_nothing(visit: Visit) -> None:
    ask(visit, "Wat vindt Lotte daarvan?")
    assert "Is ‘Lotte’ de naam van een jongere?" in words(card(visit.get(KINDS), NAME))
    assert count(Attempt) == 1
    ask(visit, "Robbe, wat vind jij daarvan?")
    assert "de naam van een jongere?" not in words(card(visit.get(KINDS), NAME))


def test_nobody_else_sees_what_was_typed(rich: Flask, visit: Visit) -> None:
    ask(visit, "Kanarie, wat vind je daarvan?")
    staff = Visit(rich, make_person(role=Role.OS_STAFF).id)
    for path in (KINDS, "/scholen", "/bijvragen"):
        assert "Kanarie" not in staff.get(path).response.get_data(as_text=True)


def test_disagreeing_keeps_question_and_verdict_once_for_os_without_a_name(rich: Flask) -> None:
    learner = make_person(name="Wie Dit Schreef")
    visit = Visit(rich, learner.id)
    ask(visit, PUSH)
    for _ in range(3):
        assert object_to(visit).status == 303
    row = db.session.scalars(select(ProbingObjection)).one()
    assert (row.question, row.kind, row.said) == (PUSH, Kind.LEADING, "Ik wil in de garage van mijn nonkel werken.")
    assert "suggestief-raad" in row.rules
    shown = card(visit.get(KINDS), NAME)
    assert "Dank je. O&S leest" in words(shown) and "Ik ga niet akkoord" not in words(shown)
    page = Visit(rich, make_person(role=Role.OS_STAFF).id).get("/bijvragen").response.get_data(as_text=True)
    assert PUSH in page and "suggestief" in page
    assert "Wie Dit Schreef" not in page and learner.email not in page
    # A new try may be disagreed with again.
    ask(visit, "Hoezo?")
    assert "Ik ga niet akkoord" in words(card(visit.get(KINDS), NAME))


def test_there_is_nothing_to_disagree_with_before_a_question_or_at_another_exercise(visit: Visit) -> None:
    assert object_to(visit).status == 409
    assert visit.post(f"{KINDS}/x-reflection/niet-eens", {}).status == 404
    assert visit.post(f"{KINDS}/bestaat-niet/niet-eens", {}).status == 404
    assert count(ProbingObjection) == 0


def test_erasing_the_person_takes_the_objection_along(visit: Visit) -> None:
    ask(visit, PUSH)
    object_to(visit)
    db.session.execute(delete(Person))
    db.session.commit()
    assert count(ProbingObjection) == 0


def test_an_objection_is_gone_after_a_year(rich: Flask, visit: Visit) -> None:
    ask(visit, PUSH)
    object_to(visit)
    old = now() - queries.OBJECTION_KEPT - timedelta(minutes=1)
    db.session.execute(update(ProbingObjection).values(created_at=old))
    db.session.commit()
    assert queries.list_objections(1).rows == []
    other = Visit(rich, make_person().id)
    ask(other, "Hoezo?")
    object_to(other)
    assert db.session.scalars(select(ProbingObjection.question)).all() == ["Hoezo?"]


def test_os_leafs_through_the_objections(rich: Flask) -> None:
    staff = Visit(rich, make_person(role=Role.OS_STAFF).id)
    assert "Nog niets te lezen" in staff.get("/bijvragen").response.get_data(as_text=True)
    for number in range(queries.OBJECTIONS_PER_PAGE + 1):
        visit = Visit(rich, make_person().id)
        ask(visit, f"Vraag nummer {number}?")
        object_to(visit)
    first = staff.get("/bijvragen").response.get_data(as_text=True)
    assert f"Vraag nummer {queries.OBJECTIONS_PER_PAGE}?" in first and "Vraag nummer 0?" not in first
    for pagina in ("2", "99"):
        assert "Vraag nummer 0?" in staff.get(f"/bijvragen?pagina={pagina}").response.get_data(as_text=True)
    assert staff.get("/bijvragen?pagina=x").status == 200
