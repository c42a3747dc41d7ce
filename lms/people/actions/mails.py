"""Which optional mails somebody wants. Each function is one transaction."""

from __future__ import annotations

from lms.clock import now
from lms.database import db
from lms.errors import NotFound
from lms.people.queries import find_person
from lms.people.rules.mails import MailChoice


def choose_mails(choice: MailChoice, *, person_id: int) -> None:
    """Keep what somebody wants to get; the moment of an earlier stop stays. Raises NotFound for who is gone."""
    person = find_person(person_id, lock=True)
    if person is None or person.erased_at is not None:
        raise NotFound
    moment = now()
    person.reminders_stopped_at = None if choice.reminders else person.reminders_stopped_at or moment
    person.evening_stopped_at = None if choice.evening else person.evening_stopped_at or moment
    db.session.commit()
