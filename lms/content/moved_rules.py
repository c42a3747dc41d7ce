"""Rules for ``moved.yaml``: an id that people already worked under never just vanishes.

The mapping is read each time progress is read, so the lines of it stay for as long as somebody's work stands under
the old id. Source: decision 14.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lms.content.drafts import Draft
from lms.content.models import GONE, Library
from lms.content.naming import quoted
from lms.content.problems import Problem

FILE = "navorming/moved.yaml"
_WORDS = {
    "exercise": ("de oefening", "exercises"),
    "lesson": ("de les", "lessons"),
    "dialogue": ("het gesprek", "dialogues"),
}


def check(draft: Draft) -> Iterator[Problem]:
    """An old id is free, and the new one exists."""
    if draft.moved is None:
        return
    exercises = {exercise.value.id for lesson in draft.lessons for exercise in lesson.exercises}
    variants = (dialogue.value.written_variant for dialogue in draft.dialogues)
    known = {
        "exercises": exercises | {variant.id for variant in variants if variant is not None},
        "lessons": {lesson.head.value.id for lesson in draft.lessons if lesson.head is not None},
        "dialogues": {dialogue.value.id for dialogue in draft.dialogues},
    }
    for part in ("exercises", "lessons", "dialogues"):
        if part in draft.incomplete or (part == "exercises" and "dialogues" in draft.incomplete):
            continue
        for old, new in getattr(draft.moved.value, part).items():
            if old in known[part]:
                cause = f'"{old}" bestaat nog'
                yield draft.moved.problem((part, old), cause, "een id dat niet meer bestaat")
            elif new != GONE and new not in known[part]:
                expected = f"{GONE}, of het id dat het nu heeft" + quoted(known[part])
                yield draft.moved.problem((part, old), f'"{new}" bestaat niet', expected)


def check_kept(library: Library, kept: Mapping[str, int]) -> list[Problem]:
    """What people did that ``library`` no longer knows. ``kept``: references to how many people did it.

    A reference is ``exercise:…``, ``lesson:…``, ``dialogue:…``, ``test:…`` or ``course:…``.
    """
    course = library.course
    variants = (dialogue.written_variant for dialogue in course.dialogues)
    known = {
        f"course:{course.id}",
        f"test:{course.test.id}",
        *(f"lesson:{lesson.id}" for lesson in course.lessons),
        *(f"exercise:{exercise.id}" for lesson in course.lessons for exercise in lesson.exercises),
        *(f"exercise:{variant.id}" for variant in variants if variant is not None),
        *(f"dialogue:{dialogue.id}" for dialogue in course.dialogues),
        *course.moved.refs,
    }
    return [_vanished(ref, kept[ref]) for ref in sorted(kept) if ref not in known]


def _vanished(ref: str, people: int) -> Problem:
    kind, _, name = ref.partition(":")
    did = "deed 1 iemand er al iets mee" if people == 1 else f"deden {people} mensen er al iets mee"
    if kind in _WORDS:
        word, part = _WORDS[kind]
        expected = f'onder {part} de regel "{name}: het-nieuwe-id", of "{name}: {GONE}" als er niets in de plaats komt'
        return Problem(FILE, 1, f'{word} "{name}" is weg, maar er {did}', expected)
    file = "navorming/test.yaml" if kind == "test" else "navorming/course.yaml"
    return Problem(file, 1, f'het id "{name}" is weg, maar er {did}', f"id: {name} (dit id verandert nooit)")
