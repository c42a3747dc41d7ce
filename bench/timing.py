"""How long fit and replan take for the four sessions, in every time: the slowest and the middle one, in milliseconds.

    python bench/timing.py

Each call is measured on its own, in time of the processor; the best of three counts.
Exit code 1 when one takes longer than the limit of 5 ms.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lms.content.models import Minis, Session
from lms.content.reader import read_library
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.hours import MOST_HOURS
from lms.didactics.timing.plans import DoesNotFit
from lms.didactics.timing.replanning import replan

LIMIT_MS = 5.0
COURSES = Path(__file__).resolve().parents[1] / "courses"


def milliseconds(call: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        with suppress(DoesNotFit):
            call()
        best = min(best, time.process_time() - start)
    return best * 1000


def fits(session: Session, minis: Minis) -> dict[tuple[int, int], float]:
    """Milliseconds for every number of equal lesson hours and minutes per hour."""
    return {
        (count, minutes): milliseconds(partial(fit, session, [minutes] * count, minis))
        for count in range(1, MOST_HOURS + 1)
        for minutes in range(1, 241)
    }


def replans(session: Session, minis: Minis) -> dict[tuple[int, int], float]:
    """Milliseconds for every exercise that runs and every minute at which it still does."""
    bell = session.total_minutes
    blocks = fit(session, [bell], minis).blocks
    times = {}
    for running in range(len(blocks)):
        started = sum(block.minutes for block in blocks[:running])
        asked = partial(replan, session, blocks, running=running, started=started, bell=bell, minis=minis)
        for minute in range(started, bell + 1):
            times[running, minute] = milliseconds(partial(asked, minute=minute))
    return times


def main() -> int:
    library = read_library(COURSES)
    slowest = 0.0
    for session in library.sessions:
        for name, measure in (("fit", fits), ("replan", replans)):
            times = measure(session, library.minis)
            worst = max(times, key=times.__getitem__)
            slowest = max(slowest, times[worst])
            print(
                f"{session.slug:18} {name:7} {len(times):5} calls  median {median(times.values()):.2f}  "
                f"slowest {times[worst]:.2f} ms at {worst}"
            )
    print(f"{'within' if slowest <= LIMIT_MS else 'OVER'} the limit of {LIMIT_MS} ms")
    return 0 if slowest <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
