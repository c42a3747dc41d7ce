"""Not agreeing with the verdict on an own bijvraag: the button of the learner, and the page on which O&S reads them."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request

from lms.content.library import find_lesson, find_module
from lms.errors import NotFound
from lms.learning import actions, queries
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library


@blueprint.post("/navorming/<module_slug>/<lesson_slug>/<exercise_id>/niet-eens")
@requires(Permission.LEARN)
def object_to_verdict(module_slug: str, lesson_slug: str, exercise_id: str) -> Any:
    live = library()
    module, lesson = find_module(live, module_slug), find_lesson(live, module_slug, lesson_slug)
    if module is None or lesson is None or all(item.id != exercise_id for item in lesson.exercises):
        raise NotFound
    actions.object_to_verdict(live, exercise_id, by=visitor().id)
    return redirect(lesson_url(module, lesson) + f"#ex-{exercise_id}", 303)


@blueprint.get("/bijvragen")
@requires(Permission.SEE_SCHOOLS)
def objections() -> str:
    asked = request.args.get("pagina", "1")
    page = queries.list_objections(int(asked) if asked[:6].isdecimal() and len(asked) < 7 else 1)
    return render_template("learning/objections.html", page=page)
