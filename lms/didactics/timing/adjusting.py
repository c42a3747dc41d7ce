"""A plan with what the begeleider changed: the same fit, in which their decisions stand and the rest follows.

Source: requirement B4. What was changed stays through another time when it still fits; otherwise it is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.content.toolbox_models import Minis, Session, Step, ToolboxExercise
from lms.didactics.timing.changes import Decision, part_at_home, refuse
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.parts import parts_of
from lms.didactics.timing.plans import Block, Cut, DoesNotFit, Plan
from lms.didactics.timing.squeezing import squeeze
from lms.didactics.timing.words import listed, minutes_text


@dataclass(frozen=True, kw_only=True)
class OwnChange:
    """One decision of the begeleider, told in Dutch. ``holds``: it stands in the plan; else ``text`` says why not."""

    id: str
    holds: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class Adjusted:
    """A plan that keeps all rules, with every decision that could stand in it."""

    plan: Plan
    own: tuple[OwnChange, ...]


def adjust(session: Session, hours: Sequence[int], minis: Minis, decisions: Mapping[str, Decision]) -> Adjusted:
    """The best plan in which as many decisions stand as fit, the oldest first. Raises DoesNotFit as ``fit`` does."""
    plan = fit(session, hours, minis)
    told: dict[str, OwnChange] = {}
    allowed: dict[str, Decision] = {}
    for block_id, decision in decisions.items():
        text = refuse(session, block_id, decision)
        if text is None:
            allowed[block_id] = decision
        else:
            told[block_id] = OwnChange(id=block_id, holds=False, text=text)
    standing = _fit_with(session, hours, minis, allowed)
    if standing is not None:
        plan, kept = standing, dict(allowed)
    else:
        kept = {}
        for block_id, decision in allowed.items():
            tried = _fit_with(session, hours, minis, {**kept, block_id: decision})
            if tried is None:
                text = _told(session, block_id, decision)
                text += f" Dat past niet in {_time(hours)}; het plan rekent er niet mee."
                told[block_id] = OwnChange(id=block_id, holds=False, text=text)
            else:
                plan, kept[block_id] = tried, decision
    for block_id, decision in kept.items():
        told[block_id] = OwnChange(id=block_id, holds=True, text=_told(session, block_id, decision))
    return Adjusted(plan=plan, own=tuple(told[block_id] for block_id in decisions))


def _fit_with(session: Session, hours: Sequence[int], minis: Minis, decisions: Mapping[str, Decision]) -> Plan | None:
    """The best plan with all of these decisions, or None when there is none."""
    if not decisions:
        return fit(session, hours, minis)
    out = [block_id for block_id, decision in decisions.items() if decision in ("home", "skip")]
    stay = _with_steps(session, [block_id for block_id in decisions if block_id not in out])
    wished = session.model_copy(
        update={"exercises": tuple(_wished(exercise, decisions) for exercise in session.exercises)}
    )
    try:
        plan = fit(wished, hours, minis, out=out, stay=[name for name in stay if name not in out])
    except DoesNotFit:
        return None
    blocks = tuple(_placed(block, decisions) for block in plan.blocks)
    cuts = tuple(cut for cut in plan.cuts if not _is_own(cut, decisions))
    return Plan(blocks=blocks, cuts=cuts, hours=plan.hours)


def _with_steps(session: Session, ids: Sequence[str]) -> list[str]:
    """The ids, and those of the steps of an exercise that was decided about as a whole."""
    steps = [part.id for part in parts_of(session) if part.exercise.id in ids]
    return [*ids, *steps]


def _placed(block: Block, decisions: Mapping[str, Decision]) -> Block:
    """What the begeleider leaves out is skipped, also where the toolbox would let it go home."""
    if decisions.get(block.id) == "skip" and not block.in_class:
        return replace(block, status="skipped")
    return block


def _is_own(cut: Cut, decisions: Mapping[str, Decision]) -> bool:
    return decisions.get(cut.id) in ("home", "skip")


def _wished(exercise: ToolboxExercise, decisions: Mapping[str, Decision]) -> ToolboxExercise:
    """The exercise with the minutes that were decided, which are then its minimum as well."""
    decision = decisions.get(exercise.id)
    if decision == "part":
        return _changed(exercise, minutes=part_at_home(exercise))
    if not exercise.splittable:
        return _changed(exercise, minutes=decision, min_minutes=decision) if isinstance(decision, int) else exercise
    steps = _spread(exercise, decision) if isinstance(decision, int) else list(exercise.steps)
    for place, step in enumerate(steps):
        own = decisions.get(f"{exercise.id}.{step.label}")
        if isinstance(own, int):
            steps[place] = step.model_copy(update={"minutes": own, "min_minutes": own})
    return _changed(
        exercise,
        steps=tuple(steps),
        minutes=sum(step.minutes or 0 for step in steps),
        min_minutes=sum(step.min_minutes or 0 for step in steps),
    )


def _changed(exercise: ToolboxExercise, **fields: Any) -> ToolboxExercise:
    return exercise.model_copy(update=fields)


def _spread(exercise: ToolboxExercise, minutes: int) -> list[Step]:
    """The steps of a split exercise that lasts so long: shortened evenly, or the longest free step takes the rest."""
    wanted = [step.minutes or 0 for step in exercise.steps]
    squeezed = squeeze(wanted, [step.min_minutes or 0 for step in exercise.steps], minutes)
    given = squeezed[1] if squeezed else wanted
    free = [place for place, step in enumerate(exercise.steps) if not step.fixed]
    longest = max(free, key=lambda place: given[place])
    given[longest] += max(0, minutes - sum(given))
    return [
        step.model_copy(update={"minutes": count, "min_minutes": count})
        for step, count in zip(exercise.steps, given, strict=True)
    ]


def _time(hours: Sequence[int]) -> str:
    if len(hours) == 1:
        return minutes_text(hours[0])
    return f"lesuren van {listed([str(hour) for hour in hours])} minuten"


def _told(session: Session, block_id: str, decision: Decision) -> str:
    parts = [part for part in parts_of(session) if block_id in (part.id, part.exercise.id)]
    exercise = parts[0].exercise
    name = exercise.name if block_id == exercise.id else parts[0].name
    if isinstance(decision, int):
        return f"{name}: {minutes_text(decision)}. In de toolbox zijn dat er {sum(part.minutes for part in parts)}."
    if decision == "part":
        return f"Van {name} gaat een deel naar huis. {exercise.at_home_part or ''}".rstrip()
    if decision == "home":
        return f"{name} gaat naar huis."
    return f"{name} valt weg." if decision == "skip" else f"{name} blijft in de klas."


def fitting_times(session: Session, minis: Minis) -> tuple[tuple[int, ...], ...]:
    """What would make a session possible: the least minutes in one go, and the least in two equal lesson hours."""
    return tuple((least,) * count for count in (1, 2) if (least := _least(session, minis, count)) is not None)


def _least(session: Session, minis: Minis, count: int) -> int | None:
    """The smallest lesson hour in which the session fits ``count`` times; more time never makes it worse."""
    low, high = 1, sum(exercise.minutes for exercise in session.exercises)
    if not _fits(session, (high,) * count, minis):
        return None
    while low < high:
        middle = (low + high) // 2
        if _fits(session, (middle,) * count, minis):
            high = middle
        else:
            low = middle + 1
    return low


def _fits(session: Session, hours: Sequence[int], minis: Minis) -> bool:
    try:
        fit(session, hours, minis)
    except DoesNotFit:
        return False
    return True
