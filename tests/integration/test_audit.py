"""What staff do leaves one row behind, in the same transaction, that nobody can change or take away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from lms.clock import now
from lms.database import db
from lms.people.tables import Act, AuditRow
from lms.permissions import Permission, Role
from lms.schools import actions as schools
from lms.schools.tables import Contact
from tests.conftest import audit_unguarded
from tests.factories import make_person, make_school
from tests.integration.test_access import BY_NAME, Case, ask, cases, make_world
from tests.world import STAFF, end_transaction

pytestmark = pytest.mark.both

# Permissions with which somebody changes what belongs to others.
PRIVILEGED = {
    Permission.MANAGE_SCHOOLS, Permission.BRING_COLLEAGUES, Permission.DECIDE_COMPLETION, Permission.MANAGE_ACCOUNTS,
    Permission.SEND_REMINDERS,
}  # fmt: skip
# A file with schools is only looked at here: nothing of the register changes until its owner confirms what it would do.
ONLY_LOOKS = {"schools.choose_file"}


def count_rows() -> int:
    end_transaction()
    return db.session.scalar(select(func.count()).select_from(AuditRow)) or 0


def privileged_acts(everything: list[Case]) -> list[Case]:
    return [
        case
        for case in everything
        if case.method == "POST"
        and case.access in PRIVILEGED
        and case.granted == "through"
        and case.endpoint not in ONLY_LOOKS
    ]


def test_every_privileged_act_writes_one_row_with_who_did_it(app: Flask) -> None:
    world = make_world(app)
    actor = BY_NAME["administrator"]
    person_id = actor.person(world) if actor.person else None
    acts = privileged_acts(cases(world))
    assert len(acts) >= 15
    for case in acts:
        before = count_rows()
        browser = actor.browser(app, person_id)
        assert ask(browser, "POST", case) == "through"
        assert count_rows() == before + 1, case.path
        newest = db.session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).one()
        assert newest.actor_id == person_id and newest.act in list(Act), case.path


def test_a_privileged_act_that_is_refused_writes_none(app: Flask) -> None:
    world = make_world(app)
    before = count_rows()
    for name in ("begeleider", "begeleider of another school", "O&S before the second factor"):
        actor = BY_NAME[name]
        browser = actor.browser(app, actor.person(world) if actor.person else None)
        for case in privileged_acts(cases(world)):
            assert ask(browser, "POST", case) != "through"
    assert count_rows() == before


def test_the_row_and_the_deed_stand_or_fall_together(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    school = make_school().id
    monkeypatch.setattr(AuditRow, "of", classmethod(lambda cls, *args, **named: cls(act="x", happened_at=now())))
    with pytest.raises(DBAPIError):
        schools.appoint(school, name="An Voorbeeld", email="an@school.example", by=STAFF, link_base="http://x")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 0


def make_row(**fields: object) -> None:
    values = {"actor_id": 1, "act": "school.added", "subject_id": 2, "happened_at": now()}
    db.session.add(AuditRow(**values | fields))
    db.session.commit()


TAMPERING = ("UPDATE audit_row SET actor_id = 3", "UPDATE audit_row SET happened_at = NULL", "DELETE FROM audit_row")


@pytest.mark.parametrize("statement", TAMPERING)
def test_a_row_can_not_be_changed_or_deleted(app: Flask, statement: str) -> None:
    make_row()
    with pytest.raises(DBAPIError, match="audit row"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert count_rows() == 1


def test_a_row_of_two_years_old_may_go(app: Flask) -> None:
    make_row(happened_at=now() - timedelta(days=740))
    db.session.execute(text("DELETE FROM audit_row"))
    db.session.commit()
    assert count_rows() == 0


def test_without_the_triggers_the_row_is_gone(app: Flask) -> None:
    """The sabotaged twin."""
    make_row()
    with audit_unguarded():
        db.session.execute(text("DELETE FROM audit_row"))
    db.session.commit()
    assert count_rows() == 0


def test_erasing_a_person_leaves_the_rows_about_staff(app: Flask) -> None:
    person = make_person(role=Role.OS_STAFF)
    make_row(actor_id=person.id)
    db.session.execute(text("DELETE FROM person"))
    db.session.commit()
    assert count_rows() == 1
