"""Three minutes of practice before a session. What is answered here is shown back and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request

from lms.clock import BRUSSELS, now
from lms.errors import Invalid
from lms.learning.queries.growth import list_plays, list_tries
from lms.learning.rules import OWN_QUESTION_LENGTH
from lms.learning.rules.warm_up import (
    FOCUS_LABELS,
    TAKE_ALONG,
    Focus,
    Item,
    answer_warm_up,
    warm_up_exercises,
    weakest_focus,
)
from lms.learning.rules.warm_up import warm_up as make_warm_up
from lms.pack.forms import read_version
from lms.pack.queries import get_plan
from lms.pack.tables import Plan
from lms.pack.views import blueprint
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library


@dataclass(frozen=True, kw_only=True)
class Warming:
    """Which round of which focus somebody does, and whether it follows from their own attempts."""

    focus: Focus
    round_: int
    is_own: bool
    plan: Plan | None


def _read() -> Warming:
    """From the address or the form; without a focus, the one that one's own attempts point to."""
    me, course = visitor(), library().course
    values = request.values
    plan_id = read_version(values, "plan")
    plan = get_plan(plan_id, me.id) if plan_id else None
    asked = next((one for one in Focus if one == values.get("soort")), None)
    # Another day is another round.
    round_ = read_version(values, "ronde") or now().astimezone(BRUSSELS).date().toordinal()
    if asked is not None:
        return Warming(focus=asked, round_=round_, is_own=False, plan=plan)
    tries = list_tries(me.id, list(warm_up_exercises(course)), course)
    own = weakest_focus(course, tries, list_plays(me.id, course))
    return Warming(focus=own or Focus.OPEN, round_=round_, is_own=own is not None, plan=plan)


def _page(warming: Warming, items: tuple[Item, ...], error: str | None = None) -> str:
    return render_template(
        "pack/warm_up.html",
        warming=warming,
        items=items,
        done=bool(items) and items[0].result is not None,
        error=error,
        first_open=next((item.id for item in items if not item.given), items[0].id if items else ""),
        labels=FOCUS_LABELS,
        take_along=TAKE_ALONG[warming.focus],
        limit=OWN_QUESTION_LENGTH,
    )


@blueprint.get("/pakket/opwarmen")
@requires(Permission.OPEN_PACK)
def warm_up() -> str:
    warming = _read()
    return _page(warming, make_warm_up(library().course, warming.focus, warming.round_))


@blueprint.post("/pakket/opwarmen")
@requires(Permission.OPEN_PACK)
def answer_round() -> Any:
    warming, course = _read(), library().course
    items = make_warm_up(course, warming.focus, warming.round_)
    given = {item.id: request.form.get(item.id, "").replace("\x00", "") for item in items}
    try:
        return _page(warming, answer_warm_up(course, warming.focus, items, given))
    except Invalid as error:
        typed = tuple(replace(item, given=given[item.id]) for item in items)
        return _page(warming, typed, error.message), 422
