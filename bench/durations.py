"""What the real durations cost a fiche, with few logs and with many: ``python -m bench.durations [logs]``.

A database of its own in memory-backed files, SQLite. Processor time of this process, so other work hardly matters.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert

from lms import schema
from lms.app import create_app
from lms.clock import now
from lms.config import Config
from lms.database import db
from lms.pack.queries.durations import list_timed_blocks
from lms.pack.rules.durations import real_durations
from lms.pack.rules.logs import Outcome
from lms.pack.tables import LoggedBlock, SessionLog
from lms.people.tables import Person
from lms.permissions import Role

SLUGS = ("wie-ben-jij", "talenten", "studiekeuze", "leven-als-student")
BLOCKS = 6
ROUNDS = 40


def fill(first: int, count: int) -> None:
    moment = now()
    logs = [
        {
            "id": number, "person_id": 1, "client_id": f"log-{number}", "group_mark": f"groep-{number // 3}",
            "school_year": 2026, "session_slug": SLUGS[number % len(SLUGS)], "day": moment.date(), "head_count": 14,
            "worked": "", "asked": [], "content_digest": "d", "version": 1, "received_at": moment,
            "changed_at": moment,
        }
        for number in range(first, first + count)
    ]  # fmt: skip
    blocks = [
        {
            "log_id": log["id"], "position": position, "block_id": f"x{position}", "exercise_id": f"x{position}",
            "outcome": Outcome.DONE, "planned_minutes": 10, "actual_minutes": 8 + (log["id"] + position) % 7,
        }
        for log in logs
        for position in range(BLOCKS)
    ]  # fmt: skip
    db.session.execute(insert(SessionLog), logs)
    db.session.execute(insert(LoggedBlock), blocks)
    db.session.commit()


def milliseconds() -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        found = real_durations(list_timed_blocks(SLUGS[0]))
        times.append(1000 * (time.process_time() - start))
        db.session.rollback()
    assert len(found) == BLOCKS
    return statistics.median(times)


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(environment="development", data=Path(folder)), watch_content=False)
        with app.app_context():
            schema.migrate(db.engine)
            db.session.add(Person(id=1, email="x@demo.example", name="Demo", role=Role.FACILITATOR, created_at=now()))
            db.session.commit()
            fill(1, 1_000)
            print(f"  1 000 logs: {milliseconds():.1f} ms")
            fill(1_001, many)
            print(f"{many + 1_000:>7} logs: {milliseconds():.1f} ms")


if __name__ == "__main__":
    main()
