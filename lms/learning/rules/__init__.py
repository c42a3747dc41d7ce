"""Decisions of the course, without database: judging an answer, what is done, the draw of the test.

Sources: the exercise kinds and the completion rule of the course blueprint; *deels juist* is a usable
answer that is not the best one, and never counts against anybody.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from lms.content.case_models import FormatOption, PlacedFormatCase, PlacedPlanTask, PlacedTimingCase
from lms.content.library import once_for_each
from lms.content.models import (
    Choice,
    Classify,
    CoreExercises,
    Course,
    DialoguesPlayed,
    Exercise,
    Lesson,
    Match,
    Module,
    Multiple,
    Order,
    OwnQuestion,
    PlayDialogue,
    Reflection,
    Test,
    TestItem,
)
from lms.didactics.formats import find_broken, suits
from lms.didactics.probing import Verdict, judge_question
from lms.didactics.timing.cases import DECISIONS, Decision, judge_decisions
from lms.errors import Invalid
from lms.learning.rules.plan_task import check_plan

REFLECTION_LENGTH = 5000
OWN_QUESTION_LENGTH = 300
T = TypeVar("T")


class Result(enum.StrEnum):
    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    SEEN = "seen"  # a reflection or an own bijvraag: nothing is right or wrong


@dataclass(frozen=True, kw_only=True)
class Part:
    """The judgement of one part of an answer: an item, a pair, an option or a place."""

    result: Result
    title: str
    feedback: str


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """``parts`` by the id of the part; ``feedback`` for the whole, where there is one; ``verdict`` on a bijvraag."""

    result: Result
    parts: Mapping[str, Part]
    feedback: str | None = None
    verdict: Verdict | None = None


Answer = Mapping[str, Any]

WORDS = {Result.RIGHT: "Juist", Result.PARTLY: "Deels juist", Result.WRONG: "Niet juist"}


def judge(exercise: Exercise, answer: Answer) -> Judgement:
    """Judge a complete answer. Raises Invalid, saying what is missing, when it is incomplete or does not fit."""
    match exercise:
        case Choice():
            return _judge_choice(exercise, answer)
        case Multiple():
            return _judge_multiple(exercise, answer)
        case Classify():
            return _judge_classify(exercise, answer)
        case Match():
            return _judge_match(exercise, answer)
        case Order():
            return _judge_order(exercise, answer)
        case Reflection():
            return _judge_reflection(answer)
        case OwnQuestion():
            return _judge_own_question(exercise, answer)
        case PlacedTimingCase():
            return _judge_timing(exercise, answer)
        case PlacedFormatCase():
            return _judge_format(exercise, answer)
        case PlacedPlanTask():
            return Judgement(result=Result.RIGHT, parts={}, feedback=check_plan(exercise, answer))
        case _:
            raise Invalid("Dit speel je op zijn eigen pagina.")


def _part(result: Result, feedback: str, extra: str = "") -> Part:
    return Part(result=result, title=WORDS[result] + extra, feedback=feedback)


def _total(parts: Mapping[str, Part]) -> Result:
    results = {part.result for part in parts.values()}
    return results.pop() if len(results) == 1 else Result.PARTLY


def _judge_choice(exercise: Choice, answer: Answer) -> Judgement:
    option = next((option for option in exercise.options if option.id == answer.get("choice")), None)
    if option is None:
        raise Invalid("Kies eerst een antwoord.")
    result = Result.RIGHT if option.correct else Result.PARTLY if option.usable else Result.WRONG
    return Judgement(result=result, parts={"choice": _part(result, option.feedback)})


def _judge_multiple(exercise: Multiple, answer: Answer) -> Judgement:
    ticked = set(answer.get("choices") or ())
    if not ticked or not ticked <= {option.id for option in exercise.options}:
        raise Invalid("Duid minstens één antwoord aan.")
    parts = {
        option.id: _part(Result.RIGHT if (option.id in ticked) == option.correct else Result.WRONG, option.feedback)
        for option in exercise.options
    }
    return Judgement(result=_total(parts), parts=parts)


def _missing(count: int) -> Invalid:
    return Invalid("Er is nog één antwoord open." if count == 1 else f"Er zijn nog {count} antwoorden open.")


def _judge_classify(exercise: Classify, answer: Answer) -> Judgement:
    labels = {label.id: label.text for label in exercise.labels}
    missing = [item.id for item in exercise.items if answer.get(item.id) not in labels]
    if missing:
        raise _missing(len(missing))
    parts = {
        item.id: _part(Result.RIGHT, item.feedback)
        if answer[item.id] == item.label
        else _part(Result.WRONG, item.feedback, f": {labels[item.label].lower()}")
        for item in exercise.items
    }
    return Judgement(result=_total(parts), parts=parts)


def _judge_match(exercise: Match, answer: Answer) -> Judgement:
    values = {label.id: label.text for label in exercise.right}
    missing = [pair.id for pair in exercise.pairs if answer.get(pair.id) not in values]
    if missing:
        raise _missing(len(missing))
    parts = {
        pair.id: _part(Result.RIGHT, pair.feedback)
        if answer[pair.id] in pair.accept
        else _part(Result.WRONG, pair.feedback, ": " + " of ".join(values[value] for value in pair.accept))
        for pair in exercise.pairs
    }
    return Judgement(result=_total(parts), parts=parts)


def _judge_order(exercise: Order, answer: Answer) -> Judgement:
    right = [item.id for item in exercise.items]
    given = list(answer.get("order") or ())
    if sorted(given) != sorted(right):
        raise Invalid("Geef elke stap een eigen plaats. Twee stappen kunnen niet op dezelfde plaats staan.")
    parts = {
        item.id: _part(Result.RIGHT if given[place] == item.id else Result.WRONG, item.feedback)
        for place, item in enumerate(exercise.items)
    }
    return Judgement(result=_total(parts), parts=parts, feedback=exercise.feedback)


def _judge_reflection(answer: Answer) -> Judgement:
    text = str(answer.get("text") or "").strip()
    if not text:
        raise Invalid("Schrijf eerst iets voor jezelf, al is het één zin.")
    if len(text) > REFLECTION_LENGTH:
        raise Invalid(f"Je tekst telt {len(text)} tekens. Kort hem in tot hoogstens {REFLECTION_LENGTH}.")
    return Judgement(result=Result.SEEN, parts={})


def _judge_own_question(exercise: OwnQuestion, answer: Answer) -> Judgement:
    text = str(answer.get("text") or "").strip()
    if not text:
        raise Invalid("Schrijf eerst je bijvraag. Eén zin volstaat.")
    if len(text) > OWN_QUESTION_LENGTH:
        raise Invalid(
            f"Je bijvraag telt {len(text)} tekens. Kort ze in tot hoogstens {OWN_QUESTION_LENGTH}: "
            "een korte vraag werkt het best."
        )
    return Judgement(result=Result.SEEN, parts={}, verdict=judge_question(exercise.answer, text))


def _judge_timing(exercise: PlacedTimingCase, answer: Answer) -> Judgement:
    decisions = {one.id: answer.get(one.id) for one in exercise.ahead}
    missing = [name for name, decision in decisions.items() if decision not in DECISIONS]
    if missing:
        raise _missing(len(missing))
    outcome = judge_decisions(
        exercise.taken_from, exercise.minis, exercise.available, exercise.done, cast(dict[str, Decision], decisions)
    )
    parts = {line.exercise.id: _part(Result(line.verdict), line.text) for line in outcome.lines}
    return Judgement(result=Result(outcome.verdict), parts=parts, feedback=f"{outcome.text} {exercise.feedback}")


def judge_option(exercise: PlacedFormatCase, option: FormatOption) -> Part:
    """What one option of a format case is worth: the constraints it breaks, by the catalogue and by its author."""
    activity = exercise.format_of(option)
    broken = find_broken(activity, exercise.situation) if activity else ()
    names = list(dict.fromkeys([*(one.constraint for one in broken), *option.breaks]))
    feedback = " ".join([*(one.text for one in broken), option.feedback])
    if names:
        return _part(Result.WRONG, feedback, ": dit botst met " + " en ".join(names))
    is_made_for_it = activity is None or suits(activity, exercise.situation)
    return _part(Result.RIGHT if is_made_for_it and not option.usable else Result.PARTLY, feedback)


def _judge_format(exercise: PlacedFormatCase, answer: Answer) -> Judgement:
    option = next((option for option in exercise.options if option.id == answer.get("choice")), None)
    if option is None:
        raise Invalid("Kies eerst een antwoord.")
    part = judge_option(exercise, option)
    return Judgement(result=part.result, parts={"choice": part})


def shuffled(items: Sequence[T], *seed: object) -> list[T]:
    """The items in an order that looks random and is always the same for the same seed."""
    result = list(items)
    random.Random(":".join(map(str, seed))).shuffle(result)  # noqa: S311 - an order, not a secret
    if len(result) > 1 and result == list(items):
        result.append(result.pop(0))
    return result


# ── what is done ───────────────────────────────────────────────────────────


def evidence_ref(exercise: Exercise) -> str:
    """The evidence that an exercise leaves once it is answered."""
    if isinstance(exercise, PlayDialogue):
        return f"dialogue:{exercise.dialogue}"
    return f"exercise:{exercise.id}"


def still_shown(course: Course, refs: Iterable[str]) -> frozenset[str]:
    """The evidence as the content of now names it: what moved counts under its new id as well."""
    shown = frozenset(refs)
    moved = course.moved.refs
    return shown.union(new for old in shown if (new := moved.get(old)) is not None) if moved else shown


@once_for_each
def lesson_refs(lesson: Lesson) -> tuple[str, ...]:
    """The evidence that makes a lesson done; a lesson without exercise is done when it is marked as read."""
    return tuple(evidence_ref(exercise) for exercise in lesson.exercises) or (f"lesson:{lesson.id}",)


def is_lesson_done(lesson: Lesson, shown: frozenset[str]) -> bool:
    """Also when it was marked as read before it got exercises: what is asked more, is asked of new learners."""
    return f"lesson:{lesson.id}" in shown or all(ref in shown for ref in lesson_refs(lesson))


def is_covered(module: Module, lesson: Lesson, shown: frozenset[str]) -> bool:
    """A lesson is covered when it is done, or when another lesson of its choice group is."""
    return any(is_lesson_done(item, shown) for item in module.alternatives(lesson))


def is_module_done(module: Module, shown: frozenset[str]) -> bool:
    """A module is done when its core lessons are covered; *verdieping* is never required."""
    return all(is_covered(module, lesson, shown) for lesson in module.lessons if lesson.is_core)


def module_before(course: Course, module: Module, shown: frozenset[str]) -> Module | None:
    """The module that has to be done before this one may be opened; None when it is open."""
    first = next((item for item in course.modules if item.id == module.after), None)
    return None if first is None or is_module_done(first, shown) else first


def is_test_passed(test: Test, shown: frozenset[str]) -> bool:
    return f"test:{test.id}" in shown


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that is still missing: a lesson of a module, or the test (both None)."""

    title: str
    minutes: int
    module: Module | None = None
    lesson: Lesson | None = None


