"""Groups of a begeleider and the plans made for them. Youngsters are counted here, never named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Base, enum_type
from lms.didactics.timing.changes import read_changes
from lms.pack.rules.planning import LABEL_LENGTH, Asked, Device, Room
from lms.schools.rules import SchoolKind


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """What somebody says about a group. ``school_year``: the year in which it begins."""

    label: str
    school_id: int | None
    school_year: int
    kind: SchoolKind


class Group(Base):
    """A group that somebody runs the toolbox with in one school year. ``school_year``: the year in which it began."""

    __tablename__ = "pack_group"
    __table_args__ = (UniqueConstraint("person_id", "school_year", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id", ondelete="SET NULL"), index=True)
    school_year: Mapped[int] = mapped_column()
    kind: Mapped[SchoolKind] = mapped_column(enum_type(SchoolKind, "school_kind"))
    created_at: Mapped[datetime] = mapped_column()


class Plan(Base):
    """A session in the time somebody has: what was asked and what they changed. The blocks follow from it by ``fit``.

    ``day`` and ``start`` are what the timetable of the school says, in local time. ``changes`` are written as in the
    address of the planner. ``version`` counts savings, so that two tabs do not overwrite each other unseen.
    """

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_plan_person_id_changed_at", "person_id", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    # Comes from the form, so a double click makes one plan.
    key: Mapped[str] = mapped_column(String(64))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("pack_group.id", ondelete="SET NULL"), index=True)
    session_slug: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    # Minutes per lesson hour.
    hours: Mapped[list[int]] = mapped_column(JSON)
    day: Mapped[date | None] = mapped_column(Date)
    start: Mapped[time | None] = mapped_column(Time)
    size: Mapped[int | None] = mapped_column()
    room: Mapped[Room | None] = mapped_column(enum_type(Room, "room"))
    devices: Mapped[list[str]] = mapped_column(JSON)
    changes: Mapped[list[str]] = mapped_column(JSON)
    # The content as it was: when the session changed since, the begeleider is told.
    content_digest: Mapped[str] = mapped_column(String(64))
    # Stands in the address that a colleague with an open pack may follow; None while it is not shared.
    share_code: Mapped[str | None] = mapped_column(String(40), unique=True)
    # Made from the final task of the course.
    is_first: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column()

    @property
    def asked(self) -> Asked:
        """What the planner is asked for this plan."""
        return Asked(
            hours=tuple(self.hours),
            day=self.day,
            start=self.start,
            size=self.size,
            room=self.room,
            devices=tuple(Device(name) for name in self.devices),
            changes=read_changes(self.changes),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What a copy takes along: everything about the session, nothing of the owner."""
        return {
            "session_slug": self.session_slug, "hours": list(self.hours), "start": self.start, "size": self.size,
            "room": self.room, "devices": list(self.devices), "changes": list(self.changes),
            "content_digest": self.content_digest,
        }  # fmt: skip
