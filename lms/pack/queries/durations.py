"""How long exercises took: of all groups together, and of one's own last time."""

from __future__ import annotations

import time

from sqlalchemy import case, func, select

from lms.database import db
from lms.pack.rules.durations import Duration, Given, GivenBlock, TimedBlock, real_durations
from lms.pack.tables import LoggedBlock, SessionLog

# The last logs of a session say how long it takes now, and a page stays as fast with a million logs as with these.
LOGS_LOOKED_AT = 200


class LongDurations:
    """Durations of a session from many logs, for a minute or until there is a newer log.

    A log that is mended or removed moves the middle of a hundred logs by next to nothing, and that is seen a minute
    later. Below ``FROM`` logs nothing is kept: there one log weighs, and adding up costs little.
    """

    FROM, SECONDS, AT_MOST = 100, 60.0, 200

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[int, float, dict[str, Duration]]] = {}

    def get(self, asked: tuple[str, str], newest: int) -> dict[str, Duration] | None:
        """None when nothing was kept, or not of these logs, or too long ago."""
        log_id, at, durations = self._found.get(asked, (0, 0.0, {}))
        return durations if log_id == newest and time.monotonic() - at < self.SECONDS else None

    def keep(self, asked: tuple[str, str], newest: int, logs: int, durations: dict[str, Duration]) -> None:
        if logs >= self.FROM:
            if len(self._found) >= self.AT_MOST:
                self._found.clear()
            self._found[asked] = (newest, time.monotonic(), durations)


_long = LongDurations()


def find_durations(session_slug: str) -> dict[str, Duration]:
    """Per exercise of a session how long it really took, by its last logs. Two statements at most."""
    newest = db.session.scalar(select(func.max(SessionLog.id)).where(SessionLog.session_slug == session_slug))
    if newest is None:
        return {}
    asked = (str(db.engine.url), session_slug)
    found = _long.get(asked, newest)
    if found is None:
        blocks = list_timed_blocks(session_slug)
        found = real_durations(blocks)
        _long.keep(asked, newest, len({block.log_id for block in blocks}), found)
    return found


def list_timed_blocks(session_slug: str) -> list[TimedBlock]:
    """The blocks of the last logs of a session, the newest log first; nothing in them says whose they are."""
    newest = (
        select(SessionLog.id, SessionLog.group_mark)
        .where(SessionLog.session_slug == session_slug)
        .order_by(SessionLog.id.desc())
        .limit(LOGS_LOOKED_AT)
        .subquery()
    )
    rows = db.session.execute(
        select(
            newest.c.id, newest.c.group_mark, LoggedBlock.exercise_id, LoggedBlock.outcome, LoggedBlock.actual_minutes
        )
        .join(LoggedBlock, LoggedBlock.log_id == newest.c.id)
        .order_by(newest.c.id.desc(), LoggedBlock.position)
    )
    return [
        TimedBlock(log_id=log_id, group_mark=mark, exercise_id=exercise_id, outcome=outcome, actual=actual)
        for log_id, mark, exercise_id, outcome, actual in rows
    ]


def find_last_given(person_id: int, session_slug: str, plan_id: int | None = None) -> Given | None:
    """The last time that somebody gave a session, with what was planned and what happened; None before the first.

    ``plan_id``: the time that it was given by this plan, when there is one.
    """
    by_plan = case((SessionLog.plan_id == plan_id, 0), else_=1) if plan_id else SessionLog.person_id
    last = (
        select(SessionLog.id)
        .where(SessionLog.person_id == person_id, SessionLog.session_slug == session_slug)
        .order_by(by_plan, SessionLog.day.desc(), SessionLog.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(SessionLog, LoggedBlock)
        .outerjoin(LoggedBlock, LoggedBlock.log_id == SessionLog.id)
        .where(SessionLog.id == last)
        .order_by(LoggedBlock.position)
    ).all()
    if not rows:
        return None
    log = rows[0][0]
    return Given(
        log_id=log.id,
        day=log.day,
        head_count=log.head_count,
        mood=log.mood,
        worked=log.worked,
        blocks=tuple(
            GivenBlock(
                exercise_id=block.exercise_id,
                outcome=block.outcome,
                planned=block.planned_minutes,
                actual=block.actual_minutes,
            )
            for _, block in rows
            if block is not None
        ),
    )