def missing_steps(course: Course, shown: frozenset[str]) -> list[Step]:
    """What still has to be done for completion, in the order of the course. Empty means completed."""
    parts = course.completion.parts
    steps = [
        Step(title=lesson.title, minutes=lesson.minutes, module=module, lesson=lesson)
        for module in course.modules
        for lesson in module.lessons
        if any(_is_missing(part, module, lesson, shown) for part in parts)
    ]
    if not is_test_passed(course.test, shown) and any(part.kind == "test_passed" for part in parts):
        steps.append(Step(title=course.test.title, minutes=course.test.minutes))
    return steps


def _is_missing(part: object, module: Module, lesson: Lesson, shown: frozenset[str]) -> bool:
    if isinstance(part, CoreExercises):
        return lesson.is_core and not is_covered(module, lesson, shown)
    if isinstance(part, DialoguesPlayed):
        return any(
            exercise.dialogue in part.needs and evidence_ref(exercise) not in shown
            for exercise in lesson.exercises
            if isinstance(exercise, PlayDialogue)
        )
    return False


def is_completed(course: Course, shown: frozenset[str]) -> bool:
    """Completion is by evidence, never by opening pages."""
    return not missing_steps(course, shown)


def minutes_left(course: Course, shown: frozenset[str]) -> int:
    return sum(step.minutes for step in missing_steps(course, shown))


