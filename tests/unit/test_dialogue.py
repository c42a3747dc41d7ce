"""The conversation as a state machine, and what the conversations of the real course promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from lms.content.models import Dialogue, DialogueOption
from lms.didactics.dialogue import Lost, longest_way, replay
from tests.real_course import real_library

DIALOGUES = real_library().course.dialogues


def option(name: str, following: str) -> dict[str, object]:
    return {"id": name, "text": name, "next": following, "goals": {"opent": 1}, "feedback": "."}


def make() -> Dialogue:
    """n1 → n2 → einde, with a way back from n2 to n1 and a short way from n1."""
    return Dialogue.model_validate(
        {
            "id": "d", "slug": "d", "title": "D", "setting": "S", "start": "n1",
            "turns": [
                {"id": "n1", "speaker": "R", "text": "een", "options": [option("a", "n2"), option("b", "e_zwak")]},
                {"id": "n2", "speaker": "R", "text": "twee", "options": [option("a", "e_goed"), option("terug", "n1")]},
            ],
            "endings": [
                {"id": "e_goed", "rating": "goed", "text": "."}, {"id": "e_zwak", "rating": "zwak", "text": "."}
            ],
        }
    )  # fmt: skip


def test_nothing_said_stands_at_the_start() -> None:
    state = replay(make(), [])
    assert state.turn is not None and state.turn.id == "n1"
    assert state.exchanges == () and state.ending is None


def test_a_replay_walks_to_the_ending() -> None:
    state = replay(make(), [("n1", "a"), ("n2", "a")])
    assert [(exchange.turn.id, exchange.option.id) for exchange in state.exchanges] == [("n1", "a"), ("n2", "a")]
    assert state.turn is None and state.ending is not None and state.ending.id == "e_goed"


def test_a_conversation_may_come_back_to_a_turn() -> None:
    state = replay(make(), [("n1", "a"), ("n2", "terug"), ("n1", "b")])
    assert len(state.exchanges) == 3
    assert state.ending is not None and state.ending.rating == "zwak"


@pytest.mark.parametrize(
    "said",
    [
        [("n2", "a")],
        [("n1", "weg")],
        [("n9", "a")],
        [("n1", "a"), ("n1", "a")],
        [("n1", "b"), ("n2", "a")],
        [("n1", "a"), ("n2", "a"), ("n2", "a")],
    ],
)
def test_what_does_not_fit_the_content_is_lost(said: list[tuple[str, str]]) -> None:
    with pytest.raises(Lost):
        replay(make(), said)


def test_a_step_to_nowhere_is_lost() -> None:
    broken = make().model_copy(update={"endings": ()})
    with pytest.raises(Lost):
        replay(broken, [("n1", "b")])


def test_the_longest_way_counts_turns_and_no_circles() -> None:
    assert longest_way(make()) == 2


# ── the real conversations ─────────────────────────────────────────────────


def play(dialogue: Dialogue, choose: Callable[[tuple[DialogueOption, ...]], DialogueOption]) -> str:
    """The rating somebody gets who always chooses with ``choose``."""
    said: list[tuple[str, str]] = []
    for _ in range(50):
        state = replay(dialogue, said)
        if state.ending is not None:
            return state.ending.rating
        assert state.turn is not None
        said.append((state.turn.id, choose(state.turn.options).id))
    raise AssertionError(f"{dialogue.id} does not end")


def mean(option: DialogueOption) -> float:
    return sum(option.goals.values()) / len(option.goals)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.id)
def test_who_follows_the_youngster_ends_well(dialogue: Dialogue) -> None:
    assert play(dialogue, lambda options: max(options, key=lambda one: (min(one.goals.values()), mean(one)))) == "goed"
    assert play(dialogue, lambda options: max(options, key=mean)) == "goed"


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.id)
def test_who_always_says_the_worst_never_ends_well(dialogue: Dialogue) -> None:
    for choose in (mean, lambda one: min(one.goals.values()), lambda one: max(one.goals.values())):
        assert play(dialogue, lambda options, by=choose: min(options, key=by)) in {"zwak", "matig"}


def ways(dialogue: Dialogue) -> Iterator[tuple[list[DialogueOption], str]]:
    """Every way through without coming back to a turn, with the rating at its end."""
    turns = {turn.id: turn for turn in dialogue.turns}
    ratings = {ending.id: ending.rating for ending in dialogue.endings}

    def walk(here: str, said: list[DialogueOption], seen: frozenset[str]) -> Iterator[tuple[list[DialogueOption], str]]:
        if here in ratings:
            yield said, ratings[here]
        elif here not in seen:
            for one in turns[here].options:
                yield from walk(one.next, [*said, one], seen | {here})

    return walk(dialogue.start, [], frozenset())


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.id)
def test_nobody_ends_well_on_low_scores_alone(dialogue: Dialogue) -> None:
    """A way on which no option is good for any goal does not end *goed*, whatever order it is walked in."""
    walked = list(ways(dialogue))
    assert {"goed"} < {rating for _, rating in walked}
    for said, rating in walked:
        if all(max(one.goals.values()) < 2 for one in said):
            assert rating != "goed", [one.id for one in said]


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.id)
def test_the_counter_of_turns_is_never_exceeded(dialogue: Dialogue) -> None:
    assert max(len(said) for said, _ in ways(dialogue)) == longest_way(dialogue)
