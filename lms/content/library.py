"""Finding things in a Library by name, in one step."""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

from lms.content.models import Dialogue, Exercise, Lesson, Library, Model, Module, PlacedClassroom, Session


@dataclass(frozen=True)
class _Index:
    modules: dict[str, Module]
    lessons: dict[tuple[str, str], Lesson]
    exercises: dict[str, Exercise]
    lessons_of: dict[str, Lesson]
    dialogues: dict[str, Dialogue]
    classrooms: dict[str, PlacedClassroom]
    sessions: dict[str, Session]
    fingerprints: dict[str, str]


Content = TypeVar("Content", bound=Model)
Made = TypeVar("Made")


def once_for_each(build: Callable[[Content], Made]) -> Callable[[Content], Made]:
    """``build`` runs once for each object of the content; what it made goes when the object goes."""
    # By identity, because a Library holds dictionaries and has no hash, and because hashing a lesson takes longer
    # than most that is made of it. The weak reference proves that the number still belongs to the same object.
    made: dict[int, tuple[weakref.ref[Content], Made]] = {}

    @wraps(build)
    def get(content: Content) -> Made:
        key = id(content)
        entry = made.get(key)
        if entry is not None and entry[0]() is content:
            return entry[1]
        result = build(content)
        made[key] = (weakref.ref(content, lambda _: made.pop(key, None)), result)
        return result

    return get


def find_module(library: Library, slug: str) -> Module | None:
    """The module with this slug, or None."""
    return _index(library).modules.get(slug)


def find_lesson(library: Library, module_slug: str, lesson_slug: str) -> Lesson | None:
    """The lesson with this address (``/navorming/<module>/<les>``), or None."""
    return _index(library).lessons.get((module_slug, lesson_slug))


def find_exercise(library: Library, exercise_id: str) -> Exercise | None:
    """The exercise of a lesson with this id, or None."""
    return _index(library).exercises.get(exercise_id)


def find_lesson_of(library: Library, exercise_id: str) -> Lesson | None:
    """The lesson in which the exercise with this id stands, or None."""
    return _index(library).lessons_of.get(exercise_id)


def find_dialogue(library: Library, dialogue_id: str) -> Dialogue | None:
    """The dialogue with this id, or None."""
    return _index(library).dialogues.get(dialogue_id)


def find_classroom(library: Library, slug: str) -> PlacedClassroom | None:
    """The exercise with the class of this slug (``/navorming/klas/<slug>``), or None."""
    return _index(library).classrooms.get(slug)


def find_session(library: Library, slug: str) -> Session | None:
    """The written-out session of the toolbox with this slug, or None."""
    return _index(library).sessions.get(slug)


def fingerprint_of(library: Library, exercise_id: str) -> str:
    """The fingerprint of an exercise or a written variant as it is now. Raises KeyError when there is none."""
    return _index(library).fingerprints[exercise_id]


@once_for_each
def _index(library: Library) -> _Index:
    course = library.course
    exercises = {exercise.id: exercise for lesson in course.lessons for exercise in lesson.exercises}
    variants = {item.written_variant.id: item.written_variant for item in course.dialogues if item.written_variant}
    return _Index(
        modules={module.slug: module for module in course.modules},
        lessons={(module.slug, lesson.slug): lesson for module in course.modules for lesson in module.lessons},
        exercises=exercises,
        lessons_of={exercise.id: lesson for lesson in course.lessons for exercise in lesson.exercises},
        dialogues={dialogue.id: dialogue for dialogue in course.dialogues},
        classrooms={one.scenario.slug: one for one in exercises.values() if isinstance(one, PlacedClassroom)},
        sessions={session.slug: session for session in library.sessions},
        fingerprints={
            name: hashlib.sha256(item.model_dump_json().encode()).hexdigest()
            for name, item in (*exercises.items(), *variants.items())
        },
    )
