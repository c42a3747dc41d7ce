"""Where somebody works, as O&S writes it down. Each function is one transaction."""

from __future__ import annotations

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, NotFound
from lms.monitoring.queries import get_visible_person
from lms.people.queries import lock_person
from lms.people.rules import Visitor
from lms.people.tables import Act, AuditRow
from lms.schools.queries import get_visible_school, has_membership
from lms.schools.queries.working import find_open_membership, is_contact_of
from lms.schools.tables import Membership


def add_workplace(person_id: int, school_id: int, *, by: Visitor) -> str:
    """Let somebody work at a school from now on, once; gives the name of the school. Raises NotFound."""
    person, school = get_visible_person(person_id, by), get_visible_school(school_id, by)
    lock_person(person.id)
    name = school.name
    if not has_membership(person.id, school.id):
        membership = Membership(person_id=person.id, school_id=school.id, started_at=now())
        db.session.add(membership)
        db.session.flush()
        db.session.add(AuditRow.of(Act.MEMBERSHIP_ADDED, membership.id, by=by))
    db.session.commit()
    return name


def end_workplace(person_id: int, school_id: int, *, by: Visitor) -> str:
    """Write down that somebody works at a school no longer; gives its name. Raises NotFound.

    Raises Conflict for its aanspreekpunt, who belongs to the school. On the page of the school it can be undone.
    """
    person, school = get_visible_person(person_id, by), get_visible_school(school_id, by)
    lock_person(person.id)
    membership = find_open_membership(person.id, school.id)
    if membership is None:
        raise NotFound
    if is_contact_of(person.id, school.id):
        raise Conflict(f"{person.name} is het aanspreekpunt van {school.name}. Duid eerst iemand anders aan.")
    name = school.name
    membership.ended_at, membership.ended_by_self = now(), False
    db.session.add(AuditRow.of(Act.MEMBERSHIP_ENDED, membership.id, by=by))
    db.session.commit()
    return name
