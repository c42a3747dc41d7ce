"""Questions about the sessions that were given. Everybody sees their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from lms.database import db
from lms.errors import NotFound
from lms.pack.rules.logs import Mood
from lms.pack.tables import Group, LoggedBlock, Question, SessionLog


@dataclass(frozen=True, kw_only=True)
class LogCard:
    """A log in a list. ``planned`` and ``actual`` are minutes in class, over the blocks of which both are known."""

    id: int
    session_slug: str
    day: date
    head_count: int
    mood: Mood | None
    group_id: int | None
    group_label: str | None
    planned: int
    actual: int


def find_log(log_id: int, person_id: int) -> SessionLog | None:
    """This log, if it is theirs."""
    return db.session.scalar(select(SessionLog).where(SessionLog.id == log_id, SessionLog.person_id == person_id))


def get_log(log_id: int, person_id: int) -> SessionLog:
    """Raises NotFound, also for a log of somebody else."""
    log = find_log(log_id, person_id)
    if log is None:
        raise NotFound
    return log


def find_log_by_client_id(client_id: str, person_id: int) -> SessionLog | None:
    return db.session.scalar(
        select(SessionLog).where(SessionLog.client_id == client_id, SessionLog.person_id == person_id)
    )


def blocks_of(log_id: int) -> list[LoggedBlock]:
    """The blocks of a log, in the order of the session."""
    return list(
        db.session.scalars(select(LoggedBlock).where(LoggedBlock.log_id == log_id).order_by(LoggedBlock.position))
    )


def given_sessions(person_id: int) -> set[str]:
    """The sessions that somebody gave at least once, to any group."""
    return set(db.session.scalars(select(SessionLog.session_slug).distinct().where(SessionLog.person_id == person_id)))


def count_logs(person_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(SessionLog).where(SessionLog.person_id == person_id)) or 0


def list_logs(person_id: int, *, group_id: int | None = None, limit: int = 50, offset: int = 0) -> list[LogCard]:
    """The sessions that somebody gave, the latest first; ``group_id``: of one group. In one statement."""
    minutes = (
        select(
            LoggedBlock.log_id,
            func.sum(LoggedBlock.planned_minutes).label("planned"),
            func.sum(LoggedBlock.actual_minutes).label("actual"),
        )
        .where(LoggedBlock.actual_minutes.is_not(None))
        .group_by(LoggedBlock.log_id)
        .subquery()
    )
    statement = (
        select(SessionLog, Group.label, minutes.c.planned, minutes.c.actual)
        .outerjoin(Group, Group.id == SessionLog.group_id)
        .outerjoin(minutes, minutes.c.log_id == SessionLog.id)
        .where(SessionLog.person_id == person_id)
        .order_by(SessionLog.day.desc(), SessionLog.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if group_id is not None:
        statement = statement.where(SessionLog.group_id == group_id)
    return [
        LogCard(
            id=log.id,
            session_slug=log.session_slug,
            day=log.day,
            head_count=log.head_count,
            mood=log.mood,
            group_id=log.group_id,
            group_label=label,
            planned=planned or 0,
            actual=actual or 0,
        )
        for log, label, planned, actual in db.session.execute(statement)
    ]


def find_group_mark(group_id: int) -> str | None:
    """The mark that the logs of this group share; None when it has none yet."""
    return db.session.scalar(select(SessionLog.group_mark).where(SessionLog.group_id == group_id).limit(1))


def known_questions(person_id: int, client_ids: list[str]) -> set[str]:
    """Which of these questions are kept already."""
    if not client_ids:
        return set()
    return set(
        db.session.scalars(
            select(Question.client_id).where(Question.person_id == person_id, Question.client_id.in_(client_ids))
        )
    )
