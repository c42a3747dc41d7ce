"""A round with a class as it is kept: the seed and the moves. Everything on screen is played again from them.

Every move is an attempt of its own with the whole list so far, so nothing that somebody did is ever written over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lms.content.classroom_models import PlacedClassroom
from lms.didactics.classroom.moves import get_move
from lms.didactics.classroom.running import replay
from lms.didactics.classroom.states import Lost, Run
from lms.errors import Conflict, Invalid

FIRST_CLASS, LAST_CLASS = 1, 9999
REWRITTEN = "Deze klas is intussen herschreven. Wat je deed, blijft bewaard. Begin hieronder opnieuw."
ELSEWHERE = "Deze ronde staat intussen op een andere plek, misschien door een ander venster. Hieronder zie je waar."


@dataclass(frozen=True, kw_only=True)
class ClassStep:
    """What was asked on a page that showed class ``seed`` after ``position`` moves."""

    kind: Literal["move", "again", "new"]
    seed: int
    position: int = 0
    move: str = ""


def run_of(exercise: PlacedClassroom, answer: Mapping[str, Any]) -> Run:
    """The run that was kept; nothing kept is the first class, untouched. Raises Lost when it no longer fits."""
    return replay(exercise.scenario, int(answer.get("seed", FIRST_CLASS)), answer.get("moves", ()))


def is_begun(answer: Mapping[str, Any]) -> bool:
    """Whether a round was begun and is not closed."""
    moves: Sequence[str] = answer.get("moves", ())
    return bool(moves) and moves[-1] != "close"


def last_led(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The round to look back on: the last that was closed, or else the one that is under way."""
    return answer.get("before", answer) if answer.get("moves", ())[-1:] != ["close"] else answer


def _carried(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The last round that was closed goes along, so that a new class does not hide it."""
    led = last_led(answer)
    is_closed = led.get("moves", ())[-1:] == ["close"]
    return {"before": {"seed": led["seed"], "moves": list(led["moves"])}} if is_closed else {}


def next_answer(exercise: PlacedClassroom, answer: Mapping[str, Any], step: ClassStep) -> dict[str, Any]:
    """What is kept after ``step``. Raises Conflict when the round is elsewhere by now, Invalid without a move."""
    if step.kind != "move":
        following = step.seed % LAST_CLASS + 1
        return {"seed": step.seed if step.kind == "again" else following, "moves": [], **_carried(answer)}
    seed, moves = int(answer.get("seed", FIRST_CLASS)), list(answer.get("moves", ()))
    try:
        run = run_of(exercise, answer)
    except Lost as error:
        raise Conflict(REWRITTEN) from error
    if (step.seed, step.position) != (seed, len(moves)):
        raise Conflict(ELSEWHERE)
    try:
        move = get_move(exercise.scenario, run.state, step.move)
    except Lost as error:
        raise Invalid("Kies wat je doet. Wat je zag, kan intussen veranderd zijn.") from error
    return {"seed": seed, "moves": [*moves, move.id], **_carried(answer)}
