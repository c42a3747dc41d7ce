"""A large site for measurements, part two: what O&S did with schools, and what was done with the pack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from lms.database import Base
from lms.dev.seed_people import STAFF, Town
from lms.pack.rules.logs import Outcome
from lms.pack.rules.planning import school_year_of
from lms.pack.tables import Group, LoggedBlock, Plan, Question, SessionLog
from lms.people.rules import fingerprint
from lms.schools.rules import SchoolKind
from lms.schools.rules.following import NoteKind


def contacts(town: Town) -> Iterator[dict[str, Any]]:
    somebody = {school: person for person, school in town.school_of.items()}
    for school in range(1, town.size.schools + 1):
        asked = town.ago()
        row = {"school_id": school, "name": f"Demo Aanspreekpunt {school}", "email": f"punt{school}@seed.example"}
        if town.luck.random() < 0.15:
            ended = town.after(asked)
            yield row | {
                "person_id": None, "appointed_at": asked, "accepted_at": asked, "confirmed_at": None, "ended_at": ended,
            }  # fmt: skip
        if town.luck.random() < 0.85:
            accepted = asked + timedelta(days=2) if town.luck.random() < 0.85 else None
            yield row | {
                "person_id": somebody.get(school) if accepted else None, "appointed_at": asked, "accepted_at": accepted,
                "confirmed_at": None, "ended_at": None,
            }  # fmt: skip


def notes(town: Town) -> Iterator[dict[str, Any]]:
    """Three contacts per school; one of three has something that comes next, mostly done already."""
    for number in range(3 * town.size.schools):
        made = town.ago(500)
        follows = number % 3 == 0
        done = follows and town.luck.random() < 0.9
        yield {
            "key": f"seed-note-{number}", "school_id": number % town.size.schools + 1,
            "kind": town.luck.choice(list(NoteKind)), "day": made.date(), "text": "Een verzonnen contact.",
            "by_id": town.luck.randint(1, STAFF), "next_action": "Bel terug" if follows else "",
            "next_on": made.date() + timedelta(days=town.luck.randrange(60)) if follows else None,
            "owner_id": town.luck.randint(1, STAFF) if follows else None,
            "done_at": town.after(made) if done else None, "version": 1, "created_at": made,
        }  # fmt: skip


def sign_ins(town: Town) -> Iterator[dict[str, Any]]:
    """One browser of everybody, of which nobody has the token."""
    for person in town.people:
        yield {
            "token_fingerprint": fingerprint("seed", str(person)), "person_id": person, "own_device": True,
            "created_at": town.moment, "expires_at": town.moment + timedelta(days=30), "second_factor_tries": 0,
        }  # fmt: skip


def sessions(town: Town) -> dict[type[Base], list[dict[str, Any]]]:
    """Half of who finished has groups, with plans, sessions that were given, and questions of youngsters."""
    rows: dict[type[Base], list[dict[str, Any]]] = {one: [] for one in (Group, Plan, SessionLog, LoggedBlock, Question)}
    for person, done in town.finished.items():
        for number in range(town.luck.choice((0, 0, 1, 2))):
            group = len(rows[Group]) + 1
            day = town.after(done).date()
            facts = {"person_id": person, "school_id": town.school_of[person]}
            year = school_year_of(day)
            rows[Group].append(
                facts
                | {
                    "id": group, "label": f"Demogroep {number + 1}", "school_year": year, "kind": SchoolKind.SECONDARY,
                    "created_at": done,
                }
            )  # fmt: skip
            _add_sessions(town, rows, facts | {"group_id": group}, year, day)
    return rows


def _add_sessions(town: Town, rows: dict[type[Base], list[dict[str, Any]]], facts: Any, year: int, day: date) -> None:
    for session in town.library.sessions[: town.luck.randint(0, 4)]:
        plan, log = len(rows[Plan]) + 1, len(rows[SessionLog]) + 1
        moment = {"created_at": town.moment, "changed_at": town.moment}
        rows[Plan].append(
            {
                "id": plan, "person_id": facts["person_id"], "key": f"seed-{plan}", "group_id": facts["group_id"],
                "session_slug": session.slug, "label": session.title[:60], "hours": [50, 50], "day": day, "devices": [],
                "changes": [], "content_digest": "", "is_first": False, "version": 1, **moment,
            }
        )  # fmt: skip
        rows[SessionLog].append(
            facts
            | {
                "id": log, "client_id": f"seed-{log}", "plan_id": plan, "group_mark": f"seed-{facts['group_id']}",
                "school_year": year, "session_slug": session.slug, "day": day, "head_count": town.luck.randint(6, 24),
                "worked": "", "asked": [], "content_digest": "", "version": 1, "received_at": town.moment,
                "changed_at": town.moment,
            }
        )  # fmt: skip
        for position, exercise in enumerate(session.exercises):
            rows[LoggedBlock].append(
                {
                    "log_id": log, "position": position, "block_id": exercise.id, "exercise_id": exercise.id,
                    "outcome": Outcome.DONE, "planned_minutes": exercise.minutes,
                    "actual_minutes": exercise.minutes + town.luck.randint(-2, 4),
                }
            )  # fmt: skip
    if town.luck.random() < 0.3:
        number = len(rows[Question])
        sent = town.moment - timedelta(days=town.luck.randrange(200)) if number % 2 else None
        answered = sent if number % 40 > 3 else None
        rows[Question].append(
            facts
            | {
                "client_id": f"seed-{number}", "session_slug": town.library.sessions[0].slug, "exercise_id": None,
                "text": "Mag ik ook in een andere stad studeren?", "parked_at": sent or town.moment, "sent_at": sent,
                "answer": "Ja, dat mag." if answered else "", "answered_at": answered, "published_as": "", "version": 1,
            }
        )  # fmt: skip
