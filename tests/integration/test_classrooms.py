"""A round with a class as it is kept: every move stands, on any device, and the whole class follows from seed and moves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.config import ROOT
from lms.content.library import find_classroom
from lms.database import db
from lms.didactics.classroom.running import begin, make_move
from lms.learning.forms import new_key
from lms.learning.tables import Attempt, Evidence
from tests.factories import make_person
from tests.rich_course import change
from tests.server import Reply, Visit
from tests.unit.classroom.ways import Way, always_push, follow_the_youngsters
from tests.world import library_of

pytestmark = pytest.mark.sqlite_alone

CLASS = "/navorming/klas/check-out"
LESSON = "/navorming/bijvragen/zes-tegelijk"
ANSWERS = "/navorming/mijn-antwoorden"


@pytest.fixture
def visit(app: Flask) -> Visit:
    return Visit(app, make_person().id)


def move(visit: Visit, position: int | str, name: str, **fields: str) -> Reply:
    return visit.post(CLASS, {"key": new_key(), "seed": "1", "position": str(position), "move": name, **fields})


def kept() -> list[dict[str, object]]:
    db.session.rollback()
    return list(db.session.scalars(select(Attempt.answer).order_by(Attempt.id)))


def way_through(app: Flask, way: Way) -> list[str]:
    """The moves of somebody who leads class 1 in this way."""
    exercise = find_classroom(library_of(app), "check-out")
    assert exercise
    run = begin(exercise.scenario, 1)
    while not run.is_over:
        run = make_move(run, way(run))
    return list(run.moves)


def lead(visit: Visit, moves: list[str]) -> None:
    for position, name in enumerate(moves):
        reply = move(visit, position, name)
        assert (reply.status, reply.location) == (303, f"{CLASS}#nu"), name


def test_a_round_is_led_to_its_end_and_looked_back_on(visit: Visit, app: Flask) -> None:
    page = visit.get(CLASS)
    assert "Klas 1" in page.text and "De ronde begint" in page.text and kept() == []
    moves = way_through(app, follow_the_youngsters)
    lead(visit, moves)
    page = visit.get(CLASS)
    assert len(page.soup.select("ol.replay > li")) == len(moves)
    assert [cell.get_text() for cell in page.soup.select("table tbody th")] == [
        "Ayoub", "Lore", "Senne", "Fien", "Dilara", "Mats",
    ]  # fmt: skip
    assert page.text.count("Wat een andere zet had gedaan") >= len(moves) // 2
    assert [pill.get_text(strip=True) for pill in page.soup.select("#nu .pill")] == ["Goed"] * 3
    assert "Gespeeld" in visit.get(LESSON).text
    # Only the whole list that was kept last is needed, and no row was ever written over.
    assert [len(answer["moves"]) for answer in kept()] == list(range(1, len(moves) + 1))  # type: ignore[arg-type]
    assert db.session.scalars(select(Evidence.ref)).all() == ["exercise:kl1"]
    answers = visit.get(ANSWERS).text
    assert (
        "Een afspraak noemen" in answers
        and "zeiden iets van zichzelf" in answers
        and "De meesten zaten op hun gemak." in answers
    )


def test_who_pushes_is_told_what_it_did(visit: Visit, app: Flask) -> None:
    lead(visit, way_through(app, always_push))
    page = visit.get(CLASS)
    assert "Zwak" in page.text and "Je duwde." in page.text and "Je mag ook passen." in page.text


def test_it_goes_on_where_it_was_and_a_page_that_was_behind_says_so(visit: Visit) -> None:
    move(visit, 0, "ask:k1-woord:ayoub")
    # Another device of the same person.
    phone = Visit(visit.app, db.session.scalars(select(Attempt.person_id)).one())
    page = phone.get(CLASS)
    assert "beurt 2 van 14" in page.text and "Sociaal, hoe ziet dat eruit bij jou?" in page.text
    assert "Ga verder met je klas" in phone.get(LESSON).text
    assert "nog niet afgerond" in phone.get(ANSWERS).text
    assert move(phone, 1, "follow:ayoub").status == 303
    for position, seed in ((1, "1"), (0, "1"), (3, "1"), (2, "2")):
        reply = move(visit, position, "wait", seed=seed)
        assert reply.status == 409 and "op een andere plek" in reply.text and "beurt 3 van 14" in reply.text
    assert len(kept()) == 2


def test_a_move_that_is_sent_twice_is_one_move(visit: Visit) -> None:
    key = new_key()
    replies = [move(visit, 0, "wait", key=key) for _ in range(3)]
    assert {(reply.status, reply.location) for reply in replies} == {(303, f"{CLASS}#nu")}
    assert kept() == [{"seed": 1, "moves": ["wait"]}]


@pytest.mark.parametrize(
    ("position", "name", "fields"),
    [
        (0, "", {}),
        (0, "follow:lore", {}),
        (0, "ask:k2-herken:lore", {}),
        ("x", "wait", {}),
        ("-1", "wait", {}),
        (0, "wait", {"seed": "0"}),
        (0, "wait", {"seed": "99999"}),
        (0, "wait", {"key": ""}),
    ],
)
def test_nonsense_changes_nothing(visit: Visit, position: int | str, name: str, fields: dict[str, str]) -> None:
    reply = move(visit, position, name, **fields)
    assert reply.status == 422 and "Wie zit er?" in reply.text and kept() == []


def test_the_same_class_again_or_a_new_one_keeps_what_was_done(visit: Visit) -> None:
    move(visit, 0, "ask:k1-woord:ayoub")
    said = visit.get(CLASS).soup.select_one("#nu ol").get_text()  # type: ignore[union-attr]
    assert move(visit, 1, "", **{"class": "again"}).status == 303
    assert "De ronde begint" in visit.get(CLASS).text
    move(visit, 0, "ask:k1-woord:ayoub")
    assert visit.get(CLASS).soup.select_one("#nu ol").get_text() == said  # type: ignore[union-attr]
    move(visit, 1, "", **{"class": "new"})
    assert "Klas 2" in visit.get(CLASS).text
    assert kept()[-1] == {"seed": 2, "moves": []} and len(kept()) == 4


def test_a_new_class_does_not_hide_the_round_that_was_led(visit: Visit) -> None:
    move(visit, 0, "ask:k1-woord:ayoub")
    move(visit, 1, "close")
    move(visit, 2, "", **{"class": "new"})
    assert "Een open vraag aan Ayoub" in visit.get(ANSWERS).text
    move(visit, 0, "wait", seed="2")
    assert "Een open vraag aan Ayoub" in visit.get(ANSWERS).text and "beurt 2 van 14" in visit.get(CLASS).text
    move(visit, 1, "close", seed="2")
    page = visit.get(ANSWERS).text
    assert "Wachten en zwijgen" in page and "Een open vraag aan Ayoub" not in page


def test_the_export_tells_the_moves_in_dutch(visit: Visit) -> None:
    move(visit, 0, "ask:k1-woord:ayoub")
    move(visit, 1, "wait")
    page = visit.get("/account/export").text
    assert "klas: 1; zetten: Een open vraag aan Ayoub, Wachten en zwijgen" in page
    assert "ask:k1" not in page


# ── content that changes between two clicks ────────────────────────────────


@pytest.fixture
def course(editable: tuple[Flask, Path]) -> tuple[Visit, Path]:
    """The rich course with a class, and the folder of the course in which to change it."""
    app, folder = editable
    (folder / "klassen").mkdir()
    shutil.copy(ROOT / "courses/navorming/klassen/k1.yaml", folder / "klassen")
    lesson = (folder / "klein" / "zwaar.md").read_text()
    exercise = "\n```exercise\nid: kl1\nkind: classroom\nclassroom: k1\n```\n"
    (folder / "klein" / "zwaar.md").write_text(lesson + exercise)
    publish(app)
    return Visit(app, make_person().id), folder


def publish(app: Flask) -> None:
    assert app.extensions["shelf"].reload() == ()


def test_a_class_that_was_rewritten_says_so_and_starts_again(course: tuple[Visit, Path]) -> None:
    visit, folder = course
    move(visit, 0, "ask:k1-woord:ayoub")
    change(folder / "klassen" / "k1.yaml", "k1-woord", "k1-ander-woord")
    publish(visit.app)
    page = visit.get(CLASS)
    assert page.status == 200 and "intussen herschreven" in page.text
    reply = move(visit, 1, "wait")
    assert reply.status == 409 and "Wat je deed, blijft bewaard." in reply.text
    assert "past er niet meer bij" in visit.get(ANSWERS).text
    assert move(visit, 0, "", **{"class": "again"}).status == 303
    assert move(visit, 0, "ask:k1-ander-woord:ayoub").status == 303
    assert kept()[0] == {"seed": 1, "moves": ["ask:k1-woord:ayoub"]} and len(kept()) == 3


def test_a_class_of_which_only_words_changed_goes_on(course: tuple[Visit, Path]) -> None:
    visit, folder = course
    move(visit, 0, "ask:k1-woord:ayoub")
    change(folder / "klassen" / "k1.yaml", "Druk, grappig en sociaal.", "Druk, grappig en gezellig.")
    publish(visit.app)
    page = visit.get(CLASS).text
    assert "aangepast sinds je laatste zet" in page and "grappig en gezellig" in page
    assert move(visit, 1, "wait").status == 303


def test_a_class_that_left_the_course_loses_nothing(course: tuple[Visit, Path]) -> None:
    visit, folder = course
    move(visit, 0, "wait")
    shutil.rmtree(folder / "klassen")
    lesson = folder / "klein" / "zwaar.md"
    lesson.write_text(lesson.read_text().split("\n```exercise\nid: kl1")[0] + "\n")
    (folder / "moved.yaml").write_text("exercises: {kl1: gone}\n")
    publish(visit.app)
    for reply in (visit.get(CLASS), move(visit, 1, "wait")):
        assert reply.status == 404 and "Wat je er deed, blijft bewaard" in reply.text
    assert kept() == [{"seed": 1, "moves": ["wait"]}]
    assert "Niet meer in de cursus" in visit.get(ANSWERS).text
