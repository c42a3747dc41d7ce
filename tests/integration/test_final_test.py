"""The final test: drawn, answered one question at a time, changed, handed in once, tried again."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.database import db
from lms.learning.tables import Evidence
from lms.learning.tables import TestSitting as Sitting
from tests.factories import make_person
from tests.rich_course import change
from tests.server import Reply, Visit

TEST = "/navorming/toets"
CRITICAL = "q1"


@pytest.fixture
def visit(rich: Flask) -> Visit:
    return Visit(rich, make_person().id)


def sitting() -> Sitting:
    db.session.rollback()
    return db.session.scalars(select(Sitting).order_by(Sitting.id.desc()).limit(1)).one()


def drawn() -> list[str]:
    return [row["item"] for row in sitting().drawn]


def give(visit: Visit, item: str, option: str) -> Reply:
    return visit.post(f"{TEST}/{item}", {"option": option})


def take(visit: Visit, *wrong: str) -> Reply:
    """Start, answer everything right except the items in ``wrong``, and hand in."""
    visit.post(TEST)
    for item in drawn():
        give(visit, item, "a" if item in wrong else "b")
    return visit.post(f"{TEST}/indienen")


def passed() -> bool:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Evidence).where(Evidence.ref == "test:toets")) == 1


def test_opening_the_page_starts_nothing(visit: Visit) -> None:
    page = visit.get(TEST)
    assert "3 vragen" in page.text and "Start de toets" in page.text
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 0


def test_every_draw_follows_the_rule_and_draws_differ(rich: Flask) -> None:
    draws = set()
    for _ in range(25):
        Visit(rich, make_person().id).post(TEST)
        names = drawn()
        assert len(set(names)) == 3 and CRITICAL in names
        draws.add(tuple(sorted(names)))
    assert len(draws) > 2


def test_the_questions_come_one_by_one_in_the_order_of_the_draw(visit: Visit) -> None:
    visit.post(TEST)
    for number, item in enumerate(drawn(), 1):
        page = visit.get(TEST)
        assert f"Vraag {number} van 3" in page.text and f"Vraag {item}?" in page.text
        shown = [str(field["value"]) for field in page.soup.find_all("input", {"name": "option"})]
        assert shown == next(row["options"] for row in sitting().drawn if row["item"] == item)
        assert give(visit, item, "b").location == TEST
    assert "Dien je toets in" in visit.get(TEST).text


def test_no_feedback_before_handing_in(visit: Visit) -> None:
    visit.post(TEST)
    for item in drawn():
        give(visit, item, "a")
        for path in (TEST, f"{TEST}?vraag=1", f"{TEST}?vraag=3"):
            source = visit.get(path).response.get_data(as_text=True)
            assert "Daarom" not in source and "correct" not in source


def test_going_on_later_and_on_another_device(rich: Flask) -> None:
    person = make_person()
    first = Visit(rich, person.id)
    first.post(TEST)
    names = drawn()
    give(first, names[0], "b")
    second = Visit(rich, person.id)
    assert "Vraag 2 van 3" in second.get(TEST).text
    second.post(TEST)
    assert drawn() == names and sitting().answers == {names[0]: "b"}


def test_an_answer_may_change_until_the_test_is_handed_in(visit: Visit) -> None:
    visit.post(TEST)
    names = drawn()
    for item in names:
        give(visit, item, "a")
    page = visit.get(f"{TEST}?vraag=2")
    checked = page.soup.find("input", {"name": "option", "checked": True})
    assert checked is not None and checked["value"] == "a"
    for item in names:
        give(visit, item, "b")
    visit.post(f"{TEST}/indienen")
    assert sitting().score == 3 and passed()
    assert give(visit, names[0], "a").status == 303
    assert sitting().answers == dict.fromkeys(names, "b")
    assert "al ingediend" in visit.get(TEST).text or sitting().score == 3


@pytest.mark.parametrize(
    "question", ["0", "4", "99", "-1", "x", "1e1", "²", "١", "0001", "00012", "1" * 5000, "0001" * 2000]
)
def test_a_question_number_that_is_none_shows_a_question(visit: Visit, question: str) -> None:
    visit.post(TEST)
    assert visit.get(f"{TEST}?vraag={question}").status == 200


@pytest.mark.parametrize(("item", "option"), [("first", ""), ("first", "zz"), ("other", "b"), ("weg", "b")])
def test_an_answer_that_does_not_fit_is_refused(visit: Visit, item: str, option: str) -> None:
    visit.post(TEST)
    name = {"first": drawn()[0], "other": next(q for q in ("q2", "q3", "q4", "q5") if q not in drawn()), "weg": "weg"}[
        item
    ]
    reply = give(visit, name, option)
    assert reply.status == 422 and "Kies eerst een antwoord." in reply.text
    assert sitting().answers == {}


def test_an_incomplete_test_is_not_handed_in(visit: Visit) -> None:
    visit.post(TEST)
    for item in drawn()[:2]:
        give(visit, item, "b")
    assert visit.post(f"{TEST}/indienen").status == 303
    page = visit.get(TEST)
    assert "Vraag 3 van 3" in page.text
    assert sitting().handed_in_at is None and not passed()


def test_handing_in_without_a_test_changes_nothing(visit: Visit) -> None:
    assert visit.post(f"{TEST}/indienen").location == TEST
    assert give(visit, "q1", "b").location == TEST
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 0


def test_one_wrong_answer_still_passes(visit: Visit) -> None:
    visit.post(TEST)
    wrong = next(item for item in drawn() if item != CRITICAL)
    take(visit, wrong)
    assert passed() and (sitting().score, sitting().passed) == (2, True)
    page = visit.get(TEST)
    assert "Geslaagd" in page.text and "2 van de 3 vragen juist" in page.text
    assert f"Daarom niet {wrong}." in page.text and f"Juist {wrong}" in page.text


def test_a_wrong_critical_answer_fails_whatever_the_score(visit: Visit) -> None:
    take(visit, CRITICAL)
    assert not passed() and (sitting().score, sitting().passed) == (2, False)


def test_failing_leads_to_the_lessons_and_to_new_questions(visit: Visit) -> None:
    take(visit, "q1", "q2", "q3", "q4", "q5")
    page = visit.get(TEST)
    assert "Nog niet geslaagd" in page.text and "0 van de 3 vragen juist" in page.text
    assert page.soup.select('main a[href="/navorming/klein/eerste-les"]')
    assert not passed()
    start = visit.get(f"{TEST}?nieuw=1")
    assert "Start de toets" in start.text
    first = sitting().id
    draws = set()
    for _ in range(12):
        visit.post(TEST)
        assert sitting().id != first and sitting().answers == {}
        draws.add(tuple(drawn()))
        for item in drawn():
            give(visit, item, "a")
        visit.post(f"{TEST}/indienen")
    assert len(draws) > 1
    take(visit)
    assert passed() and "Geslaagd" in visit.get(TEST).text


def test_failing_after_passing_takes_nothing_away(visit: Visit) -> None:
    take(visit)
    take(visit, "q1", "q2", "q3", "q4", "q5")
    assert passed()
    assert "Nog niet geslaagd" in visit.get(TEST).text


def test_the_tests_of_two_people_are_apart(rich: Flask) -> None:
    one, other = Visit(rich, make_person().id), Visit(rich, make_person().id)
    one.post(TEST)
    assert "Start de toets" in other.get(TEST).text
    assert give(other, drawn()[0], "b").location == TEST
    assert sitting().answers == {}


# ── content that changes while a test is open ──────────────────────────────


def publish(app: Flask) -> None:
    assert app.extensions["shelf"].reload() == ()


def started(app: Flask) -> tuple[Visit, str]:
    """Somebody with an open test, and a question in it that is not the critical one."""
    visit = Visit(app, make_person().id)
    visit.post(TEST)
    return visit, next(item for item in drawn() if item != CRITICAL)


def test_a_question_that_left_is_passed_over_and_the_test_can_still_be_handed_in(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit, gone = started(app)
    change(course / "test.yaml", f"- id: {gone}\n", "- id: q9\n")
    publish(app)
    for _ in range(3):
        page = visit.get(TEST)
        assert page.status == 200 and f"Vraag {gone}?" not in page.text
        form = next(form for form in page.soup.find_all("form") if str(form.get("action", "")).startswith(TEST))
        visit.post(str(form["action"]), {"option": "b"})
    assert sitting().handed_in_at is not None, "every question on screen is answered, and yet it cannot be handed in"
    assert sitting().score == 2 and passed()
    assert visit.get(TEST).status == 200


def test_an_option_that_left_does_not_break_the_question_or_the_result(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit, item = started(app)
    for name in drawn():
        give(visit, name, "c" if name == item else "b")
    change(course / "test.yaml", f'{{id: c, text: "Ook fout {item}"', f'{{id: d, text: "Ook fout {item}"')
    publish(app)
    number = drawn().index(item) + 1
    assert visit.get(f"{TEST}?vraag={number}").status == 200
    assert visit.get(TEST).status == 200
    visit.post(f"{TEST}/indienen")
    assert passed() and visit.get(TEST).status == 200


def test_the_result_of_a_test_whose_questions_left_still_opens(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit, gone = started(app)
    take(visit)
    change(course / "test.yaml", f"- id: {gone}\n", "- id: q9\n")
    publish(app)
    assert "Geslaagd" in visit.get(TEST).text
