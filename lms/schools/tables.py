"""Schools, who works there, and the one aanspreekpunt of each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Base, enum_type
from lms.schools.rules import SchoolKind, new_link_code
from lms.schools.rules.following import ACTION_LENGTH, MESSAGE_LENGTH, NOTE_LENGTH, REASON_LENGTH, Interest, NoteKind


class School(Base):
    """A secondary school, CVO or youth organisation. ``version`` counts changes, so that two editors see each other."""

    __tablename__ = "school"
    __table_args__ = (UniqueConstraint("name", "municipality"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[SchoolKind] = mapped_column(enum_type(SchoolKind, "school_kind"))
    municipality: Mapped[str] = mapped_column(String(80))
    # The code of the school link. It hangs on a wall, so it is kept as it is.
    link_code: Mapped[str] = mapped_column(String(12), unique=True, default=new_link_code)
    street: Mapped[str] = mapped_column(String(160), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    # The number under which the government knows a school; youth organisations have none.
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    # Who of O&S follows this school.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    # Empty while the school may be asked; otherwise why not, and for *later* until when.
    interest: Mapped[Interest | None] = mapped_column(enum_type(Interest, "interest"))
    interest_reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    interest_until: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column()


class EndedLink(Base):
    """A school link that was replaced by a new one. It is kept to say so kindly to whoever still finds it."""

    __tablename__ = "ended_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    ended_at: Mapped[datetime] = mapped_column()
    # The link of a school that was merged: its poster hangs on a wall for years, and leads to the school that stayed.
    still_leads: Mapped[bool] = mapped_column(default=False)


class MergedSchool(Base):
    """A school that stood in the register twice, and into which one it was merged. ``former_id`` no longer exists."""

    __tablename__ = "merged_school"

    id: Mapped[int] = mapped_column(primary_key=True)
    former_id: Mapped[int] = mapped_column(unique=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    municipality: Mapped[str] = mapped_column(String(80))
    number: Mapped[str | None] = mapped_column(String(20))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    merged_at: Mapped[datetime] = mapped_column()


class SchoolImport(Base):
    """A file with schools as it was read, kept until its owner decides; ``rows`` are emptied when it is carried out.

    ``digest`` is that of the rows. ``added`` and ``changed`` are filled in when it is carried out.
    """

    __tablename__ = "school_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Comes from the form, so a double click makes one import.
    key: Mapped[str] = mapped_column(String(64), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(String(120))
    read_as: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column()
    applied_at: Mapped[datetime | None] = mapped_column()
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)


class SchoolWish(Base):
    """*Mijn school staat er niet bij*: what somebody typed, for O&S to settle."""

    __tablename__ = "school_wish"
    __table_args__ = (
        Index(
            "ix_school_wish_open",
            "created_at",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    wish: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column()
    settled_at: Mapped[datetime | None] = mapped_column()


class Membership(Base):
    """Somebody works at a school, from ``started_at`` until ``ended_at``."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_open",
            "person_id",
            "school_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        # How many work at a school is counted from this index alone, and who that is.
        Index(
            "ix_membership_working",
            "school_id",
            "person_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="RESTRICT"), index=True)
    started_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    # Only whoever ended it may undo that: nobody comes back to a school they left themselves, unless they want to.
    ended_by_self: Mapped[bool | None] = mapped_column()


class Contact(Base):
    """An aanspreekpunt, asked and perhaps accepted. One open row per school, kept by the database itself."""

    __tablename__ = "contact"
    __table_args__ = (
        Index(
            "uq_contact_open",
            "school_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_contact_stopped",
            "school_id",
            sqlite_where=text("accepted_at IS NOT NULL AND ended_at IS NOT NULL"),
            postgresql_where=text("accepted_at IS NOT NULL AND ended_at IS NOT NULL"),
        ),
        Index(
            "ix_contact_said_yes",
            text("coalesce(confirmed_at, accepted_at)"),
            "id",
            sqlite_where=text("accepted_at IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=text("accepted_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="RESTRICT"), index=True)
    # Who was asked. The account follows at acceptance, so an invitation creates nobody.
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    appointed_at: Mapped[datetime] = mapped_column()
    accepted_at: Mapped[datetime | None] = mapped_column(index=True)
    # The last September in which the aanspreekpunt said to go on.
    confirmed_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    # Whoever was asked wants no reminders of that question.
    reminders_stopped_at: Mapped[datetime | None] = mapped_column()

    @classmethod
    def accepted_now(cls) -> ColumnElement[bool]:
        """Somebody who said yes and still is the aanspreekpunt."""
        return and_(cls.accepted_at.is_not(None), cls.ended_at.is_(None))


class Succession(Base):
    """Somebody who was asked to take over from the aanspreekpunt ``contact_id``, who stays until the other says yes.

    It stands beside ``contact``, where a school has one open row. The link in the mail is kept as its fingerprint.
    """

    __tablename__ = "succession"
    __table_args__ = (
        Index(
            "uq_succession_open",
            "school_id",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="RESTRICT"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    # What the aanspreekpunt wants the next one to know; it stands in the mail and on the page of the next one.
    message: Mapped[str] = mapped_column(String(MESSAGE_LENGTH), default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime] = mapped_column()
    sent_at: Mapped[datetime] = mapped_column()
    token_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column()
    accepted_at: Mapped[datetime | None] = mapped_column()
    withdrawn_at: Mapped[datetime | None] = mapped_column()

    @classmethod
    def is_open(cls) -> ColumnElement[bool]:
        """Asked, and neither accepted nor taken back."""
        return and_(cls.accepted_at.is_(None), cls.withdrawn_at.is_(None))


class InvitedColleague(Base):
    """Somebody who was invited to follow the navorming as a colleague of a school, whether they came in or not."""

    __tablename__ = "invited_colleague"
    __table_args__ = (
        Index(
            "uq_invited_colleague_open",
            "school_id",
            "email",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
        Index("ix_invited_colleague_email_sent_at", "email", "sent_at"),
        Index("ix_invited_colleague_school_id", "school_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="RESTRICT"))
    email: Mapped[str] = mapped_column(String(254))
    # Empty when only an address was given.
    name: Mapped[str] = mapped_column(String(120))
    invited_at: Mapped[datetime] = mapped_column()
    sent_at: Mapped[datetime] = mapped_column()
    accepted_at: Mapped[datetime | None] = mapped_column()
    withdrawn_at: Mapped[datetime | None] = mapped_column()


class Invitation(Base):
    """The link that an aanspreekpunt or a colleague gets by mail. Only its fingerprint is stored; it works once."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("(contact_id IS NULL) <> (colleague_id IS NULL)", name="for_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    colleague_id: Mapped[int | None] = mapped_column(ForeignKey("invited_colleague.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()


class ContactNote(Base):
    """A contact of O&S with a school, and what comes next of it. An open action has ``next_on`` and no ``done_at``."""

    __tablename__ = "contact_note"
    __table_args__ = (Index("ix_contact_note_done_at_next_on", "done_at", "next_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Comes from the form, so a double click makes one note.
    key: Mapped[str] = mapped_column(String(64), unique=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[NoteKind] = mapped_column(enum_type(NoteKind, "note_kind"))
    day: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    next_action: Mapped[str] = mapped_column(String(ACTION_LENGTH), default="")
    next_on: Mapped[date | None] = mapped_column(Date)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    done_at: Mapped[datetime | None] = mapped_column()
    # The aanspreekpunt may read the action and its day; never the text of the contact.
    is_shared: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column()
