"""A warm-up follows from what went least well in the last tries, and is judged by the rules of the course."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from lms.content.models import Classify, Course, OwnQuestion
from lms.errors import Invalid
from lms.learning.rules import Result
from lms.learning.rules.growth import Play, Try
from lms.learning.rules.warm_up import Focus, Item, answer_warm_up, warm_up, warm_up_exercises, weakest_focus
from tests.real_course import real_library

FIRST = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def course() -> Course:
    return real_library().course


def sorting() -> Classify:
    return next(one for one in warm_up_exercises(course()).values() if isinstance(one, Classify))


def tried(answer: dict[str, str], day: int = 0) -> Try:
    return Try(exercise_id=sorting().id, at=FIRST + timedelta(days=day), answer=answer, result=Result.PARTLY)


def right() -> dict[str, str]:
    return {item.id: item.label for item in sorting().items}


def wrong_about(label: str) -> dict[str, str]:
    other = {"open": "gesloten", "gesloten": "open", "suggestief": "open"}
    return {item.id: other[label] if item.label == label else item.label for item in sorting().items}


def asked(text: str, day: int) -> Try:
    own = next(one for one in warm_up_exercises(course()).values() if isinstance(one, OwnQuestion))
    return Try(exercise_id=own.id, at=FIRST + timedelta(days=day), answer={"text": text}, result=Result.SEEN)


def play(day: int, *turns: dict[str, int]) -> Play:
    dialogue = course().dialogues[0]
    return Play(dialogue_id=dialogue.id, ending_id="e", ended_at=FIRST + timedelta(days=day), turns=turns)


def test_nothing_known_or_nothing_wrong_gives_no_focus() -> None:
    assert weakest_focus(course(), [], []) is None
    assert weakest_focus(course(), [tried(right())], []) is None


def test_what_was_not_recognised_is_practised() -> None:
    assert weakest_focus(course(), [tried(wrong_about("suggestief"))], []) is Focus.PUSH
    assert weakest_focus(course(), [tried(wrong_about("gesloten"))], []) is Focus.OPEN


def test_only_the_last_time_counts() -> None:
    """Who learned to recognise them moves on."""
    assert weakest_focus(course(), [tried(right(), 2), tried(wrong_about("suggestief"), 1)], []) is None


def test_a_bijvraag_without_a_word_of_the_youngster_asks_to_follow() -> None:
    tries = [asked("Hoe was dat voor jou?", day) for day in range(3)]
    assert weakest_focus(course(), tries, []) is Focus.FOLLOW
    assert weakest_focus(course(), tries[:2], []) is None


def test_the_goals_of_the_last_conversation_count() -> None:
    good, pushing = {"opent": 2, "duwt_niet": 2, "veilig": 2}, {"opent": 2, "duwt_niet": 2, "veilig": 0}
    assert weakest_focus(course(), [], [play(1, good, good, pushing)]) is Focus.SAFE
    assert weakest_focus(course(), [], [play(1, pushing, pushing, pushing), play(2, good, good, good)]) is None


@pytest.mark.parametrize("focus", Focus)
def test_a_round_has_three_to_five_items_and_the_next_one_has_others(focus: Focus) -> None:
    first, again, following = (warm_up(course(), focus, round_) for round_ in (7, 7, 8))
    assert first == again and 3 <= len(first) <= 5
    assert len({item.id for item in first}) == len(first)
    if focus is not Focus.SAFE:
        assert {item.id for item in first} != {item.id for item in following}


def test_nothing_sensitive_comes_three_minutes_before_the_bell() -> None:
    sensitive = [dialogue for dialogue in course().dialogues if dialogue.sensitive]
    assert sensitive
    shown = {item.said for focus in Focus for round_ in range(30) for item in warm_up(course(), focus, round_)}
    assert not shown & {turn.text for dialogue in sensitive for turn in dialogue.turns}


def best(item: Item, focus: Focus) -> str:
    """The answer that is right, found by trying each."""
    for option in item.options:
        (done,) = answer_warm_up(course(), focus, [item], {item.id: option.id})
        if done.result is Result.RIGHT:
            return option.id
    return "Wat bedoel je daar precies mee?"


@pytest.mark.parametrize("focus", Focus)
def test_every_item_has_a_right_answer_and_says_why(focus: Focus) -> None:
    for round_ in range(12):
        items = warm_up(course(), focus, round_)
        done = answer_warm_up(course(), focus, items, {item.id: best(item, focus) for item in items})
        for item in done:
            assert item.result is (Result.RIGHT if item.options else Result.SEEN)
            assert item.feedback or item.verdict


@pytest.mark.parametrize("spoil", ["", "  ", "bestaat-niet"])
def test_what_is_left_open_is_told(spoil: str) -> None:
    items = warm_up(course(), Focus.OPEN, 1)
    given: dict[str, Any] = {item.id: best(item, Focus.OPEN) for item in items}
    with pytest.raises(Invalid, match="nog één antwoord open"):
        answer_warm_up(course(), Focus.OPEN, items, {**given, items[0].id: spoil})
    with pytest.raises(Invalid, match="nog 2 antwoorden open"):
        answer_warm_up(course(), Focus.OPEN, items, {**given, items[0].id: spoil, items[-1].id: " "})
