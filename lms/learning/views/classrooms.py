"""A round with a class of six: what just happened, who sits there how, what to do now; and at the end the debrief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import redirect, render_template, request, url_for

from lms.content.classroom_models import PlacedClassroom, Youngster
from lms.content.library import find_classroom, find_lesson_of, fingerprint_of
from lms.content.models import Library
from lms.didactics.classroom.debriefing import debrief
from lms.didactics.classroom.measures import share
from lms.didactics.classroom.moves import list_moves
from lms.didactics.classroom.states import Lost, Move, Run
from lms.didactics.classroom.wording import Sight, look_at, trust_in_words
from lms.errors import Conflict, Invalid
from lms.learning import actions, queries
from lms.learning.forms import new_key, read_class_step, read_key
from lms.learning.rules import shuffled
from lms.learning.rules.classrooms import LAST_CLASS, run_of
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import error_page, library


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A youngster as they sit there now, and what can be said to them."""

    youngster: Youngster
    sight: Sight
    moves: tuple[Move, ...]


def _gone() -> tuple[str, int]:
    """A class that is not there; it may have left the course between two clicks."""
    return error_page(
        404,
        title="Deze klas is er niet",
        message="Deze klas staat niet (meer) in de navorming. Wat je er deed, blijft bewaard bij je antwoorden.",
        action_url=url_for("learning.course"),
        action_label="Naar de navorming",
    )


def _seats(run: Run) -> list[Seat]:
    moves = list_moves(run.scenario, run.state)
    return [
        Seat(
            youngster=one,
            sight=look_at(run.scenario, run.state, one.id),
            # In another order for each youngster and class: what to say is no place on the screen.
            moves=tuple(shuffled([move for move in moves if move.to == one.id], run.seed, one.id)),
        )
        for one in run.scenario.youngsters
    ]


def _page(live: Library, exercise: PlacedClassroom, error: str | None = None, status: int = 200) -> tuple[str, int]:
    last = queries.last_attempts(visitor().id, [exercise.id], live.course).get(exercise.id)
    answer = last.answer if last else {}
    try:
        run, lost = run_of(exercise, answer), False
    except Lost:
        run, lost = run_of(exercise, {"seed": answer["seed"]}), True
    lesson = find_lesson_of(live, exercise.id)
    module = next(module for module in live.course.modules if lesson in module.lessons)
    page = render_template(
        "learning/classroom.html",
        scenario=exercise.scenario,
        run=run,
        lost=lost,
        # Some words of the class changed since the last move: it can go on, and somebody may wonder.
        changed=last is not None and not lost and last.content_digest != fingerprint_of(live, exercise.id),
        seats=_seats(run),
        to_all=[move for move in list_moves(run.scenario, run.state) if move.to is None and move.kind == "ask"],
        formats=[move for move in list_moves(run.scenario, run.state) if move.kind == "format"],
        looks=debrief(run) if run.is_over else None,
        next_class=run.seed % LAST_CLASS + 1,
        share=share,
        trust_in_words=trust_in_words,
        lesson=lesson,
        lesson_address=lesson_url(module, cast(Any, lesson)),
        key=new_key(),
        error=error,
    )
    return page, status


@blueprint.get("/navorming/klas/<slug>")
@requires(Permission.LEARN)
def classroom(slug: str) -> Any:
    live = library()
    exercise = find_classroom(live, slug)
    return _page(live, exercise) if exercise else _gone()


@blueprint.post("/navorming/klas/<slug>")
@requires(Permission.LEARN)
def play(slug: str) -> Any:
    """A move, or the same or a new class."""
    live = library()
    exercise = find_classroom(live, slug)
    if exercise is None:
        return _gone()
    try:
        completed = actions.play_classroom(
            live, exercise.id, read_class_step(request.form), key=read_key(request.form), by=visitor().id
        )
    except Invalid as error:
        return _page(live, exercise, error.message, 422)
    except Conflict as error:
        return _page(live, exercise, error.message, 409)
    if completed:
        return redirect(url_for("learning.finished"), 303)
    return redirect(url_for("learning.classroom", slug=slug) + "#nu", 303)
