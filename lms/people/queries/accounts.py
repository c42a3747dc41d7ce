"""What an administrator asks about accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from lms.clock import now
from lms.database import by_name, db
from lms.errors import NotFound
from lms.people.rules import fingerprint
from lms.people.tables import Person, SignIn, StaffInvitation
from lms.permissions import STAFF_ROLES, Role

FOUND_AT_MOST = 25


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account as an administrator sees it. ``last_sign_in`` is None when we know of none."""

    id: int
    name: str
    email: str
    role: Role
    has_second_factor: bool
    created_at: datetime
    last_sign_in: datetime | None
    disabled_at: datetime | None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES


def _accounts() -> Select[Person, datetime]:
    last = select(func.max(SignIn.created_at)).where(SignIn.person_id == Person.id).scalar_subquery()
    return select(Person, last.label("last_sign_in"))


def _account(row: Row[Person, datetime]) -> Account:
    person = row[0]
    return Account(
        id=person.id, name=person.name, email=person.email, role=person.role,
        has_second_factor=person.totp_confirmed_at is not None, created_at=person.created_at,
        last_sign_in=row.last_sign_in, disabled_at=person.disabled_at,
    )  # fmt: skip


def list_staff() -> list[Account]:
    """Everybody of O&S and every administrator, by name; who is disabled comes last."""
    rows = db.session.execute(
        _accounts()
        .where(Person.role.in_(STAFF_ROLES))
        .order_by(Person.disabled_at.is_not(None), by_name(Person.name), Person.id)
    )
    return [_account(row) for row in rows]


def search_facilitators(text: str) -> list[Account]:
    """Begeleiders whose name or address holds ``text``, capitals aside; at most 25."""
    pattern = text.lower()
    rows = db.session.execute(
        _accounts()
        .where(
            Person.role == Role.FACILITATOR,
            or_(
                func.lower(Person.name).contains(pattern, autoescape=True),
                Person.email.contains(pattern, autoescape=True),
            ),
        )
        .order_by(by_name(Person.name), Person.id)
        .limit(FOUND_AT_MOST)
    )
    return [_account(row) for row in rows]


def get_account(person_id: int) -> Account:
    """One account. Raises NotFound."""
    row = db.session.execute(_accounts().where(Person.id == person_id)).one_or_none()
    if row is None:
        raise NotFound
    return _account(row)


def list_active_admins() -> list[int]:
    """The ids of everybody who can administrate now, locked: nobody else changes one of them until we commit."""
    return list(
        db.session.scalars(
            select(Person.id)
            .where(Person.role == Role.ADMIN, Person.disabled_at.is_(None))
            .order_by(Person.id)
            .with_for_update()
        )
    )


def _waits() -> ColumnElement[bool]:
    """Over ``StaffInvitation``: does its link still count?"""
    return StaffInvitation.closed_at.is_(None) & (StaffInvitation.expires_at > now())


def list_open_staff_invitations() -> list[StaffInvitation]:
    """Invitations of staff that wait for an answer, the newest first."""
    return list(db.session.scalars(select(StaffInvitation).where(_waits()).order_by(StaffInvitation.id.desc())))


def list_staff_invitations_to(email: str) -> list[StaffInvitation]:
    """The links to this address that still work."""
    return list(
        db.session.scalars(
            select(StaffInvitation).where(StaffInvitation.email == email, StaffInvitation.closed_at.is_(None))
        )
    )


def get_staff_invitation(invitation_id: int) -> StaffInvitation:
    """An invitation that waits for an answer, locked. Raises NotFound."""
    row = db.session.scalar(
        select(StaffInvitation).where(StaffInvitation.id == invitation_id, _waits()).with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def find_staff_invitation(token: str, *, lock: bool = False) -> StaffInvitation | None:
    """The invitation behind a link, if the link still counts."""
    statement = select(StaffInvitation).where(StaffInvitation.token_fingerprint == fingerprint(token), _waits())
    return db.session.scalar(statement.with_for_update() if lock else statement)
