"""The project's own history 2023–2025 as the report published it. Nothing here is about one youngster.

Rows come from ``courses/history`` by ``lms load-history`` alone; ``ref`` is their id there, ``notes`` the footnotes.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.content.history_models import HistoryContext, HistoryKind, Means
from lms.database import Base, enum_type

REF_LENGTH, TEXT_LENGTH = 120, 200


class HistoryEventRow(Base):
    """A conversation, a survey, a session or a network event; ``source`` says where the report has it."""

    __tablename__ = "history_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(REF_LENGTH), unique=True)
    position: Mapped[int] = mapped_column()
    kind: Mapped[HistoryKind] = mapped_column(enum_type(HistoryKind, "history_kind"))
    trajectory: Mapped[int | None] = mapped_column()
    context: Mapped[HistoryContext | None] = mapped_column(enum_type(HistoryContext, "history_context"))
    organisation: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    detail: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    day: Mapped[date | None] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    municipalities: Mapped[list[str]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    notes: Mapped[list[str]] = mapped_column(JSON)


class HistoryCount(Base):
    """How many, and of what."""

    __tablename__ = "history_count"
    __table_args__ = (UniqueConstraint("event_id", "means"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("history_event.id", ondelete="CASCADE"))
    means: Mapped[Means] = mapped_column(enum_type(Means, "means"))
    count: Mapped[int] = mapped_column()


class HistoryAnswerRow(Base):
    """How many of ``respondents`` gave an answer to a question of the survey; None: the report gives no figure."""

    __tablename__ = "history_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(REF_LENGTH), unique=True)
    position: Mapped[int] = mapped_column()
    context: Mapped[HistoryContext] = mapped_column(enum_type(HistoryContext, "history_context"))
    question: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    answer: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    respondents: Mapped[int] = mapped_column()
    count: Mapped[int | None] = mapped_column()
    source: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    notes: Mapped[list[str]] = mapped_column(JSON)


class HistoryNoteRow(Base):
    """A footnote: where the source contradicts itself. ``about``: the tables whose every row it is about."""

    __tablename__ = "history_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(REF_LENGTH), unique=True)
    position: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    about: Mapped[list[str]] = mapped_column(JSON)


class HistoryTotal(Base):
    """A total as the report published it, beside the sum of the rows (``found``)."""

    __tablename__ = "history_total"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(REF_LENGTH), unique=True)
    position: Mapped[int] = mapped_column()
    label: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    published: Mapped[int] = mapped_column()
    found: Mapped[int] = mapped_column()
    notes: Mapped[list[str]] = mapped_column(JSON)
