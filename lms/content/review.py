"""Content as it is read over before it goes live: every answer at once, and what differs from the live version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.models import (
    Choice,
    Classify,
    Exercise,
    Library,
    Match,
    Multiple,
    Order,
    PlayDialogue,
    Reflection,
)


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """One possible answer, or part of one, with what a learner reads after it."""

    text: str
    verdict: str = ""
    feedback: str = ""


def list_answers(exercise: Exercise) -> list[AnswerLine]:
    """Every answer of an exercise with its verdict and feedback, for whoever reads it over."""
    match exercise:
        case Choice() | Multiple():
            return [AnswerLine(text=i.text, verdict=_verdict(i), feedback=i.feedback) for i in exercise.options]
        case Classify():
            labels = {label.id: label.text for label in exercise.labels}
            return [AnswerLine(text=i.text, verdict=labels[i.label], feedback=i.feedback) for i in exercise.items]
        case Match():
            values = {label.id: label.text for label in exercise.right}
            return [
                AnswerLine(text=i.left, verdict=" of ".join(values[one] for one in i.accept), feedback=i.feedback)
                for i in exercise.pairs
            ]
        case Order():
            steps = [AnswerLine(text=item.text, feedback=item.feedback) for item in exercise.items]
            return [*steps, AnswerLine(text="Over het geheel", feedback=exercise.feedback)]
        case Reflection():
            lines = [AnswerLine(text="Modelantwoord", feedback=exercise.model_answer)]
            return [*lines, *(AnswerLine(text=line) for line in exercise.checklist)]
    return []


def _verdict(option: Any) -> str:
    if option.correct:
        return "Juist"
    return "Deels juist" if getattr(option, "usable", False) else "Niet juist"


@dataclass(frozen=True, kw_only=True)
class Changes:
    """``of``: *new* or *changed* by lesson id and session slug; ``gone``: titles of what is no longer there."""

    of: Mapping[str, str]
    gone: tuple[str, ...]


def what_changed(live: Library, new: Library) -> Changes:
    """What differs between two versions, lesson by lesson and session by session."""
    before = _parts(live)
    after = _parts(new)
    return Changes(
        of={name: "changed" if name in before else "new" for name, part in after.items() if before.get(name) != part},
        gone=tuple(part[0].title for name, part in before.items() if name not in after),
    )


def _parts(library: Library) -> dict[str, tuple[Any, ...]]:
    """Lessons with the dialogues in them, and sessions, by what names them."""
    dialogues = {dialogue.id: dialogue for dialogue in library.course.dialogues}
    parts: dict[str, tuple[Any, ...]] = {session.slug: (session,) for session in library.sessions}
    for lesson in library.course.lessons:
        played = (dialogues[item.dialogue] for item in lesson.exercises if isinstance(item, PlayDialogue))
        parts[lesson.id] = (lesson, *played)
    return parts
