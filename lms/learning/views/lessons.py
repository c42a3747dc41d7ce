"""A lesson with its exercises, and answering them. Works as plain forms; JavaScript only saves the reload."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from lms.content.library import find_lesson, find_module
from lms.content.models import Lesson, Library, Module
from lms.errors import Invalid, NotFound
from lms.learning import actions, queries
from lms.learning.forms import read_answer, read_key
from lms.learning.rules import first_open, is_lesson_done, module_before
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.learning.views.exercises import TOKEN, Refused, render_exercises
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.kept import Kept
from lms.web.pages import library

_kept = Kept(500)

# Stand for the exercises in the kept HTML; no content file can hold these characters.
_PLACES = re.compile("\ue000ex-([^\ue000]+)\ue000")


def _get_lesson(live: Library, module_slug: str, lesson_slug: str) -> tuple[Module, Lesson]:
    module, lesson = find_module(live, module_slug), find_lesson(live, module_slug, lesson_slug)
    if module is None or lesson is None:
        raise NotFound
    return module, lesson


def _around(live: Library, lesson: Lesson) -> tuple[tuple[Module, Lesson] | None, tuple[Module, Lesson] | None]:
    """The lessons before and after this one, over the modules; None at either end of the course."""
    lessons = [(home, item) for home in live.course.modules for item in home.lessons]
    place = next(index for index, (_, item) in enumerate(lessons) if item.id == lesson.id)
    return lessons[place - 1] if place else None, lessons[place + 1] if place + 1 < len(lessons) else None


def _page(live: Library, module: Module, lesson: Lesson, refused: Refused | None = None) -> str:
    course, me = live.course, visitor()
    shown = queries.evidence_of(me.id, course)
    first = module_before(course, module, shown)
    if first is not None:
        return render_template(
            "learning/not_yet.html", module=module, lesson=lesson, first=first, lesson_url=lesson_url
        )
    exercises = render_exercises(live, module, lesson, shown, me.id, request.args.get("opnieuw", ""), refused)
    return render_template(
        "learning/lesson.html",
        lesson=lesson,
        body=_body(live, module, lesson, shown, exercises, refused),
        refused=refused,
    )


def _body(
    live: Library,
    module: Module,
    lesson: Lesson,
    shown: frozenset[str],
    exercises: Mapping[str, Markup],
    refused: Refused | None,
) -> Markup:
    """The lesson with its exercises in place; an error is shown once and not kept."""
    done = tuple(item.id for item in module.lessons if is_lesson_done(item, shown))
    open_exercise = first_open(lesson, shown)
    stopped = open_exercise.id if open_exercise and not refused else None

    def render() -> str:
        previous, following = _around(live, lesson)
        return render_template(
            "learning/_lesson.html",
            course=live.course, module=module, lesson=lesson, done=done, stopped=stopped, previous=previous,
            following=following, place=_place, token=TOKEN, lesson_url=lesson_url, refused=refused,
        )  # fmt: skip

    html = render() if refused else _kept.html((live.digest, lesson.id, done, stopped), render)
    # In one pass: what somebody wrote in an exercise is never taken for a place.
    html = _PLACES.sub(lambda place: exercises[place[1]], html)
    return Markup(html if lesson.exercises else html.replace(TOKEN, generate_csrf()))  # noqa: S704 - by our templates


def _place(exercise_id: str) -> str:
    return f"\ue000ex-{exercise_id}\ue000"


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
    _, lesson = _get_lesson(live, module_slug, lesson_slug)
    if lesson.exercises:
        raise NotFound
    completed = actions.finish_lesson(live, lesson.id, by=visitor().id)
    _, following = _around(live, lesson)
    target = lesson_url(*following) if following else url_for("learning.test")
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


@blueprint.get("/navorming/<module_slug>/<lesson_slug>/<exercise_id>")
@requires(Permission.LEARN)
def exercise(module_slug: str, lesson_slug: str, exercise_id: str) -> Any:
    """Where a refused answer stood in the address bar: opening it again leads to the exercise."""
    module, lesson = _get_lesson(library(), module_slug, lesson_slug)
    if all(item.id != exercise_id for item in lesson.exercises):
        raise NotFound
    return redirect(lesson_url(module, lesson) + f"#ex-{exercise_id}")
