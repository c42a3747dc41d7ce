"""A session against the clock, decision by decision, with the best run beside one's own at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for

from lms.content.library import fingerprint_of
from lms.content.models import Lesson, Library, Module
from lms.content.rehearsal_models import LessonHour, PlacedRehearsal
from lms.didactics.timing.costs import best_run, cost_lines, cost_of
from lms.didactics.timing.overruns import LAST_DAY
from lms.didactics.timing.rehearsing import CHOICES, Day, Lost, Moment, Overrun, Point, Stretch
from lms.errors import Conflict, Invalid, NotFound
from lms.learning import queries
from lms.learning.actions import rehearsals as actions
from lms.learning.rules.rehearsals import Run, judge_run, read_run
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library

# What became of a block: the words, the tone of its pill and its icon.
FATES = {
    "done": ("klaar", "good", "check"), "broken": ("afgebroken door de bel", "bad", "bell"),
    "lost": ("niet gehaald", "bad", "nokc"), "home": ("mee naar huis", "info", "school"),
    "skipped": ("weggelaten", "lamp", "minus"), "now": ("nu", "lamp", "lamp"), "ahead": ("gepland", "none", "clock"),
    "late": ("na de bel", "bad", "bell"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """One block on the time line: from and until in minutes of its hour, and what became of it (a key of FATES)."""

    name: str
    start: int
    end: int
    fate: str
    planned: int
    extra: int = 0
    overrun: Overrun | None = None

    @property
    def in_class(self) -> bool:
        return self.fate not in ("home", "skipped")


@dataclass(frozen=True, kw_only=True)
class ShownHour:
    """A lesson hour with its time line; ``minute`` is how far it is, None when it is not the hour of now."""

    number: int
    hour: LessonHour
    lines: tuple[Line, ...]
    minute: int | None = None

    @property
    def width(self) -> int:
        """Minutes that the drawing has to show: until the bell, or until the last line that is planned behind it."""
        return max(self.hour.minutes, *(line.end for line in self.lines))


def shown_hours(day: Day, point: Point) -> list[ShownHour]:
    """The time lines of a run: what went by as it went, what comes as it is planned now."""
    result = []
    for index, hour in enumerate(day.rehearsal.hours):
        lines = [_went(stretch) for stretch in point.trail if stretch.hour == index + 1]
        is_now = not point.is_over and index == point.hour
        if index >= point.hour:
            lines += _comes(day, point, index)
        if lines:
            minute = point.minute if is_now and point.trail else None
            result.append(ShownHour(number=index + 1, hour=hour, lines=tuple(lines), minute=minute))
    return result


def _went(stretch: Stretch) -> Line:
    return Line(
        name=stretch.block.name, start=stretch.start, end=stretch.end, fate=stretch.fate,
        planned=stretch.block.minutes, extra=stretch.extra, overrun=stretch.overrun,
    )  # fmt: skip


def _comes(day: Day, point: Point, index: int) -> Iterator[Line]:
    is_now = index == point.hour
    minute, bell = point.minute if is_now else 0, day.rehearsal.minutes[index]
    for block in point.hours[index][point.place if is_now else 0 :]:
        end = minute + block.minutes
        fate = ("late" if end > bell else "ahead") if block.in_class else block.status
        yield Line(name=block.name, start=minute, end=end, fate=fate, planned=block.minutes)
        minute = end


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A run that is over, for the debrief: every decision with its clock time, and what it all cost."""

    moments: tuple[tuple[str, Moment], ...]
    lines: tuple[str, ...]
    over: int


def _outcome(day: Day, point: Point) -> Outcome:
    cost = cost_of(day, point)
    return Outcome(
        moments=tuple((_clock(day, moment), moment) for moment in point.moments),
        lines=cost_lines(cost),
        over=cost.over,
    )


def _clock(day: Day, moment: Moment) -> str:
    return day.rehearsal.hours[moment.hour - 1].clock(moment.minute)


def _get_rehearsal(live: Library, slug: str) -> tuple[PlacedRehearsal, Module, Lesson]:
    for module in live.course.modules:
        for lesson in module.lessons:
            for exercise in lesson.exercises:
                if isinstance(exercise, PlacedRehearsal) and exercise.slug == slug:
                    return exercise, module, lesson
    raise NotFound


