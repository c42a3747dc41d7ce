"""No form takes more than it shows: every column name of every table, sent along as a field, changes no column.

Each form is sent three times on the same rows and at the same moment: twice as it is, to see what is random in
its outcome, and once with every column name besides. What then differs, was set from outside.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask import Flask, request

import lms.schools.actions
import lms.schools.actions.register
from lms.clock import frozen, now
from lms.database import Base, db, reading
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.tables import School
from tests.conftest import audit_unguarded
from tests.integration.test_access import BY_NAME, Case, cases, make_world
from tests.integration.test_unsafe_requests import _entitled
from tests.world import Browser, end_transaction, form_token

Rows = dict[str, list[dict[str, Any]]]
# One value that fits a text, one that fits a number, a reference or a switch, one for a moment, one for a role.
VALUES = ("ingespoten", "1", "2001-02-03T04:05:06+00:00", Role.ADMIN.value)
# Fields of forms that have the name of a column: whoever sends these means them.
OFFERED = {"own_device"}

COLUMNS = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
QUALIFIED = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}


def snapshot() -> Rows:
    end_transaction()
    with reading(), db.engine.connect() as connection:
        return {
            table.name: [
                dict(row._mapping) for row in connection.execute(table.select().order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }


def restore(rows: Rows) -> None:
    end_transaction()
    with audit_unguarded():
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(table.delete())
    for table in Base.metadata.sorted_tables:
        if rows[table.name]:
            db.session.execute(table.insert(), rows[table.name])
    db.session.commit()
    end_transaction()


def columns_of(rows: Rows) -> dict[str, Counter[str]]:
    """How often each value stands in each column."""
    return {
        f"{table}.{column}": Counter(repr(row[column]) for row in lines)
        for table, lines in rows.items()
        for column in (lines[0] if lines else ())
    }


def differing(one: Rows, other: Rows) -> set[str]:
    first, second = columns_of(one), columns_of(other)
    return {name for name in first | second if first.get(name) != second.get(name)}


def send(browser: Browser, case: Case, extra: dict[str, str]) -> int:
    with browser.client.session_transaction() as session:
        session.update(case.session)
    data = {**extra, **case.data, "csrf_token": form_token(browser)}
    return browser.raw("POST", case.path, data=data).status_code


def changed_from_outside(app: Flask, only: str = "") -> list[str]:
    """Columns of which the outcome of a form depends on a field that the form does not have."""
    found = []
    with frozen(now()):
        world = make_world(app)
        browsers = {}
        for name in ("anonymous", "aanspreekpunt", "O&S", "administrator", "begeleider"):
            actor = BY_NAME[name]
            browsers[name] = actor.browser(app, actor.person(world) if actor.person else None)
        start = snapshot()
        for case in cases(world):
            if case.method != "POST" or only not in case.endpoint:
                continue
            kept = dict(browsers[_entitled(case)].client._cookies or {})
            outcomes = []
            for values in (None, None, *VALUES):
                restore(start)
                browser = browsers[_entitled(case)]
                browser.client._cookies = dict(kept)
                names = (COLUMNS | QUALIFIED) - set(case.data) - OFFERED - {"csrf_token"}
                status = send(browser, case, dict.fromkeys(sorted(names), values) if values else {})
                outcomes.append((status, snapshot()))
            (expected, plain), (_, again), *hostile = outcomes
            is_random = differing(plain, again)
            for value, (status, rows) in zip(VALUES, hostile, strict=True):
                changed = differing(plain, rows) - is_random
                planted = [name for name in is_random if "ingespoten" in str(columns_of(rows)[name])]
                if status != expected or changed or planted:
                    found.append(f"{case.endpoint} with {value}: {status}, {sorted(changed)} {planted}")
    return found


@pytest.mark.slow
@pytest.mark.sqlite_alone
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
