"""The large site to measure on: only in an empty database, as large as asked, and with pages that work."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.database import db
from lms.dev.seed import seed
from lms.dev.seed_people import Size
from lms.errors import Invalid
from lms.learning.tables import Attempt, Completion, Evidence
from lms.monitoring.actions.figures import gather_figures
from lms.pack.tables import SessionLog
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.tables import Contact, School
from tests.factories import make_person
from tests.server import Visit
from tests.world import end_transaction, library_of

SIZE = Size(schools=25, people=120, attempts=500)


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.both
def test_a_seeded_site_has_what_was_asked_and_its_pages_work(app: Flask) -> None:
    library = library_of(app)
    seed(library, SIZE)
    assert (count(School), count(Attempt)) == (25, 500)
    assert 120 < count(Person) < 130
    assert all(count(table) > 10 for table in (Contact, Evidence, Completion, SessionLog))
    end_transaction()
    assert gather_figures(library.course)
    # A row that comes after has an id of its own, on PostgreSQL too.
    staff = Visit(app, make_person(role=Role.OS_STAFF).id)
    finished = Visit(app, db.session.scalars(select(Completion.person_id)).first())
    for path in ("/overzicht", "/scholen", "/scholen/1", "/overzicht/sessies", "/overzicht/begeleiders"):
        assert staff.get(path).status == 200, path
    for path in ("/navorming", "/navorming/mijn-antwoorden", "/pakket", "/pakket/groepen", "/account"):
        assert finished.get(path).status == 200, path


def test_the_same_number_gives_the_same_site_and_another_one_another(app: Flask) -> None:
    def sides(number: int) -> list[tuple[str, str]]:
        seed(library_of(app), Size(schools=8, people=20, attempts=0), number=number)
        found = [
            (row.name, row.municipality) for row in db.session.execute(select(School).order_by(School.id)).scalars()
        ]
        for table in reversed(School.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.commit()
        return found

    first = sides(1)
    assert first == sides(1) != sides(2)


def test_a_database_with_anybody_in_it_is_left_alone(app: Flask) -> None:
    make_person()
    with pytest.raises(Invalid, match="niet leeg"):
        seed(library_of(app), SIZE)
    end_transaction()
    assert count(School) == 0


def test_people_need_a_school(app: Flask) -> None:
    with pytest.raises(Invalid, match="minstens één school"):
        seed(library_of(app), Size(schools=0, people=3, attempts=0))