def next_step(course: Course, steps: Sequence[Step], shown: frozenset[str], last: str | None) -> Step | None:
    """Where somebody goes on, or None when nothing is missing.

    ``steps``: what is missing; ``last``: the evidence they were at last.

    That is the lesson they were in, or what follows it in the same module; otherwise the first thing missing.
    Nobody who began with timing is sent back to module 1 half way.
    """
    if last == f"test:{course.test.id}" and steps and steps[-1].lesson is None:
        return steps[-1]
    for module in course.modules:
        here = next((lesson for lesson in module.lessons if last in lesson_refs(lesson)), None)
        inside = [step for step in steps if step.module is module and step.lesson]
        if here is None or not inside or module_before(course, module, shown) is not None:
            continue
        # Of a choice group another lesson may be named as missing than the one that was begun.
        if not is_lesson_done(here, shown) and any(step.lesson in module.alternatives(here) for step in inside):
            return Step(title=here.title, minutes=here.minutes, module=module, lesson=here)
        place = module.lessons.index(here)
        return next((step for step in inside if step.lesson in module.lessons[place:]), inside[0])
    return steps[0] if steps else None


def first_open(lesson: Lesson, shown: frozenset[str]) -> Exercise | None:
    """Where somebody stopped inside a lesson: its first open exercise; None when it is not begun, or done."""
    exercises = [exercise for exercise in lesson.exercises if evidence_ref(exercise) not in shown]
    return exercises[0] if 0 < len(exercises) < len(lesson.exercises) else None


