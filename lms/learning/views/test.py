"""The final test: one question a page, changeable until it is handed in, feedback after."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.errors import Conflict, Invalid
from lms.learning import actions, queries
from lms.learning.rules import is_test_passed, missing_steps
from lms.learning.tables import TestSitting
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library


@blueprint.get("/navorming/toets")
@requires(Permission.LEARN)
def test() -> Any:
    return _page()


def _page(error: str | None = None, status: int = 200) -> Any:
    course, me = library().course, visitor()
    sitting = queries.find_open_sitting(me.id, course.test.id)
    if sitting is not None:
        return _question_page(sitting, error), status
    last = queries.find_last_result(me.id, course.test.id)
    if last is not None and request.args.get("nieuw") != "1":
        return _result_page(last), status
    shown = queries.evidence_of(me.id, course)
    steps = [step for step in missing_steps(course, shown) if step.lesson]
    page = render_template(
        "learning/test_start.html",
        course=course,
        test=course.test,
        steps=steps,
        passed=is_test_passed(course.test, shown),
    )
    return page, status


def _question_page(sitting: TestSitting, error: str | None) -> str:
    """The question of ``?vraag=`` (from 1), the first open one, or the overview before handing in."""
    course = library().course
    items = {item.id: item for item in course.test.items}
    # An item that left the content since the draw is passed over; the learner loses nothing by it.
    drawn = [row for row in sitting.drawn if row["item"] in items]
    asked = request.args.get("vraag", "")
    first_open = next((index for index, row in enumerate(drawn) if row["item"] not in sitting.answers), len(drawn))
    number = int(asked) - 1 if re.fullmatch("[0-9]{1,4}", asked) else first_open
    number = number if 0 <= number < len(drawn) else first_open
    if number >= len(drawn):
        questions = [(items[row["item"]], sitting.answers.get(row["item"])) for row in drawn]
        return render_template("learning/test_overview.html", test=course.test, questions=questions)
    row = drawn[number]
    item = items[row["item"]]
    options = {option.id: option for option in item.options}
    return render_template(
        "learning/test_question.html",
        test=course.test,
        item=item,
        options=[options[option_id] for option_id in row["options"] if option_id in options],
        chosen=sitting.answers.get(item.id),
        number=number + 1,
        count=len(drawn),
        error=error,
    )


def _result_page(sitting: TestSitting) -> str:
    course = library().course
    items = {item.id: item for item in course.test.items}
    lessons = {lesson.id: (module, lesson) for module in course.modules for lesson in module.lessons}
    rows = []
    for row in sitting.drawn:
        item = items.get(row["item"])
        if item is None:
            continue
        chosen = next((option for option in item.options if option.id == sitting.answers.get(item.id)), None)
        right = next(option for option in item.options if option.correct)
        module, lesson = lessons[item.lesson]
        rows.append((item, chosen, right, lesson.title, lesson_url(module, lesson)))
    again = actions.score_of(course.test, sitting).again
    return render_template(
        "learning/test_result.html", course=course, test=course.test, sitting=sitting, rows=rows, again=again
    )


@blueprint.post("/navorming/toets")
@requires(Permission.LEARN)
def start_test() -> Any:
    actions.start_test(library(), by=visitor().id, retake="opnieuw" in request.form)
    return redirect(url_for("learning.test"), 303)


@blueprint.post("/navorming/toets/indienen")
@requires(Permission.LEARN)
def hand_in() -> Any:
    try:
        completed = actions.hand_in_test(library(), by=visitor().id)
    except Invalid as error:
        flash(error.message, "bad")
        return redirect(url_for("learning.test"), 303)
    return redirect(url_for("learning.finished" if completed else "learning.test"), 303)


@blueprint.post("/navorming/toets/<item_id>")
@requires(Permission.LEARN)
def answer_item(item_id: str) -> Any:
    try:
        actions.answer_item(library(), item_id, request.form.get("option", ""), by=visitor().id)
    except Invalid as error:
        return _page(error.message, 422)
    except Conflict as error:
        flash(error.message, "info")
    return redirect(url_for("learning.test"), 303)


@blueprint.get("/navorming/toets/<item_id>")
@requires(Permission.LEARN)
def item(item_id: str) -> Any:
    """Where a refused answer stood in the address bar: opening it again leads to the test."""
    return redirect(url_for("learning.test"))