def _where(live: Library, rehearsal: PlacedRehearsal, person_id: int) -> tuple[Run | None, Day | None, Point | None]:
    """The run on screen with where it stands; no point when it no longer fits the exercise."""
    attempt = queries.last_attempts(person_id, [rehearsal.id], live.course).get(rehearsal.id)
    run = read_run(attempt.answer) if attempt else None
    if run is None or attempt is None:
        return None, None, None
    day = Day(rehearsal, run.day)
    try:
        point = day.play(run.choices)
    except Lost:
        return run, day, None
    # A run that is over stays readable; one that goes on goes on with the exercise it began with.
    changed = attempt.content_digest != fingerprint_of(live, rehearsal.id)
    return run, day, None if changed and not point.is_over else point


def _page(
    live: Library, slug: str, *, error: str | None = None, field: str = "keuzes", typed: str = "", status: int = 200
) -> tuple[str, int]:
    rehearsal, module, lesson = _get_rehearsal(live, slug)
    run, day, point = _where(live, rehearsal, visitor().id)
    common = {
        "rehearsal": rehearsal, "lesson": lesson, "lesson_address": lesson_url(module, lesson), "run": run,
        "error": (field, error) if error else None, "typed": typed, "last_day": LAST_DAY, "fates": FATES,
    }  # fmt: skip
    if run is None or day is None or point is None:
        first = Day(rehearsal, 1)
        plan = Point(hours=first.start().hours)
        page = render_template(
            "learning/rehearsal_start.html", **common, lost=run is not None, hours=shown_hours(first, plan)
        )
    elif point.open is not None:
        hour = rehearsal.hours[point.hour]
        page = render_template(
            "learning/rehearsal.html", **common, moment=point.open, hours=shown_hours(day, point), choices=CHOICES,
            clock=_clock(day, point.open), bell=hour.clock(hour.minutes),
            position=len(run.choices), last=next(one for one in reversed(point.trail) if one.fate == "done"),
        )  # fmt: skip
    else:
        best = best_run(day)
        page = render_template(
            "learning/rehearsal_end.html", **common, result=judge_run(day, point).value, choices=CHOICES,
            own=_outcome(day, point), best=_outcome(day, best), hours=shown_hours(day, point),
            best_hours=shown_hours(day, best),
        )  # fmt: skip
    return page, status


@blueprint.get("/navorming/doorloop/<slug>")
@requires(Permission.LEARN)
def rehearsal(slug: str) -> Any:
    return _page(library(), slug)


@blueprint.post("/navorming/doorloop/<slug>")
@requires(Permission.LEARN)
def decide_rehearsal(slug: str) -> Any:
    live = library()
    exercise, _, _ = _get_rehearsal(live, slug)
    try:
        completed = actions.decide(
            live, exercise.id, run=_number("run"), position=_number("position"),
            choice=request.form.get("choice", ""), by=visitor().id,
        )  # fmt: skip
    except Invalid as error:
        return _page(live, slug, error=error.message, status=422)
    except Conflict as error:
        return _page(live, slug, error=error.message, field="nu", status=409)
    return _go_on(slug, completed)


@blueprint.post("/navorming/doorloop/<slug>/begin")
@requires(Permission.LEARN)
def begin_rehearsal(slug: str) -> Any:
    """Begin, or begin again: on the day that was typed or pressed, or on any day when there is none."""
    live = library()
    exercise, _, _ = _get_rehearsal(live, slug)
    typed = request.form.get("day", "").strip()
    try:
        day = None if not typed else int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 4 else 0
        completed = actions.begin(live, exercise.id, after=_number("run"), day=day, by=visitor().id)
    except Invalid as error:
        return _page(live, slug, error=error.message, field="dag", typed=typed, status=422)
    return _go_on(slug, completed)


def _number(name: str) -> int:
    """A number that our form carries. Raises Invalid when the form is not ours."""
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise Invalid("Deze pagina is niet volledig geladen. Laad ze opnieuw en kies nog eens.")
    return int(text)


def _go_on(slug: str, completed: bool) -> Any:
    target = url_for("learning.finished") if completed else url_for("learning.rehearsal", slug=slug) + "#nu"
    return redirect(target, 303)
