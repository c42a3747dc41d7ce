"""The list of schools and how far each is. A constant number of statements, whatever its length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true

from lms.database import db
from lms.monitoring.queries import facts
from lms.monitoring.queries.trusting import Kept, find_kept
from lms.monitoring.queries.wanted import FILTERS, NOBODY, STAGE_FILTERS, Wanted
from lms.monitoring.rules import PAGE
from lms.monitoring.tables.figures import SchoolFigure
from lms.people.tables import Person
from lms.schools.rules import SchoolKind, Stage
from lms.schools.rules.following import Interest
from lms.schools.rules.municipalities import MINING_MUNICIPALITIES
from lms.schools.tables import Contact, School

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
    completed: int
    last_contact: date | None
    stage: Stage


@dataclass(frozen=True, kw_only=True)
class SchoolPage:
    """One page of the list, the number of schools behind each filter, and how many pages there are.

    ``kept``: the figures by which the schools were found; None when every school was looked at. Rows are of now.
    """

    rows: list[SchoolRow]
    counts: dict[str, int]
    page: int
    pages: int
    kept: Kept | None


# ── which schools ──────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Known:
    """What schools are found and put in order by, as SQL: decided live, or from what is kept.

    ``name``: sorts by name. ``kept``: where the clauses look in the kept figures.
    """

    stage: Any
    accepted: Any
    last_contact: Any
    name: Any
    kept: Kept | None = None

    def schools(self, *columns: Any, joined: bool) -> Select[Any]:
        """These columns of every school; only when ``joined`` can conditions on ``School`` be put to it."""
        rows: Any = select(*columns)
        if self.kept is None:
            return rows.select_from(School)  # type: ignore[no-any-return]
        if not joined and self.is_all_kept:
            return rows.select_from(SchoolFigure)  # type: ignore[no-any-return]
        return rows.select_from(School).outerjoin(  # type: ignore[no-any-return]
            SchoolFigure, SchoolFigure.school_id == School.id
        )

    @property
    def is_all_kept(self) -> bool:
        return self.kept is not None and not self.kept.loose

    @property
    def id(self) -> Any:
        return SchoolFigure.school_id if self.is_all_kept else School.id


def _live() -> Known:
    return Known(
        stage=facts.stage_clause(),
        accepted=facts.has_contact_person(),
        last_contact=facts.last_contact(),
        name=func.lower(School.name),
    )


def _known(kept: Kept | None) -> Known:
    """From the kept figures where these can be trusted; a school to which something was done since is looked at now."""
    if kept is None:
        return _live()
    if not kept.loose:
        return Known(
            stage=SchoolFigure.stage,
            accepted=SchoolFigure.has_contact_person,
            last_contact=SchoolFigure.last_contact,
            name=SchoolFigure.position,
            kept=kept,
        )
    live, is_loose = _live(), School.id.in_(kept.loose)
    return Known(
        stage=case((is_loose, live.stage), else_=SchoolFigure.stage),
        accepted=case((is_loose, live.accepted), else_=SchoolFigure.has_contact_person),
        last_contact=case((is_loose, live.last_contact), else_=SchoolFigure.last_contact),
        name=live.name,
        kept=kept,
    )


def _shown_by(name: str, known: Known) -> list[ColumnElement[bool]]:
    if name == "zonder":
        return [~known.accepted]
    return [known.stage == STAGE_FILTERS[name].value] if name in STAGE_FILTERS else []


def _has_words(search: str, known: Known) -> ColumnElement[bool]:
    """Each word is in the name, the municipality, the number or the name of the aanspreekpunt.

    ``%`` and ``_`` are letters like any other.
    """
    return and_(true(), *(_has_word(word, known) for word in search.split()[:WORDS]))


def _has_word(word: str, known: Known) -> ColumnElement[bool]:
    asked = select(Contact.school_id).where(Contact.ended_at.is_(None), Contact.name.icontains(word, autoescape=True))
    if known.is_all_kept:
        in_school = SchoolFigure.search_key.contains(word.lower(), autoescape=True)
    else:
        in_school = or_(
            School.name.icontains(word, autoescape=True),
            School.municipality.icontains(word, autoescape=True),
            School.number.contains(word, autoescape=True),
        )
    return or_(in_school, known.id.in_(asked))


def _matches(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked of the columns of a school; empty when that is nothing."""
    conditions: list[ColumnElement[bool]] = []
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
    return conditions


