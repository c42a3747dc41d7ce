"""Who is made to have finished without doing the course is the same as who did it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, func, select

from lms.clock import frozen, now
from lms.database import Base, db
from tests import finished
from tests.factories import make_person
from tests.server import Visit
from tests.world import library_of


def counts() -> Counter[str]:
    """How many rows every table holds."""
    found = Counter(
        {
            table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
    )
    db.session.rollback()
    return found


def told(person_id: int) -> list[tuple[str, dict[str, Any]]]:
    """The rows of somebody, less whose they are: numbers of rows, and what differs for everybody."""
    return [
        (table.name, {name: value for name, value in row.items() if not is_own(table, name)})
        for table, row in finished.rows_of(person_id)
    ]


def is_own(table: Table, name: str) -> bool:
    return name == "id" or bool(table.c[name].foreign_keys) or table.c[name] in finished.FRESH


@pytest.mark.both
def test_a_copy_is_exactly_what_the_real_actions_leave_behind(app: Flask) -> None:
    with frozen(now()):
        real, other = make_person(), make_person()
        start = counts()
        recording = finished.record(library_of(app), real.id)
        after_real = counts()
        finished.copy(recording, other.id)
        after_copy = counts()
        assert after_copy - after_real == after_real - start
        assert set(after_real - start) >= {"attempt", "evidence", "test_sitting", "completion", "attest"}
        assert told(real.id) == told(other.id)
    keys = [row["key"] for who in (real, other) for table, row in finished.rows_of(who.id) if "key" in row]
    assert len(set(keys)) == len(keys) > 40


def test_a_copy_opens_what_completion_opens(app: Flask) -> None:
    """Each hangs on its own rows: the pages are those of somebody who did the course."""
    library = library_of(app)
    people = [make_person().id for _ in range(3)]
    for person_id in people:
        finished.finish(library, person_id)
    visits = [Visit(app, person_id) for person_id in people]
    for path in ("/navorming/klaar", "/pakket/wie-ben-jij", "/navorming/mijn-antwoorden", "/navorming"):
        assert {visit.get(path).status for visit in visits} == {200}, path
    assert Visit(app, make_person().id).get("/pakket/wie-ben-jij").status == 403


def test_a_recording_that_misses_a_row_is_not_the_same(app: Flask) -> None:
    """The check of the copy can fail: without one answer, or with another score, it does."""
    real, less, other = make_person(), make_person(), make_person()
    with frozen(now()):
        recording = finished.record(library_of(app), real.id)
        answer = next(place for place, (table, _) in enumerate(recording.rows) if table.name == "attempt")
        rows = [row for place, row in enumerate(recording.rows) if place != answer]
        finished.copy(finished.Recording(recording.library, recording.person_id, rows), less.id)
        better = [(table, row | {"score": 1} if "score" in row else row) for table, row in recording.rows]
        finished.copy(finished.Recording(recording.library, recording.person_id, better), other.id)
    assert told(less.id) != told(real.id) != told(other.id)
