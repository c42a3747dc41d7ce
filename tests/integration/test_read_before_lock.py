"""A page reads a row, and its action locks it later. What somebody kept in between is seen, and not written over.

On SQLite a request that may write is alone from its beginning, so only PostgreSQL can show this.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

import lms.database
import lms.people.queries
import lms.schools.queries
from lms.database import db
from lms.pack.queries import get_group
from lms.people.queries import lock_person
from lms.schools.queries import find_school, lock_school
from lms.schools.tables import School
from tests.factories import make_group, make_person, make_school
from tests.world import end_transaction

pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def _two_at_once(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")


def keep_elsewhere(statement: str) -> None:
    """Somebody else keeps something, in a transaction of their own that is over at once."""
    with db.engine.begin() as connection:
        connection.execute(text(statement))


def label_after_lock() -> str:
    """A group is read, changed by somebody else, and read again behind the lock of its person."""
    person_id = make_person().id
    group_id = make_group(lms.people.queries.get_person(person_id)).id
    end_transaction()
    before = get_group(group_id, person_id)
    assert before.label != "Ander"
    keep_elsewhere(f"UPDATE pack_group SET label = 'Ander' WHERE id = {group_id}")
    lock_person(person_id)
    return get_group(group_id, person_id).label


def name_after(lock: Callable[[int], object]) -> str:
    """A school is read, changed by somebody else, and read again behind its lock."""
    school_id = make_school().id
    end_transaction()
    before = find_school(school_id)
    assert before is not None and before.name != "Ander"
    keep_elsewhere(f"UPDATE school SET name = 'Ander' WHERE id = {school_id}")
    lock(school_id)
    after = find_school(school_id)
    assert after is not None
    return after.name


def read_locked(school_id: int) -> object:
    return db.session.scalar(select(School).where(School.id == school_id).with_for_update())


def test_what_was_read_before_the_lock_of_a_person_is_read_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert label_after_lock() == "Ander"
    end_transaction()
    monkeypatch.setattr(lms.people.queries, "forget_what_was_read", lambda: None)
    assert label_after_lock() != "Ander"


def test_what_was_read_before_the_lock_of_a_school_is_read_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert name_after(lock_school) == "Ander"
    db.session.execute(text("DELETE FROM school"))
    db.session.commit()
    monkeypatch.setattr(lms.schools.queries, "forget_what_was_read", lambda: None)
    assert name_after(lock_school) != "Ander"


def test_a_row_that_is_locked_is_read_as_it_is_then(app: Flask) -> None:
    assert name_after(read_locked) == "Ander"
    db.session.execute(text("DELETE FROM school"))
    db.session.commit()
    event.remove(Session, "do_orm_execute", lms.database._read_locked_rows_anew)
    try:
        assert name_after(read_locked) != "Ander"
    finally:
        event.listen(Session, "do_orm_execute", lms.database._read_locked_rows_anew)
