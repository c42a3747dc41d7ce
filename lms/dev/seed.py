"""A large site for measurements: schools, people and their work in bulk, made up, and the same for the same number.

Nothing goes through the actions, which would take days; what stands in the tables is what the actions leave. Ids are
given here, since every table is empty when it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

from sqlalchemy import Table, func, insert, select, text

from lms.clock import now
from lms.content.models import Library
from lms.database import Base, db
from lms.dev.seed_people import (
    Size,
    Town,
    attempts,
    completions,
    evidence,
    memberships,
    people,
    schools,
)
from lms.dev.seed_work import contacts, notes, sessions, sign_ins
from lms.errors import Invalid
from lms.learning.tables import Attempt, Completion, Evidence
from lms.people.tables import Person, SignIn
from lms.schools.tables import Contact, ContactNote, Membership, School

CHUNK = 5_000


def seed(library: Library, size: Size, *, number: int = 1, tell: Callable[[str], None] = lambda _text: None) -> None:
    """Fill an empty database. ``number`` chooses the mixture; ``tell`` hears which table was filled.

    Raises Invalid when there is anybody or any school already, or when there are people and no school.
    """
    if db.session.scalar(select(Person.id).limit(1)) or db.session.scalar(select(School.id).limit(1)):
        raise Invalid("De databank is niet leeg; er is niets toegevoegd.")
    if size.schools < 1 or size.people < 1 or size.attempts < 0:
        raise Invalid("Geef minstens één school en één begeleider.")
    town = Town(luck=Random(number), library=library, size=size, moment=now())  # noqa: S311 - no secret comes from it
    for table, rows in (
        (Person, people(town)),
        (School, schools(town)),
        (Membership, memberships(town)),
        (Completion, completions(town)),
        (Evidence, evidence(town)),
        (Attempt, attempts(town)),
        (Contact, contacts(town)),
        (ContactNote, notes(town)),
        (SignIn, sign_ins(town)),
    ):
        tell(f"{table.__tablename__}: {_fill(table, rows)}")
    for kept, found in sessions(town).items():
        tell(f"{kept.__tablename__}: {_fill(kept, found)}")
    _count_on()
    db.session.commit()
    # Without knowing how the rows are spread, SQLite would choose its way through them badly.
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def _fill(kept: type[Base], rows: Iterable[dict[str, Any]]) -> int:
    table = kept.__table__
    assert isinstance(table, Table)
    count = 0
    for chunk in _chunks(rows):
        db.session.connection().execute(insert(table), chunk)
        count += len(chunk)
    return count


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _count_on() -> None:
    """On PostgreSQL the next id of a table does not follow from the rows that are there."""
    if db.engine.dialect.name == "sqlite":
        return
    for table in Base.metadata.sorted_tables:
        if "id" in table.c:
            top = db.session.scalar(select(func.max(table.c.id)))
            sequence = func.pg_get_serial_sequence(table.name, "id")
            if top:
                db.session.execute(select(func.setval(sequence, top)))
