"""Decisions of the course, without database: judging an answer and the draw of the test; the door to ``progress`` too.

Sources: the exercise kinds and the completion rule of the course blueprint; *deels juist* is a usable
answer that is not the best one, and never counts against anybody.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from lms.content.case_models import FormatOption, PlacedFormatCase, PlacedPlanTask, PlacedTimingCase
from lms.content.models import (
    Choice,
    Classify,
    Exercise,
    Match,
    Multiple,
    Order,
    OwnQuestion,
    Reflection,
    Test,
    TestItem,
)
from lms.didactics.formats import find_broken, suits
from lms.didactics.probing import Verdict, judge_question
from lms.didactics.timing.cases import DECISIONS, Decision, judge_decisions
from lms.errors import Invalid
from lms.learning.rules.plan_task import check_plan
from lms.learning.rules.progress import Step as Step
from lms.learning.rules.progress import course_refs as course_refs
from lms.learning.rules.progress import evidence_ref as evidence_ref
from lms.learning.rules.progress import first_open as first_open
from lms.learning.rules.progress import is_completed as is_completed
from lms.learning.rules.progress import is_covered as is_covered
from lms.learning.rules.progress import is_lesson_done as is_lesson_done
from lms.learning.rules.progress import is_module_done as is_module_done
from lms.learning.rules.progress import is_test_passed as is_test_passed
from lms.learning.rules.progress import lesson_refs as lesson_refs
from lms.learning.rules.progress import minutes_left as minutes_left
from lms.learning.rules.progress import missing_steps as missing_steps
from lms.learning.rules.progress import module_before as module_before
from lms.learning.rules.progress import new_lessons as new_lessons
from lms.learning.rules.progress import next_step as next_step
from lms.learning.rules.progress import still_shown as still_shown

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
        else _part(Result.WRONG, item.feedback, f". Juist is: {labels[item.label].lower()}")
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
        else _part(Result.WRONG, pair.feedback, ". Juist is: " + " of ".join(values[value] for value in pair.accept))
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
