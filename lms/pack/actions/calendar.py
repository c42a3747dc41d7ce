"""The link of one's own calendar. Each function is one transaction."""

from __future__ import annotations

from lms.clock import now
from lms.database import db
from lms.pack.queries.calendar import find_calendar_link
from lms.pack.rules.calendar import new_calendar_token
from lms.pack.tables import CalendarLink
from lms.people.queries import lock_person


def open_calendar(*, by: int) -> None:
    """Give somebody a link for the calendar program; once, however often one clicks."""
    lock_person(by)
    if find_calendar_link(by) is None:
        db.session.add(CalendarLink(person_id=by, token=new_calendar_token(), created_at=now()))
    db.session.commit()


def renew_calendar(*, replaces: str, by: int) -> None:
    """Another link; the one that was stops working. ``replaces``: the link that was seen, so a double click is one."""
    lock_person(by)
    link = find_calendar_link(by)
    if link is not None and link.token == replaces:
        link.token, link.created_at = new_calendar_token(), now()
    db.session.commit()


def close_calendar(*, by: int) -> None:
    """The link stops working at once."""
    lock_person(by)
    link = find_calendar_link(by)
    if link is not None:
        db.session.delete(link)
    db.session.commit()
