"""How long an exercise really takes: the middle of one value per group, and only from five groups on."""

from __future__ import annotations

import pytest

from lms.pack.rules.durations import Duration, GivenBlock, TimedBlock, real_durations
from lms.pack.rules.logs import Outcome


def block(log_id: int, group: str, actual: int | None, **fields: object) -> TimedBlock:
    values = {"exercise_id": "x", "outcome": Outcome.DONE, **fields}
    return TimedBlock(log_id=log_id, group_mark=group, actual=actual, **values)  # type: ignore[arg-type]


def groups(*minutes: int) -> list[TimedBlock]:
    return [block(100 - number, f"g{number}", taken) for number, taken in enumerate(minutes)]


def test_five_groups_give_the_middle_and_the_middle_half_and_four_give_nothing() -> None:
    assert real_durations(groups(20, 10, 30, 15, 25)) == {"x": Duration(median=20, low=15, high=25, groups=5)}
    assert real_durations(groups(20, 10, 30, 15)) == {}
    assert real_durations([]) == {}


def test_one_group_counts_once_with_its_last_time() -> None:
    """Ten logs of one group are one group."""
    one = [block(100 - number, "g0", 60) for number in range(10)]
    assert real_durations([*one, *groups(0, 10, 20, 30)]) == {}
    blocks = [block(200, "g0", 12), *groups(60, 12, 12, 12, 12)]
    assert real_durations(blocks)["x"] == Duration(median=12, low=12, high=12, groups=5)


def test_the_steps_of_a_split_exercise_are_added_up() -> None:
    blocks = [part for one in groups(10, 10, 10, 10, 10) for part in (one, block(one.log_id, one.group_mark, 5))]
    assert real_durations(blocks)["x"].median == 15


@pytest.mark.parametrize(
    "partly", [{"outcome": Outcome.HOME}, {"outcome": Outcome.SKIPPED}, {"actual": None}, {"actual": 0}]
)
def test_what_was_not_done_wholly_in_class_or_is_not_known_does_not_count(partly: dict[str, object]) -> None:
    blocks = groups(10, 10, 10, 10, 10)
    fields = {"actual": 5, **partly}
    extra = block(blocks[2].log_id, "g2", fields.pop("actual"), **fields)  # type: ignore[arg-type]
    assert real_durations([*blocks, extra]) == {}
    assert real_durations([extra, *blocks]) == {}
    # With a sixth group there are five that did it wholly.
    assert real_durations([*groups(10, 10, 10, 10, 10, 10), extra])["x"].groups == 5


def test_only_minutes_in_class_are_held_against_the_plan() -> None:
    done = GivenBlock(exercise_id="x", outcome=Outcome.DONE, planned=10, actual=14)
    home = GivenBlock(exercise_id="x", outcome=Outcome.HOME, planned=10, actual=14)
    unknown = GivenBlock(exercise_id="x", outcome=Outcome.DONE, planned=10, actual=None)
    assert [one.difference for one in (done, home, unknown)] == [4, None, None]
