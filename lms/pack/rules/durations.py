"""How long an exercise really takes in class, from the logs of many groups; and what was planned against what happened.

A middle value says more than a mean: one group that stayed for an hour would pull a mean along. Below five groups
nothing is said, as one or two groups are no rule and could be recognised.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lms.pack.rules.logs import Mood, Outcome

GROUPS_AT_LEAST = 5


@dataclass(frozen=True, kw_only=True)
class TimedBlock:
    """One block of a log. ``actual`` in minutes, None when it is not known; ``group_mark`` says which group."""

    log_id: int
    group_mark: str
    exercise_id: str
    outcome: Outcome
    actual: int | None


@dataclass(frozen=True, kw_only=True)
class Duration:
    """Whole minutes: the middle value, the ends of the middle half, and of how many groups."""

    median: int
    low: int
    high: int
    groups: int


def real_durations(blocks: Iterable[TimedBlock]) -> dict[str, Duration]:
    """Per exercise that five or more groups did wholly in class, how long it took. ``blocks``: newest log first.

    A group counts once, with its last time. Steps of a split exercise are added up; an exercise of which a step went
    home, or of which the minutes are not known, says nothing about the whole.
    """
    minutes: dict[tuple[str, str, int], int | None] = {}
    for block in blocks:
        key = (block.exercise_id, block.group_mark, block.log_id)
        known = minutes.get(key, 0)
        whole = block.outcome is Outcome.DONE and block.actual and known is not None
        minutes[key] = (known or 0) + (block.actual or 0) if whole else None
    last: dict[str, dict[str, int]] = {}
    for (exercise_id, group_mark, _), taken in minutes.items():
        if taken is not None:
            last.setdefault(exercise_id, {}).setdefault(group_mark, taken)
    return {
        exercise_id: _duration(sorted(of_groups.values()))
        for exercise_id, of_groups in last.items()
        if len(of_groups) >= GROUPS_AT_LEAST
    }


def _duration(values: list[int]) -> Duration:
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Duration(median=round(median), low=round(low), high=round(high), groups=len(values))


@dataclass(frozen=True, kw_only=True)
class GivenBlock:
    """A block of one's own log. ``actual`` is None when it was not in class or is not known."""

    exercise_id: str
    outcome: Outcome
    planned: int
    actual: int | None

    @property
    def difference(self) -> int | None:
        """Minutes longer than planned; negative when it was shorter."""
        return None if self.actual is None or self.outcome is not Outcome.DONE else self.actual - self.planned


@dataclass(frozen=True, kw_only=True)
class Given:
    """The last time that somebody gave a session."""

    log_id: int
    day: date
    head_count: int
    mood: Mood | None
    worked: str
    blocks: tuple[GivenBlock, ...]

    @property
    def longest(self) -> GivenBlock | None:
        """What ran over most, when something did by two minutes or more: the thing to plan otherwise next time."""
        late = [block for block in self.blocks if (block.difference or 0) >= 2]
        return max(late, key=lambda block: block.difference or 0, default=None)
