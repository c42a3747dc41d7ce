"""Looking back on one's own answers, per module and lesson. Nobody else ever sees this page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from flask import render_template, request, url_for

from lms.content.case_models import PlacedFormatCase, PlacedPlanTask, PlacedTimingCase
from lms.content.classroom_models import PlacedClassroom
from lms.content.library import find_module, fingerprint_of
from lms.content.models import (
    Choice,
    Classify,
    Dialogue,
    Ending,
    Exercise,
    Lesson,
    Library,
    Match,
    Module,
    Multiple,
    Order,
    PlayDialogue,
    Reflection,
    WrittenVariant,
)
from lms.content.rehearsal_models import PlacedRehearsal
from lms.didactics.classroom import states as classes
from lms.didactics.classroom.debriefing import Debrief, debrief
from lms.didactics.timing.cases import DECISIONS
from lms.didactics.timing.costs import cost_lines, cost_of
from lms.didactics.timing.rehearsing import Day, Lost
from lms.didactics.timing.words import minutes_text
from lms.errors import Invalid, NotFound
from lms.learning import queries
from lms.learning.queries import LastAttempt, LastPlay
from lms.learning.rules import Answer, Judgement, Part, Result, judge
from lms.learning.rules.classrooms import last_led, run_of
from lms.learning.rules.plan_task import read_own_plan
from lms.learning.rules.rehearsals import read_run
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library

# Where a block of a plan is, when it is not in class.
BLOCK_WORDS = {"home": "naar huis", "skipped": "valt weg"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One part of an answer: what was asked, what was given, and what that was worth."""

    given: str
    asked: str | None = None
    part: Part | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One exercise as it is looked back on.

    ``changed``: it is no longer the exercise that was answered. ``fits``: the answer can still be judged by it.
    """

    id: str
    title: str
    at: datetime
    scene: str | None = None
    result: Result | None = None
    lines: tuple[Line, ...] = ()
    feedback: str | None = None
    text: str | None = None
    reflection: Reflection | None = None
    ending: Ending | None = None
    round: Debrief | None = None
    costs: tuple[str, ...] = ()
    url: str | None = None
    changed: bool = False
    fits: bool = True


def _lines(exercise: Exercise, answer: Answer, parts: Judgement) -> Iterator[Line]:
    """The parts of a judged answer in the order of the exercise; none for a kind that has no parts to tell."""
    judged = parts.parts
    match exercise:
        case Choice():
            given = next(option.text for option in exercise.options if option.id == answer["choice"])
            yield Line(given=given, part=judged["choice"])
        case Multiple():
            for option in exercise.options:
                ticked = "aangeduid" if option.id in answer["choices"] else "niet aangeduid"
                yield Line(asked=option.text, given=ticked, part=judged[option.id])
        case Classify():
            labels = {label.id: label.text for label in exercise.labels}
            for item in exercise.items:
                yield Line(asked=item.text, given=labels[answer[item.id]], part=judged[item.id])
        case Match():
            labels = {label.id: label.text for label in exercise.right}
            for pair in exercise.pairs:
                yield Line(asked=pair.left, given=labels[answer[pair.id]], part=judged[pair.id])
        case Order():
            steps = {item.id: item.text for item in exercise.items}
            for place, name in enumerate(answer["order"], start=1):
                yield Line(asked=steps[name], given=f"{place}e stap", part=judged[name])
        case PlacedTimingCase():
            for one in exercise.ahead:
                yield Line(asked=one.name, given=DECISIONS[answer[one.id]], part=judged[one.id])
        case PlacedFormatCase():
            chosen = next(option for option in exercise.options if option.id == answer["choice"])
            yield Line(given=exercise.text_of(chosen), part=judged["choice"])
        case PlacedPlanTask():
            for block in read_own_plan(exercise, answer).plan.blocks:
                yield Line(asked=block.name, given=BLOCK_WORDS.get(block.status, minutes_text(block.minutes)))


def _question(exercise: Exercise) -> str:
    return str(getattr(exercise, "question", "Oefening"))


def _answered(live: Library, exercise: Exercise, last: LastAttempt) -> Entry:
    # The fingerprint of all content is what attempts kept before they kept that of their exercise.
    same = last.content_digest in {fingerprint_of(live, exercise.id), live.digest}
    entry = Entry(id=exercise.id, title=_question(exercise), at=last.created_at, changed=not same)
    try:
        judgement = judge(exercise, last.answer)
        lines = tuple(_lines(exercise, last.answer, judgement))
    except Invalid:
        text = str(last.answer.get("text") or "") or None
        return Entry(id=entry.id, title=entry.title, at=entry.at, text=text, changed=True, fits=False)
    is_reflection = isinstance(exercise, Reflection)
    return Entry(
        id=entry.id,
        title=entry.title,
        at=entry.at,
        scene=getattr(exercise, "scene", None),
        result=None if is_reflection else judgement.result,
        lines=lines,
        feedback=judgement.feedback,
        text=str(last.answer["text"]) if is_reflection else None,
        reflection=exercise if isinstance(exercise, Reflection) else None,
        changed=entry.changed,
    )


def _played(dialogue: Dialogue, play: LastPlay) -> Entry:
    ending = next((item for item in dialogue.endings if item.id == play.ending_id), None)
    return Entry(
        id=dialogue.id,
        title=dialogue.title,
        at=play.ended_at,
        ending=ending,
        changed=ending is None,
        fits=ending is not None,
    )


def _led(live: Library, exercise: PlacedClassroom, last: LastAttempt) -> Iterator[Entry]:
    """The round that was led last, with every move; nothing for a class in which nothing was done."""
    led = last_led(last.answer)
    if not led.get("moves"):
        return
    try:
        run, fits = run_of(exercise, led), True
    except classes.Lost:
        run, fits = run_of(exercise, {}), False
    yield Entry(
        id=exercise.id,
        title=exercise.question,
        at=last.created_at,
        round=debrief(run) if fits else None,
        url=url_for("learning.classroom", slug=exercise.scenario.slug),
        feedback=None if run.is_over or not fits else "Deze ronde is nog niet afgerond.",
        changed=last.content_digest != fingerprint_of(live, exercise.id),
        fits=fits,
    )


def _rehearsed(live: Library, rehearsal: PlacedRehearsal, last: LastAttempt) -> Entry:
    """The last run, also one that is still going on: then there is no result yet."""
    run = read_run(last.answer)
    entry = Entry(
        id=rehearsal.id,
        title=rehearsal.title,
        at=last.created_at,
        scene=rehearsal.scene,
        url=url_for("learning.rehearsal", slug=rehearsal.slug),
        changed=last.content_digest != fingerprint_of(live, rehearsal.id),
    )
    try:
        day = Day(rehearsal, run.day if run else 1)
        point = day.play(run.choices if run else ("",))
    except Lost:
        return replace(entry, changed=True, fits=False)
    if not point.is_over:
        return replace(entry, text=f"Dag {day.number}: je bent nog bezig.")
    return replace(
        entry, result=last.result, text=f"Dag {day.number}, wat het kostte:", costs=cost_lines(cost_of(day, point))
    )


def _read(live: Library, variant: WrittenVariant, last: LastAttempt) -> Entry:
    """A written variant is judged as the choice that it is."""
    choice = Choice(id=variant.id, kind="choice", question=variant.question, options=variant.options)
    return _answered(live, choice, last)


def _entries(
    live: Library, lesson: Lesson, attempts: dict[str, LastAttempt], plays: dict[str, LastPlay]
) -> Iterator[Entry]:
    dialogues = {dialogue.id: dialogue for dialogue in live.course.dialogues}
    for exercise in lesson.exercises:
        if isinstance(exercise, PlayDialogue):
            dialogue = dialogues[exercise.dialogue]
            if dialogue.id in plays:
                yield _played(dialogue, plays[dialogue.id])
            if dialogue.written_variant and dialogue.written_variant.id in attempts:
                yield _read(live, dialogue.written_variant, attempts[dialogue.written_variant.id])
        elif isinstance(exercise, PlacedClassroom) and exercise.id in attempts:
            yield from _led(live, exercise, attempts[exercise.id])
        elif isinstance(exercise, PlacedRehearsal) and exercise.id in attempts:
            yield _rehearsed(live, exercise, attempts[exercise.id])
        elif exercise.id in attempts:
            yield _answered(live, exercise, attempts[exercise.id])


def _without_exercise(live: Library, attempts: dict[str, LastAttempt]) -> list[LastAttempt]:
    """Answers to what is no longer in the course."""
    known = {exercise.id for lesson in live.course.lessons for exercise in lesson.exercises}
    known |= {item.written_variant.id for item in live.course.dialogues if item.written_variant}
    return [last for name, last in attempts.items() if name not in known]


@blueprint.get("/navorming/mijn-antwoorden")
@requires(Permission.LEARN)
def answers() -> str:
    """The last answer to every exercise, of the whole course or of the module of ``?deel=``."""
    live, me = library(), visitor()
    slug = request.args.get("deel", "")
    chosen = find_module(live, slug) if slug else None
    if slug and chosen is None:
        raise NotFound
    attempts, plays = queries.all_last_attempts(me.id, live.course), queries.last_plays(me.id)
    modules: list[tuple[Module, list[tuple[Lesson, list[Entry]]]]] = []
    for module in live.course.modules:
        lessons = [(lesson, list(_entries(live, lesson, attempts, plays))) for lesson in module.lessons]
        if any(entries for _, entries in lessons):
            modules.append((module, [(lesson, entries) for lesson, entries in lessons if entries]))
    return render_template(
        "learning/answers.html",
        course=live.course,
        modules=modules,
        chosen=chosen,
        gone=_without_exercise(live, attempts),
        sitting=queries.find_last_result(me.id, live.course.test.id),
        lesson_url=lesson_url,
    )
