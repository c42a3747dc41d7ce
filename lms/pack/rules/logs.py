"""The log of a session that was given: what may stand in it."""

from __future__ import annotations

import enum

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
