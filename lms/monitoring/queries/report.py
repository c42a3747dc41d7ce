"""The figures of the yearly report, in a constant number of statements.

What is true of schools, begeleiders and sessions comes from the kept figures of the overview, so the report and the
overview say the same; what schools counted until September comes from its rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from lms.database import db
from lms.monitoring.queries.facts import this_school_year
from lms.monitoring.queries.gathering import Stamp, find_stamp
from lms.monitoring.queries.overview import count_by_place, places_of
from lms.monitoring.rules.overview import Fact, Place, Scope
from lms.monitoring.rules.progression import COUNTED, Counts, Reason
from lms.monitoring.tables.figures import SchoolFigure, TaughtFigure, YearFigure
from lms.monitoring.tables.progression import Progression, ProgressionReason
from lms.schools.rules import SchoolKind
from lms.schools.tables import School

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


# The kept figures change only when they are gathered anew, so their sums are kept by the mark of that gathering.
OfSchools = tuple[Mapping[SchoolKind, KindFigures], Sequence[Place]]
KEPT_AT_MOST = 50
_added_up: dict[tuple[str, str, int], OfSchools] = {}


def list_report_years() -> list[int]:
    """The school years to choose from, the newest first; two at least."""
    newest = this_school_year()
    happened = select(func.min(YearFigure.school_year)).scalar_subquery()
    counted = select(func.min(Progression.school_year)).scalar_subquery()
    oldest = db.session.execute(select(happened, counted)).one()
    first = min(year for year in (*oldest, newest - 1) if year is not None)
    return list(range(newest, max(first, newest - YEARS_BACK) - 1, -1))


def count_report(year: int) -> ReportFigures:
    """Everything of the report of one school year (the year in which it began), in four statements."""
    stamp = find_stamp()
    kinds, places = _of_schools(year, stamp)
    return ReportFigures(
        year=year,
        counted_at=stamp.taken_at if stamp else None,
        kinds=kinds,
        places=places,
        taught=_taught(year),
        counted=_counted(year),
    )


def _of_schools(year: int, stamp: Stamp | None) -> OfSchools:
    """Per kind and per municipality; added up once for every gathering."""
    asked = (str(db.engine.url), stamp.mark if stamp else "", year)
    found = _added_up.get(asked) if stamp else None
    if found is None:
        scope = Scope(year=year)
        rows = count_by_place(scope, *_sums())
        kinds = {kind: _kind([row for row in rows if row.kind is kind]) for kind in SchoolKind}
        found = kinds, places_of(scope, rows)
        if len(_added_up) >= KEPT_AT_MOST:
            _added_up.clear()
        _added_up[asked] = found
    return found


def _sums() -> list[ColumnElement[int]]:
    """Over the figures of a school and of its school year: what is added up besides facts, by the names used below."""
    columns = {
        "new_contacts": YearFigure.contact_persons,
        "working": SchoolFigure.people,
        "busy": SchoolFigure.busy,
        "finished": SchoolFigure.finished,
        "finished_this_year": YearFigure.completions,
    }
    return [func.coalesce(func.sum(column), 0).label(name) for name, column in columns.items()]


def _kind(rows: Sequence[Any]) -> KindFigures:
    """The rows of one kind, one per municipality, added up."""

    def total(name: str) -> int:
        return sum(int(getattr(row, name)) for row in rows)

    return KindFigures(
        facts={fact: total(fact.name) for fact in Fact},
        new_contacts=total("new_contacts"),
        working=total("working"),
        busy=total("busy"),
        finished=total("finished"),
        finished_this_year=total("finished_this_year"),
    )


def _taught(year: int) -> list[Taught]:
    """Sessions and head counts per session and kind."""
    rows = db.session.scalars(
        select(TaughtFigure)
        .where(TaughtFigure.school_year == year)
        .order_by(TaughtFigure.session_slug, TaughtFigure.organisation)
    )
    return [
        Taught(
            slug=row.session_slug,
            kind=SchoolKind(row.organisation) if row.organisation else None,
            sessions=row.sessions,
            heads=row.heads,
        )
        for row in rows
    ]


def _counted(year: int) -> list[Counted]:
    """What each school counted, by name: a row per reason, so one statement finds both."""
    rows = db.session.execute(
        select(
            Progression,
            School.name,
            School.municipality,
            School.kind,
            ProgressionReason.reason,
            ProgressionReason.count,
        )
        .join(School, School.id == Progression.school_id)
        .outerjoin(ProgressionReason, ProgressionReason.progression_id == Progression.id)
        .where(Progression.school_year == year)
        .order_by(func.lower(School.name), School.id, ProgressionReason.id)
    ).all()
    reasons: dict[int, dict[Reason, int]] = {}
    for row in rows:
        of_school = reasons.setdefault(row.Progression.school_id, {})
        if row.reason is not None:
            of_school[row.reason] = row[-1]
    # Each school once, in the order in which it was found first.
    schools = {row.Progression.school_id: row for row in rows}
    return [
        Counted(
            school_id=school_id,
            school=row.name,
            municipality=row.municipality,
            kind=row.kind,
            counts=Counts(**{name: getattr(row.Progression, name) for name in COUNTED}, reasons=reasons[school_id]),
        )
        for school_id, row in schools.items()
    ]
