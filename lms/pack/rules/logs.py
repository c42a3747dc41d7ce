"""The log of a session that was given: what may stand in it."""

from __future__ import annotations

import enum
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WORKED_LENGTH = 500
# A group in a classroom; more is a typing error.
HEADS_AT_MOST = 60


class Mood(enum.StrEnum):
    """How it went, as the begeleider felt it."""

    SMOOTH = "vlot"
    MIXED = "wisselend"
    HARD = "stroef"


class Outcome(enum.StrEnum):
    """What became of a block of the plan."""

    DONE = "gedaan"
    HOME = "thuis"
    SKIPPED = "weg"


MOOD_LABELS = {Mood.SMOOTH: "Vlot", Mood.MIXED: "Wisselend", Mood.HARD: "Stroef"}
OUTCOME_LABELS = {Outcome.DONE: "Gedaan", Outcome.HOME: "Thuis verder", Outcome.SKIPPED: "Weggelaten"}
# Nobody gives more sessions than this; it keeps one account from filling the database.
LOGS_AT_MOST = 2000
BLOCKS_AT_MOST = 60
PARKED_AT_MOST = 40
MINUTES_AT_MOST = 600
OLDEST = timedelta(days=731)


@dataclass(frozen=True, kw_only=True)
class BlockFacts:
    """What became of one block. ``planned`` and ``actual`` in minutes; ``actual`` is None when it is not known."""

    block_id: str
    exercise_id: str
    outcome: Outcome
    planned: int
    actual: int | None


@dataclass(frozen=True, kw_only=True)
class ParkedFacts:
    """A question that was parked during the session; ``client_id`` is made on the phone, as that of the log."""

    client_id: str
    text: str
    exercise_id: str | None
    parked_at: datetime


@dataclass(frozen=True, kw_only=True)
class LogFacts:
    """A session as it was given. ``day`` is a day here; ``content_digest`` that of the content it was given with."""

    session_slug: str
    day: date
    head_count: int
    mood: Mood | None
    worked: str
    asked: tuple[str, ...]
    blocks: tuple[BlockFacts, ...]
    group_id: int | None = None
    plan_id: int | None = None
    content_digest: str = ""
    parked: tuple[ParkedFacts, ...] = ()


def new_group_mark() -> str:
    """Ties the logs of one group together when the group itself is gone; it tells nothing about it."""
    return secrets.token_hex(16)
