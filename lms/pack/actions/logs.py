"""Keeping what was done in a session. Each function is one transaction."""

from __future__ import annotations

from datetime import datetime

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, Stale
from lms.pack import queries
from lms.pack.queries import logs as questions
from lms.pack.rules.logs import LOGS_AT_MOST, LogFacts, new_group_mark
from lms.pack.rules.planning import school_year_of
from lms.pack.tables import Group, LoggedBlock, Question, SessionLog
from lms.people.queries import lock_person
from lms.schools.queries import list_workplaces


def log_session(facts: LogFacts, *, client_id: str, by: int) -> int:
    """Keep a log with the questions that were parked; gives its id. The same ``client_id`` again changes nothing.

    A plan or a group that is gone, or is not theirs, is left out: a phone may send its log days later, and nobody
    can do anything about it then. Raises Conflict when there are too many.
    """
    lock_person(by)
    same = questions.find_log_by_client_id(client_id, by)
    if same is not None:
        db.session.rollback()
        return same.id
    if questions.count_logs(by) >= LOGS_AT_MOST:
        raise Conflict(f"Je hebt al {LOGS_AT_MOST} sessies genoteerd. Verwijder eerst oude.")
    moment = now()
    log = SessionLog(person_id=by, client_id=client_id, version=1, received_at=moment, changed_at=moment)
    _fill(log, facts, by)
    log.content_digest = facts.content_digest
    plan = queries.find_plan(facts.plan_id, by)
    log.plan_id = plan.id if plan else None
    db.session.add(log)
    db.session.flush()
    _add_blocks(log.id, facts)
    _add_questions(log, facts, by)
    log_id = log.id
    db.session.commit()
    return log_id


def change_log(log_id: int, facts: LogFacts, *, version: int, by: int) -> None:
    """Keep what was mended. Raises NotFound, or Stale when ``version`` is no longer the one that is kept."""
    lock_person(by)
    log = questions.get_log(log_id, by)
    if log.version != version:
        raise Stale("Dit log is intussen ergens anders bewaard, in een ander tabblad of op een ander toestel.")
    _fill(log, facts, by)
    log.version, log.changed_at = log.version + 1, now()
    for block in questions.blocks_of(log_id):
        db.session.delete(block)
    db.session.flush()
    _add_blocks(log_id, facts)
    db.session.commit()


def remove_log(log_id: int, *, by: int) -> None:
    """Raises NotFound. The questions that were parked stay: they still wait for an answer."""
    lock_person(by)
    db.session.delete(questions.get_log(log_id, by))
    db.session.commit()


def _fill(log: SessionLog, facts: LogFacts, by: int) -> None:
    group = queries.find_group(facts.group_id, by)
    log.session_slug, log.day, log.head_count = facts.session_slug, facts.day, facts.head_count
    log.mood, log.worked, log.asked = facts.mood, facts.worked, list(facts.asked)
    group_id = group.id if group else None
    if log.group_mark is not None and group_id == log.group_id:
        # Where it counts stays as it was when the session was given.
        return
    log.group_mark = (questions.find_group_mark(group.id) if group else None) or new_group_mark()
    log.group_id = group_id
    log.school_id, log.school_year = _where(group, facts, by)


def _where(group: Group | None, facts: LogFacts, by: int) -> tuple[int | None, int]:
    """The school and the school year that this session counts for."""
    if group is not None:
        return group.school_id, group.school_year
    # Without group it counts for the school when there is only one.
    places = list_workplaces(by)
    return places[0].id if len(places) == 1 else None, school_year_of(facts.day)


def _add_blocks(log_id: int, facts: LogFacts) -> None:
    for position, block in enumerate(facts.blocks):
        db.session.add(
            LoggedBlock(
                log_id=log_id,
                position=position,
                block_id=block.block_id,
                exercise_id=block.exercise_id,
                outcome=block.outcome,
                planned_minutes=block.planned,
                actual_minutes=block.actual,
            )
        )


def _add_questions(log: SessionLog, facts: LogFacts, by: int) -> None:
    known = questions.known_questions(by, [one.client_id for one in facts.parked])
    for one in facts.parked:
        if one.client_id not in known:
            db.session.add(_question(log, one.client_id, one.text, one.exercise_id, one.parked_at))


def _question(log: SessionLog, client_id: str, text: str, exercise_id: str | None, moment: datetime) -> Question:
    return Question(
        person_id=log.person_id, client_id=client_id, group_id=log.group_id, school_id=log.school_id,
        session_slug=log.session_slug, exercise_id=exercise_id, text=text, parked_at=moment, answer="",
        published_as="", version=1,
    )  # fmt: skip
