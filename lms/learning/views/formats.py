"""The werkvormen: the catalogue with its filter, and a page for each format. Every wish stands in the address."""

from __future__ import annotations

from typing import Any, get_args

from flask import render_template, request

from lms.content.format_models import Energy, FormatGoal
from lms.content.toolbox_models import Session, ToolboxExercise
from lms.didactics.formats import NEED_WORDS, search
from lms.errors import Invalid, NotFound
from lms.learning.forms import MINUTES_WISHED, read_wish
from lms.learning.views import blueprint
from lms.permissions import Permission
from lms.web.access import requires
from lms.web.pages import library


@blueprint.get("/werkvormen")
@requires(Permission.LEARN)
def formats() -> Any:
    live = library()
    found, error = live.formats, None
    try:
        found = search(live.formats, read_wish(request.args))
    except Invalid as problem:
        error = problem.message
    page = render_template(
        "learning/formats.html",
        found=found,
        total=len(live.formats),
        error=error,
        typed=request.args,
        goals=get_args(FormatGoal),
        energies=get_args(Energy),
        minutes_wished=MINUTES_WISHED,
        needs=NEED_WORDS,
        sessions=live.sessions,
    )
    return page, 422 if error else 200


@blueprint.get("/werkvormen/<slug>")
@requires(Permission.LEARN)
def format_page(slug: str) -> str:
    live = library()
    activity = next((one for one in live.formats if one.slug == slug), None)
    if activity is None:
        raise NotFound
    suits: list[tuple[Session, ToolboxExercise]] = [
        (session, exercise)
        for session in live.sessions
        for exercise in session.exercises
        if exercise.id in activity.suits
    ]
    return render_template("learning/format.html", activity=activity, suits=suits, needs=NEED_WORDS)
