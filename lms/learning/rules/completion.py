"""What a completion stands on, what O&S may decide about it, and what the attest says."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from lms.content.models import Course

REASON_LENGTH = 500


class Basis(enum.StrEnum):
    """What a completion stands on: the evidence of the course, the live navorming, or a decision of O&S alone.

    The last opens the pack and gives no attest: nobody saw this person practise.
    """

    COURSE = "course"
    LIVE = "live"
    GRANTED = "granted"


class ChangeKind(enum.StrEnum):
    """What happened to a completion beside the course; all but the last are decisions of O&S."""

    LIVE = "live"
    OPENED = "opened"
    REVOKED = "revoked"
    REOPENED = "reopened"
    # Somebody whose pack O&S had opened did the course as well.
    FINISHED = "finished"


def possible_decisions(basis: Basis | None, *, is_revoked: bool) -> tuple[ChangeKind, ...]:
    """What O&S can decide now about somebody with this completion; ``basis`` is None without one."""
    if basis is None:
        return (ChangeKind.LIVE, ChangeKind.OPENED)
    if is_revoked:
        return (ChangeKind.REOPENED,)
    return (ChangeKind.LIVE, ChangeKind.REVOKED) if basis is Basis.GRANTED else (ChangeKind.REVOKED,)


# ── the attest ─────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class AttestedCourse:
    """What an attest says about the course, as it was on that day. ``minutes``: of the core route."""

    title: str
    minutes: int
    objectives: tuple[str, ...]


def attested_course(course: Course) -> AttestedCourse:
    return AttestedCourse(
        title=course.title,
        minutes=course.core_minutes,
        objectives=tuple(objective.text for objective in course.objectives),
    )


def in_hours(minutes: int) -> str:
    """A duration as people say it: *2 uur*, *1 uur en 30 minuten*."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} uur"] if hours else []
    if rest or not hours:
        parts.append("1 minuut" if rest == 1 else f"{rest} minuten")
    return " en ".join(parts)
