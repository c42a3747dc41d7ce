"""The map of the course and the page after the last step."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, send_from_directory, url_for

from lms.content.markdown import IMAGE_SUFFIXES
from lms.content.models import Lesson, Module
from lms.errors import NotFound
from lms.learning import queries
from lms.learning.rules import (
    is_lesson_done,
    is_module_done,
    is_test_passed,
    minutes_left,
    missing_steps,
    module_before,
)
from lms.learning.views import blueprint
from lms.permissions import Permission
from lms.schools.queries import list_workplaces
from lms.web.access import requires, visitor
from lms.web.pages import library


def lesson_url(module: Module, lesson: Lesson) -> str:
    """The address of a lesson. It stands on paper and in mails, and a page of the course names nine of them."""
    return f"/navorming/{module.slug}/{lesson.slug}"


@blueprint.get("/navorming")
@requires(Permission.LEARN)
def course() -> str:
    course = library().course
    shown = queries.evidence_of(visitor().id, course)
    steps = missing_steps(course, shown)
    return render_template(
        "learning/course.html",
        course=course,
        done_lessons={lesson.id for lesson in course.lessons if is_lesson_done(lesson, shown)},
        done_modules={module.id for module in course.modules if is_module_done(module, shown)},
        test_passed=is_test_passed(course.test, shown),
        steps=steps,
        started=bool(shown),
        minutes_left=minutes_left(course, shown),
        lesson_url=lesson_url,
        waits_for=lambda module: module_before(course, module, shown),
        workplaces=list_workplaces(visitor().id),
    )


@blueprint.get("/navorming/klaar")
@requires(Permission.LEARN)
def finished() -> Any:
    """After the last step: the attest, the open pack, and what to do now."""
    course = library().course
    attest = queries.find_own_attest(visitor().id, course.id)
    if attest is None:
        return redirect(url_for("learning.course"))
    if not attest.is_valid:
        return redirect(url_for("pack.pack"))
    return render_template("learning/finished.html", attest=attest)


@blueprint.get("/inhoud/navorming/<path:name>")
@requires(Permission.LEARN)
def image(name: str) -> Any:
    """An image of a lesson, from the content folder; nothing else of that folder leaves it."""
    if not name.endswith(IMAGE_SUFFIXES):
        raise NotFound
    return send_from_directory(current_app.extensions["shelf"].folder / "navorming", name)
