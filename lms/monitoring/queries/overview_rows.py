"""The rows behind each figure of the overview. Each list is one page of rows and their number, in two statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from lms.clock import now
from lms.database import db
from lms.monitoring.queries.overview import Rows, in_scope, is_true, of_learners, with_year
from lms.monitoring.queries.totals import totals
from lms.monitoring.rules import PAGE
from lms.monitoring.rules.attention import today
from lms.monitoring.rules.overview import Fact, Scope, months_of
from lms.monitoring.tables.figures import LearnerFigure, SchoolFigure
from lms.pack.tables import SessionLog
from lms.people.tables import Person
from lms.schools.rules import SchoolKind
from lms.schools.tables import Contact, School


@dataclass(frozen=True, kw_only=True)
class RowPage:
    """One page of rows, how many there are in all, and how many pages. ``heads``: of sessions, all taken together."""

    rows: Sequence[Any]
    total: int
    page: int
    pages: int
    heads: int = 0


@dataclass(frozen=True, kw_only=True)
class SchoolLine:
    id: int
    name: str
    municipality: str
    kind: SchoolKind
    true: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class LearnerLine:
    """``name`` is None once the account was erased: the figure still counts them."""

    person_id: int
    name: str | None
    school_id: int
    school_name: str
    is_current: bool
    is_finished: bool
    module_id: str
    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionLine:
    school_id: int
    school_name: str
    municipality: str
    session_slug: str
    day: date
    heads: int


@dataclass(frozen=True, kw_only=True)
class ContactLine:
    """``ended_at``: until when; None for who is the aanspreekpunt now."""

    school_id: int
    school_name: str
    municipality: str
    name: str
    accepted_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class LearnersAsked:
    """Which learners: ``stand`` is *alle*, *bezig* or *klaar* of now; a month or school year asks who finished then."""

    stand: str = "alle"
    module_id: str = ""
    month: int | None = None
    in_year: bool = False


def _cut(statement: Rows, total: int, asked: int, size: int | None) -> tuple[int, int, Rows]:
    """The page, how many pages there are, and the rows of that page. ``size`` None: everything is one page."""
    if size is None:
        return 1, 1, statement
    pages = max(1, -(-total // size))
    page = min(max(1, asked), pages)
    return page, pages, statement.limit(size).offset((page - 1) * size)


def count_schools(scope: Scope, fact: Fact) -> int:
    """For how many schools ``fact`` holds."""
    count = with_year(select(func.count()).select_from(SchoolFigure), scope.year)
    return db.session.scalar(count.where(in_scope(scope), is_true(fact, scope.year))) or 0


def list_school_lines(scope: Scope, fact: Fact, *, total: int, page: int = 1, size: int | None = PAGE) -> RowPage:
    """The schools for which ``fact`` holds, by name. ``total``: how many there are, as ``count_schools`` says."""
    in_use = is_true(Fact.IN_USE, scope.year).label("in_use")
    figures = with_year(select(SchoolFigure, in_use).select_from(SchoolFigure), scope.year)
    figures = figures.where(in_scope(scope), is_true(fact, scope.year)).order_by(SchoolFigure.position)
    page, pages, one = _cut(figures, total, page, size)
    # Only the schools of this page are looked up: which they are is known before their names are.
    found = one.subquery()
    rows = db.session.execute(
        select(found, School.name).join(School, School.id == found.c.school_id).order_by(found.c.position)
    )
    return RowPage(rows=[_school_line(row) for row in rows], total=total, page=page, pages=pages)


def _school_line(row: Any) -> SchoolLine:
    true = {
        Fact.CONTACTED: row.was_contacted,
        Fact.CONTACT_PERSON: row.has_contact_person,
        Fact.STARTED: row.has_started,
        Fact.PACK_OPEN: row.has_completed,
        Fact.IN_USE: row.in_use,
    }
    return SchoolLine(
        id=row.school_id,
        name=row.name,
        municipality=row.municipality,
        kind=row.kind,
        true=tuple(fact for fact, holds in true.items() if holds),
    )


def _are_asked(asked: LearnersAsked, year: int) -> ColumnElement[bool]:
    if asked.month is not None:
        return LearnerFigure.finished_month == asked.month
    if asked.in_year:
        months = [month for month, _name in months_of(year)]
        return LearnerFigure.finished_month.between(months[0], months[-1])
    condition = LearnerFigure.is_current.is_(True)
    if asked.module_id:
        return condition & (LearnerFigure.module_id == asked.module_id)
    if asked.stand == "alle":
        return condition
    return condition & LearnerFigure.is_finished.is_(asked.stand == "klaar")


def _order(asked: LearnersAsked, kept: Any) -> tuple[ColumnElement[Any], ...]:
    """By index, so that the first page is found without looking at the others. A month follows from ``last_at``."""
    if asked.month is not None or asked.in_year:
        return (kept.finished_month.desc(), kept.last_at.desc(), kept.membership_id.desc())
    if asked.stand == "klaar":
        return (kept.last_at.desc(), kept.membership_id.desc())
    return (kept.is_finished, kept.last_at, kept.membership_id)


def count_learners(scope: Scope, asked: LearnersAsked) -> int:
    """How many begeleiders are asked for."""
    count = of_learners(select(func.count()).select_from(LearnerFigure), scope)
    return db.session.scalar(count.where(_are_asked(asked, scope.year))) or 0


def list_learner_lines(
    scope: Scope, asked: LearnersAsked, *, total: int, page: int = 1, size: int | None = PAGE
) -> RowPage:
    """The begeleiders that are asked for; who has been silent longest first, or who finished last first.

    ``total``: how many there are, as ``count_learners`` says.
    """
    figures = of_learners(select(LearnerFigure).select_from(LearnerFigure), scope)
    order = _order(asked, LearnerFigure)
    page, pages, one = _cut(figures.where(_are_asked(asked, scope.year)).order_by(*order), total, page, size)
    found = one.subquery()
    columns = (Person.name, Person.erased_at, School.name.label("school_name"))
    statement = (
        select(found, *columns)
        .join(Person, Person.id == found.c.person_id)
        .join(School, School.id == found.c.school_id)
        .order_by(*_order(asked, found.c))
    )
    rows = db.session.execute(statement)
    lines = [
        LearnerLine(
            person_id=row.person_id,
            name=row.name if row.erased_at is None else None,
            school_id=row.school_id,
            school_name=row.school_name,
            is_current=row.is_current,
            is_finished=row.is_finished,
            module_id=row.module_id,
            last_at=row.last_at,
        )
        for row in rows
    ]
    return RowPage(rows=lines, total=total, page=page, pages=pages)


def list_session_lines(scope: Scope, *, page: int = 1, size: int | None = PAGE) -> RowPage:
    """The sessions of the school year that were given at a school, the newest first; as they are logged now."""
    where = (SessionLog.school_year == scope.year) & SessionLog.school_id.is_not(None)
    columns = (
        SessionLog.school_id, School.name, School.municipality, SessionLog.session_slug, SessionLog.day,
        SessionLog.head_count,
    )  # fmt: skip
    statement = select(*columns).select_from(SessionLog).join(School, School.id == SessionLog.school_id)
    count = select(func.count(), func.coalesce(func.sum(SessionLog.head_count), 0)).select_from(SessionLog)
    if not scope.is_whole:
        where &= in_scope(scope)
        statement = statement.join(SchoolFigure, SchoolFigure.school_id == SessionLog.school_id)
        count = count.join(SchoolFigure, SchoolFigure.school_id == SessionLog.school_id)
    asked = ("sessions", scope, today(now()))
    counted = totals.get(*asked)
    if counted is None:
        counted = tuple(map(int, db.session.execute(count.where(where)).one()))
        totals.keep(*asked, totals=counted)
    total, heads = counted
    statement = statement.where(where).order_by(SessionLog.day.desc(), SessionLog.id.desc())
    page, pages, one = _cut(statement, total, page, size)
    rows = db.session.execute(one)
    lines = [
        SessionLine(
            school_id=row.school_id,
            school_name=row.name,
            municipality=row.municipality,
            session_slug=row.session_slug,
            day=row.day,
            heads=row.head_count,
        )
        for row in rows
    ]
    return RowPage(rows=lines, total=total, page=page, pages=pages, heads=heads)


def list_contact_lines(
    scope: Scope, begins: datetime, ends: datetime, *, page: int = 1, size: int | None = PAGE
) -> RowPage:
    """Who said yes to being aanspreekpunt from ``begins`` until before ``ends``, the newest first; as it is now."""
    where = (Contact.accepted_at >= begins) & (Contact.accepted_at < ends)
    columns = (
        Contact.school_id, School.name.label("school_name"), School.municipality, Contact.name, Contact.accepted_at,
        Contact.ended_at,
    )  # fmt: skip
    statement = select(*columns).select_from(Contact).join(School, School.id == Contact.school_id)
    count: Rows = select(func.count()).select_from(Contact)
    if not scope.is_whole:
        where &= in_scope(scope)
        statement = statement.join(SchoolFigure, SchoolFigure.school_id == Contact.school_id)
        count = count.join(SchoolFigure, SchoolFigure.school_id == Contact.school_id)
    total = db.session.scalar(count.where(where)) or 0
    statement = statement.where(where).order_by(Contact.accepted_at.desc(), Contact.id.desc())
    page, pages, one = _cut(statement, total, page, size)
    rows = db.session.execute(one)
    return RowPage(rows=[ContactLine(**row._mapping) for row in rows], total=total, page=page, pages=pages)
