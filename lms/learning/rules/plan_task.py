"""The final task: reading a plan that somebody made for their own group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.case_models import PlacedPlanTask
from lms.content.models import Course
from lms.content.toolbox_models import Session
from lms.didactics.timing.hours import hours_text, read_hours, read_size
from lms.didactics.timing.plans import DoesNotFit, Plan
from lms.didactics.timing.tasks import OwnPlan, decide, fit_bare
from lms.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class OwnSession:
    """What somebody has: a session, minutes per lesson hour, and how many youngsters."""

    session: Session
    hours: tuple[int, ...]
    size: int


@dataclass(frozen=True, kw_only=True)
class OwnSessionPlan:
    asked: OwnSession
    plan: OwnPlan

    @property
    def text(self) -> str:
        session, size = self.asked.session, self.asked.size
        people = "1 jongere" if size == 1 else f"{size} jongeren"
        return f"Sessie {session.number} ({session.short_title}) in {hours_text(self.asked.hours)} min, met {people}."


def find_plan_task(course: Course) -> PlacedPlanTask | None:
    """The final task of a course, or None for a course without one."""
    exercises = (exercise for lesson in course.lessons for exercise in lesson.exercises)
    return next((one for one in exercises if isinstance(one, PlacedPlanTask)), None)


def read_own_session(task: PlacedPlanTask, answer: Mapping[str, Any]) -> OwnSession:
    """Raises Invalid, saying what is missing."""
    session = next((one for one in task.taken_from if one.slug == answer.get("session")), None)
    if session is None:
        raise Invalid("Kies eerst welke sessie je plant.")
    hours = read_hours(str(answer.get("time") or ""))
    size = read_size(str(answer.get("size") or ""))
    if size is None:
        raise Invalid("Hoeveel jongeren zijn er? Typ een getal.")
    return OwnSession(session=session, hours=hours, size=size)


def fit_own_session(task: PlacedPlanTask, asked: OwnSession) -> Plan:
    """The best plan for it. Raises DoesNotFit."""
    return fit_bare(asked.session, asked.hours, task.minis)


def read_own_plan(task: PlacedPlanTask, answer: Mapping[str, Any]) -> OwnSessionPlan:
    """A plan with what is wrong with it. Raises Invalid when it is not complete, or when no plan is possible."""
    asked = read_own_session(task, answer)
    try:
        plan = decide(asked.session, asked.hours, task.minis, dict(answer.get("blocks") or {}))
    except DoesNotFit as error:
        raise Invalid(error.message) from error
    return OwnSessionPlan(asked=asked, plan=plan)


def check_plan(task: PlacedPlanTask, answer: Mapping[str, Any]) -> str:
    """What is told about a plan that keeps every rule. Raises Invalid with all that is wrong: such a plan is not kept.

    Whoever mends it loses nothing, and a plan that was kept can be run.
    """
    own = read_own_plan(task, answer)
    if own.plan.flaws:
        raise Invalid(" ".join(flaw.text for flaw in own.plan.flaws))
    return f"{own.text} {task.feedback}"
