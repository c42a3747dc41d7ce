"""An exercise as HTML. Most of a lesson page is exercises, so each state of one is rendered once and kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from lms.content.case_models import FormatOption, PlacedFormatCase
from lms.content.models import (
    Dialogue,
    Exercise,
    Lesson,
    Library,
    Module,
    OwnQuestion,
    PlacedClassroom,
    PlayDialogue,
    Reflection,
    Rehearsal,
)
from lms.didactics.first_names import likely_first_name
from lms.didactics.timing.cases import DECISIONS
from lms.errors import Invalid
from lms.learning import queries
from lms.learning.forms import new_key, typed_part
from lms.learning.rules import (
    OWN_QUESTION_LENGTH,
    Answer,
    Judgement,
    Part,
    Result,
    evidence_ref,
    judge,
    judge_option,
    shuffled,
)
from lms.learning.rules.classrooms import is_begun
from lms.web.kept import Kept

# Learners share a few orders of the options, so that they share the rendered exercise too.
ORDERS = 16

# Stand for what differs per page in the kept HTML; no content file can hold these characters.
TOKEN, KEY = "\ue000token\ue000", "\ue000key\ue000"

_kept = Kept(2000)


@dataclass(frozen=True, kw_only=True)
class ShownExercise:
    """An exercise as it stands on screen. ``checked``: judged and closed; otherwise its fields are open."""

    exercise: Exercise
    answer: Answer
    judgement: Judgement | None
    checked: bool
    seed: int
    error: str | None = None
    dialogue: Dialogue | None = None
    played: bool = False
    begun: bool = False
    objected: bool = False
    limit: int = OWN_QUESTION_LENGTH

    def part(self, part_id: str) -> str:
        return typed_part(self.answer, part_id)

    def result(self, part_id: str) -> Result | None:
        return self.judgement.parts[part_id].result if self.judgement else None

    def is_closed(self, part_id: str) -> bool:
        """While trying again, what was right stays as it is."""
        return self.judgement is not None and (self.checked or self.result(part_id) is Result.RIGHT)

    def shuffled(self, items: Any) -> list[Any]:
        return shuffled(items, self.seed, self.exercise.id)

    def option_part(self, option: FormatOption) -> Part:
        """What an option of a format case is worth, to show the ones that were not chosen."""
        if not isinstance(self.exercise, PlacedFormatCase):
            raise TypeError("only a format case judges its options by rules")
        return judge_option(self.exercise, option)

    @property
    def decisions(self) -> list[tuple[str, str]]:
        """What can be decided for an exercise in a timing case."""
        return list(DECISIONS.items())

    @property
    def first_name(self) -> str | None:
        """What is probably the first name of a youngster in an own bijvraag; those of the scene are expected."""
        if not isinstance(self.exercise, OwnQuestion):
            return None
        known = f"{self.exercise.scene} {self.exercise.speaker} {self.exercise.answer} {self.exercise.question}"
        return likely_first_name(self.part("text"), known)

    @property
    def count_right(self) -> int:
        return sum(part.result is Result.RIGHT for part in self.judgement.parts.values()) if self.judgement else 0


@dataclass(frozen=True, kw_only=True)
class Refused:
    """An answer that was not complete, to show again as it was typed."""

    exercise_id: str
    answer: Answer
    message: str


def render_exercises(
    live: Library,
    module: Module,
    lesson: Lesson,
    shown: frozenset[str],
    person_id: int,
    again: str,
    refused: Refused | None,
) -> dict[str, Markup]:
    """The exercises of a lesson by id, as this learner left them; ``again`` is the id of one to try again."""
    last = queries.last_attempts(
        person_id, [item.id for item in lesson.exercises if not isinstance(item, PlayDialogue | Rehearsal)], live.course
    )
    own_questions = [item.id for item in lesson.exercises if isinstance(item, OwnQuestion)]
    objected = queries.list_objected([last[name].id for name in own_questions if name in last])
    dialogues = {dialogue.id: dialogue for dialogue in live.course.dialogues}
    result = {}
    for exercise in lesson.exercises:
        answer: Answer = last[exercise.id].answer if exercise.id in last else {}
        judgement = _judge_again(exercise, answer)
        error = None
        if refused is not None and refused.exercise_id == exercise.id:
            answer, error, judgement = refused.answer, refused.message, None
        it = ShownExercise(
            exercise=exercise,
            answer=answer if judgement or error else {},
            judgement=judgement,
            checked=judgement is not None and again != exercise.id,
            seed=person_id % ORDERS,
            error=error,
            dialogue=dialogues.get(exercise.dialogue) if isinstance(exercise, PlayDialogue) else None,
            played=evidence_ref(exercise) in shown,
            begun=isinstance(exercise, PlacedClassroom) and exercise.id in last and is_begun(last[exercise.id].answer),
            objected=exercise.id in last and last[exercise.id].id in objected,
        )
        result[exercise.id] = _render(it, module, lesson, live.digest)
    return result


def _judge_again(exercise: Exercise, answer: Answer) -> Judgement | None:
    """The judgement of a kept answer; None when there is none or the content changed so that it no longer fits."""
    if not answer:
        return None
    try:
        return judge(exercise, answer)
    except Invalid:
        return None


def _render(it: ShownExercise, module: Module, lesson: Lesson, digest: str) -> Markup:
    # What somebody wrote for themselves is not kept in memory, and an error is shown once.
    is_private = isinstance(it.exercise, Reflection | OwnQuestion) and bool(it.answer)
    if it.error or is_private:
        html = _html(it, module, lesson)
    else:
        answer = json.dumps(dict(it.answer), sort_keys=True)
        state = (digest, it.exercise.id, it.seed, it.checked, it.played, it.begun, answer)
        html = _kept.html(state, lambda: _html(it, module, lesson))
    return Markup(html.replace(TOKEN, generate_csrf()).replace(KEY, new_key()))  # noqa: S704 - made by our templates


def _html(it: ShownExercise, module: Module, lesson: Lesson) -> str:
    return render_template(
        f"exercises/{it.exercise.kind}.html", it=it, module=module, lesson=lesson, token=TOKEN, key=KEY
    )
