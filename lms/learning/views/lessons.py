"""A lesson with its exercises, and answering them. Works as plain forms; JavaScript only saves the reload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for

from lms.content.library import find_lesson, find_module
from lms.content.models import Dialogue, Exercise, Lesson, Library, Module, PlayDialogue
from lms.errors import Invalid, NotFound
from lms.learning import actions, queries
from lms.learning.forms import new_key, read_answer, read_key, typed_part
from lms.learning.rules import (
    Answer,
    Judgement,
    Result,
    evidence_ref,
    is_lesson_done,
    judge,
    minutes_left,
    shuffled,
)
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library


@dataclass(frozen=True, kw_only=True)
class ShownExercise:
    """An exercise as it stands on screen. ``checked``: judged and closed; otherwise its fields are open."""

    exercise: Exercise
    answer: Answer
    judgement: Judgement | None
    checked: bool
    key: str
    seed: int
    error: str | None = None
    dialogue: Dialogue | None = None
    played: bool = False

    def part(self, part_id: str) -> str:
        return typed_part(self.answer, part_id)

    def result(self, part_id: str) -> Result | None:
        return self.judgement.parts[part_id].result if self.judgement else None

    def is_closed(self, part_id: str) -> bool:
        """While trying again, what was right stays as it is."""
        return self.judgement is not None and (self.checked or self.result(part_id) is Result.RIGHT)

    def shuffled(self, items: Any) -> list[Any]:
        return shuffled(items, self.seed, self.exercise.id)

    @property
    def count_right(self) -> int:
        return sum(part.result is Result.RIGHT for part in self.judgement.parts.values()) if self.judgement else 0


@dataclass(frozen=True, kw_only=True)
class Refused:
    """An answer that was not complete, to show again as it was typed."""

    exercise_id: str
    answer: Mapping[str, Any]
    message: str


def _get_lesson(live: Library, module_slug: str, lesson_slug: str) -> tuple[Module, Lesson]:
    module, lesson = find_module(live, module_slug), find_lesson(live, module_slug, lesson_slug)
    if module is None or lesson is None:
        raise NotFound
    return module, lesson


def _show(
    live: Library,
    lesson: Lesson,
    shown: frozenset[str],
    person_id: int,
    again: str,
    refused: Refused | None,
) -> dict[str, ShownExercise]:
    last = queries.last_attempts(
        person_id, [item.id for item in lesson.exercises if not isinstance(item, PlayDialogue)]
    )
    dialogues = {dialogue.id: dialogue for dialogue in live.course.dialogues}
    result = {}
    for exercise in lesson.exercises:
        answer: Mapping[str, Any] = last[exercise.id].answer if exercise.id in last else {}
        judgement = _judge_again(exercise, answer)
        error = None
        if refused is not None and refused.exercise_id == exercise.id:
            answer, error, judgement = refused.answer, refused.message, None
        result[exercise.id] = ShownExercise(
            exercise=exercise,
            answer=answer if judgement or error else {},
            judgement=judgement,
            checked=judgement is not None and again != exercise.id,
            key=new_key(),
            seed=person_id,
            error=error,
            dialogue=dialogues.get(exercise.dialogue) if isinstance(exercise, PlayDialogue) else None,
            played=evidence_ref(exercise) in shown,
        )
    return result


def _judge_again(exercise: Exercise, answer: Answer) -> Judgement | None:
    """The judgement of a kept answer; None when there is none or the content changed so that it no longer fits."""
    if not answer:
        return None
    try:
        return judge(exercise, answer)
    except Invalid:
        return None


def _page(live: Library, module: Module, lesson: Lesson, refused: Refused | None = None) -> str:
    course, me = live.course, visitor()
    shown = queries.evidence_of(me.id, course.id)
    lessons = [(home, item) for home in course.modules for item in home.lessons]
    place = next(index for index, (_, item) in enumerate(lessons) if item.id == lesson.id)
    return render_template(
        "learning/lesson.html",
        course=course,
        module=module,
        lesson=lesson,
        shown=_show(live, lesson, shown, me.id, request.args.get("opnieuw", ""), refused),
        done_lessons={item.id for item in module.lessons if is_lesson_done(item, shown)},
        previous=lessons[place - 1] if place else None,
        following=lessons[place + 1] if place + 1 < len(lessons) else None,
        minutes_left=minutes_left(course, shown),
        lesson_url=lesson_url,
        refused=refused,
    )


@blueprint.get("/navorming/<module_slug>/<lesson_slug>")
@requires(Permission.LEARN)
def lesson(module_slug: str, lesson_slug: str) -> str:
    live = library()
    module, lesson = _get_lesson(live, module_slug, lesson_slug)
    return _page(live, module, lesson)


@blueprint.post("/navorming/<module_slug>/<lesson_slug>")
@requires(Permission.LEARN)
def finish_lesson(module_slug: str, lesson_slug: str) -> Any:
    """Mark a lesson without exercises as read and go on."""
    live = library()
    module, lesson = _get_lesson(live, module_slug, lesson_slug)
    if lesson.exercises:
        raise NotFound
    completed = actions.finish_lesson(live, lesson.id, by=visitor().id)
    following = next(iter(module.lessons[module.lessons.index(lesson) + 1 :]), None)
    target = lesson_url(module, following) if following else url_for("learning.course")
    return redirect(url_for("learning.finished") if completed else target, 303)


@blueprint.post("/navorming/<module_slug>/<lesson_slug>/<exercise_id>")
@requires(Permission.LEARN)
def answer(module_slug: str, lesson_slug: str, exercise_id: str) -> Any:
    live = library()
    module, lesson = _get_lesson(live, module_slug, lesson_slug)
    exercise = next((item for item in lesson.exercises if item.id == exercise_id), None)
    if exercise is None:
        raise NotFound
    given = read_answer(exercise, request.form)
    try:
        completed = actions.submit_answer(live, exercise_id, given, key=read_key(request.form), by=visitor().id)
    except Invalid as error:
        return _page(live, module, lesson, Refused(exercise_id=exercise_id, answer=given, message=error.message)), 422
    if completed:
        return redirect(url_for("learning.finished"), 303)
    return redirect(lesson_url(module, lesson) + f"#ex-{exercise_id}", 303)
