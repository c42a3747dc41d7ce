"""What O&S writes in the register: adding, changing and removing a school. Each function is one transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, LmsError
from lms.people.rules import Visitor
from lms.people.tables import Act, AuditRow
from lms.schools import queries
from lms.schools.queries import register
from lms.schools.rules.register import COLUMNS, SchoolFacts
from lms.schools.tables import School


class Changed(LmsError):
    """Somebody changed the school after the form was opened."""

    message = "Iemand anders veranderde deze school intussen."


class Taken(Conflict):
    """Another school has this name in this municipality, or this number. ``column`` is the one of the two."""

    def __init__(self, message: str, column: str) -> None:
        super().__init__(message)
        self.column = column


def add_school(facts: SchoolFacts, *, by: Visitor | None) -> int:
    """Add a school to the register; gives its id. Raises Taken when it is there already."""
    school = School(created_at=now(), **written(facts))
    _refuse_taken(facts, but=None)
    db.session.add(school)
    _flush(facts)
    db.session.add(AuditRow.of(Act.SCHOOL_ADDED, school.id, by=by))
    db.session.commit()
    return school.id


def edit_school(school_id: int, facts: SchoolFacts, *, version: int, by: Visitor) -> bool:
    """Write what the form says; tells whether anything changed. ``version`` is the one that the form was opened on.

    Raises NotFound, Taken, or Changed when somebody was first.
    """
    school = register.lock_visible_school(school_id, by)
    if school.version != version:
        if facts_of(school) == facts:
            # The same form sent twice, or two people who made the same correction: it is as they want it.
            return False
        raise Changed
    if facts_of(school) == facts:
        return False
    _refuse_taken(facts, but=school_id)
    for column, value in written(facts).items():
        setattr(school, column, value)
    school.version += 1
    _flush(facts)
    db.session.add(AuditRow.of(Act.SCHOOL_EDITED, school_id, by=by))
    db.session.commit()
    return True


def remove_school(school_id: int, *, version: int, by: Visitor) -> str:
    """Take a school to which nothing belongs off the register; gives its name.

    Raises NotFound, Changed, or Conflict when something belongs to it.
    """
    school = register.lock_visible_school(school_id, by)
    if school.version != version:
        raise Changed
    if register.what_hangs_on(school_id):
        raise Conflict(f"Aan {school.name} hangt nog iets vast. Voeg ze samen met een andere school.")
    name = school.name
    db.session.add(AuditRow.of(Act.SCHOOL_REMOVED, school_id, by=by))
    db.session.execute(delete(School).where(School.id == school_id))
    db.session.commit()
    return name


def facts_of(school: School) -> SchoolFacts:
    return SchoolFacts(**{column: getattr(school, column) for column in COLUMNS})


def written(facts: SchoolFacts) -> dict[str, Any]:
    """These facts as columns of ``School``."""
    return {column: getattr(facts, column) for column in COLUMNS}


def _refuse_taken(facts: SchoolFacts, *, but: int | None) -> None:
    namesake = queries.find_school_by_name(facts.name, facts.municipality)
    if namesake is not None and namesake.id != but:
        raise Taken(f"{facts.name} in {facts.municipality} staat al in de lijst.", "name")
    numbered = register.find_school_by_number(facts.number) if facts.number else None
    if numbered is not None and numbered.id != but:
        raise Taken(f"Dit nummer hoort al bij {numbered.name} in {numbered.municipality}.", "number")


def _flush(facts: SchoolFacts) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        # Somebody else was first between our look and our write.
        db.session.rollback()
        raise Taken(f"{facts.name} of haar nummer staat intussen al in de lijst.", "name") from error
