"""What a plan is made of. All durations are whole minutes, and lesson hours count from 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from lms.errors import LmsError

Status = Literal["kept", "home", "skipped", "mini"]
CutKind = Literal["shortened", "home", "skipped", "mini"]

MINI_CHECKIN, MINI_CHECKOUT = "mini-checkin", "mini-checkout"
MINI_NAMES = {MINI_CHECKIN: "Mini-check-in", MINI_CHECKOUT: "Mini-check-out"}


class DoesNotFit(LmsError):
    """No plan exists; the message says in Dutch which minimum does not fit."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """One line of a plan: an exercise, a step of a split one (``<exercise id>.<label>``) or a mini block.

    What is done at home or skipped takes no minutes; its hour is the one in which it would have stood.
    """

    id: str
    name: str
    minutes: int
    hour: int
    status: Status = "kept"

    @property
    def exercise_id(self) -> str:
        return self.id.partition(".")[0]

    @property
    def in_class(self) -> bool:
        return self.status in ("kept", "mini")


@dataclass(frozen=True, kw_only=True)
class Cut:
    """One difference with the session as the toolbox has it, told in a Dutch sentence.

    ``before`` and ``after`` are minutes in class.
    """

    id: str
    kind: CutKind
    before: int
    after: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A session in lesson hours, block by block in the order of the toolbox."""

    blocks: tuple[Block, ...]
    cuts: tuple[Cut, ...]
    hours: tuple[int, ...]

    @property
    def total(self) -> int:
        """Minutes in class."""
        return sum(block.minutes for block in self.blocks)

    @property
    def unused_hours(self) -> tuple[int, ...]:
        """Hours in which nothing stands, because the session cannot be cut into that many."""
        used = {block.hour for block in self.blocks if block.in_class}
        return tuple(hour for hour in range(1, len(self.hours) + 1) if hour not in used)

    def minutes_in(self, hour: int) -> int:
        return sum(block.minutes for block in self.blocks if block.hour == hour)


def plan_data(plan: Plan) -> dict[str, Any]:
    """A plan as plain data for programs; in ``cuts`` the minutes in class before and after stand under from and to."""
    return {
        "blocks": [
            {"id": block.id, "minutes": block.minutes, "hour": block.hour, "status": block.status}
            for block in plan.blocks
        ],
        "total": plan.total,
        "cuts": [
            {"id": cut.id, "kind": cut.kind, "from": cut.before, "to": cut.after, "text": cut.text} for cut in plan.cuts
        ],
    }
