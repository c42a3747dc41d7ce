"""Reminders that were written, and which rules for them are on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Base, enum_type
from lms.monitoring.rules.reminders import WHY_LENGTH, ReminderState, RuleName


class ReminderSwitch(Base):
    """Whether the mails of a rule go out. A rule without a row is off."""

    __tablename__ = "reminder_switch"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[RuleName] = mapped_column(enum_type(RuleName, "rule"), unique=True)
    is_on: Mapped[bool] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column()


class Reminder(Base):
    """One reminder to one person, with why it was written and what became of it.

    ``week`` is the week it counts for, and empty again when it never left: so a person, known by account or by address,
    has one reminder a week at most, and the database itself keeps that.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("week", "person_id"),
        UniqueConstraint("week", "email"),
        Index("ix_reminder_person_id_composed_at", "person_id", "composed_at"),
        Index("ix_reminder_email_composed_at", "email", "composed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[RuleName] = mapped_column(enum_type(RuleName, "rule"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    # Who was asked to be the aanspreekpunt may have no account.
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    why: Mapped[str] = mapped_column(String(WHY_LENGTH))
    week: Mapped[str | None] = mapped_column(String(8))
    state: Mapped[ReminderState] = mapped_column(enum_type(ReminderState, "reminder_state"))
    composed_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None] = mapped_column()
    # The link that stands in a mail to whoever was asked; it takes the place of the earlier ones once the mail left.
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id", ondelete="SET NULL"), index=True)
