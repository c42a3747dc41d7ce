"""What a rehearsed session cost, held against the plan it began with; and the run that costs least.

Source: the order of what is worth most in a session, as the planner has it (B4): the core, then the check-out, then
the time of others behind the bell; as little of the core at home as possible; then most other exercises, and of these
rather at home than lost; last a check-out that keeps its minutes, and the smallest largest shortening.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.toolbox_models import Session
from lms.didactics.timing.parts import ends, is_core, parts_of
from lms.didactics.timing.plans import MINI_CHECKIN, MINI_CHECKOUT
from lms.didactics.timing.postponing import floor_of
from lms.didactics.timing.rehearsing import Day, Point, Stretch
from lms.didactics.timing.words import listed, minutes_text


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Names of blocks, and minutes.

    ``core_lost``, ``closings_lost``, ``others_lost``: under their minimum because the bell rang. ``over``: minutes that
    stood behind the bell. ``core_at_home``: minutes of the core that left class. ``closing_short``: minutes that the
    check-out was shorter than planned. ``largest``, ``shortened``: minutes taken off one exercise, and off all.
    """

    core_lost: tuple[str, ...]
    closings_lost: tuple[str, ...]
    over: int
    core_at_home: int
    closing_short: int
    at_home: tuple[str, ...]
    skipped: tuple[str, ...]
    others_lost: tuple[str, ...]
    largest: int
    shortened: int

    @property
    def rank(self) -> tuple[int, ...]:
        """Of two costs the one with the smaller rank is better."""
        gone = len(self.skipped) + len(self.others_lost)
        return (
            len(self.core_lost), len(self.closings_lost), self.over, self.core_at_home,
            len(self.at_home) + gone, gone, self.closing_short, self.largest, self.shortened,
        )  # fmt: skip


def cost_of(day: Day, point: Point) -> Cost:
    """What a run cost so far; of a run that is over, altogether."""
    session = day.rehearsal.taken_from
    planned = {block.id: block.minutes for block in day.plan.blocks if block.status == "kept"}
    spent = [one for one in point.trail if one.block.id in planned or one.block.status == "mini"]
    under = [one for one in spent if one.block.in_class and one.own < _floor(day, one)]
    closings = [one for one in under if one.block.id in (ends(session)[1], MINI_CHECKOUT)]
    core = [one for one in under if one not in closings and _is_core(session, one)]
    home = [one for one in spent if one.fate == "home"]
    shorter = {
        one.block.id: planned[one.block.id] - one.own
        for one in spent
        if one.block.status == "kept" and one not in under
    }
    closing_short = shorter.pop(ends(session)[1], 0)
    per_exercise: dict[str, int] = {}
    for block_id, minutes in shorter.items():
        exercise_id = block_id.partition(".")[0]
        per_exercise[exercise_id] = per_exercise.get(exercise_id, 0) + minutes
    return Cost(
        core_lost=_names(core),
        closings_lost=_names(closings),
        over=sum(one.block.minutes - one.own for one in spent if one.fate in ("broken", "lost")),
        core_at_home=sum(planned[one.block.id] for one in home if _is_core(session, one)),
        closing_short=closing_short,
        at_home=_names(home),
        skipped=_names([one for one in spent if one.fate == "skipped"]),
        others_lost=_names([one for one in under if one not in closings and one not in core]),
        largest=max(per_exercise.values(), default=0),
        shortened=sum(per_exercise.values()),
    )


def _names(stretches: Sequence[Stretch]) -> tuple[str, ...]:
    return tuple(one.block.name for one in stretches)


def _floor(day: Day, stretch: Stretch) -> int:
    return floor_of(day.rehearsal.taken_from, day.rehearsal.minis, stretch.block)


def _is_core(session: Session, stretch: Stretch) -> bool:
    if stretch.block.id == MINI_CHECKIN:
        return True
    return any(
        is_core(session, part.exercise) for part in parts_of(session) if stretch.block.id in (part.id, part.exercise.id)
    )


def best_run(day: Day) -> Point:
    """The run of this day that costs least, with everything tried; of equal ones the one with the fewest changes."""
    best: tuple[tuple[object, ...], Point] | None = None
    waiting = [day.start()]
    while waiting:
        point = waiting.pop()
        if point.open is not None:
            waiting += [day.decide(point, one.choice) for one in point.open.offers if one.hours is not None]
            continue
        changes = sum(choice != "go_on" for choice in point.choices)
        key = (cost_of(day, point).rank, changes, point.choices)
        if best is None or key < best[0]:
            best = (key, point)
    if best is None:
        raise ValueError("every run comes to an end")
    return best[1]


def cost_lines(cost: Cost) -> tuple[str, ...]:
    """A cost in Dutch sentences, the worst first; one sentence when there is none."""
    lines = [
        cost.core_lost and f"Van de kern ging verloren: {listed(cost.core_lost)}.",
        cost.closings_lost and f"Voor de afronding was geen tijd meer: {listed(cost.closings_lost)}.",
        cost.over and f"Toen de bel ging, stonden er nog {minutes_text(cost.over)} op het plan.",
        cost.core_at_home and f"Van de kern gingen {minutes_text(cost.core_at_home)} mee naar huis.",
        cost.closing_short and f"De check-out werd {minutes_text(cost.closing_short)} korter.",
        cost.at_home and f"Mee naar huis: {listed(cost.at_home)}.",
        cost.skipped and f"Weggelaten: {listed(cost.skipped)}.",
        cost.others_lost and f"Niet gehaald: {listed(cost.others_lost)}.",
        cost.shortened
        and f"Ingekort: samen {minutes_text(cost.shortened)}, bij één oefening hoogstens {cost.largest}.",
    ]
    return tuple(line for line in lines if line) or ("Niets: alle oefeningen kregen hun tijd.",)
