"""Somebody who was asked to be the aanspreekpunt wants to hear no more of it."""

from __future__ import annotations

from lms.clock import now
from lms.database import db
from lms.errors import NotFound
from lms.schools.queries.stopping import find_asked
from lms.schools.tables import Contact


def choose_asking(contact_id: int, *, wants: bool) -> None:
    """Keep whether whoever was asked wants reminders of that question. Raises NotFound when it is answered or gone."""
    contact: Contact | None = find_asked(contact_id, lock=True)
    if contact is None:
        raise NotFound
    contact.reminders_stopped_at = None if wants else contact.reminders_stopped_at or now()
    db.session.commit()
