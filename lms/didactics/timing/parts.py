"""A session as the parts that a plan puts one after the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lms.content.toolbox_models import Limits, Minis, Session, Step, ToolboxExercise


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """An exercise, or one step of an exercise that may be split.

    ``minutes`` as the toolbox has it, ``floor`` its minimum. ``works``: it is neither check-in nor check-out.
    """

    id: str
    exercise: ToolboxExercise
    step: Step | None
    minutes: int
    floor: int
    works: bool

    @property
    def name(self) -> str:
        return self.exercise.name if self.step is None else f"{self.exercise.name} (stap {self.step.label})"

    @property
    def goes_home(self) -> bool:
        """Whether this may be done at home as a whole."""
        if self.step is not None:
            return self.step.home
        return self.exercise.droppable and self.exercise.at_home == "full"

    def belongs_with(self, other: Part) -> bool:
        """Whether both are steps of the same exercise."""
        return self.exercise.id == other.exercise.id


def is_core(session: Session, exercise: ToolboxExercise) -> bool:
    """Check-in and check-out count as core, and so does all that may not be dropped."""
    return exercise.core or not exercise.droppable or exercise.id in ends(session)


def ends(session: Session) -> tuple[str, str]:
    """The ids of the check-in and the check-out: first and last of every session."""
    return session.exercises[0].id, session.exercises[-1].id


def parts_of(session: Session) -> tuple[Part, ...]:
    """Every part of the session in the order of the toolbox."""
    return tuple(
        part for exercise in session.exercises for part in _parts(exercise, works=exercise.id not in ends(session))
    )


def _parts(exercise: ToolboxExercise, *, works: bool) -> list[Part]:
    if not exercise.splittable:
        return [
            Part(
                id=exercise.id,
                exercise=exercise,
                step=None,
                minutes=exercise.minutes,
                floor=exercise.min_minutes,
                works=works,
            )
        ]
    return [
        Part(
            id=f"{exercise.id}.{step.label}",
            exercise=exercise,
            step=step,
            minutes=step.minutes or 0,
            floor=step.min_minutes or 0,
            works=works,
        )
        for step in exercise.steps
    ]


def optional_ids(session: Session) -> tuple[str, ...]:
    """The exercises that may be left out, in the order of the toolbox."""
    return tuple(exercise.id for exercise in session.exercises if not is_core(session, exercise))


def longest_mini(limits: Limits, own: ToolboxExercise) -> int:
    """A mini block never takes longer than the real one of the session."""
    return max(limits.min, min(limits.max, own.minutes))


def mini_limits(session: Session, minis: Minis) -> tuple[Limits, Limits]:
    """The limits of the mini check-in and the mini check-out in this session."""
    return (
        Limits(min=minis.checkin.min, max=longest_mini(minis.checkin, session.exercises[0])),
        Limits(min=minis.checkout.min, max=longest_mini(minis.checkout, session.exercises[-1])),
    )


def without(parts: Collection[Part], *, dropped: Collection[str], at_home: Collection[str]) -> tuple[Part, ...]:
    """The parts that stay in class: ``dropped`` are exercise ids, ``at_home`` part ids."""
    return tuple(part for part in parts if part.exercise.id not in dropped and part.id not in at_home)
