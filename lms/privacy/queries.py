"""Questions to every table with personal data, asked with the registry: so none can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

import lms.mail
import lms.schools.tables  # noqa: F401 - with the tables of learning and people: they fill the metadata
from lms.database import Base, db
from lms.learning.tables import Attest, Completion
from lms.people.rules import fingerprint
from lms.people.tables import Person
from lms.permissions import Role
from lms.privacy.rules.parts import Erased, Part
from lms.privacy.rules.registry import PERSONAL, part_of
from lms.privacy.rules.terms import ACCOUNT_MONTHS, NOTICE_LIFE, NOTICE_MONTHS, UNDO_LIFE, months_before


@dataclass(frozen=True, kw_only=True)
class Drawer:
    """What one table holds of one person: a label and a value for every cell of every row."""

    part: Part
    rows: list[dict[str, Any]]


def table_of(part: Part) -> Table:
    return Base.metadata.tables[part.table]


def parts_from_the_leaves() -> Iterator[Part]:
    """The registry in an order in which what refers to a row comes before that row; the person is last."""
    described = {part.table: part for part in PERSONAL}
    return (described[table.name] for table in reversed(Base.metadata.sorted_tables) if table.name in described)


def belongs_to(part: Part, person_id: int, email: str) -> ColumnElement[bool]:
    """Over the table of ``part``: the rows of this person."""
    table = table_of(part)
    condition: ColumnElement[bool] = false()
    if part.by_person:
        condition |= table.c[part.by_person] == person_id
    if part.by_address:
        condition |= table.c[part.by_address] == email
    if part.by_fingerprint:
        condition |= table.c[part.by_fingerprint] == fingerprint(email)
    for column, above in part.through:
        owner = part_of(above)
        condition |= table.c[column].in_(select(table_of(owner).c.id).where(belongs_to(owner, person_id, email)))
    if part.by_act:
        condition |= and_(table.c.subject_id == person_id, table.c.act.startswith(part.by_act, autoescape=True))
    return condition


def export_of(person_id: int, email: str) -> list[Drawer]:
    """Everything of this person that may be shown, table by table, oldest row first."""
    drawers = []
    for part in PERSONAL:
        table = table_of(part)
        columns = [_cell(part, name).label(label) for name, label in part.shown.items()]
        rows = db.session.execute(
            select(*columns).where(belongs_to(part, person_id, email)).order_by(*table.primary_key.columns)
        )
        drawers.append(Drawer(part=part, rows=[dict(row) for row in rows.mappings()]))
    return drawers


def _cell(part: Part, name: str) -> ColumnElement[Any]:
    column = table_of(part).c[name]
    if name not in part.lookup:
        return column
    there, shown = part.lookup[name]
    other = Base.metadata.tables[there]
    return select(other.c[shown]).where(other.c.id == column).correlate(table_of(part)).scalar_subquery()


def is_over(part: Part, moment: datetime) -> ColumnElement[bool]:
    """Over the table of ``part``: the rows whose term is over at ``moment``, and that are not wiped yet."""
    table, keep = table_of(part), part.keep
    limit = moment - timedelta(days=keep.days) if keep.days else months_before(moment, keep.months)
    moments = [table.c[name] for name in keep.since]
    condition = (func.coalesce(*moments) if len(moments) > 1 else moments[0]) < limit
    for name, values in keep.only.items():
        column = table.c[name]
        condition &= or_(column.in_([value for value in values if value is not None]), *_empty(column, values))
    if keep.after_attest:
        condition &= exists().where(
            Attest.completion_id == Completion.id,
            Completion.person_id == table.c[part.by_person],
            Attest.issued_at < limit,
        )
    if part.erased is Erased.WIPED:
        condition &= or_(*(table.c[name] != value for name, value in part.wiped.items() if isinstance(value, str)))
    return condition


def _empty(column: ColumnElement[Any], values: tuple[str | None, ...]) -> list[ColumnElement[bool]]:
    return [column.is_(None)] if None in values else []


def count_over(part: Part, moment: datetime) -> int:
    """How many rows of this table have had their term."""
    return db.session.scalar(select(func.count()).select_from(table_of(part)).where(is_over(part, moment))) or 0


def _is_spare() -> ColumnElement[bool]:
    """Over ``Person``: the site can do without. The last administrator it cannot."""
    other = aliased(Person)
    return or_(
        Person.role != Role.ADMIN,
        exists().where(
            other.role == Role.ADMIN,
            other.id != Person.id,
            other.disabled_at.is_(None),
            other.deletion_asked_at.is_(None),
        ),
    )


def may_leave(person_id: int) -> bool:
    """Whether this person may delete the account."""
    return bool(db.session.scalar(select(exists().where(Person.id == person_id, _is_spare()))))


def _unused_since(moment: datetime) -> ColumnElement[bool]:
    return func.coalesce(Person.last_seen_at, Person.created_at) < moment


def list_to_warn(moment: datetime) -> list[Person]:
    """People whose account ends in a month and who were not told yet, locked for this worker alone."""
    return list(
        db.session.scalars(
            select(Person)
            .where(
                Person.expiry_notice_at.is_(None),
                Person.deletion_asked_at.is_(None),
                Person.disabled_at.is_(None),
                _unused_since(months_before(moment, NOTICE_MONTHS)),
                _is_spare(),
            )
            .order_by(Person.id)
            .with_for_update(skip_locked=True)
        )
    )


def _is_to_erase(moment: datetime) -> ColumnElement[bool]:
    """Over ``Person``: left for good, or unused for long and told so in time. A closed account is not told."""
    told = or_(Person.disabled_at.is_not(None), Person.expiry_notice_at <= moment - NOTICE_LIFE)
    unused = and_(_unused_since(months_before(moment, ACCOUNT_MONTHS)), told)
    return and_(Person.erased_at.is_(None), or_(Person.deletion_asked_at <= moment - UNDO_LIFE, unused), _is_spare())


def list_to_erase(moment: datetime) -> list[int]:
    """The ids of the people whose account ends now."""
    return list(db.session.scalars(select(Person.id).where(_is_to_erase(moment)).order_by(Person.id)))


def find_to_erase(person_id: int, moment: datetime) -> Person | None:
    """This person, locked, if the account still ends now: somebody may come back at the last moment."""
    return db.session.scalar(select(Person).where(Person.id == person_id, _is_to_erase(moment)).with_for_update())
