"""What rules make of cases and classes, for whoever reads the content over before it is live."""

from __future__ import annotations

from lms.content.case_models import PlacedFormatCase, PlacedPlanTask, PlacedTimingCase
from lms.content.classroom_models import PlacedClassroom, Scenario
from lms.content.models import Exercise
from lms.content.rehearsal_models import PlacedRehearsal
from lms.content.review import AnswerLine, list_answers
from lms.didactics.timing.cases import DECISIONS, best_decisions
from lms.learning.rules import judge, judge_option


def list_all_answers(exercise: Exercise) -> list[AnswerLine]:
    """Every answer of an exercise of any kind; of a timing case, what the best plan decides.

    The files do not say what is right in a case, so what is shown here is what a learner would be told.
    """
    match exercise:
        case PlacedTimingCase():
            return _timing_answers(exercise)
        case PlacedFormatCase():
            judged = [(exercise.text_of(option), judge_option(exercise, option)) for option in exercise.options]
            return [AnswerLine(text=text, verdict=part.title, feedback=part.feedback) for text, part in judged]
        case PlacedPlanTask():
            # Every plan that keeps the rules is right, so there is only what is told afterwards.
            return [AnswerLine(text="Elk plan dat past", verdict="Juist", feedback=exercise.feedback)]
        case PlacedClassroom():
            return _class_lines(exercise.scenario)
        case PlacedRehearsal():
            return _disruptions(exercise)
    return list_answers(exercise)


def _disruptions(exercise: PlacedRehearsal) -> list[AnswerLine]:
    """What may overrun, with what is said about it afterwards."""
    lines = [
        AnswerLine(text=one.scene, verdict=f"{one.minutes.min} tot {one.minutes.max} minuten", feedback=one.lesson)
        for one in exercise.disruptions
    ]
    return [*lines, AnswerLine(text="Over het geheel", feedback=exercise.feedback)]


def _timing_answers(exercise: PlacedTimingCase) -> list[AnswerLine]:
    best = best_decisions(exercise.taken_from, exercise.minis, exercise.available, exercise.done)
    judgement = judge(exercise, best)
    lines = [
        AnswerLine(text=one.name, verdict=DECISIONS[best[one.id]], feedback=judgement.parts[one.id].feedback)
        for one in exercise.ahead
    ]
    return [*lines, AnswerLine(text="Over het geheel", feedback=judgement.feedback or "")]


def _class_lines(scenario: Scenario) -> list[AnswerLine]:
    """Everything that may be heard in a class, youngster by youngster, and what the begeleider can say."""
    heard = [
        AnswerLine(text=f"{one.name}: {line.text}", verdict=line.depth, feedback=line.follow or "")
        for one in scenario.youngsters
        for thread in one.threads
        for line in thread
    ]
    return [*heard, *(AnswerLine(text=one.text, verdict=one.kind) for one in scenario.questions)]
