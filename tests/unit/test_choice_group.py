"""Of a choice group one lesson is enough, whichever it is."""

from __future__ import annotations

import pytest

from lms.content.models import ChoiceGroup, Course, Lesson, Module
from lms.content.reader import read_library
from lms.learning.rules import is_module_done, missing_steps
from tests.conftest import TINY_COURSE


def lesson(number: int, route: str) -> Lesson:
    return Lesson(id=f"g{number}", slug=f"les-{number}", title=f"Les {number}", minutes=8, route=route)  # type: ignore[arg-type]


GROUP = ChoiceGroup(id="keuze", question="Welke?", rule="Eén is genoeg.", lessons=("g1", "g2", "g3"), default="g1")
MODULE = Module(
    id="mg",
    slug="keuze",
    title="Keuze",
    summary="Kies er één.",
    choice_group=GROUP,
    lessons=(lesson(1, "kern"), lesson(2, "verdieping"), lesson(3, "verdieping"), lesson(4, "verdieping")),
)


@pytest.fixture(scope="module")
def course() -> Course:
    return read_library(TINY_COURSE).course.model_copy(update={"modules": (MODULE,)})


@pytest.mark.parametrize("done", ["g1", "g2", "g3"])
def test_any_lesson_of_the_group_is_enough(course: Course, done: str) -> None:
    assert is_module_done(MODULE, frozenset({f"lesson:{done}"}))
    assert "g1" not in [step.lesson.id for step in missing_steps(course, frozenset({f"lesson:{done}"})) if step.lesson]


def test_a_lesson_outside_the_group_is_not(course: Course) -> None:
    assert not is_module_done(MODULE, frozenset({"lesson:g4"}))


def test_until_then_the_default_stands_in_for_the_choice(course: Course) -> None:
    steps = [step for step in missing_steps(course, frozenset()) if step.lesson]
    assert [(step.lesson.id, step.minutes) for step in steps if step.lesson] == [("g1", 8)]
