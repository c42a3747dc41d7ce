"""*Wat leerde ik?*: one's own first tries beside the last ones. Nobody else ever sees this page."""

from __future__ import annotations

from flask import render_template, url_for

from lms.content.case_models import PlacedFormatCase, PlacedTimingCase
from lms.content.models import Library, OwnQuestion, PlayDialogue
from lms.content.rehearsal_models import PlacedRehearsal
from lms.learning import queries
from lms.learning.queries.growth import list_plays, list_tries
from lms.learning.rules import is_lesson_done
from lms.learning.rules.growth import growth_of
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.learning.views.dialogues import GOALS
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library

ANSWERED = (OwnQuestion, PlacedTimingCase, PlacedFormatCase, PlacedRehearsal)


def _where_to_practise(live: Library, *kinds: type) -> tuple[str, str] | None:
    """Title and address of the first lesson with an exercise of these kinds, the core first."""
    found = [
        (not lesson.is_core, lesson.title, f"{lesson_url(module, lesson)}#ex-{exercise.id}")
        for module in live.course.modules
        for lesson in module.lessons
        for exercise in lesson.exercises
        if isinstance(exercise, kinds)
    ]
    return min(found, key=lambda one: one[0])[1:] if found else None


@blueprint.get("/navorming/wat-leerde-ik")
@requires(Permission.LEARN)
def growth() -> str:
    live, me = library(), visitor()
    course = live.course
    exercises = [item.id for lesson in course.lessons for item in lesson.exercises if isinstance(item, ANSWERED)]
    shown = queries.evidence_of(me.id, course)
    done = [lesson for lesson in course.lessons if is_lesson_done(lesson, shown)]
    return render_template(
        "learning/growth.html",
        growth=growth_of(course, list_tries(me.id, exercises, course), list_plays(me.id, course)),
        done=len(done),
        extra=sum(not lesson.is_core for lesson in done),
        lessons=len(course.lessons),
        goals=GOALS,
        practise={
            "questions": _where_to_practise(live, OwnQuestion),
            "talks": _where_to_practise(live, PlayDialogue),
            "minutes": _where_to_practise(live, PlacedTimingCase, PlacedRehearsal),
            "formats": _where_to_practise(live, PlacedFormatCase),
        },
        course_url=url_for("learning.course"),
    )
