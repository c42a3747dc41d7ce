"""Where somebody goes on, where they stopped inside a lesson, and what is new since an attest."""

from __future__ import annotations

from lms.content.models import Course, Lesson, Module
from lms.learning.rules import (
    course_refs,
    evidence_ref,
    first_open,
    is_completed,
    lesson_refs,
    missing_steps,
    new_lessons,
    next_step,
)
from tests.real_course import real_library

REAL = real_library().course


def by_slug(slug: str) -> Lesson:
    return next(lesson for lesson in REAL.lessons if lesson.slug == slug)


def shown_of(*slugs: str) -> frozenset[str]:
    return frozenset(ref for slug in slugs for ref in lesson_refs(by_slug(slug)))


def next_lesson(shown: frozenset[str], last: str | None) -> str | None:
    step = next_step(REAL, missing_steps(REAL, shown), shown, last)
    assert step is not None
    return step.lesson.slug if step.lesson else None


def test_who_begins_begins_with_the_first_lesson_of_the_course() -> None:
    assert next_lesson(frozenset(), None) == missing_steps(REAL, frozenset())[0].lesson.slug  # type: ignore[union-attr]


def test_who_began_elsewhere_goes_on_there() -> None:
    module = next(module for module in REAL.modules if module.slug == "timing")
    first, second = module.lessons[:2]
    assert next_lesson(frozenset(lesson_refs(first)), lesson_refs(first)[-1]) == second.slug


def test_a_lesson_half_done_is_where_somebody_goes_on() -> None:
    lesson = next(lesson for lesson in REAL.lessons if lesson.is_core and len(lesson.exercises) > 1)
    half = frozenset({evidence_ref(lesson.exercises[0])})
    assert next_lesson(half, evidence_ref(lesson.exercises[0])) == lesson.slug
    assert first_open(lesson, half) is lesson.exercises[1]


def test_a_module_that_is_done_leads_back_to_the_first_thing_missing() -> None:
    module = REAL.modules[-1]
    shown = shown_of(*(lesson.slug for lesson in module.lessons))
    last = lesson_refs(module.lessons[-1])[-1]
    assert next_lesson(shown, last) == next_lesson(frozenset(), None)


def fuller(lesson: Lesson) -> Lesson:
    """The lesson with one exercise more."""
    more = lesson.exercises[0].model_copy(update={"id": "x-nieuw"})
    return lesson.model_copy(update={"blocks": (*lesson.blocks, more)})


def with_lessons(course: Course, module: Module, *lessons: Lesson) -> Course:
    """The course with other lessons in one module."""
    changed = module.model_copy(update={"lessons": lessons})
    return course.model_copy(update={"modules": tuple(changed if item is module else item for item in course.modules)})


def test_the_lesson_that_somebody_chose_of_a_group_is_the_one_to_finish() -> None:
    """The group names its default as missing; who began another one goes on with that one."""
    module = next(module for module in REAL.modules if module.choice_group)
    default, *others = module.lessons
    assert module.choice_group is not None and module.choice_group.default == default.id
    other = fuller(others[0])
    course = with_lessons(REAL, module, default, other, *others[1:])
    before = next(item for item in course.modules if item.id == module.after)
    begun = lesson_refs(other)[0]
    shown = shown_of(*(lesson.slug for lesson in before.lessons)) | {begun}
    step = next_step(course, missing_steps(course, shown), shown, begun)
    assert step is not None and step.lesson is other


def test_a_test_that_is_open_is_where_somebody_goes_on() -> None:
    assert next_lesson(frozenset(), f"test:{REAL.test.id}") is None


def test_evidence_that_left_the_course_leads_to_the_first_step() -> None:
    assert next_lesson(frozenset({"exercise:weg"}), "exercise:weg") == next_lesson(frozenset(), None)


def test_whoever_did_everything_has_no_next_step() -> None:
    everything = course_refs(REAL)
    assert is_completed(REAL, everything) and next_step(REAL, [], everything, sorted(everything)[0]) is None


def test_a_lesson_that_is_not_begun_or_done_has_no_place_where_somebody_stopped() -> None:
    lesson = next(lesson for lesson in REAL.lessons if len(lesson.exercises) > 1)
    assert first_open(lesson, frozenset()) is None
    assert first_open(lesson, frozenset(lesson_refs(lesson))) is None


def grown(course: Course) -> Course:
    """The course with one exercise more in its first lesson, and one lesson more at its end."""
    first, last = course.modules[0], course.modules[-1]
    course = with_lessons(course, first, fuller(first.lessons[0]), *first.lessons[1:])
    extra = last.lessons[-1].model_copy(update={"id": "nieuw", "blocks": ()})
    return with_lessons(course, last, *last.lessons, extra)


def test_what_came_after_the_attest_is_new_until_it_is_done() -> None:
    known, later = course_refs(REAL), grown(REAL)
    first = later.lessons[0].id
    assert new_lessons(REAL, known, known) == frozenset()
    assert new_lessons(later, known, known) == {first, "nieuw"}
    assert new_lessons(later, known, known | {"lesson:nieuw"}) == {first}
    assert new_lessons(later, known, known | {"lesson:nieuw", "exercise:x-nieuw"}) == frozenset()


def test_a_lesson_that_was_there_and_left_open_is_not_new() -> None:
    assert new_lessons(REAL, course_refs(REAL), frozenset()) == frozenset()


def test_without_knowing_what_was_there_nothing_is_called_new() -> None:
    assert new_lessons(grown(REAL), None, frozenset()) == frozenset()
