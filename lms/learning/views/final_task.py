"""The final task: a plan for one's own group, on a page of its own. Judged and kept like any exercise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for

from lms.content.case_models import PlacedPlanTask
from lms.content.models import Lesson, Library, Module
from lms.didactics.timing.adjusting import fitting_times
from lms.didactics.timing.hours import hours_text
from lms.didactics.timing.parts import is_core, parts_of
from lms.didactics.timing.plans import Block, DoesNotFit, Plan
from lms.didactics.timing.tasks import HOME, SKIP, decide, written
from lms.errors import Invalid, NotFound
from lms.learning import actions, queries
from lms.learning.forms import new_key, read_answer, read_key
from lms.learning.rules import module_before
from lms.learning.rules.plan_task import OwnSession, find_plan_task, fit_own_session, read_own_session
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library


@dataclass(frozen=True, kw_only=True)
class Line:
    """A block to decide about: names and minutes, and nothing else of the fiche."""

    block: Block
    core: bool
    floor: int
    typed: str


def _find(live: Library) -> tuple[Module, Lesson, PlacedPlanTask]:
    """The final task of the course, with where it stands. Raises NotFound for a course without one."""
    task = find_plan_task(live.course)
    if task is None:
        raise NotFound
    return next(
        (module, lesson, task)
        for module in live.course.modules
        for lesson in module.lessons
        if task in lesson.exercises
    )


def _lines(asked: OwnSession, plan: Plan, given: dict[str, str]) -> list[Line]:
    typed = written(plan.blocks) | given
    lines = []
    for block in plan.blocks:
        own = [part for part in parts_of(asked.session) if block.id in (part.id, part.exercise.id)]
        lines.append(
            Line(
                block=block,
                core=not own or is_core(asked.session, own[0].exercise),
                floor=sum(part.floor for part in own),
                typed=typed.get(block.id, ""),
            )
        )
    return lines


def _page(live: Library, answer: Mapping[str, Any], *, errors: list[str] | None = None, is_done: bool = False) -> str:
    """The page for what was chosen until now; ``errors`` are about the blocks."""
    module, lesson, task = _find(live)
    asked, plan, problem, impossible = None, None, None, None
    instead: tuple[str, ...] = ()
    if answer.get("session") or answer.get("time"):
        try:
            asked = read_own_session(task, answer)
            plan = fit_own_session(task, asked)
        except Invalid as error:
            problem = error.message
        except DoesNotFit as error:
            impossible = error.message
            assert asked is not None
            instead = tuple(hours_text(hours) for hours in fitting_times(asked.session, task.minis))
    return render_template(
        "learning/final_task.html",
        module=module, lesson=lesson, task=task, answer=answer, asked=asked, plan=plan, problem=problem,
        impossible=impossible, instead=instead, errors=errors or [], key=new_key(), is_done=is_done,
        lines=_lines(asked, plan, answer.get("blocks") or {}) if asked and plan else [],
        hours_text=hours_text, home=HOME, skip=SKIP, lesson_url=lesson_url,
    )  # fmt: skip


@blueprint.get("/navorming/eindtaak")
@requires(Permission.LEARN)
def final_task() -> Any:
    """Choose a session and the time there is, and see the plan that fits; what was handed in stands there again."""
    live, me = library(), visitor()
    module, lesson, task = _find(live)
    first = module_before(live.course, module, queries.evidence_of(me.id, live.course))
    if first is not None:
        return render_template(
            "learning/not_yet.html", module=module, lesson=lesson, first=first, lesson_url=lesson_url
        )
    last = queries.last_attempts(me.id, [task.id], live.course).get(task.id)
    if request.args:
        return _page(live, read_answer(task, request.args), is_done=last is not None)
    return _page(live, last.answer if last else {}, is_done=last is not None)


@blueprint.post("/navorming/eindtaak")
@requires(Permission.LEARN)
def hand_in_plan() -> Any:
    live = library()
    module, lesson, task = _find(live)
    answer = read_answer(task, request.form)
    try:
        completed = actions.submit_answer(live, task.id, answer, key=read_key(request.form), by=visitor().id)
    except Invalid as error:
        return _page(live, answer, errors=_flaws(task, answer) or [error.message]), 422
    if completed:
        return redirect(url_for("learning.finished"), 303)
    return redirect(lesson_url(module, lesson) + f"#ex-{task.id}", 303)


def _flaws(task: PlacedPlanTask, answer: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with the blocks, one by one; nothing when they cannot even be read."""
    try:
        asked = read_own_session(task, answer)
        plan = decide(asked.session, asked.hours, task.minis, dict(answer.get("blocks") or {}))
    except (Invalid, DoesNotFit):
        return []
    return [flaw.text for flaw in plan.flaws]
