"""Where the youngsters of a school went after the toolbox, counted by the school. Nobody is named."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Base, enum_type
from lms.monitoring.rules.progression import Reason


class Progression(Base):
    """The counts of one school for one school year, until September. ``school_year``: the year in which it began.

    ``version`` counts changes, so that two who type at the same time see each other.
    """

    __tablename__ = "progression"
    __table_args__ = (
        UniqueConstraint("school_id", "school_year"),
        CheckConstraint("enrolled + working + elsewhere + not_known = finished", name="adds_up"),
        CheckConstraint("finished <= started AND visited <= started", name="within_started"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="RESTRICT"))
    school_year: Mapped[int] = mapped_column(index=True)
    started: Mapped[int] = mapped_column()
    finished: Mapped[int] = mapped_column()
    # How many went to an infodag, here or at another college.
    visited: Mapped[int] = mapped_column()
    # Where those who finished went.
    enrolled: Mapped[int] = mapped_column()
    working: Mapped[int] = mapped_column()
    elsewhere: Mapped[int] = mapped_column()
    not_known: Mapped[int] = mapped_column()
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column()
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)


class ProgressionReason(Base):
    """Why so many did not enrol; one youngster may have several reasons."""

    __tablename__ = "progression_reason"
    __table_args__ = (UniqueConstraint("progression_id", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    progression_id: Mapped[int] = mapped_column(ForeignKey("progression.id", ondelete="CASCADE"))
    reason: Mapped[Reason] = mapped_column(enum_type(Reason, "reason"))
    count: Mapped[int] = mapped_column()
