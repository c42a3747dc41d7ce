"""How a temper behaves: three numbers and two leanings. Same scenario and seed, same class.

Source: our own teaching material on a safe group (module 2) and bijvragen (module 3): some speak before they think,
some think before they speak, some test the adult first, and none of them is wrong. The numbers are ours, chosen so
that the sentences of those lessons come true in the simulation; ``docs/classroom.md`` tells which.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from lms.content.classroom_models import Temper

# Energy and trust run from 0 to 10, thought from 0 to 4.
MOST, MOST_THOUGHT = 10, 4


@dataclass(frozen=True, kw_only=True)
class Nature:
    """``speed``: how soon somebody speaks without thinking, 0 to 4. ``energy`` and ``trust``: on an ordinary day.

    ``thinks``: silence gives them twice as much. ``joins``: they speak sooner once others have.
    """

    speed: int
    energy: int
    trust: int
    thinks: bool = False
    joins: bool = False


NATURES: dict[Temper, Nature] = {
    "prater": Nature(speed=4, energy=8, trust=7),
    "grapjas": Nature(speed=3, energy=8, trust=5),
    "volger": Nature(speed=2, energy=6, trust=6, joins=True),
    "kritisch": Nature(speed=2, energy=6, trust=4),
    "denker": Nature(speed=1, energy=5, trust=5, thinks=True),
    "moe": Nature(speed=1, energy=3, trust=5),
    "stille": Nature(speed=0, energy=5, trust=4, thinks=True),
}


def chance(*named: object) -> int:
    """A number from 0 to 99 that looks like chance and is the same in every process and version, for the same names."""
    digest = hashlib.sha256(":".join(map(str, named)).encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100


def of_the_day(*named: object) -> int:
    """How much better (1) or worse (-1) than ordinary somebody feels today."""
    return chance(*named) * 3 // 100 - 1
