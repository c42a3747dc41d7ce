"""What the rules of ``replan`` need to know of each block, as plain data for a phone that plans again by itself.

The rules stand here in Python (``replanning.py``) and once more in ``lms/static/js/replan.mjs``; the cases of
``tests/data/replan.json`` hold them together.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from lms.content.toolbox_models import Minis, Session
from lms.didactics.timing.parts import is_core, parts_of
from lms.didactics.timing.plans import MINI_CHECKIN, MINI_CHECKOUT, Block
from lms.didactics.timing.replanning import Replan


def live_facts(session: Session, block: Block, minis: Minis) -> dict[str, Any]:
    """The block with ``floor`` (its minimum in minutes), ``core``, and what may go home.

    ``own``: it is of the session itself, no mini block. ``home``: all of it may go home, ``where`` says how. ``saves``:
    the minutes won when ``part`` of it is done at home, 0 when there is no such part.
    """
    own = [part for part in parts_of(session) if block.id in (part.id, part.exercise.id)]
    floors = {MINI_CHECKIN: minis.checkin.min, MINI_CHECKOUT: minis.checkout.min}
    exercise = own[0].exercise if own else None
    is_whole = bool(own) and own[0].step is None
    return {
        "id": block.id,
        "name": block.name,
        "minutes": block.minutes,
        "hour": block.hour,
        "status": block.status,
        "own": bool(own),
        "floor": floors.get(block.id, sum(part.floor for part in own)),
        "core": exercise is not None and is_core(session, exercise),
        "home": bool(own) and all(part.goes_home for part in own),
        "where": (exercise.at_home_part if exercise and is_whole else None) or "",
        "saves": (exercise.home_saves_minutes if exercise and is_whole else None) or 0,
        "part": (exercise.at_home_part if exercise else None) or "",
    }


def written_replan(result: Replan) -> dict[str, Any]:
    """The proposals as the phone makes them, to compare both: blocks as minutes and status."""
    return {
        "late": result.late,
        "proposals": [
            {
                "kind": one.kind,
                "blocks": one.blocks and [[block.id, block.minutes, block.status] for block in one.blocks],
                "cuts": [asdict(cut) for cut in one.cuts],
                "reason": one.reason,
            }
            for one in result.proposals
        ],
    }
