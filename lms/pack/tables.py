"""Groups of a begeleider, the plans made for them, and what was done with them. Youngsters are counted, never named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Base, enum_type
from lms.didactics.timing.changes import read_changes
from lms.pack.rules.logs import WORKED_LENGTH, Mood, Outcome
from lms.pack.rules.planning import LABEL_LENGTH, Asked, Device, Room
from lms.pack.rules.questions import QUESTION_LENGTH
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
        Index("ix_plan_day", "day"),
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


class CalendarLink(Base):
    """The secret link with which the calendar program of somebody reads their plans, one per person.

    It is kept as it is: its owner has to see it again for a second device. The privacy registry calls it secret.
    """

    __tablename__ = "calendar_link"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column()


class EveningMail(Base):
    """The mail on the evening before a plan, once for each day it stands on. ``version``: the plan that it tells of."""

    __tablename__ = "evening_mail"
    __table_args__ = (UniqueConstraint("plan_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column()
    composed_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None] = mapped_column()


class SessionLog(Base):
    """A session that was given: when, with how many youngsters, and how it went. Nothing about one youngster.

    ``client_id`` is made on the phone, so the same log sent twice, or from two phones, is one row.
    ``group_mark`` is the same for all logs of one group and stays when the group is removed, so that real durations
    still count groups and not logs. ``school_id`` and ``school_year`` are those of the group at that moment.
    """

    __tablename__ = "session_log"
    __table_args__ = (
        UniqueConstraint("person_id", "client_id"),
        Index("ix_session_log_school_id_school_year", "school_id", "school_year"),
        # The last two are there so that sessions and heads of a year are added up from the index alone.
        Index("ix_session_log_school_year_day_school_id_head_count", "school_year", "day", "school_id", "head_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(64))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id", ondelete="SET NULL"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("pack_group.id", ondelete="SET NULL"), index=True)
    group_mark: Mapped[str] = mapped_column(String(32), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id", ondelete="SET NULL"))
    school_year: Mapped[int] = mapped_column()
    session_slug: Mapped[str] = mapped_column(String(64), index=True)
    day: Mapped[date] = mapped_column(Date)
    head_count: Mapped[int] = mapped_column()
    mood: Mapped[Mood | None] = mapped_column(enum_type(Mood, "mood"))
    worked: Mapped[str] = mapped_column(String(WORKED_LENGTH), default="")
    # The bijvragen that were ticked, as they stand in the toolbox.
    asked: Mapped[list[str]] = mapped_column(JSON)
    content_digest: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime] = mapped_column()


class LoggedBlock(Base):
    """What became of one block of the plan, in minutes. ``block_id`` is that of a step where an exercise was split."""

    __tablename__ = "logged_block"
    __table_args__ = (UniqueConstraint("log_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("session_log.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    block_id: Mapped[str] = mapped_column(String(64))
    exercise_id: Mapped[str] = mapped_column(String(64), index=True)
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome, "outcome"))
    planned_minutes: Mapped[int] = mapped_column()
    # None when it was not done in class, or when nobody knows any more.
    actual_minutes: Mapped[int | None] = mapped_column()


class Question(Base):
    """A question of a youngster that had to wait, as the begeleider wrote it down.

    It returns in the next check-in. What the begeleider cannot answer goes to O&S (``sent_at``), whose answer comes
    back to the group; published, it stands on the fiche for everybody, in words that O&S chose.
    """

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("person_id", "client_id"),
        Index("ix_question_sent_at_answered_at", "sent_at", "answered_at"),
        # What O&S answered, and what waits for them.
        Index(
            "ix_question_answered",
            "answered_at",
            "id",
            sqlite_where=text("sent_at IS NOT NULL AND answered_at IS NOT NULL"),
            postgresql_where=text("sent_at IS NOT NULL AND answered_at IS NOT NULL"),
        ),
        Index(
            "ix_question_waiting",
            "settled_at",
            "owner_id",
            sqlite_where=text("sent_at IS NOT NULL AND answered_at IS NULL"),
            postgresql_where=text("sent_at IS NOT NULL AND answered_at IS NULL"),
        ),
        # Few questions are published, and every fiche asks for those of its session.
        Index(
            "ix_question_published",
            "session_slug",
            "published_at",
            sqlite_where=text("published_at IS NOT NULL"),
            postgresql_where=text("published_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(64))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("pack_group.id", ondelete="SET NULL"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id", ondelete="SET NULL"), index=True)
    session_slug: Mapped[str] = mapped_column(String(64), index=True)
    exercise_id: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(String(QUESTION_LENGTH))
    parked_at: Mapped[datetime] = mapped_column()
    # The begeleider dealt with it, in class or otherwise.
    settled_at: Mapped[datetime | None] = mapped_column()
    sent_at: Mapped[datetime | None] = mapped_column()
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column()
    published_as: Mapped[str] = mapped_column(String(QUESTION_LENGTH), default="")
    published_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(default=1)
