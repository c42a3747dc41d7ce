"""The figures of the overview, from the kept rows: the same number of statements for any number of schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, or_, select, true

from lms.database import db
from lms.monitoring.rules.overview import ELSEWHERE, Fact, Kinds, Overview, Place, Scope, Year, year_of_month
from lms.monitoring.tables.figures import LearnerFigure, SchoolFigure, YearFigure
from lms.people.tables import Person
from lms.permissions import STAFF_ROLES
from lms.schools.rules import SchoolKind
from lms.schools.rules.municipalities import MINING_MUNICIPALITIES, MUNICIPALITY_NAMES

KINDS_OF: Mapping[Kinds, tuple[SchoolKind, ...]] = {
    Kinds.SCHOOLS: (SchoolKind.SECONDARY, SchoolKind.ADULT_EDUCATION),
    Kinds.SECONDARY: (SchoolKind.SECONDARY,),
    Kinds.ADULT_EDUCATION: (SchoolKind.ADULT_EDUCATION,),
    Kinds.YOUTH_WORK: (SchoolKind.YOUTH_WORK,),
}

# A statement that gives rows of whatever columns.
Rows = Select[*tuple[Any, ...]]


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Over ``SchoolFigure``: is this one of the schools that are looked at?"""
    conditions: list[ColumnElement[bool]] = []
    if scope.kinds is not None:
        conditions.append(SchoolFigure.kind.in_(KINDS_OF[scope.kinds]))
    if scope.municipality == ELSEWHERE:
        conditions.append(SchoolFigure.municipality.not_in(MUNICIPALITY_NAMES))
    elif scope.municipality:
        conditions.append(SchoolFigure.municipality == scope.municipality)
    if scope.owner_id is not None:
        conditions.append(SchoolFigure.owner_id == scope.owner_id)
    return and_(true(), *conditions)


def with_year(statement: Rows, year: int) -> Rows:
    """Join what happened at each school in this school year; null where nothing did."""
    return statement.outerjoin(
        YearFigure, (YearFigure.school_id == SchoolFigure.school_id) & (YearFigure.school_year == year)
    )


def is_true(fact: Fact, year: int) -> ColumnElement[bool]:
    """Over ``SchoolFigure`` and the ``YearFigure`` of ``year``: does this hold for the school?"""
    in_use = func.coalesce(YearFigure.sessions, 0) > 0
    clauses: dict[Fact, ColumnElement[bool]] = {
        Fact.ALL: true(),
        Fact.CONTACTED: SchoolFigure.was_contacted.is_(True),
        Fact.CONTACT_PERSON: SchoolFigure.has_contact_person.is_(True),
        Fact.WITHOUT: SchoolFigure.has_contact_person.is_(False),
        Fact.STARTED: SchoolFigure.has_started.is_(True),
        Fact.PACK_OPEN: SchoolFigure.has_completed.is_(True),
        Fact.IN_USE: in_use,
        # Only being asked is not taking part yet.
        Fact.TAKES_PART: or_(
            SchoolFigure.has_contact_person, SchoolFigure.has_started, SchoolFigure.has_completed, in_use
        ),
        Fact.NEW: SchoolFigure.added_year == year,
    }
    return clauses[fact]


def of_learners(statement: Rows, scope: Scope) -> Rows:
    """Narrow rows of ``LearnerFigure`` to the schools that are looked at."""
    if scope.is_whole:
        return statement
    return statement.join(SchoolFigure, SchoolFigure.school_id == LearnerFigure.school_id).where(in_scope(scope))


def count_overview(scope: Scope) -> Overview:
    """Everything for one scope, in five statements."""
    places = places_of(scope, count_by_place(scope))
    busy, finished, modules = _learners(scope)
    months = _months(scope)
    return Overview(
        facts={fact: sum(place.facts[fact] for place in places) for fact in Fact},
        busy=busy,
        finished=finished,
        places=places,
        years=_years(scope, months),
        months=months,
        modules=modules,
    )


def count_by_place(scope: Scope, *sums: ColumnElement[Any]) -> Sequence[Any]:
    """A row per municipality and kind: for how many schools each fact holds, under its name, and ``sums``."""
    facts = [func.sum(cast(is_true(fact, scope.year), Integer)).label(fact.name) for fact in Fact]
    statement = with_year(
        select(SchoolFigure.municipality, SchoolFigure.kind, *facts, *sums).select_from(SchoolFigure), scope.year
    )
    return db.session.execute(
        statement.where(in_scope(scope)).group_by(SchoolFigure.municipality, SchoolFigure.kind)
    ).all()


