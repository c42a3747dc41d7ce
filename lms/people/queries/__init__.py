"""Questions about people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Executable, bindparam, func, select

from lms.clock import now
from lms.database import db, forget_what_was_read, run
from lms.people.rules import DOUBLE_CLICK, Visitor, fingerprint
from lms.people.tables import Person, SignIn, SignInCode


@dataclass(frozen=True, kw_only=True)
class VisitorFacts:
    """Clauses over ``Person`` that higher features contribute, so a visitor is known in one statement."""

    is_contact_person: ColumnElement[bool]
    has_open_pack: ColumnElement[bool]


def visitor_statement(facts: VisitorFacts) -> Executable:
    """The one statement that every page begins with, built once: building it costs more than running it."""
    return (
        select(
            SignIn.id,
            SignIn.second_factor_at,
            Person.id.label("person_id"),
            Person.name,
            Person.email,
            Person.role,
            Person.totp_confirmed_at,
            Person.deletion_asked_at,
            facts.is_contact_person.label("is_contact_person"),
            facts.has_open_pack.label("has_open_pack"),
        )
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_fingerprint == bindparam("token"),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > bindparam("moment"),
            Person.disabled_at.is_(None),
        )
    )


def find_visitor(token: str, statement: Executable) -> Visitor | None:
    """The visitor behind a session cookie, or None when it ended, expired or belongs to a closed account."""
    row = run(statement, {"token": fingerprint(token), "moment": now()}).one_or_none()
    if row is None:
        return None
    return Visitor(
        token=token,
        sign_in_id=row.id,
        id=row.person_id,
        name=row.name,
        email=row.email,
        role=row.role,
        has_second_factor=row.totp_confirmed_at is not None,
        gave_second_factor=row.second_factor_at is not None,
        deletion_asked_at=row.deletion_asked_at,
        is_contact_person=bool(row.is_contact_person),
        has_open_pack=bool(row.has_open_pack),
    )


def find_person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email))


# On SQLite the transaction of a request that may write holds the only write lock already.
_LOCK = select(Person.id).where(Person.id == bindparam("person_id")).with_for_update()


def lock_person(person_id: int) -> None:
    """Until we commit, nobody else may act for this person."""
    if db.session.connection().dialect.name != "sqlite":
        run(_LOCK, {"person_id": person_id})
        forget_what_was_read()


def get_person(person_id: int, *, lock: bool = False) -> Person:
    """The person with this id. ``lock``: nobody else may act for this person until we commit."""
    statement = select(Person).where(Person.id == person_id)
    return db.session.scalars(statement.with_for_update() if lock else statement).one()


def find_person(person_id: int, *, lock: bool = False) -> Person | None:
    statement = select(Person).where(Person.id == person_id)
    return db.session.scalar(statement.with_for_update() if lock else statement)


def find_code(browser: str) -> SignInCode | None:
    """The code that this browser asked for, locked, if it can still be used (or was, a double click ago)."""
    code = db.session.scalar(
        select(SignInCode).where(SignInCode.browser_fingerprint == fingerprint(browser)).with_for_update()
    )
    if code is None or code.tries_left <= 0 or code.expires_at <= now():
        return None
    if code.used_at is not None and code.used_at <= now() - DOUBLE_CLICK:
        return None
    return code


def count_recent_codes(email: str) -> int:
    """How many codes went to this address in the last hour."""
    since = now() - timedelta(hours=1)
    return (
        db.session.scalar(
            select(func.count()).select_from(SignInCode).where(SignInCode.email == email, SignInCode.created_at > since)
        )
        or 0
    )


def find_sign_in(sign_in_id: int) -> SignIn | None:
    return db.session.scalar(select(SignIn).where(SignIn.id == sign_in_id).with_for_update())
