"""Questions about who was asked to be the aanspreekpunt and did not answer yet."""

from __future__ import annotations

from sqlalchemy import select

from lms.database import db
from lms.schools.tables import Contact


def find_asked(contact_id: int, *, lock: bool = False) -> Contact | None:
    """The open question with this id; None when it was answered, taken back or never asked."""
    statement = select(Contact).where(
        Contact.id == contact_id, Contact.accepted_at.is_(None), Contact.ended_at.is_(None)
    )
    return db.session.scalar(statement.with_for_update() if lock else statement)
