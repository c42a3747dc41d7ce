"""The list of schools and how far each is. A constant number of statements, whatever its length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true

from lms.database import db
from lms.monitoring.queries import facts
from lms.monitoring.queries.wanted import FILTERS, NOBODY, STAGE_FILTERS, Wanted
from lms.people.tables import Person
from lms.schools.rules import SchoolKind, Stage, StageFacts, stage_of
from lms.schools.rules.following import Interest
from lms.schools.rules.municipalities import MINING_MUNICIPALITIES
from lms.schools.tables import Contact, School

PAGE = 50
ALL = Wanted()
# More words than this are not looked for.
WORDS = 6


@dataclass(frozen=True, kw_only=True)
class SchoolRow:
    """A school in the list of O&S. ``asked_name``: somebody who was asked and did not accept yet.

    ``last_contact``: the day of the last call, mail or visit.
    """

    id: int
    name: str
    kind: SchoolKind
    municipality: str
    street: str
    postcode: str
    number: str | None
    owner_name: str | None
    interest: Interest | None
    contact_name: str | None
    asked_name: str | None
    people: int
    started: int
    completed: int
    last_contact: date | None
    stage: Stage


@dataclass(frozen=True, kw_only=True)
class SchoolPage:
    """One page of the list, the number of schools behind each filter, and how many pages there are."""

    rows: list[SchoolRow]
    counts: dict[str, int]
    page: int
    pages: int


# ── which schools ──────────────────────────────────────────────────────────


def _shown_by(name: str) -> ColumnElement[bool]:
    if name == "zonder":
        return ~facts.has_contact_person()
    if name in STAGE_FILTERS:
        return facts.at_stage(STAGE_FILTERS[name])
    return true()


def _has_words(search: str) -> ColumnElement[bool]:
    """Each word is in the name, the municipality, the number or the name of the aanspreekpunt.

    ``%`` and ``_`` are letters like any other.
    """
    return and_(
        true(),
        *(
            or_(
                School.name.icontains(word, autoescape=True),
                School.municipality.icontains(word, autoescape=True),
                School.number.contains(word, autoescape=True),
                exists()
                .where(
                    Contact.school_id == School.id,
                    Contact.ended_at.is_(None),
                    Contact.name.icontains(word, autoescape=True),
                )
                .correlate(School),
            )
            for word in search.split()[:WORDS]
        ),
    )


def _matches(wanted: Wanted) -> ColumnElement[bool]:
    """Everything that is wanted but the flag or the stage."""
    conditions = [_has_words(wanted.search)]
    if wanted.kind is not None:
        conditions.append(School.kind == wanted.kind)
    if wanted.municipality:
        conditions.append(func.lower(School.municipality) == wanted.municipality.lower())
    if wanted.owner_id is not None:
        is_owner = School.owner_id.is_(None) if wanted.owner_id == NOBODY else School.owner_id == wanted.owner_id
        conditions.append(is_owner)
    if wanted.is_mining:
        conditions.append(School.municipality.in_(MINING_MUNICIPALITIES))
    if wanted.interest is not None:
        conditions.append(School.interest == wanted.interest)
    return and_(*conditions)


def count_by_filter(wanted: Wanted) -> dict[str, int]:
    """How many schools each filter shows, in one statement that looks at every fact of a school once."""
    stage, accepted = facts.stage_clause().label("stage"), facts.has_contact_person().label("accepted")
    kinds = select(stage, accepted).select_from(School).where(_matches(wanted)).subquery()
    counts = dict.fromkeys(FILTERS, 0)
    names = {reached: name for name, reached in STAGE_FILTERS.items()}
    for row in db.session.execute(
        select(kinds.c.stage, kinds.c.accepted, func.count().label("schools")).group_by(kinds.c.stage, kinds.c.accepted)
    ):
        counts["alle"] += row.schools
        counts[names[Stage(row.stage)]] += row.schools
        counts["zonder"] += 0 if row.accepted else row.schools
    return counts


# ── the rows ───────────────────────────────────────────────────────────────


def _with_facts() -> Select[Any]:
    rows: Any = (
        select(
            School.id,
            School.name,
            School.kind,
            School.municipality,
            School.street,
            School.postcode,
            School.number,
            School.interest,
            Person.name.label("owner_name"),
            Contact.name.label("asked"),
            Contact.accepted_at,
            facts.was_contacted().label("was_contacted"),
            facts.count_people().label("people"),
            facts.count_people(facts.person_has_started()).label("started"),
            facts.count_people(facts.person_has_completed()).label("completed"),
            facts.in_use(facts.this_school_year()).label("in_use"),
            facts.last_contact().label("last_contact"),
        )
        .outerjoin(Contact, (Contact.school_id == School.id) & Contact.ended_at.is_(None))
        .outerjoin(Person, Person.id == School.owner_id)
    )
    return rows


def _in_order(wanted: Wanted) -> list[Any]:
    by_name = [func.lower(School.name), School.id]
    if not wanted.order:
        return [facts.has_contact_person(), *by_name]
    if wanted.order == "contact":
        day: Any = facts.last_contact()
        # Schools without any contact come last, either way.
        return [day.is_(None), day.desc() if wanted.descending else day, *by_name]
    column: Any = {
        "naam": func.lower(School.name), "gemeente": func.lower(School.municipality), "stap": facts.stage_clause()
    }[wanted.order]  # fmt: skip
    return [column.desc() if wanted.descending else column, *by_name]


def _row(row: Any) -> SchoolRow:
    accepted = row.accepted_at is not None
    known = StageFacts(
        was_contacted=row.was_contacted,
        has_contact_person=accepted,
        started=row.started,
        completed=row.completed,
        in_use=row.in_use,
    )
    taken = ("id", "name", "kind", "municipality", "street", "postcode", "number", "owner_name", "interest", "people")
    return SchoolRow(
        **{name: getattr(row, name) for name in taken},
        contact_name=row.asked if accepted else None,
        asked_name=row.asked if not accepted else None,
        started=row.started,
        completed=row.completed,
        last_contact=row.last_contact,
        stage=stage_of(known),
    )


def list_schools(wanted: Wanted = ALL) -> SchoolPage:
    """One page of the schools that are wanted. A page that is not there is the last one."""
    counts = count_by_filter(wanted)
    pages = max(1, -(-counts[wanted.only] // PAGE))
    page = min(max(1, wanted.page), pages)
    # Which schools stand on this page is found first: a sort would look every fact of every school up before it cuts.
    here = (
        select(School.id)
        .where(_matches(wanted), _shown_by(wanted.only))
        .order_by(*_in_order(wanted))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    rows = db.session.execute(_with_facts().where(School.id.in_(here)).order_by(*_in_order(wanted)))
    return SchoolPage(rows=[_row(row) for row in rows], counts=counts, page=page, pages=pages)


def list_all_schools(wanted: Wanted) -> list[SchoolRow]:
    """Every school that is wanted, on whichever page, in one statement."""
    rows = db.session.execute(
        _with_facts().where(_matches(wanted), _shown_by(wanted.only)).order_by(*_in_order(wanted))
    )
    return [_row(row) for row in rows]


def list_used_municipalities() -> list[str]:
    """The municipalities of which a school stands in the register."""
    return list(db.session.scalars(select(School.municipality).distinct().order_by(School.municipality)))


def get_school_row(school_id: int) -> SchoolRow:
    """One school with its facts. The caller already checked that it may be seen."""
    return _row(db.session.execute(_with_facts().where(School.id == school_id)).one())
