"""The werkvormen: the catalogue with its filter, and a page for each format. Every wish stands in the address."""

from __future__ import annotations

from typing import Any, get_args

from flask import redirect, render_template, request, url_for

from lms.content.format_models import ActivityFormat, Energy, FormatGoal
from lms.content.toolbox_models import Session, ToolboxExercise
from lms.didactics.formats import NEED_WORDS, search
from lms.errors import Invalid, NotFound
from lms.learning.actions.formats import set_favourite
from lms.learning.forms import MINUTES_WISHED, read_wish
from lms.learning.queries.formats import favourites_of
from lms.learning.views import blueprint
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library

# What may be wished for in the address; a star in a filtered list leads back to that list.
WISHES = ("doel", "minuten", "groep", "energie", "oefening", "zonder", "favoriet")


def _wishes() -> dict[str, Any]:
    return {name: request.args.getlist(name) for name in WISHES if name in request.args}


@blueprint.get("/werkvormen")
@requires(Permission.LEARN)
def formats() -> Any:
    live = library()
    found, error = live.formats, None
    mine = favourites_of(visitor().id)
    try:
        found = search(live.formats, read_wish(request.args))
    except Invalid as problem:
        error = problem.message
    if request.args.get("favoriet"):
        found = tuple(one for one in found if one.id in mine)
    page = render_template(
        "learning/formats.html",
        found=found,
        mine=mine,
        wishes=_wishes(),
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


def _get_format(slug: str) -> ActivityFormat:
    activity = next((one for one in library().formats if one.slug == slug), None)
    if activity is None:
        raise NotFound
    return activity


@blueprint.get("/werkvormen/<slug>")
@requires(Permission.LEARN)
def format_page(slug: str) -> str:
    activity = _get_format(slug)
    suits: list[tuple[Session, ToolboxExercise]] = [
        (session, exercise)
        for session in library().sessions
        for exercise in session.exercises
        if exercise.id in activity.suits
    ]
    return render_template(
        "learning/format.html",
        activity=activity,
        suits=suits,
        needs=NEED_WORDS,
        is_favourite=activity.id in favourites_of(visitor().id),
    )


@blueprint.post("/werkvormen/<slug>/favoriet")
@requires(Permission.LEARN)
def favourite_format(slug: str) -> Any:
    """Keep a werkvorm at hand or no longer, and go back to where the star stands: the page, or the filtered list."""
    activity = _get_format(slug)
    set_favourite(activity.id, wanted=request.form.get("wil") == "1", by=visitor().id)
    if request.form.get("terug") != "lijst":
        return redirect(url_for("learning.format_page", slug=slug), 303)
    return redirect(url_for("learning.formats", _anchor=slug, **_wishes()), 303)
