"""O&S writes down where somebody works: at several schools, and no longer at one."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lms.database import db
from lms.people.tables import Act, AuditRow
from lms.permissions import Role
from lms.schools.tables import Membership
from tests.factories import make_contact_person, make_person, make_school
from tests.server import Visit
from tests.world import end_transaction

pytestmark = pytest.mark.both


@pytest.fixture
def staff(rich: Flask) -> Visit:
    return Visit(rich, make_person(role=Role.OS_STAFF).id)


def works_at(person_id: int) -> list[int]:
    end_transaction()
    wanted = select(Membership.school_id).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    return sorted(db.session.scalars(wanted))


def acts(act: Act) -> int:
    end_transaction()
    return len(list(db.session.scalars(select(AuditRow.id).where(AuditRow.act == act.value))))


def test_somebody_can_work_at_several_schools_and_stop_at_one(staff: Visit) -> None:
    one, other = make_school(name="Eerste"), make_school(name="Tweede")
    person = make_person(school=one)
    form = staff.get(f"/begeleiders/{person.id}/scholen")
    assert [option["value"] for option in form.soup.select("option")] == ["", str(other.id)]
    for _ in range(2):
        reply = staff.post(f"/begeleiders/{person.id}/scholen", {"school": str(other.id)})
        assert reply.location == f"/begeleiders/{person.id}"
    assert works_at(person.id) == [one.id, other.id] and acts(Act.MEMBERSHIP_ADDED) == 1
    page = staff.get(f"/begeleiders/{person.id}")
    assert "Eerste" in page.text and "Tweede" in page.text
    assert staff.post(f"/begeleiders/{person.id}/scholen/{one.id}/weg").status == 303
    assert works_at(person.id) == [other.id] and acts(Act.MEMBERSHIP_ENDED) == 1
    assert staff.post(f"/begeleiders/{person.id}/scholen/{one.id}/weg").status == 404
    # On the page of the school it can be undone.
    end_transaction()
    membership = db.session.scalars(select(Membership).where(Membership.school_id == one.id)).one()
    assert staff.post(f"/scholen/{one.id}/collega/{membership.id}/terug").status == 303
    assert works_at(person.id) == [one.id, other.id]


def test_the_aanspreekpunt_stays_with_the_school(staff: Visit) -> None:
    school = make_school()
    person = make_contact_person(school)
    staff.post(f"/begeleiders/{person.id}/scholen/{school.id}/weg")
    assert works_at(person.id) == [school.id] and acts(Act.MEMBERSHIP_ENDED) == 0


@pytest.mark.parametrize(("chosen", "status"), [("", 422), ("x", 422), ("0", 422), ("999999", 404)])
def test_a_school_that_is_not_in_the_list_is_not_added(staff: Visit, chosen: str, status: int) -> None:
    person = make_person()
    assert staff.post(f"/begeleiders/{person.id}/scholen", {"school": chosen}).status == status
    assert works_at(person.id) == []
