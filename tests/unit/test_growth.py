"""Wat leerde ik?: a learner's first tries beside the last ones, out of what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lms.content.case_models import PlacedFormatCase, PlacedTimingCase
from lms.content.models import Course, OwnQuestion
from lms.didactics.probing import Kind
from lms.didactics.timing.cases import best_decisions
from lms.learning.rules import Result
from lms.learning.rules.growth import SHOWN, Growth, Play, Try, growth_of
from tests.real_course import real_library

COURSE = real_library().course
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPEN, CLOSED = "Wat gebeurde er toen?", "Was dat gisteren?"


def exercise_of(kind: type) -> Any:
    return next(one for lesson in COURSE.lessons for one in lesson.exercises if isinstance(one, kind))


def made(exercise_id: str, answers: Iterable[dict[str, Any]], results: Iterable[Result] = ()) -> list[Try]:
    """Tries one minute after the other, handed over in the wrong order."""
    results = list(results)
    tries = [
        Try(
            exercise_id=exercise_id,
            at=NOW + timedelta(minutes=n),
            answer=answer,
            result=results[n] if results else Result.SEEN,
        )
        for n, answer in enumerate(answers)
    ]
    return tries[::-1]


def grown(tries: Iterable[Try] = (), plays: Iterable[Play] = (), course: Course = COURSE) -> Growth:
    return growth_of(course, tries, plays)


def test_who_did_nothing_has_nothing_to_compare() -> None:
    assert grown() == Growth(openness=None, talks=(), minutes=(), formats=None)
    assert grown(made("weg", [{"text": OPEN}])) == grown()


@pytest.mark.parametrize(("count", "first", "last"), [(1, 1, 0), (2, 1, 1), (3, 1, 1), (7, 3, 3), (30, SHOWN, SHOWN)])
def test_the_first_bijvragen_stand_beside_as_many_last_ones(count: int, first: int, last: int) -> None:
    texts = [CLOSED] * (count // 2) + [OPEN] * (count - count // 2)
    openness = grown(made(exercise_of(OwnQuestion).id, [{"text": text} for text in texts])).openness
    assert openness is not None and openness.total == count
    assert (len(openness.first), len(openness.last)) == (first, last)
    assert {one.kind for one in openness.last} <= {Kind.OPEN}
    assert count == 1 or {(one.text, one.kind) for one in openness.first} == {(CLOSED, Kind.CLOSED)}


def test_a_conversation_shows_its_goals_the_first_and_the_last_time() -> None:
    dialogue = COURSE.dialogues[0]
    endings = {one.rating: one.id for one in dialogue.endings}

    def play(minute: int, rating: str, *turns: dict[str, int]) -> Play:
        at = NOW + timedelta(minutes=minute)
        return Play(dialogue_id=dialogue.id, ending_id=endings.get(rating, "weg"), ended_at=at, turns=turns)

    first = play(0, "zwak", {"opent": 0, "volgt": 1}, {"opent": 1})
    last = play(9, "goed", {"opent": 2, "volgt": 2}, {"opent": 1})
    gone = play(20, "bestaat niet", {"opent": 2})
    (talks,) = grown(plays=[last, gone, first]).talks
    assert talks.times == 2 and talks.last is not None
    assert (talks.first.rating, talks.first.goals) == ("zwak", (("opent", 0, 2), ("volgt", 0, 1)))
    assert (talks.last.rating, talks.last.goals) == ("goed", (("opent", 1, 2), ("volgt", 1, 1)))
    assert grown(plays=[first]).talks[0].last is None
    assert grown(plays=[gone]).talks == ()


def test_minutes_of_a_timing_case_come_from_the_first_and_the_last_try_that_fit() -> None:
    case = exercise_of(PlacedTimingCase)
    keep = {one.id: "keep" for one in case.ahead}
    best = dict(best_decisions(case.taken_from, case.minis, case.available, case.done))
    (minutes,) = grown(made(case.id, [{"weg": "keep"}, keep, best])).minutes
    assert (minutes.times, minutes.last) == (2, 0)
    assert minutes.first == sum(one.minutes for one in case.ahead) - case.available > 0


def test_minutes_of_a_rehearsal_leave_out_what_is_not_at_its_end() -> None:
    def run(number: int, *choices: str) -> dict[str, Any]:
        return {"run": number, "day": 17, "choices": list(choices)}

    answers = [run(1), run(1, "shorten", "go_on"), run(2), run(2, "shorten", "shorten"), run(3, "weg"), {"run": "x"}]
    results = [Result.SEEN, Result.PARTLY, Result.SEEN, Result.RIGHT, Result.WRONG, Result.WRONG]
    (minutes,) = grown(made("m4-l6-wie-ben-jij", answers, results)).minutes
    assert (minutes.times, minutes.first, minutes.last) == (2, 1, 0)


def test_formats_count_the_first_and_the_last_choice_of_each_case() -> None:
    case = exercise_of(PlacedFormatCase)
    chosen = case.options[0]
    tries = made(case.id, [{"choice": "x"}, {"choice": chosen.id}], [Result.WRONG, Result.RIGHT])
    formats = grown(tries).formats
    assert formats is not None
    assert (formats.cases, formats.first, formats.now) == (1, 0, 1)
    assert formats.chosen == (case.text_of(chosen),)
