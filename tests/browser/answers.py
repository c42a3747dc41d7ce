"""Right and wrong answers to an exercise, and the way through a dialogue."""

from __future__ import annotations

from typing import Any

from lms.content.case_models import PlacedFormatCase, PlacedPlanTask, PlacedTimingCase
from lms.content.classroom_models import PlayClassroom
from lms.content.models import (
    Choice,
    Dialogue,
    DialogueOption,
    DialogueTurn,
    Exercise,
    Multiple,
    Order,
    OwnQuestion,
    Reflection,
)
from lms.dev.demo import right_answer
from lms.learning.rules import Result, judge_option


def wrong_answer(exercise: Exercise) -> dict[str, Any]:
    """An answer that is wrong in every part, in the shape that is stored; free text has none, so it is just text."""
    match exercise:
        case Choice():
            return {"choice": next(option.id for option in exercise.options if not option.correct)}
        case Multiple():
            return {"choices": [option.id for option in exercise.options if not option.correct]}
        case Order():
            return {"order": [item.id for item in reversed(exercise.items)]}
        case Reflection():
            return {"text": "Nog niet af."}
        case OwnQuestion():
            return {"text": "Zou je niet beter wat harder werken, en wat vindt Milan daarvan?"}
        case PlacedTimingCase():
            # Dropping the core is wrong; what may go home may not be dropped without need either.
            return {one.id: "skip" for one in exercise.ahead}
        case PlacedFormatCase():
            return {
                "choice": next(one.id for one in exercise.options if judge_option(exercise, one).result is Result.WRONG)
            }
        case PlacedPlanTask():
            # A plan that does not fit is told and not kept, so there is no wrong one to look at afterwards.
            return right_answer(exercise)
        case PlayClassroom():
            raise TypeError("a class is played, not answered")
        case _ if exercise.kind == "classify":
            return {
                item.id: next(label.id for label in exercise.labels if label.id != item.label)
                for item in exercise.items
            }
        case _:
            return {
                pair.id: next(label.id for label in exercise.right if label.id not in pair.accept)
                for pair in exercise.pairs
            }


def best_option(turn: DialogueTurn) -> DialogueOption:
    """What somebody says who follows the youngster."""
    return max(turn.options, key=lambda option: min(option.goals.values()))


def best_way(dialogue: Dialogue) -> list[DialogueOption]:
    """The options from start to ending that follow the youngster."""
    turns = {turn.id: turn for turn in dialogue.turns}
    here, way = dialogue.start, []
    while here in turns:
        way.append(best_option(turns[here]))
        here = way[-1].next
    return way
