"""A rehearsal as its attempts keep it, without database: which run, which day, what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.didactics.timing.costs import best_run, cost_of
from lms.didactics.timing.rehearsing import Day, Point
from lms.learning.rules import Result


@dataclass(frozen=True, kw_only=True)
class Run:
    """Everything that has to be kept of a run. ``number`` counts the times this learner began, from 1."""

    number: int
    day: int
    choices: tuple[str, ...] = ()

    @property
    def answer(self) -> dict[str, Any]:
        return {"run": self.number, "day": self.day, "choices": list(self.choices)}


def read_run(answer: Mapping[str, Any]) -> Run | None:
    """The run that an attempt keeps; None when it holds none."""
    number, day, choices = answer.get("run"), answer.get("day"), answer.get("choices")
    if not isinstance(number, int) or not isinstance(day, int) or not isinstance(choices, list):
        return None
    return Run(number=number, day=day, choices=tuple(map(str, choices)))


def judge_run(day: Day, point: Point) -> Result:
    """*Juist* costs as little as the best run of that day; *niet juist* lost a part of the core or a check-out."""
    if not point.is_over:
        return Result.SEEN
    cost = cost_of(day, point)
    if cost.rank <= cost_of(day, best_run(day)).rank:
        return Result.RIGHT
    return Result.WRONG if cost.core_lost or cost.closings_lost else Result.PARTLY
