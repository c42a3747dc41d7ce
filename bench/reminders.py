"""Who is due for a reminder, on a large site: ``.venv/bin/python -m bench.reminders``.

Fills a database of its own with people who began, finished or never did, and tells for each rule how many are due, how
long that question takes, and how many reminders a worker writes and hands over in a second.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, text

from lms import schema
from lms.app import create_app
from lms.cli.worker import CONDITIONS, ReminderRound
from lms.clock import frozen
from lms.config import DEVELOPMENT_KEY, Config
from lms.database import db
from lms.learning.tables import Evidence
from lms.mail import MailServer, send_waiting
from lms.monitoring.queries.reminders import list_due
from lms.monitoring.rules.reminders import RULES
from lms.monitoring.tables.reminders import ReminderSwitch
from lms.people.tables import Person
from lms.permissions import Role

# A Monday in term, in the hours in which reminders go.
MOMENT = datetime(2026, 11, 16, 9, tzinfo=UTC)
SHOWN_EACH = 20


def fill(app: Flask, people: int) -> None:
    """So many begeleiders, of whom four in five began, at any moment of the last two years."""
    chance, course = random.Random(1), app.extensions["shelf"].library.course.id
    db.session.execute(
        insert(Person),
        [
            {
                "email": f"p{number}@school.example", "name": "Demo Naam", "role": Role.FACILITATOR,
                "created_at": MOMENT - timedelta(days=chance.uniform(1, 700)),
            }
            for number in range(people)
        ],
    )  # fmt: skip
    for first in range(1, people + 1, 2000):
        rows = []
        for person in range(first, min(first + 2000, people + 1)):
            last = MOMENT - timedelta(days=chance.uniform(1, 600))
            if person % 5:
                rows += [
                    {"person_id": person, "course_id": course, "ref": f"exercise:x{number}", "shown_at": last}
                    for number in range(SHOWN_EACH)
                ]
        db.session.execute(insert(Evidence), rows)
    for rule in RULES:
        db.session.add(ReminderSwitch(rule=rule.name, is_on=True, changed_at=MOMENT))
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def walk(app: Flask, seconds: float) -> tuple[int, int]:
    """Let a worker walk for so long; gives how many reminders it wrote and how many left."""
    round_, server = ReminderRound(), MailServer(url="postvak:", sender="navorming@school.example")
    written, sent, until = 0, 0, time.monotonic() + seconds
    while time.monotonic() < until:
        written += round_.step(app)
        left = send_waiting(db.session(), server, conditions=CONDITIONS)
        sent += left
        if not left and not round_.todo:
            break
    return written, sent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=20, help="how long the worker walks")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Config(environment="development", secret_key=DEVELOPMENT_KEY, data=Path(folder)), watch_content=False
        )
        with app.app_context(), frozen(MOMENT):
            schema.migrate(db.engine)
            fill(app, asked.people)
            for rule in RULES:
                begin = time.perf_counter()
                total = list_due(rule.name, limit=1).total
                print(f"{rule.name.value:15} {total:6} due, {1000 * (time.perf_counter() - begin):5.0f} ms")
            db.session.rollback()
            written, sent = walk(app, asked.seconds)
            print(f"in {asked.seconds:.0f} s: {written} written, {sent} handed over")


if __name__ == "__main__":
    main()