def places_of(scope: Scope, rows: Iterable[Any]) -> list[Place]:
    """The rows of ``count_by_place`` per municipality, the largest first."""
    by_name: dict[str, list[Any]] = {name: [] for name in MINING_MUNICIPALITIES if scope.municipality in ("", name)}
    for row in rows:
        by_name.setdefault(row.municipality if row.municipality in MUNICIPALITY_NAMES else ELSEWHERE, []).append(row)
    return sorted((_place(name, found) for name, found in by_name.items()), key=_most_first)


def _place(name: str, rows: list[Any]) -> Place:
    def count(fact: Fact, *, youth: bool | None = None) -> int:
        return sum(
            int(getattr(row, fact.name)) for row in rows if youth in (None, row.kind is SchoolKind.YOUTH_WORK)
        )  # fmt: skip

    return Place(
        name=name,
        schools=count(Fact.ALL, youth=False),
        youth=count(Fact.ALL, youth=True),
        facts={fact: count(fact) for fact in Fact},
        schools_taking_part=count(Fact.TAKES_PART, youth=False),
        youth_taking_part=count(Fact.TAKES_PART, youth=True),
    )


def _most_first(place: Place) -> tuple[bool, int, str]:
    return place.name == ELSEWHERE, -place.total, place.name


def _learners(scope: Scope) -> tuple[int, int, dict[str, int]]:
    """How many are busy, how many finished, and how many of the busy ones stand at each module."""
    statement = of_learners(
        select(LearnerFigure.module_id, func.count().label("people")).select_from(LearnerFigure), scope
    )
    rows = db.session.execute(statement.where(LearnerFigure.is_current).group_by(LearnerFigure.module_id))
    modules = {row.module_id: row.people for row in rows}
    finished = modules.pop("", 0)
    return sum(modules.values()), finished, modules


def _months(scope: Scope) -> dict[int, int]:
    statement = of_learners(
        select(LearnerFigure.finished_month, func.count().label("people")).select_from(LearnerFigure), scope
    )
    rows = db.session.execute(
        statement.where(LearnerFigure.finished_month.is_not(None)).group_by(LearnerFigure.finished_month)
    )
    return {row.finished_month: row.people for row in rows}


def _years(scope: Scope, months: dict[int, int]) -> list[Year]:
    """Every school year in which something happened, the oldest first."""
    added = Counter[int]()
    for year, count in db.session.execute(
        select(SchoolFigure.added_year, func.count()).where(in_scope(scope)).group_by(SchoolFigure.added_year)
    ):
        added[year] = count
    completions = Counter[int]()
    for month, count in months.items():
        completions[year_of_month(month)] += count
    happened = {row.school_year: row for row in _happened(scope)}
    return [
        Year(
            year=year,
            new_schools=added[year],
            contact_persons=int(happened[year].contact_persons) if year in happened else 0,
            completions=completions[year],
            sessions=int(happened[year].sessions) if year in happened else 0,
            heads=int(happened[year].heads) if year in happened else 0,
        )
        for year in sorted({*added, *completions, *happened})
    ]


def _happened(scope: Scope) -> Iterable[Any]:
    statement = select(
        YearFigure.school_year,
        func.sum(YearFigure.sessions).label("sessions"),
        func.sum(YearFigure.heads).label("heads"),
        func.sum(YearFigure.contact_persons).label("contact_persons"),
    )
    if not scope.is_whole:
        statement = statement.join(SchoolFigure, SchoolFigure.school_id == YearFigure.school_id).where(in_scope(scope))
    return db.session.execute(statement.group_by(YearFigure.school_year))


def list_owners() -> list[tuple[int, str]]:
    """Staff who may follow a school: id and name, by name."""
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(Person.role.in_(sorted(STAFF_ROLES)), Person.erased_at.is_(None), Person.disabled_at.is_(None))
        .order_by(func.lower(Person.name), Person.id)
    )
    return [(row.id, row.name) for row in rows]


def list_municipalities() -> list[str]:
    """The municipalities that have a school or organisation, in the order of the alphabet."""
    return list(
        db.session.scalars(select(SchoolFigure.municipality).distinct().order_by(SchoolFigure.municipality))
    )  # fmt: skip
