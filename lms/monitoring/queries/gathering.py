"""What the figures are gathered from: the facts themselves, asked in a handful of statements over everything.

It reads evidence and completions, never attempts, and of who finished only the completion. For the largest site that
was measured it takes some seconds, which is why the worker does it and no page; see docs/performance.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, String, Table, column, func, select, values

from lms.clock import BRUSSELS
from lms.content.models import Course
from lms.database import Base, db
from lms.learning.rules.progress import lesson_refs
from lms.learning.tables import Completion, Evidence
from lms.monitoring.queries import facts
from lms.monitoring.rules.overview import year_of_month
from lms.monitoring.tables.figures import (
    SEARCH_KEY_LENGTH,
    STAMP_ID,
    FigureStamp,
    LearnerFigure,
    SchoolFigure,
    TaughtFigure,
    YearFigure,
)
from lms.pack.rules.planning import school_year_of
from lms.pack.tables import Group, SessionLog
from lms.schools.rules import SchoolKind, Stage, StageFacts, stage_of
from lms.schools.rules.doubles import Listed, kept_marks
from lms.schools.tables import Contact, Membership, School

Key = tuple[Any, ...]
Rows = dict[Key, dict[str, Any]]

# In the order in which they are written: all of them stand on schools alone.
KEPT: tuple[type[Base], ...] = (SchoolFigure, YearFigure, LearnerFigure, TaughtFigure)


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """When the kept figures were gathered. ``mark`` tells one gathering from another."""

    taken_at: datetime
    mark: str
    took_ms: int


def find_stamp() -> Stamp | None:
    """None before the figures were gathered for the first time."""
    row = db.session.execute(
        select(FigureStamp.taken_at, FigureStamp.mark, FigureStamp.took_ms).where(FigureStamp.id == STAMP_ID)
    ).one_or_none()
    return None if row is None else Stamp(taken_at=row.taken_at, mark=row.mark, took_ms=row.took_ms)


def read_as_one() -> None:
    """Let all statements of this transaction see the database as it was at one moment, as SQLite does by itself."""
    if db.engine.dialect.name != "sqlite":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def table_of(kept: type[Base]) -> Table:
    table = kept.__table__
    assert isinstance(table, Table)
    return table


def kept_rows(kept: type[Base]) -> Rows:
    """The rows of one table of figures as they stand, by primary key."""
    table = table_of(kept)
    keys = [one.name for one in table.primary_key]
    rows: Rows = {}
    for row in db.session.execute(select(table)):
        found = dict(row._mapping)
        rows[tuple(found[name] for name in keys)] = found
    return rows


def gather(course: Course) -> Mapping[type[Base], Rows]:
    """What the tables of figures should hold now."""
    learners = [*_finished(course), *_busy(course)]
    return {
        SchoolFigure: {(row["school_id"],): row for row in _schools(learners)},
        YearFigure: _years(learners),
        LearnerFigure: {(row["membership_id"],): row for row in learners},
        TaughtFigure: _taught(),
    }


def _year(moment: datetime) -> int:
    return school_year_of(moment.astimezone(BRUSSELS).date())


def _with_facts() -> Select[Any]:
    """Every school by name."""
    rows: Any = select(
        School.id,
        School.municipality,
        School.kind,
        School.owner_id,
        School.created_at,
        facts.was_contacted().label("was_contacted"),
        facts.has_contact_person().label("has_contact_person"),
        facts.has_started().label("has_started"),
        facts.has_completed().label("has_completed"),
        facts.in_use(facts.this_school_year()).label("in_use"),
        facts.last_contact().label("last_contact"),
        School.name,
        School.street,
        School.postcode,
        School.number,
    ).order_by(func.lower(School.name), School.id)
    return rows


def _schools(learners: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    busy, finished = Counter[int](), Counter[int]()
    for one in learners:
        if one["is_current"]:
            (finished if one["is_finished"] else busy)[one["school_id"]] += 1
    working = (
        select(Membership.school_id, func.count()).where(Membership.ended_at.is_(None)).group_by(Membership.school_id)
    )
    people = {row[0]: row[1] for row in db.session.execute(working)}
    for position, row in enumerate(db.session.execute(_with_facts())):
        yield {
            "school_id": row.id,
            "position": position,
            "municipality": row.municipality,
            "kind": row.kind,
            "owner_id": row.owner_id,
            "added_year": _year(row.created_at),
            "was_contacted": bool(row.was_contacted),
            "has_contact_person": bool(row.has_contact_person),
            "has_started": bool(row.has_started),
            "has_completed": bool(row.has_completed),
            "people": people.get(row.id, 0),
            "busy": busy[row.id],
            "finished": finished[row.id],
            "stage": _stage(row).value,
            "last_contact": row.last_contact,
            "search_key": search_key(row.name, row.municipality, row.number),
            **kept_marks(Listed.of(row)),
        }


def _stage(row: Any) -> Stage:
    return stage_of(
        StageFacts(
            was_contacted=row.was_contacted,
            has_contact_person=row.has_contact_person,
            started=int(row.has_started),
            completed=int(row.has_completed),
            in_use=row.in_use,
        )
    )


def search_key(name: str, municipality: str, number: str | None) -> str:
    """In what of a school words are looked for, each part on a line of its own."""
    return "\n".join((name, municipality, number or "")).lower()[:SEARCH_KEY_LENGTH]


def _years(learners: Iterable[Mapping[str, Any]]) -> Rows:
    rows: Rows = {}

    def of(school_id: Any, year: int) -> dict[str, Any]:
        empty = {"sessions": 0, "heads": 0, "contact_persons": 0, "completions": 0}
        return rows.setdefault((school_id, year), {"school_id": school_id, "school_year": year, **empty})

    logged = select(
        SessionLog.school_id, SessionLog.school_year, func.count().label("sessions"), func.sum(SessionLog.head_count)
    )
    for school_id, year, sessions, heads in db.session.execute(
        logged.where(SessionLog.school_id.is_not(None)).group_by(SessionLog.school_id, SessionLog.school_year)
    ):
        of(school_id, year).update(sessions=sessions, heads=int(heads))
    for school_id, accepted_at in db.session.execute(
        select(Contact.school_id, Contact.accepted_at).where(Contact.accepted_at.is_not(None))
    ):
        if accepted_at is not None:
            of(school_id, _year(accepted_at))["contact_persons"] += 1
    for one in learners:
        if one["finished_month"] is not None:
            of(one["school_id"], year_of_month(one["finished_month"]))["completions"] += 1
    return rows


def _taught() -> Rows:
    kind = func.coalesce(School.kind, Group.kind)
    rows: Any = db.session.execute(
        select(
            SessionLog.school_year,
            SessionLog.session_slug,
            kind.label("organisation"),
            func.count().label("sessions"),
            func.sum(SessionLog.head_count).label("heads"),
        )
        .outerjoin(School, School.id == SessionLog.school_id)
        .outerjoin(Group, Group.id == SessionLog.group_id)
        .group_by(SessionLog.school_year, SessionLog.session_slug, kind)
    )
    found = (
        {
            **row._mapping,
            "organisation": SchoolKind(row.organisation).value if row.organisation else "",
            "heads": int(row.heads),
        }
        for row in rows
    )
    return {(row["school_year"], row["session_slug"], row["organisation"]): row for row in found}


def _finished(course: Course) -> Iterator[dict[str, Any]]:
    """Who has an open pack: where they work now, and where they worked when they finished."""
    rows = db.session.execute(
        select(
            Membership.id,
            Membership.person_id,
            Membership.school_id,
            Membership.started_at,
            Membership.ended_at,
            Completion.completed_at,
        )
        .join(Completion, Completion.person_id == Membership.person_id)
        .where(Completion.course_id == course.id, Completion.revoked_at.is_(None))
    )
    for row in rows:
        finished = row.completed_at.astimezone(BRUSSELS)
        # Whoever came in and finished on the same day worked there then.
        began = row.started_at.astimezone(BRUSSELS).date() <= finished.date()
        worked_there = began and (row.ended_at is None or row.ended_at >= row.completed_at)
        if row.ended_at is None or worked_there:
            yield {
                "membership_id": row.id,
                "person_id": row.person_id,
                "school_id": row.school_id,
                "is_current": row.ended_at is None,
                "is_finished": True,
                "module_id": "",
                "last_at": row.completed_at,
                "finished_month": finished.year * 100 + finished.month if worked_there else None,
            }


def _busy(course: Course) -> Iterator[dict[str, Any]]:
    """Who began and did not finish, with the furthest module in which they showed something."""
    order = [*(module.id for module in course.modules), course.test.id]
    place = (
        values(column("ref", String), column("at", Integer), name="place").data(places_of(course)).cte("place")
    )  # fmt: skip
    has_finished = (
        select(Completion.id)
        .where(
            Completion.person_id == Membership.person_id,
            Completion.course_id == course.id,
            Completion.revoked_at.is_(None),
        )
        .exists()
    )
    rows = db.session.execute(
        select(
            Membership.id,
            Membership.person_id,
            Membership.school_id,
            func.max(Evidence.shown_at).label("last_at"),
            func.max(place.c.at).label("at"),
        )
        .join(Evidence, Evidence.person_id == Membership.person_id)
        .outerjoin(place, place.c.ref == Evidence.ref)
        .where(Membership.ended_at.is_(None), ~has_finished)
        .group_by(Membership.id, Membership.person_id, Membership.school_id)
    )
    for row in rows:
        yield {
            "membership_id": row.id,
            "person_id": row.person_id,
            "school_id": row.school_id,
            "is_current": True,
            "is_finished": False,
            # What was shown may be gone from the course; they began, so they are counted at its beginning.
            "module_id": order[row.at or 0],
            "last_at": row.last_at,
            "finished_month": None,
        }


def places_of(course: Course) -> list[tuple[str, int]]:
    """Every evidence the course knows with the number of its module, from 0; the test comes after the last one."""
    places = {
        ref: number
        for number, module in enumerate(course.modules)
        for lesson in module.lessons
        for ref in (f"lesson:{lesson.id}", *lesson_refs(lesson))
    }
    places[f"test:{course.test.id}"] = len(course.modules)
    places |= {old: places[new] for old, new in course.moved.refs.items() if new in places}
    return sorted(places.items())
