"""Figures that are kept, because no page may count through the work of fifty thousand people.

They are what was true at the moment of the stamp, gathered by the worker from the facts themselves, and they can be
thrown away and gathered again. A figure on the overview and the rows behind it stand on the same kept rows.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Base, enum_type
from lms.schools.rules import SchoolKind
from lms.schools.rules.doubles import MARK_LENGTH

# There is one stamp.
STAMP_ID = 1
# A name, a municipality and a number, with room for letters that grow longer in small print.
SEARCH_KEY_LENGTH = 300


class FigureStamp(Base):
    """When the figures were gathered and how long that took, in milliseconds. ``mark`` is another one each time."""

    __tablename__ = "figure_stamp"

    id: Mapped[int] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime] = mapped_column()
    mark: Mapped[str] = mapped_column(String(32))
    took_ms: Mapped[int] = mapped_column()


class SchoolFigure(Base):
    """What was true of a school. Place, kind and owner are copied, so a filter and its figure agree.

    ``position``: its place among all schools by name, so a page of rows need not sort them. ``added_year``: the
    school year in which it came into the register. ``people``: how many work there, of whom ``busy`` and ``finished``.
    school year in which it came into the register. ``stage``: a number of ``Stage``, of the school year of the stamp.
    ``search_key``: name, municipality and number in small letters. The marks are those of a school that may stand in
    the register twice, as fingerprints.
    """

    __tablename__ = "school_figure"
    __table_args__ = (
        Index("ix_school_figure_position", "position"),
        Index("ix_school_figure_municipality", "municipality"),
        Index("ix_school_figure_has_contact_person_position", "has_contact_person", "position"),
        # What is searched stands in it too, so that the schools behind each filter are counted from the index alone.
        Index(
            "ix_school_figure_stage_has_contact_person_position",
            "stage",
            "has_contact_person",
            "position",
            "search_key",
        ),
    )

    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column()
    municipality: Mapped[str] = mapped_column(String(80))
    kind: Mapped[SchoolKind] = mapped_column(enum_type(SchoolKind, "figure_kind"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    added_year: Mapped[int] = mapped_column()
    was_contacted: Mapped[bool] = mapped_column()
    has_contact_person: Mapped[bool] = mapped_column()
    has_started: Mapped[bool] = mapped_column()
    has_completed: Mapped[bool] = mapped_column()
    people: Mapped[int] = mapped_column()
    busy: Mapped[int] = mapped_column()
    finished: Mapped[int] = mapped_column()
    stage: Mapped[int] = mapped_column()
    last_contact: Mapped[date | None] = mapped_column(Date)
    search_key: Mapped[str] = mapped_column(String(SEARCH_KEY_LENGTH))
    name_mark: Mapped[str] = mapped_column(String(MARK_LENGTH), index=True)
    words_mark: Mapped[str | None] = mapped_column(String(MARK_LENGTH), index=True)
    address_mark: Mapped[str | None] = mapped_column(String(MARK_LENGTH), index=True)


class YearFigure(Base):
    """What happened at a school in one school year: sessions given, taking part counted, aanspreekpunten who said yes.

    ``heads`` adds the head counts of the sessions up: who was at two sessions counts twice. ``completions``: who
    finished while they worked there.
    """

    __tablename__ = "year_figure"

    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), primary_key=True)
    school_year: Mapped[int] = mapped_column(primary_key=True)
    sessions: Mapped[int] = mapped_column()
    heads: Mapped[int] = mapped_column()
    contact_persons: Mapped[int] = mapped_column()
    completions: Mapped[int] = mapped_column()


class TaughtFigure(Base):
    """How often a session was given in a school year, per kind of organisation, and the head counts added up.

    ``organisation`` is the kind of the school, else that of the group; empty where nobody knows it. It is text, as no
    part of a key can be null.
    """

    __tablename__ = "taught_figure"

    school_year: Mapped[int] = mapped_column(primary_key=True)
    session_slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(32), primary_key=True)
    sessions: Mapped[int] = mapped_column()
    heads: Mapped[int] = mapped_column()


class LearnerFigure(Base):
    """How far somebody was who began or finished, per school where they work: whoever works at two counts at both.

    ``module_id``: the furthest module with something shown, for who is busy; empty for who finished.
    ``finished_month``: the month of completion as 202611, for the school where they worked then, also after they left.
    """

    __tablename__ = "learner_figure"
    __table_args__ = (
        Index("ix_learner_figure_is_current_is_finished_last_at", "is_current", "is_finished", "last_at"),
        Index("ix_learner_figure_module_id_last_at", "module_id", "last_at"),
        Index("ix_learner_figure_finished_month_last_at", "finished_month", "last_at"),
    )

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), index=True)
    is_current: Mapped[bool] = mapped_column()
    is_finished: Mapped[bool] = mapped_column()
    module_id: Mapped[str] = mapped_column(String(64))
    last_at: Mapped[datetime] = mapped_column()
    finished_month: Mapped[int | None] = mapped_column()
