"""No form takes more than it shows: every column name of every table, sent along as a field, changes no column.

Each form is sent three times on the same rows and at the same moment: twice as it is, to see what is random in
its outcome, and once with every column name besides. What then differs, was set from outside.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from flask import Flask, request

import lms.schools.actions
import lms.schools.actions.register
from lms.clock import frozen, now
from lms.database import Base, db
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.tables import School
from tests.integration.test_access import BY_NAME, Case, cases, make_world
from tests.integration.test_unsafe_requests import _entitled
from tests.world import Browser, end_transaction, form_token

# What a form takes does not depend on the database.
pytestmark = pytest.mark.sqlite_alone

# One value that fits a text, one that fits a number, a reference or a switch, one for a moment, one for a role.
VALUES = ("ingespoten", "1", "2001-02-03T04:05:06+00:00", Role.ADMIN.value)
# Fields of forms that have the name of a column: whoever sends these means them.
OFFERED = {"own_device"}

COLUMNS = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
QUALIFIED = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}
NAMES = sorted((COLUMNS | QUALIFIED) - OFFERED)


class Kept:
    """The whole database as it is now, in memory, to look at or to go back to; by the copying of SQLite itself."""

    def __init__(self) -> None:
        self.copy = sqlite3.connect(":memory:")
        with stored() as connection:
            connection.backup(self.copy)

    def restore(self) -> None:
        with stored() as connection:
            self.copy.backup(connection)

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        return self.copy.execute(f'SELECT * FROM "{table}"').fetchall()

    def values(self, name: str) -> Counter[Any]:
        """How often each value stands in a column, that is named with its table."""
        table, _, column = name.partition(".")
        return Counter(value for (value,) in self.copy.execute(f'SELECT "{column}" FROM "{table}"'))


@contextmanager
def stored() -> Iterator[sqlite3.Connection]:
    """The database of the site, from beside it."""
    end_transaction()
    connection = sqlite3.connect(str(db.engine.url.database))
    yield connection
    connection.close()


def differing(one: Kept, other: Kept) -> set[str]:
    """The columns in which not the same values stand as often."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if one.rows(table.name) != other.rows(table.name)
        for column in table.columns
        if one.values(f"{table.name}.{column.name}") != other.values(f"{table.name}.{column.name}")
    }


def send(browser: Browser, case: Case, extra: str = "") -> int:
    """Send the form of a case, with what else stands in ``extra``, written as in a body."""
    with browser.client.session_transaction() as session:
        session.update(case.session)
    body = extra + urlencode({**case.data, "csrf_token": form_token(browser)}, doseq=True)
    content_type = "application/x-www-form-urlencoded"
    return browser.raw("POST", case.path, data=body, content_type=content_type).status_code


def every_column(value: str, case: Case) -> str:
    """Every name of a column that the form does not have, with this value, as it stands in a body."""
    return "".join(f"{name}={quote_plus(value)}&" for name in NAMES if name not in case.data)


def changed_from_outside(app: Flask, only: str = "") -> list[str]:
    """Columns of which the outcome of a form depends on a field that the form does not have."""
    found = []
    with frozen(now()):
        world = make_world(app)
        browsers = {}
        for name in ("anonymous", "aanspreekpunt", "O&S", "administrator", "begeleider"):
            actor = BY_NAME[name]
            browsers[name] = actor.browser(app, actor.person(world) if actor.person else None)
        start = Kept()
        for case in cases(world):
            if case.method != "POST" or only not in case.endpoint:
                continue
            kept = dict(browsers[_entitled(case)].client._cookies or {})
            outcomes = []
            for values in (None, None, *VALUES):
                start.restore()
                browser = browsers[_entitled(case)]
                browser.client._cookies = dict(kept)
                status = send(browser, case, every_column(values, case) if values else "")
                outcomes.append((status, Kept()))
            (expected, plain), (_, again), *hostile = outcomes
            is_random = differing(plain, again)
            for value, (status, outcome) in zip(VALUES, hostile, strict=True):
                changed = differing(plain, outcome) - is_random
                planted = [name for name in is_random if "ingespoten" in str(outcome.values(name))]
                if status != expected or changed or planted:
                    found.append(f"{case.endpoint} with {value}: {status}, {sorted(changed)} {planted}")
    return found


@pytest.mark.slow
def test_no_column_is_set_by_a_field_that_the_form_does_not_have(app: Flask) -> None:
    assert len(COLUMNS) > 50
    assert changed_from_outside(app) == []


@pytest.mark.parametrize(
    ("endpoint", "column"), [("schools.add", "school.created_at"), ("schools.invitation", "person.role")]
)
def test_an_action_that_takes_what_it_gets_is_seen(
    app: Flask, monkeypatch: pytest.MonkeyPatch, endpoint: str, column: str
) -> None:
    """The sabotaged twin: rows that take over every field whose name they know."""
    school, person = School, Person

    def careless_school(**fields: Any) -> School:
        return school(**fields | {"created_at": now().replace(year=1999) if "created_at" in request.form else now()})

    def careless_person(**fields: Any) -> Person:
        role = request.form.get("role")
        return person(**fields | ({"role": Role(role)} if role in set(Role) else {}))

    monkeypatch.setattr(lms.schools.actions.register, "School", careless_school)
    monkeypatch.setattr(lms.schools.actions, "Person", careless_person)
    assert column in "\n".join(changed_from_outside(app, only=endpoint))
