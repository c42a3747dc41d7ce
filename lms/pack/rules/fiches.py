"""A fiche that follows a plan: the minutes of the plan, and what of it is not done in class."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.toolbox_models import Session, ToolboxExercise
from lms.pack.rules import FicheLine, Placed
from lms.pack.rules.planning import Row


def planned_lines(session: Session, rows: Sequence[Row]) -> list[FicheLine]:
    """The exercises in order, each with the minutes and the start that the rows of a plan give it.

    The small blocks that open and close a lesson hour are in the plan alone: they are no exercises.
    """
    several = len({row.block.hour for row in rows}) > 1
    lines = []
    for exercise in session.exercises:
        own = [row for row in rows if row.block.exercise_id == exercise.id]
        first = next((row for row in own if row.block.in_class), own[0])
        lines.append(
            FicheLine(
                exercise=exercise,
                starts_at_minute=first.begins,
                clock=first.clock if first.block.in_class else None,
                placed=_placed(exercise, own, first.block.hour if several else None),
            )
        )
    return lines


def _placed(exercise: ToolboxExercise, own: Sequence[Row], hour: int | None) -> Placed:
    minutes = sum(row.block.minutes for row in own if row.block.in_class)
    elsewhere = [row.block for row in own if not row.block.in_class]
    if len(elsewhere) == len(own):
        home = any(block.status == "home" for block in elsewhere)
        return Placed(
            minutes=0,
            away="thuis" if home else "valt weg",
            says=f"In je plan {'gaat dit naar huis' if home else 'valt dit weg'}.",
        )
    says = f"In de toolbox: {exercise.minutes} minuten." if minutes != exercise.minutes else None
    if elsewhere:
        names = ", ".join(block.name for block in elsewhere)
        says = f"In je plan niet in de klas: {names}."
    return Placed(minutes=minutes, hour=hour, says=says)
