"""The figures of the yearly report, in a constant number of statements.

What is true of schools and begeleiders comes from the kept figures of the overview, so the report and the overview say
the same; sessions and what schools counted until September come from their rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, func, select

from lms.database import db
from lms.monitoring.queries.facts import this_school_year
from lms.monitoring.queries.gathering import find_stamp
from lms.monitoring.queries.overview import count_overview, is_true, with_year
from lms.monitoring.queries.progression import reasons_of
from lms.monitoring.rules.overview import Fact, Place, Scope
from lms.monitoring.rules.progression import COUNTED, Counts
from lms.monitoring.tables.figures import LearnerFigure, SchoolFigure, YearFigure
from lms.monitoring.tables.progression import Progression
from lms.pack.tables import Group, SessionLog
from lms.schools.rules import SchoolKind
from lms.schools.tables import Membership, School

# The navorming began with the site; nothing of it is older.
YEARS_BACK = 6


@dataclass(frozen=True, kw_only=True)
class KindFigures:
    """The figures of one kind of organisation. ``facts`` counts schools; ``working`` and after it count begeleiders.

    Who works at two organisations counts at both.
    """

    facts: Mapping[Fact, int]
    new_contacts: int
    working: int
    busy: int
    finished: int
    finished_this_year: int


@dataclass(frozen=True, kw_only=True)
class Taught:
    """Sessions of one kind of organisation, and their head counts added up; ``kind`` is None where nobody knows it."""

    slug: str
    kind: SchoolKind | None
    sessions: int
    heads: int


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What one school counted until September."""

    school_id: int
    school: str
    municipality: str
    kind: SchoolKind
    counts: Counts


@dataclass(frozen=True, kw_only=True)
class ReportFigures:
    """Everything of one school year. ``counted_at``: when the kept figures were gathered, None when they never were."""

    year: int
    counted_at: datetime | None
    kinds: Mapping[SchoolKind, KindFigures]
    places: Sequence[Place]
    taught: Sequence[Taught]
    counted: Sequence[Counted]

    @property
    def is_empty(self) -> bool:
        schools = sum(figures.facts[Fact.ALL] for figures in self.kinds.values())
        return not (schools or self.taught or self.counted)


def list_report_years() -> list[int]:
    """The school years to choose from, the newest first; two at least."""
    newest = this_school_year()
    oldest = db.session.scalar(select(func.min(YearFigure.school_year)))
    counted = db.session.scalar(select(func.min(Progression.school_year)))
    first = min(year for year in (oldest, counted, newest - 1) if year is not None)
    return list(range(newest, max(first, newest - YEARS_BACK) - 1, -1))


def count_report(year: int) -> ReportFigures:
    """Everything of the report of one school year (the year in which it began)."""
    stamp = find_stamp()
    whole = count_overview(Scope(year=year))
    return ReportFigures(
        year=year,
        counted_at=stamp.taken_at if stamp else None,
        kinds=_kinds(year),
        places=whole.places,
        taught=_taught(year),
        counted=_counted(year),
    )


def _kinds(year: int) -> Mapping[SchoolKind, KindFigures]:
    facts = [func.sum(cast(is_true(fact, year), Integer)).label(fact.name) for fact in Fact]
    new_contacts = func.sum(func.coalesce(YearFigure.contact_persons, 0)).label("new_contacts")
    rows = db.session.execute(
        with_year(select(SchoolFigure.kind, new_contacts, *facts).select_from(SchoolFigure), year).group_by(
            SchoolFigure.kind
        )
    )
    schools = {row.kind: row for row in rows}
    learners = _learners(year)
    people = db.session.execute(
        select(School.kind, func.count().label("working"))
        .select_from(Membership)
        .join(School, School.id == Membership.school_id)
        .where(Membership.ended_at.is_(None))
        .group_by(School.kind)
    )
    working = {row.kind: row.working for row in people}
    return {
        kind: KindFigures(
            facts={fact: int(getattr(schools[kind], fact.name)) if kind in schools else 0 for fact in Fact},
            new_contacts=int(schools[kind].new_contacts) if kind in schools else 0,
            working=working.get(kind, 0),
            busy=learners.get(kind, (0, 0, 0))[0],
            finished=learners.get(kind, (0, 0, 0))[1],
            finished_this_year=learners.get(kind, (0, 0, 0))[2],
        )
        for kind in SchoolKind
    }


def _learners(year: int) -> dict[SchoolKind, tuple[int, int, int]]:
    """Per kind: who is busy, who finished, and who finished in this school year, also when they left since."""
    in_year = LearnerFigure.finished_month.between(year * 100 + 9, (year + 1) * 100 + 8)
    rows = db.session.execute(
        select(
            SchoolFigure.kind,
            func.count().filter(LearnerFigure.is_current, ~LearnerFigure.is_finished).label("busy"),
            func.count().filter(LearnerFigure.is_current, LearnerFigure.is_finished).label("finished"),
            func.count().filter(in_year).label("this_year"),
        )
        .select_from(LearnerFigure)
        .join(SchoolFigure, SchoolFigure.school_id == LearnerFigure.school_id)
        .group_by(SchoolFigure.kind)
    )
    return {row.kind: (row.busy, row.finished, row.this_year) for row in rows}


def _taught(year: int) -> list[Taught]:
    """Sessions and head counts per session and kind; the kind of the school, else that of the group."""
    kind = func.coalesce(School.kind, Group.kind)
    rows: Any = db.session.execute(
        select(
            SessionLog.session_slug,
            kind.label("kind"),
            func.count().label("sessions"),
            func.sum(SessionLog.head_count).label("heads"),
        )
        .select_from(SessionLog)
        .outerjoin(School, School.id == SessionLog.school_id)
        .outerjoin(Group, Group.id == SessionLog.group_id)
        .where(SessionLog.school_year == year)
        .group_by(SessionLog.session_slug, kind)
    )
    return [
        Taught(
            slug=row.session_slug,
            kind=SchoolKind(row.kind) if row.kind else None,
            sessions=row.sessions,
            heads=int(row.heads),
        )
        for row in rows
    ]


def _counted(year: int) -> list[Counted]:
    """What each school counted, by name."""
    rows = db.session.execute(
        select(Progression, School.name, School.municipality, School.kind)
        .join(School, School.id == Progression.school_id)
        .where(Progression.school_year == year)
        .order_by(func.lower(School.name), School.id)
    ).all()
    reasons = reasons_of(row.Progression.id for row in rows)
    return [
        Counted(
            school_id=row.Progression.school_id,
            school=row.name,
            municipality=row.municipality,
            kind=row.kind,
            counts=Counts(
                **{name: getattr(row.Progression, name) for name in COUNTED},
                reasons=reasons.get(row.Progression.id, {}),
            ),
        )
        for row in rows
    ]
