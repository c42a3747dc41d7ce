"""Questions about the register itself: who may follow a school, what is taken, what hangs on a school."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, func, literal, or_, select, union_all

from lms.database import Base, db
from lms.errors import NotFound
from lms.people.rules import Visitor
from lms.people.tables import Person
from lms.permissions import STAFF_ROLES
from lms.schools import queries
from lms.schools.tables import School


@dataclass(frozen=True, kw_only=True)
class Follower:
    """Somebody of O&S who can follow schools."""

    id: int
    name: str


def list_followers(*, but_also: int | None = None) -> list[Follower]:
    """Staff with an open account; ``but_also`` is one more who followed a school before and no longer can."""
    can: ColumnElement[bool] = Person.role.in_(STAFF_ROLES) & Person.disabled_at.is_(None) & Person.erased_at.is_(None)
    if but_also is not None:
        can = or_(can, Person.id == but_also)
    rows = db.session.execute(select(Person.id, Person.name).where(can).order_by(func.lower(Person.name), Person.id))
    return [Follower(id=row.id, name=row.name) for row in rows]


def lock_visible_school(school_id: int, visitor: Visitor) -> School:
    """The school, locked until we commit, as it is once we have it. Raises NotFound."""
    queries.lock_school(school_id)
    return queries.get_visible_school(school_id, visitor)


def find_school_by_number(number: str) -> School | None:
    return db.session.scalar(select(School).where(School.number == number))


def tables_of_schools() -> Iterator[tuple[Table, str, bool]]:
    """Every table with rows of a school, the column that says of which, and whether its rows go along with the school.

    Those are links that ended and figures that are gathered anew: they say nothing that is lost with them.
    """
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == School.__tablename__:
                yield table, key.parent.name, key.ondelete == "CASCADE"


def what_hangs_on(school_id: int) -> dict[str, int]:
    """How many rows of each table keep a school in the register; tables without any are left out. One statement."""
    counts = [
        select(literal(table.name).label("table"), func.count().label("rows"))
        .select_from(table)
        .where(table.c[column] == school_id)
        for table, column, goes_along in tables_of_schools()
        if not goes_along
    ]
    found: dict[str, int] = {}
    for row in db.session.execute(union_all(*counts)):
        if row.rows:
            found[row.table] = found.get(row.table, 0) + row.rows
    return found


def get_school(school_id: int) -> School:
    school = queries.find_school(school_id)
    if school is None:
        raise NotFound
    return school
