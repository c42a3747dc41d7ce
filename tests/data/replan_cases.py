"""The cases that hold both writings of ``replan`` together: ``python -m tests.data.replan_cases`` makes them again."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lms.didactics.timing.fitting import fit
from lms.didactics.timing.live import live_facts, written_replan
from lms.didactics.timing.plans import DoesNotFit
from lms.didactics.timing.replanning import replan
from tests.unit.timing.sessions import real_sessions

CASES = Path(__file__).parent / "replan.json"
HOURS = ((50,), (2 * 50,), (50, 50), (75,), (40, 40), (45, 45, 45))
EACH = 3


def make_cases() -> list[dict[str, Any]]:
    """Moments in every session in several times, the same each time this runs: on time, late, and far too late."""
    return list(_cases())


def written() -> str:
    """The cases as they stand in the file: one on each line."""
    lines = (json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in make_cases())
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _cases() -> Iterator[dict[str, Any]]:
    chance = random.Random("replan")
    sessions, minis = real_sessions()
    for session in sessions:
        for hours in HOURS:
            try:
                plan = fit(session, list(hours), minis)
            except DoesNotFit:
                continue
            for hour, bell in enumerate(hours, start=1):
                blocks = [block for block in plan.blocks if block.hour == hour]
                places = [place for place, block in enumerate(blocks) if block.in_class]
                for running in (places[0], *(chance.choice(places) for _ in range(EACH))) if places else ():
                    started = sum(block.minutes for block in blocks[:running]) + chance.randint(0, 12)
                    minute = started + chance.randint(0, 14)
                    facts = [live_facts(session, block, minis) for block in blocks]
                    yield {
                        "session": session.slug,
                        "blocks": facts,
                        "ask": {"running": running, "started": started, "minute": minute, "bell": bell},
                        "answer": written_replan(
                            replan(
                                session, blocks, running=running, started=started, minute=minute, bell=bell,
                                minis=minis,
                            )
                        ),
                    }  # fmt: skip


if __name__ == "__main__":
    CASES.write_text(written(), encoding="utf-8")