def course_refs(course: Course) -> frozenset[str]:
    """All the evidence that the course of now can leave, *verdieping* and test included."""
    return frozenset({f"test:{course.test.id}"}).union(*map(lesson_refs, course.lessons))


def new_lessons(course: Course, known: Collection[str] | None, shown: frozenset[str]) -> frozenset[str]:
    """Ids of the lessons with something that came after completion and is still open.

    ``known``: the evidence the course could leave then; None when that was not kept, and then nothing is new.
    What is new is never required (A9): it is only pointed out.
    """
    if known is None:
        return frozenset()
    seen = shown.union(known)
    return frozenset(lesson.id for lesson in course.lessons if not seen.issuperset(lesson_refs(lesson)))


# ── the test ───────────────────────────────────────────────────────────────


def draw_items(test: Test, chance: random.Random) -> list[dict[str, Any]]:
    """Draw a test: per module as many items as its ``draw`` says, critical items always among them.

    Gives ``[{"item": id, "options": [option ids in screen order]}, …]``, module after module.
    """
    drawn: list[TestItem] = []
    for module_id, count in test.draw.items():
        pool = [item for item in test.items if item.module == module_id]
        critical = [item for item in pool if item.critical]
        others = [item for item in pool if not item.critical]
        chosen = critical[:count] + chance.sample(others, max(0, count - len(critical)))
        drawn += chance.sample(chosen, len(chosen))
    return _with_options(drawn, chance)


def draw_again(test: Test, item_ids: Sequence[str], chance: random.Random) -> list[dict[str, Any]]:
    """Only these items, in the shape of ``draw_items``: critical ones that are taken again on their own."""
    return _with_options([item for item in test.items if item.id in item_ids], chance)


def _with_options(items: Sequence[TestItem], chance: random.Random) -> list[dict[str, Any]]:
    return [
        {"item": item.id, "options": [option.id for option in chance.sample(item.options, len(item.options))]}
        for item in items
    ]


@dataclass(frozen=True, kw_only=True)
class Score:
    """``again``: the critical items that alone stand between this test and a pass; empty when more is missing."""

    score: int
    passed: bool
    again: tuple[str, ...] = ()


def score_test(test: Test, answers: Mapping[str, str], drawn: Sequence[str], *, is_retake: bool = False) -> Score:
    """Count the right answers over the drawn items; a wrong critical item never passes.

    A retake holds only critical items, so it needs no pass score. An item that left the content since the
    draw counts in favour of the learner.
    """
    items = {item.id: item for item in test.items}
    known = [item_id for item_id in drawn if item_id in items]
    right = {
        item_id
        for item_id in known
        if any(option.correct and option.id == answers.get(item_id) for option in items[item_id].options)
    }
    wrong_critical = tuple(item_id for item_id in known if items[item_id].critical and item_id not in right)
    enough = is_retake or len(right) + len(drawn) - len(known) >= test.pass_score
    return Score(score=len(right), passed=enough and not wrong_critical, again=wrong_critical if enough else ())
