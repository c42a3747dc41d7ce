"""One time line of everything that happened with a school: what people noted, and what the site saw happen."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

# Entries that are shown at first, and that every *toon meer* adds.
PER_PAGE = 20
PAGES_AT_MOST = 50


class Happened(enum.StrEnum):
    """What the site saw happen. A contact that somebody noted has its own kind instead."""

    SCHOOL_ADDED = "school.added"
    SCHOOL_MERGED = "school.merged"
    SET_ASIDE = "school.set_aside"
    TAKEN_UP = "school.taken_up"
    FOLLOWED = "school.followed"
    LET_GO = "school.let_go"
    LINK_RENEWED = "school.link_renewed"
    ASKED = "contact.asked"
    ACCEPTED = "contact.accepted"
    CONFIRMED = "contact.confirmed"
    ENDED = "contact.ended"
    WITHDRAWN = "contact.withdrawn"
    SUCCESSOR_ASKED = "succession.asked"
    SUCCESSOR_WITHDRAWN = "succession.withdrawn"
    SUCCEEDED = "succession.accepted"
    INVITED = "colleague.invited"
    JOINED = "member.joined"
    LEFT = "member.left"
    COMPLETED = "completion"
    GAVE_SESSION = "session"


# What is in the audit about the school itself, and in no row of its own.
AUDITED = (
    Happened.SCHOOL_ADDED, Happened.SCHOOL_MERGED, Happened.SET_ASIDE, Happened.TAKEN_UP, Happened.FOLLOWED,
    Happened.LET_GO, Happened.LINK_RENEWED,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Event:
    """One entry. ``who`` it is about, ``by`` whom; ``what`` and ``number`` mean something else for each kind.

    A contact that was noted has ``ref`` (its id) and perhaps an action with its day, its owner and when it was done.
    """

    kind: str
    day: date
    ref: int | None = None
    who: str | None = None
    what: str | None = None
    by: str | None = None
    number: int | None = None
    action: str | None = None
    action_on: date | None = None
    action_done: datetime | None = None
    action_owner: str | None = None

    @property
    def is_noted(self) -> bool:
        """Somebody typed it, as against the site that saw it happen."""
        return self.ref is not None


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The newest entries, and whether there are older ones."""

    events: list[Event]
    has_more: bool
    pages: int


def read_pages(asked: str) -> int:
    """How many pages of the time line somebody wants to see, from the address; nonsense is one."""
    return min(PAGES_AT_MOST, max(1, int(asked))) if asked[:3].isdecimal() and asked.isascii() and len(asked) < 3 else 1
