"""The list of schools and how far each is. A constant number of statements, whatever its length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from lms.database import db
from lms.monitoring.queries import facts
from lms.schools.rules import SchoolKind, Stage, StageFacts, stage_of
from lms.schools.tables import Contact, School

PAGE = 50

# What ``toon`` in the address of the list may be: everything, a flag, or the furthest fact.
STAGE_FILTERS = {
    "nieuw": Stage.KNOWN,
    "gecontacteerd": Stage.CONTACTED,
    "aanspreekpunt": Stage.CONTACT_PERSON,
    "bezig": Stage.COURSE_STARTED,
    "open": Stage.PACK_OPEN,
    "gebruik": Stage.IN_USE,
}
FILTERS = ("alle", "zonder", *STAGE_FILTERS)


@dataclass(frozen=True, kw_only=True)
class SchoolRow:
    """A school in the list of O&S. ``asked_name``: somebody who was asked and did not accept yet."""

    id: int
    name: str
    kind: SchoolKind
    municipality: str
    contact_name: str | None
    asked_name: str | None
    people: int
    started: int
    completed: int
    stage: Stage


@dataclass(frozen=True, kw_only=True)
class SchoolPage:
    """One page of the list, the number of schools behind each filter, and how many pages there are."""

    rows: list[SchoolRow]
    counts: dict[str, int]
    page: int
    pages: int


def _filter(name: str) -> ColumnElement[bool]:
    if name == "zonder":
        return ~facts.has_contact_person()
    if name in STAGE_FILTERS:
        return facts.at_stage(STAGE_FILTERS[name])
    return School.id.is_not(None)


def _matches(search: str) -> ColumnElement[bool]:
    """Name or municipality contains every word; ``%`` and ``_`` are letters like any other."""
    condition: ColumnElement[bool] = School.id.is_not(None)
    for word in search.split()[:6]:
        condition &= or_(
            School.name.icontains(word, autoescape=True), School.municipality.icontains(word, autoescape=True)
        )
    return condition


def _with_facts() -> Select[Any]:
    return select(
        School.id,
        School.name,
        School.kind,
        School.municipality,
        Contact.name.label("asked"),
        Contact.accepted_at,
        facts.was_contacted().label("was_contacted"),
        facts.count_people().label("people"),
        facts.count_people(facts.person_has_started()).label("started"),
        facts.count_people(facts.person_has_completed()).label("completed"),
        facts.in_use(facts.this_school_year()).label("in_use"),
    ).outerjoin(Contact, (Contact.school_id == School.id) & Contact.ended_at.is_(None))


def _row(row: Any) -> SchoolRow:
    accepted = row.accepted_at is not None
    known = StageFacts(
        was_contacted=row.was_contacted,
        has_contact_person=accepted,
        started=row.started,
        completed=row.completed,
        in_use=row.in_use,
    )
    return SchoolRow(
        id=row.id,
        name=row.name,
        kind=row.kind,
        municipality=row.municipality,
        contact_name=row.asked if accepted else None,
        asked_name=row.asked if not accepted else None,
        people=row.people,
        started=row.started,
        completed=row.completed,
        stage=stage_of(known),
    )


def list_schools(*, search: str = "", only: str = "alle", page: int = 1) -> SchoolPage:
    """Schools by name, those without aanspreekpunt first. ``only`` is one of FILTERS; ``page`` counts from 1."""
    matching = _matches(search)
    counts = db.session.execute(
        select(*(func.count().filter(_filter(name)).label(name) for name in FILTERS))
        .select_from(School)
        .where(matching)
    ).one()
    total = getattr(counts, only)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        _with_facts()
        .where(matching, _filter(only))
        .order_by(facts.has_contact_person(), func.lower(School.name), School.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return SchoolPage(
        rows=[_row(row) for row in rows],
        counts={name: getattr(counts, name) for name in FILTERS},
        page=page,
        pages=pages,
    )


def get_school_row(school_id: int) -> SchoolRow:
    """One school with its facts. The caller already checked that it may be seen."""
    return _row(db.session.execute(_with_facts().where(School.id == school_id)).one())
