"""What overruns on one day of a rehearsal.

The draw follows from the session, the day and the block alone, by a hash that is the same on every machine and in every
Python: colleagues who play the same day meet the same things, whatever they decide. What is decided afterwards changes
no draw; a block that went home takes what would have held it up along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from lms.content.rehearsal_models import Disruption, PlacedRehearsal
from lms.didactics.timing.plans import MINI_CHECKIN, MINI_CHECKOUT, Block, Plan

LAST_DAY = 99
# How many of a hundred blocks overrun: about two in a lesson hour, as begeleiders tell it.
SHARE = 45


@dataclass(frozen=True, kw_only=True)
class Overrun:
    """A disruption as it was drawn: how many minutes it takes."""

    disruption: Disruption
    minutes: int


def name_of(block: Block) -> str:
    """What tells a block from all others in a session; the mini blocks come back every hour."""
    return f"{block.id}.{block.hour}" if block.id in (MINI_CHECKIN, MINI_CHECKOUT) else block.id


def draw_overruns(rehearsal: PlacedRehearsal, plan: Plan, day: int) -> Mapping[str, Overrun]:
    """What overruns on ``day``, by the name of the block; at least one thing, and no disruption twice."""
    chances = sorted(
        (_number(rehearsal, day, name_of(block), "chance") % 100, place, block)
        for place, block in enumerate(plan.blocks)
        if _holding_up(rehearsal, block)
    )
    drawn: dict[str, Overrun] = {}
    for chance, _, block in chances:
        used = {one.disruption.id for one in drawn.values()}
        possible = [one for one in _holding_up(rehearsal, block) if one.id not in used]
        if possible and (chance < SHARE or not drawn):
            drawn[name_of(block)] = _draw(rehearsal, day, block, possible)
    return drawn


def _holding_up(rehearsal: PlacedRehearsal, block: Block) -> list[Disruption]:
    return [one for one in rehearsal.disruptions if block.in_class and any(_is_at(block, at) for at in one.during)]


def _is_at(block: Block, at: str) -> bool:
    """A disruption of one step meets the exercise too where its steps stand together."""
    return at in (block.id, block.exercise_id) or at.startswith(f"{block.id}.")


def _draw(rehearsal: PlacedRehearsal, day: int, block: Block, possible: list[Disruption]) -> Overrun:
    chosen = possible[_number(rehearsal, day, name_of(block), "what") % len(possible)]
    spread = chosen.minutes.max - chosen.minutes.min + 1
    more = _number(rehearsal, day, name_of(block), "minutes") % spread
    return Overrun(disruption=chosen, minutes=chosen.minutes.min + more)


def _number(rehearsal: PlacedRehearsal, *seed: object) -> int:
    text = ":".join(map(str, (rehearsal.session, *seed)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
