"""The school link, and who works where. Each function is one transaction."""

from __future__ import annotations

from sqlalchemy import update

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, NotFound
from lms.people.queries import lock_person
from lms.people.rules import Visitor
from lms.people.tables import Act, AuditRow
from lms.schools import queries
from lms.schools.queries import working
from lms.schools.rules import clean_line, new_link_code
from lms.schools.tables import EndedLink, Membership, School, SchoolWish


def renew_link(school_id: int, *, replaces: str, by: Visitor) -> None:
    """Give a school a new link; the old one stops working at once. Raises NotFound.

    ``replaces`` is the code on the page that asked for it, so a second click replaces nothing more.
    """
    queries.lock_school(school_id)
    school = queries.get_visible_school(school_id, by)
    if school.link_code == replaces:
        # Whoever renews a link wants no old poster to lead here, also not one of a school that was merged.
        db.session.execute(update(EndedLink).where(EndedLink.school_id == school.id).values(still_leads=False))
        db.session.add(EndedLink(school_id=school.id, code=school.link_code, ended_at=now()))
        school.link_code = new_link_code()
        db.session.add(AuditRow.of(Act.LINK_RENEWED, school.id, by=by))
    db.session.commit()


def join_by_link(code: str, *, by: int) -> School:
    """Let somebody work at the school of a link; once, however often one clicks. Raises Expired or NotFound."""
    school = queries.get_linked_school(code)
    _join(by, school.id)
    db.session.commit()
    return school


def join_school(school_id: int, *, by: int) -> School:
    """Let somebody work at a school chosen from the register; once, however often one clicks. Raises NotFound."""
    school = queries.find_school(school_id)
    if school is None:
        raise NotFound
    _join(by, school.id)
    db.session.commit()
    return school


def _join(person_id: int, school_id: int) -> None:
    lock_person(person_id)
    if not queries.has_membership(person_id, school_id):
        db.session.add(Membership(person_id=person_id, school_id=school_id, started_at=now()))


def wish_school(wish: str, *, by: int) -> None:
    """Tell O&S about a school that is not in the list; the same wish twice is one. Raises Invalid."""
    wish = clean_line(wish, "De naam van je school", 200)
    lock_person(by)
    if not working.has_open_wish(by, wish):
        db.session.add(SchoolWish(person_id=by, wish=wish, created_at=now()))
    db.session.commit()


def leave_school(school_id: int, *, by: Visitor) -> None:
    """Stop working at a school. Raises NotFound, or Conflict for its aanspreekpunt."""
    _end(working.get_own_membership(by.id, school_id, ended=False), by_self=True)
    db.session.commit()


def return_to_school(school_id: int, *, by: Visitor) -> None:
    """Undo ``leave_school``. Raises NotFound when there is nothing to undo any more."""
    _begin_again(working.get_own_membership(by.id, school_id, ended=True))
    db.session.commit()


def end_membership(membership_id: int, school_id: int, *, by: Visitor) -> None:
    """Take somebody who no longer works there off the list of a school. Raises NotFound or Conflict."""
    queries.get_visible_school(school_id, by)
    membership = working.get_membership(membership_id, school_id, ended=False)
    _end(membership, by_self=False)
    db.session.add(AuditRow.of(Act.MEMBERSHIP_ENDED, membership.id, by=by))
    db.session.commit()


def restore_membership(membership_id: int, school_id: int, *, by: Visitor) -> None:
    """Undo ``end_membership``. Raises NotFound when there is nothing to undo any more."""
    queries.get_visible_school(school_id, by)
    membership = working.get_membership(membership_id, school_id, ended=True)
    _begin_again(membership)
    db.session.add(AuditRow.of(Act.MEMBERSHIP_RESTORED, membership.id, by=by))
    db.session.commit()


def _end(membership: Membership, *, by_self: bool) -> None:
    if working.is_contact_of(membership.person_id, membership.school_id):
        raise Conflict("Het aanspreekpunt hoort bij de school. Laat O&S eerst iemand anders aanduiden.")
    membership.ended_at, membership.ended_by_self = now(), by_self


def _begin_again(membership: Membership) -> None:
    membership.ended_at = membership.ended_by_self = None
