"""What somebody has done of the course, and what is still missing. Evidence alone decides, never an opened page.

Source: the completion rule of the course blueprint.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from lms.content.library import once_for_each
from lms.content.models import CoreExercises, Course, DialoguesPlayed, Exercise, Lesson, Module, PlayDialogue, Test


def evidence_ref(exercise: Exercise) -> str:
    """The evidence that an exercise leaves once it is answered."""
    if isinstance(exercise, PlayDialogue):
        return f"dialogue:{exercise.dialogue}"
    return f"exercise:{exercise.id}"


def still_shown(course: Course, refs: Iterable[str]) -> frozenset[str]:
    """The evidence as the content of now names it: what moved counts under its new id as well."""
    shown = frozenset(refs)
    moved = course.moved.refs
    return shown.union(new for old in shown if (new := moved.get(old)) is not None) if moved else shown


@once_for_each
def lesson_refs(lesson: Lesson) -> tuple[str, ...]:
    """The evidence that makes a lesson done; a lesson without exercise is done when it is marked as read."""
    return tuple(evidence_ref(exercise) for exercise in lesson.exercises) or (f"lesson:{lesson.id}",)


def is_lesson_done(lesson: Lesson, shown: frozenset[str]) -> bool:
    """Also when it was marked as read before it got exercises: what is asked more, is asked of new learners."""
    return f"lesson:{lesson.id}" in shown or all(ref in shown for ref in lesson_refs(lesson))


def is_covered(module: Module, lesson: Lesson, shown: frozenset[str]) -> bool:
    """A lesson is covered when it is done, or when another lesson of its choice group is."""
    return any(is_lesson_done(item, shown) for item in module.alternatives(lesson))


def is_module_done(module: Module, shown: frozenset[str]) -> bool:
    """A module is done when its core lessons are covered; *verdieping* is never required."""
    return all(is_covered(module, lesson, shown) for lesson in module.lessons if lesson.is_core)


def module_before(course: Course, module: Module, shown: frozenset[str]) -> Module | None:
    """The module that has to be done before this one may be opened; None when it is open."""
    first = next((item for item in course.modules if item.id == module.after), None)
    return None if first is None or is_module_done(first, shown) else first


def is_test_passed(test: Test, shown: frozenset[str]) -> bool:
    return f"test:{test.id}" in shown


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that is still missing: a lesson of a module, or the test (both None)."""

    title: str
    minutes: int
    module: Module | None = None
    lesson: Lesson | None = None


def missing_steps(course: Course, shown: frozenset[str]) -> list[Step]:
    """What still has to be done for completion, in the order of the course. Empty means completed."""
    parts = course.completion.parts
    steps = [
        Step(title=lesson.title, minutes=lesson.minutes, module=module, lesson=lesson)
        for module in course.modules
        for lesson in module.lessons
        if any(_is_missing(part, module, lesson, shown) for part in parts)
    ]
    if not is_test_passed(course.test, shown) and any(part.kind == "test_passed" for part in parts):
        steps.append(Step(title=course.test.title, minutes=course.test.minutes))
    return steps


def _is_missing(part: object, module: Module, lesson: Lesson, shown: frozenset[str]) -> bool:
    if isinstance(part, CoreExercises):
        return lesson.is_core and not is_covered(module, lesson, shown)
    if isinstance(part, DialoguesPlayed):
        return any(
            exercise.dialogue in part.needs and evidence_ref(exercise) not in shown
            for exercise in lesson.exercises
            if isinstance(exercise, PlayDialogue)
        )
    return False


def is_completed(course: Course, shown: frozenset[str]) -> bool:
    """Completion is by evidence, never by opening pages."""
    return not missing_steps(course, shown)


def minutes_left(course: Course, shown: frozenset[str]) -> int:
    return sum(step.minutes for step in missing_steps(course, shown))


def next_step(course: Course, steps: Sequence[Step], shown: frozenset[str], last: str | None) -> Step | None:
    """Where somebody goes on, or None when nothing is missing.

    ``steps``: what is missing; ``last``: the evidence they were at last.

    That is the lesson they were in, or what follows it in the same module; otherwise the first thing missing.
    Nobody who began with timing is sent back to module 1 half way.
    """
    if last == f"test:{course.test.id}" and steps and steps[-1].lesson is None:
        return steps[-1]
    for module in course.modules:
        here = next((lesson for lesson in module.lessons if last in lesson_refs(lesson)), None)
        inside = [step for step in steps if step.module is module and step.lesson]
        if here is None or not inside or module_before(course, module, shown) is not None:
            continue
        # Of a choice group another lesson may be named as missing than the one that was begun.
        if not is_lesson_done(here, shown) and any(step.lesson in module.alternatives(here) for step in inside):
            return Step(title=here.title, minutes=here.minutes, module=module, lesson=here)
        place = module.lessons.index(here)
        return next((step for step in inside if step.lesson in module.lessons[place:]), inside[0])
    return steps[0] if steps else None


def first_open(lesson: Lesson, shown: frozenset[str]) -> Exercise | None:
    """Where somebody stopped inside a lesson: its first open exercise; None when it is not begun, or done."""
    exercises = [exercise for exercise in lesson.exercises if evidence_ref(exercise) not in shown]
    return exercises[0] if 0 < len(exercises) < len(lesson.exercises) else None


def course_refs(course: Course) -> frozenset[str]:
    """All the evidence that the course of now can leave, *verdieping* and test included."""
    return frozenset({f"test:{course.test.id}"}).union(*map(lesson_refs, course.lessons))


def new_lessons(course: Course, known: Collection[str] | None, shown: frozenset[str]) -> frozenset[str]:
    """Ids of the lessons with something that came after completion and is still open.

    ``known``: the evidence the course could leave then; None when that was not kept, and then nothing is new.
    What is new is never required (A9): it is only pointed out.
    """
    if known is None:
        return frozenset()
    seen = shown.union(known)
    return frozenset(lesson.id for lesson in course.lessons if not seen.issuperset(lesson_refs(lesson)))
