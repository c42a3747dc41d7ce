"""Questions about somebody's own account: how and where they sign in, and what they asked to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from lms.clock import now
from lms.database import db
from lms.people.rules import fingerprint, is_fresh
from lms.people.tables import EmailChange, Password, Person, RecoveryCode, SignIn, WrongTries


def find_password(person_id: int) -> Password | None:
    return db.session.get(Password, person_id)


def find_password_hash(email: str) -> str | None:
    """The hash of the password that belongs to this address, or None when there is none."""
    return db.session.scalar(
        select(Password.hash).join(Person, Person.id == Password.person_id).where(Person.email == email)
    )


def find_wrong_tries(email: str) -> WrongTries | None:
    """The wrong tries for this address, locked."""
    return db.session.scalar(
        select(WrongTries).where(WrongTries.email_fingerprint == fingerprint(email)).with_for_update()
    )


def has_fresh_sign_in(sign_in_id: int) -> bool:
    """Whether this browser signed in just now, so that its owner need not prove it again."""
    signed_in_at = db.session.scalar(select(SignIn.created_at).where(SignIn.id == sign_in_id))
    return signed_in_at is not None and is_fresh(signed_in_at, now())


@dataclass(frozen=True, kw_only=True)
class OwnSignIn:
    """One browser in which somebody is signed in. ``device`` is None when we do not know which."""

    id: int
    device: str | None
    own_device: bool
    since: datetime
    until: datetime


def _is_open() -> ColumnElement[bool]:
    """Over ``SignIn``: can its browser go on?"""
    return SignIn.ended_at.is_(None) & (SignIn.expires_at > now())


def list_own_sign_ins(person_id: int) -> list[OwnSignIn]:
    """Where somebody is signed in now, the newest first."""
    rows = db.session.execute(
        select(SignIn.id, SignIn.device, SignIn.own_device, SignIn.created_at, SignIn.expires_at)
        .where(SignIn.person_id == person_id, _is_open())
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
    )
    return [
        OwnSignIn(
            id=row.id, device=row.device, own_device=row.own_device, since=row.created_at, until=row.expires_at
        )
        for row in rows
    ]  # fmt: skip


def list_open_sign_ins(person_id: int, *, but: int | None = None) -> list[SignIn]:
    """The rows of every browser in which somebody is signed in; ``but`` is left out."""
    statement = select(SignIn).where(SignIn.person_id == person_id, _is_open())
    if but is not None:
        statement = statement.where(SignIn.id != but)
    return list(db.session.scalars(statement))


def list_recovery_codes(person_id: int) -> list[RecoveryCode]:
    """The recovery codes of somebody, used ones too, locked."""
    return list(db.session.scalars(select(RecoveryCode).where(RecoveryCode.person_id == person_id).with_for_update()))


def count_recovery_codes(person_id: int) -> int:
    """How many recovery codes somebody has left."""
    statement = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    )
    return db.session.scalar(statement) or 0


def _waits() -> ColumnElement[bool]:
    """Over ``EmailChange``: can it still be agreed with?"""
    return EmailChange.closed_at.is_(None) & (EmailChange.expires_at > now())


def find_open_email_change(person_id: int) -> EmailChange | None:
    """The change of address that waits for an answer."""
    return db.session.scalar(select(EmailChange).where(EmailChange.person_id == person_id, _waits()))


def find_ways_in(person_id: int) -> tuple[Password | None, EmailChange | None]:
    """The password and the change of address that waits, in one statement: the page of an account asks both."""
    row = db.session.execute(
        select(Password, EmailChange)
        .select_from(Person)
        .outerjoin(Password, Password.person_id == Person.id)
        .outerjoin(EmailChange, (EmailChange.person_id == Person.id) & _waits())
        .where(Person.id == person_id)
    ).first()
    return (None, None) if row is None else (row[0], row[1])


def count_recent_email_changes(person_id: int) -> int:
    """How often somebody asked for another address in the last hour."""
    statement = (
        select(func.count())
        .select_from(EmailChange)
        .where(EmailChange.person_id == person_id, EmailChange.created_at > now() - timedelta(hours=1))
    )
    return db.session.scalar(statement) or 0


def find_email_change(token: str, *, lock: bool = False) -> EmailChange | None:
    """The change of address behind a link in a mail, if that link still counts."""
    kept = fingerprint(token)
    statement = select(EmailChange).where(
        or_(
            (EmailChange.old_token_fingerprint == kept) & EmailChange.old_agreed_at.is_(None),
            (EmailChange.new_token_fingerprint == kept) & EmailChange.new_agreed_at.is_(None),
        ),
        _waits(),
    )
    return db.session.scalar(statement.with_for_update() if lock else statement)
