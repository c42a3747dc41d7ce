"""An id under which people worked never just vanishes: it is refused, or mapped, and then nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.content.shelf import Shelf
from lms.database import db
from lms.learning import actions
from lms.learning.queries import count_kept, evidence_of
from lms.learning.tables import Completion, Evidence
from lms.permissions import Role
from tests.factories import make_finished, make_person, make_school
from tests.rich_course import change
from tests.visitor import Browser

LESSON = "/navorming/klein/eerste-les"
KINDS = "/navorming/klein/alle-soorten"


def rename(course: Path, file: str, old: str, new: str) -> None:
    change(course / "klein" / file, f"id: {old}\n", f"id: {new}\n")


def move(course: Path, text: str) -> None:
    (course / "moved.yaml").write_text(text, "utf-8")


def answer(app: Flask, person_id: int, exercise_id: str, given: dict[str, str]) -> None:
    actions.submit_answer(
        app.extensions["shelf"].library, exercise_id, given, key=f"{person_id}{exercise_id}", by=person_id
    )


def test_a_used_id_that_vanishes_is_refused_with_what_to_write(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    shelf = app.extensions["shelf"]
    good = shelf.library
    answer(app, make_person().id, "x1", {"choice": "a"})
    answer(app, make_person().id, "x1", {"choice": "a"})
    rename(course, "eerste-les.md", "x1", "x1-nieuw")
    assert [str(problem) for problem in shelf.reload()] == [
        'navorming/moved.yaml:1: de oefening "x1" is weg, maar er deden 2 mensen er al iets mee, verwacht onder exercises '
        'de regel "x1: het-nieuwe-id", of "x1: gone" als er niets in de plaats komt'
    ]
    assert shelf.library is good
    staff = Browser(app).sign_in(make_person(role=Role.OS_STAFF))
    assert 'de oefening "x1" is weg' in staff.get("/scholen").text


def test_an_answer_to_an_exercise_that_became_another_kind_is_kept_and_no_longer_judged(
    editable: tuple[Flask, Path],
) -> None:
    app, course = editable
    person = make_person()
    answer(app, person.id, "x1", {"choice": "a"})
    rename(course, "eerste-les.md", "x1", "x1-nieuw")
    move(course, "exercises:\n  x1: x-timing\n")
    assert app.extensions["shelf"].reload() == ()
    learner = Browser(app).sign_in(person)
    assert learner.get(KINDS).status == 200
    assert "Je antwoord past er niet meer bij" in learner.get("/navorming/mijn-antwoorden").text


def test_without_the_question_the_id_would_be_lost(editable: tuple[Flask, Path]) -> None:
    """The sabotaged twin: a shelf that only reads files takes the version in which everybody lost x1."""
    app, course = editable
    answer(app, make_person().id, "x1", {"choice": "a"})
    careless = Shelf(course.parent)
    careless.load()
    rename(course, "eerste-les.md", "x1", "x1-nieuw")
    assert careless.reload() == ()


def test_an_id_that_nobody_used_may_go(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    rename(course, "eerste-les.md", "x1", "x1-nieuw")
    assert app.extensions["shelf"].reload() == ()


@pytest.mark.both
def test_what_was_done_counts_under_the_new_id(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    shelf = app.extensions["shelf"]
    me = make_person(school=(school := make_school()))
    answer(app, me.id, "x1", {"choice": "a"})
    answer(app, me.id, "x-reflection", {"text": "Mijn eigen woorden."})
    rename(course, "eerste-les.md", "x1", "x1-nieuw")
    rename(course, "alle-soorten.md", "x-reflection", "x-notitie")
    move(course, "exercises: {x1: x1-nieuw, x-reflection: x-notitie}\n")
    assert shelf.reload() == ()

    shown = evidence_of(me.id, shelf.library.course)
    assert {"exercise:x1-nieuw", "exercise:x-notitie"} <= shown
    learner = Browser(app).sign_in(me)
    assert "klaar" in learner.get(LESSON).soup.header.find_next("h1").find_previous("p").get_text()
    assert "Mijn eigen woorden." in learner.get(KINDS).text, "what somebody wrote for themselves is not lost either"
    staff = Browser(app).sign_in(make_person(role=Role.OS_STAFF))
    assert "1 van" in staff.get(f"/scholen/{school.id}").soup.get_text()

    # The line may not leave the mapping again: the work still stands under the old id.
    move(course, "exercises: {x-reflection: x-notitie}\n")
    assert [problem.file for problem in shelf.reload()] == ["navorming/moved.yaml"]


def test_the_newest_answer_is_shown_whatever_the_id_was(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    shelf = app.extensions["shelf"]
    me = make_person()
    answer(app, me.id, "x-reflection", {"text": "Eerste woorden."})
    rename(course, "alle-soorten.md", "x-reflection", "x-notitie")
    move(course, "exercises: {x-reflection: x-notitie}\n")
    assert shelf.reload() == ()
    answer(app, me.id, "x-notitie", {"text": "Latere woorden."})
    page = Browser(app).sign_in(me).get(KINDS).text
    assert "Latere woorden." in page and "Eerste woorden." not in page


@pytest.mark.both
def test_what_is_gone_is_refused_no_longer_and_locks_nobody(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    shelf = app.extensions["shelf"]
    done = make_finished(shelf.library)
    kept = count_kept(shelf.library.course.id)
    assert {"exercise:x1", "dialogue:d-mini", "lesson:m1-l3", "test:toets", "course:navorming"} <= set(kept)
    (course / "klein" / "lezen.md").unlink()
    change(course / "klein" / "module.yaml", "lezen.md, ", "")
    assert 'de les "m1-l3" is weg' in str(shelf.reload()[0])
    move(course, "lessons: {m1-l3: gone}\n")
    assert shelf.reload() == ()
    assert Browser(app).sign_in(done).get(f"/pakket/{shelf.library.sessions[0].slug}").status == 200
    assert db.session.scalars(select(Completion.person_id)).all() == [done.id]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("test.yaml", "id: toets", "id: toets-2", 'navorming/test.yaml:1: het id "toets" is weg'),
        ("course.yaml", "id: navorming", "id: navorming-2", 'navorming/course.yaml:1: het id "navorming" is weg'),
    ],
)
def test_the_course_and_its_test_keep_their_id(
    editable: tuple[Flask, Path], file: str, old: str, new: str, said: str
) -> None:
    app, course = editable
    make_finished(app.extensions["shelf"].library)
    change(course / file, old, new)
    assert str(app.extensions["shelf"].reload()[0]).startswith(said)


def test_a_dialogue_that_moved_counts_for_completion(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    shelf = app.extensions["shelf"]
    make_finished(shelf.library)
    change(course / "dialogen" / "d-mini.yaml", "id: d-mini", "id: d-groot")
    change(course / "course.yaml", "d-mini", "d-groot")
    for file in (course / "klein").glob("*.md"):
        file.write_text(file.read_text().replace("dialogue: d-mini", "dialogue: d-groot"))
    assert 'het gesprek "d-mini" is weg' in str(shelf.reload()[0])
    move(course, "dialogues: {d-mini: d-groot}\n")
    assert shelf.reload() == ()
    person_id = db.session.scalars(select(Evidence.person_id)).first()
    assert person_id is not None and "dialogue:d-groot" in evidence_of(person_id, shelf.library.course)