def _found(wanted: Wanted, known: Known, *columns: Any) -> Select[Any]:
    """These columns of the schools that are wanted, whatever flag or stage."""
    conditions = _matches(wanted)
    rows = known.schools(*columns, joined=bool(conditions))
    if wanted.search.split():
        conditions.append(_has_words(wanted.search, known))
    return rows.where(*conditions) if conditions else rows


def count_by_filter(wanted: Wanted, known: Known) -> dict[str, int]:
    """How many schools each filter shows, in one statement that looks at every fact of a school once."""
    stage, accepted = known.stage.label("stage"), known.accepted.label("accepted")
    kinds = _found(wanted, known, stage, accepted).subquery()
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
            facts.count_people().label("people"),
            facts.count_people(facts.person_has_completed()).label("completed"),
            facts.stage_clause().label("stage"),
            facts.last_contact().label("last_contact"),
        )
        .outerjoin(Contact, (Contact.school_id == School.id) & Contact.ended_at.is_(None))
        .outerjoin(Person, Person.id == School.owner_id)
    )
    return rows


def _in_order(wanted: Wanted, known: Known) -> list[Any]:
    by_name = [known.name, known.id]
    if not wanted.order:
        return [known.accepted, *by_name]
    if wanted.order == "contact":
        day = known.last_contact
        # Schools without any contact come last, either way.
        return [day.is_(None), day.desc() if wanted.descending else day, *by_name]
    municipality = SchoolFigure.municipality if known.is_all_kept else School.municipality
    column: Any = {"naam": known.name, "gemeente": func.lower(municipality), "stap": known.stage}[wanted.order]
    return [column.desc() if wanted.descending else column, *by_name]


def _row(row: Any) -> SchoolRow:
    accepted = row.accepted_at is not None
    taken = ("id", "name", "kind", "municipality", "street", "postcode", "number", "owner_name", "interest", "people")
    return SchoolRow(
        **{name: getattr(row, name) for name in taken},
        contact_name=row.asked if accepted else None,
        asked_name=row.asked if not accepted else None,
        completed=row.completed,
        last_contact=row.last_contact,
        stage=Stage(row.stage),
    )


def list_schools(wanted: Wanted = ALL) -> SchoolPage:
    """One page of the schools that are wanted. A page that is not there is the last one."""
    kept = find_kept()
    known = _known(kept)
    counts = count_by_filter(wanted, known)
    pages = max(1, -(-counts[wanted.only] // PAGE))
    page = min(max(1, wanted.page), pages)
    # Which schools stand on this page is found first: a sort would look every fact of every school up before it cuts.
    here = (
        _found(wanted, known, known.id)
        .where(*_shown_by(wanted.only, known))
        .order_by(*_in_order(wanted, known))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    ids = list(db.session.scalars(here))
    rows = {row.id: _row(row) for row in db.session.execute(_with_facts().where(School.id.in_(ids)))}
    return SchoolPage(
        # A school that somebody removed in between is passed over.
        rows=[rows[one] for one in ids if one in rows],
        counts=counts,
        page=page,
        pages=pages,
        kept=kept,
    )


def list_all_schools(wanted: Wanted) -> list[SchoolRow]:
    """Every school that is wanted, on whichever page, in one statement; all of it of now."""
    live = _live()
    rows = db.session.execute(
        _with_facts()
        .where(*_matches(wanted), _has_words(wanted.search, live), *_shown_by(wanted.only, live))
        .order_by(*_in_order(wanted, live))
    )
    return [_row(row) for row in rows]


def list_used_municipalities() -> list[str]:
    """The municipalities of which a school stands in the register."""
    return list(db.session.scalars(select(School.municipality).distinct().order_by(School.municipality)))


def get_school_row(school_id: int) -> SchoolRow:
    """One school with its facts. The caller already checked that it may be seen."""
    return _row(db.session.execute(_with_facts().where(School.id == school_id)).one())
