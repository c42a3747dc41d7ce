"""Going on where one stopped, in another browser; and what is new since somebody's attest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.database import db
from lms.learning.forms import new_key
from lms.learning.tables import Completion
from tests.factories import make_finished, make_person
from tests.rich_course import change
from tests.server import Visit

pytestmark = pytest.mark.both

KINDS = "/navorming/klein/alle-soorten"


def two_browsers(app: Flask) -> tuple[Visit, Visit]:
    """One person, signed in on a phone and on a laptop."""
    person_id = make_person().id
    return Visit(app, person_id), Visit(app, person_id)


def answer(visit: Visit, address: str, data: dict[str, Any]) -> None:
    assert visit.post(address, {**data, "key": new_key()}).status == 303


def way_on(visit: Visit) -> str:
    """Where the one big button leads."""
    return str(visit.get("/navorming").soup.select_one(".course-scene a.btn")["href"])


def test_a_lesson_goes_on_at_its_first_open_exercise_on_another_device(rich: Flask) -> None:
    phone, laptop = two_browsers(rich)
    assert way_on(laptop) == "/navorming/klein/eerste-les"
    answer(phone, "/navorming/klein/eerste-les/x1", {"choice": "b"})
    assert way_on(laptop) == "/navorming/klein/tweede-les"
    answer(phone, "/navorming/klein/tweede-les/x2", {"choice": "a"})
    assert way_on(laptop) == "/navorming/klein/tweede-les#ex-d-mini"
    page = laptop.get("/navorming/klein/tweede-les")
    link = page.soup.find("a", string="Ga verder waar je stopte")
    assert link is not None and link["href"] == "#ex-d-mini" and page.soup.find(id="ex-d-mini")


def test_a_lesson_that_is_not_begun_has_no_link_to_where_one_stopped(rich: Flask) -> None:
    phone, _ = two_browsers(rich)
    assert "waar je stopte" not in phone.get(KINDS).text
    answer(phone, f"{KINDS}/x-reflection", {"text": "Een notitie."})
    assert "waar je stopte" in phone.get(KINDS).text


def test_a_conversation_goes_on_at_the_same_turn(rich: Flask) -> None:
    phone, laptop = two_browsers(rich)
    phone.post("/navorming/gesprek/robin", {"position": "0", "option": "a"})
    assert way_on(laptop) == "/navorming/klein/tweede-les", "the lesson that holds the conversation"
    here = laptop.get("/navorming/gesprek/robin")
    position = here.soup.find("input", {"name": "position"})
    assert position is not None and position["value"] == "1"
    laptop.post("/navorming/gesprek/robin", {"position": "1", "option": "a"})
    assert phone.get("/navorming/gesprek/robin").soup.find("input", {"name": "position"})["value"] == "1"


def test_a_test_goes_on_at_its_first_open_question(rich: Flask) -> None:
    phone, laptop = two_browsers(rich)
    phone.post("/navorming/toets")
    first = str(phone.get("/navorming/toets").soup.select_one("main form")["action"])
    phone.post(first, {"option": "b"})
    assert way_on(laptop) == "/navorming/toets"
    page = laptop.get("/navorming/toets")
    assert page.soup.select_one("main form")["action"] != first and "Vraag 2 van 3" in page.text


def test_another_persons_way_is_not_mine(rich: Flask) -> None:
    phone, _ = two_browsers(rich)
    answer(phone, "/navorming/klein/eerste-les/x1", {"choice": "b"})
    assert way_on(Visit(rich, make_person().id)) == "/navorming/klein/eerste-les"


# ── new since the attest ───────────────────────────────────────────────────

NEW = """---
id: m1-l9
slug: later
title: Later bijgekomen
minutes: 4
route: kern
---

Dit stond er nog niet.
"""


def add_a_lesson(app: Flask, course: Path) -> None:
    (course / "klein" / "later.md").write_text(NEW)
    change(course / "klein" / "module.yaml", "zwaar.md]", "zwaar.md, later.md]")
    assert app.extensions["shelf"].reload() == ()


def test_a_core_lesson_that_came_later_is_pointed_out_and_closes_nothing(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    finished, learner = (
        Visit(app, make_finished(app.extensions["shelf"].library).id),
        Visit(app, make_person().id),
    )
    assert "Nieuw sinds je attest" not in finished.get("/navorming").text
    add_a_lesson(app, course)
    page = finished.get("/navorming")
    assert "je bent klaar" in page.text and "Nieuw sinds je attest" in page.text
    assert "Later bijgekomen nieuw sinds je attest" in page.text and "minuten klaar" in page.text
    assert page.soup.select_one("#nieuw").parent.find("a")["href"] == "/navorming/klein/later"
    assert finished.get("/pakket/kleine-sessie").status == 200 and finished.get("/navorming/klaar").status == 200
    assert "sinds je attest" not in learner.get("/navorming").text, "for who has no attest it is a lesson like others"
    finished.post("/navorming/klein/later")
    assert "sinds je attest" not in finished.get("/navorming").text


def test_a_completion_from_before_this_was_kept_shows_nothing(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    finished = Visit(app, make_finished(app.extensions["shelf"].library).id)
    db.session.execute(update(Completion).values(known_refs=None))
    db.session.commit()
    add_a_lesson(app, course)
    page = finished.get("/navorming")
    assert "je bent klaar" in page.text and "sinds je attest" not in page.text


def test_who_lost_the_attest_is_not_told_that_the_pack_is_open(rich: Flask) -> None:
    finished = Visit(rich, make_finished(rich.extensions["shelf"].library).id)
    completion = db.session.scalars(select(Completion)).one()
    completion.revoked_at = completion.completed_at
    db.session.commit()
    page = finished.get("/navorming")
    assert "Je pakket is gesloten" in page.text and "je bent klaar" not in page.text
    assert finished.get("/navorming/klaar").location == "/pakket", "where it stands why"
