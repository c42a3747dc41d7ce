"""Questions about the optional mails somebody wants."""

from __future__ import annotations

from sqlalchemy import select

from lms.database import db
from lms.people.rules.mails import MailChoice
from lms.people.tables import Person


def find_mail_choice(person_id: int) -> MailChoice | None:
    """What somebody chose; None for who is gone."""
    row = db.session.execute(
        select(Person.reminders_stopped_at, Person.evening_stopped_at).where(
            Person.id == person_id, Person.erased_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    return MailChoice(reminders=row.reminders_stopped_at is None, evening=row.evening_stopped_at is None)
