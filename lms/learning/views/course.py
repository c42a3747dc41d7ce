"""The map of the course and the page after the last step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import (
    current_app,
    get_template_attribute,
    redirect,
    render_template,
    send_from_directory,
    url_for,
)
from markupsafe import Markup

from lms.content.markdown import IMAGE_SUFFIXES
from lms.content.models import Lesson, Library, Module
from lms.errors import NotFound
from lms.learning import queries
from lms.learning.rules import (
    Step,
    first_open,
    is_lesson_done,
    is_module_done,
    is_test_passed,
    missing_steps,
    module_before,
    new_lessons,
    next_step,
)
from lms.learning.rules.completion import Basis
from lms.learning.views import blueprint
from lms.permissions import Permission
from lms.schools.queries import list_workplaces
from lms.web.access import requires, visitor
from lms.web.kept import Kept
from lms.web.pages import library

# The map shows every lesson of the course; it looks the same for everybody who did the same lessons.
_kept = Kept(300)


def lesson_url(module: Module, lesson: Lesson) -> str:
    """The address of a lesson. It stands on paper and in mails, and a page of the course names nine of them."""
    return f"/navorming/{module.slug}/{lesson.slug}"


def resume_url(step: Step, shown: frozenset[str]) -> str:
    """Where somebody goes on: the test, a lesson, or the exercise of it where they stopped."""
    if step.module is None or step.lesson is None:
        return url_for("learning.test")
    stopped = first_open(step.lesson, shown)
    return lesson_url(step.module, step.lesson) + (f"#ex-{stopped.id}" if stopped else "")


@dataclass(frozen=True, kw_only=True)
class Map:
    """The course for one learner. ``now``: the next step; ``is_open``: the pack; ``new``: ids of lessons."""

    live: Library
    shown: frozenset[str]
    now: Step | None
    is_open: bool
    new: frozenset[str]

    @cached_property
    def done(self) -> tuple[int, ...]:
        """Places of the parts that are done, from 0; the test is the last."""
        course = self.live.course
        modules = [place for place, module in enumerate(course.modules) if is_module_done(module, self.shown)]
        return tuple(modules + [len(course.modules)] * is_test_passed(course.test, self.shown))

    @property
    def here(self) -> int:
        """The place of the part of now; after the last part for who is done."""
        modules = self.live.course.modules
        if self.now is None:
            return len(modules) + 1
        return modules.index(self.now.module) if self.now.module else len(modules)

    @property
    def scene(self) -> Markup:
        parts = len(self.live.course.modules) + 1
        return _kept.html(
            (parts, self.here, self.done),
            lambda: get_template_attribute("components/art.html", "course_scene")(parts, self.here, self.done),
        )

    @property
    def path(self) -> Markup:
        """The list of the parts, with their lessons."""
        course = self.live.course
        lessons = frozenset(lesson.id for lesson in course.lessons if is_lesson_done(lesson, self.shown))
        now = self.now.lesson.id if self.now and self.now.lesson else None
        return _kept.html(
            (self.live.digest, lessons, self.done, self.here, now, self.is_open, self.new),
            lambda: render_template(
                "learning/_path.html",
                course=course,
                done=self.done,
                done_lessons=lessons,
                here=self.here,
                now=now,
                is_open=self.is_open,
                new=self.new,
                waits_for=lambda module: module_before(course, module, self.shown),
                lesson_url=lesson_url,
            ),
        )


@blueprint.get("/navorming")
@requires(Permission.LEARN)
def course() -> str:
    """Where a begeleider begins: what is next, how long it takes, and the whole way there."""
    live, me = library(), visitor()
    course = live.course
    trail = queries.trail_of(me.id, course)
    completion = queries.find_completion(me.id, course.id) if me.has_open_pack else None
    # A pack that O&S opened is no end: whoever goes on with the course gets the attest.
    finished = completion if completion and completion.basis is not Basis.GRANTED else None
    new = new_lessons(course, finished.known_refs, trail.shown) if finished else frozenset()
    # What came after the attest is never required: who completed stays done.
    steps = [] if finished else missing_steps(course, trail.shown)
    step = next_step(course, steps, trail.shown, trail.last)
    return render_template(
        "learning/course.html",
        course=course,
        map=Map(live=live, shown=trail.shown, now=step, is_open=me.has_open_pack, new=new),
        finished=finished is not None,
        step=step,
        step_url=resume_url(step, trail.shown) if step else None,
        started=trail.last is not None,
        minutes_left=sum(item.minutes for item in steps),
        new=[(module, lesson) for module in course.modules for lesson in module.lessons if lesson.id in new],
        lesson_url=lesson_url,
        workplaces=list_workplaces(me.id),
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
