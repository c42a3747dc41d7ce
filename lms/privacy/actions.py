"""Leaving, coming back, and what the clock takes away. Each function is one transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, delete, func, or_, update

from lms.clock import now, short_day
from lms.database import db
from lms.errors import Conflict
from lms.mail import compose
from lms.people.queries import get_person
from lms.people.tables import SignIn
from lms.privacy import queries
from lms.privacy.rules.parts import Erased, Moment, Part
from lms.privacy.rules.terms import NOTICE_LIFE, UNDO_LIFE
from lms.schools.tables import Contact


def ask_deletion(person_id: int, *, link_base: str) -> None:
    """Begin the end of an account: signed out everywhere, no longer aanspreekpunt, and a mail with the way back.

    Asking again changes nothing. Raises Conflict for the last administrator.
    """
    person = get_person(person_id, lock=True)
    if person.deletion_asked_at is not None:
        db.session.rollback()
        return
    if not queries.may_leave(person_id):
        raise Conflict("Jij bent de enige beheerder. Geef eerst iemand anders die taak, dan kan je account weg.")
    moment = now()
    person.deletion_asked_at = moment
    db.session.execute(
        update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=moment)
    )
    # At once, and not after a month: a school should not wait for somebody who left.
    db.session.execute(
        update(Contact)
        .where(or_(Contact.person_id == person_id, Contact.email == person.email), Contact.ended_at.is_(None))
        .values(ended_at=moment)
    )
    until = short_day(moment + UNDO_LIFE)
    db.session.add(
        compose("deletion_asked", person.email, name=person.name, until=until, link=f"{link_base}/aanmelden")
    )
    db.session.commit()


def undo_deletion(person_id: int) -> None:
    """Keep the account after all. Being aanspreekpunt does not come back: the school may have somebody else."""
    get_person(person_id, lock=True).deletion_asked_at = None
    db.session.commit()


def warn_of_expiry(*, link_base: str) -> int:
    """Tell people who were not here for 23 months that their account ends; gives how many."""
    moment = now()
    people = queries.list_to_warn(moment)
    until = short_day(moment + NOTICE_LIFE)
    for person in people:
        person.expiry_notice_at = moment
        db.session.add(
            compose("account_expires", person.email, name=person.name, until=until, link=f"{link_base}/aanmelden")
        )
    db.session.commit()
    return len(people)


def erase(person_id: int) -> bool:
    """Erase the account of this person if its time has come; gives whether it was.

    The row of the person stays, empty, because the figures of the school and the number of the attest stand on it.
    """
    person = queries.find_to_erase(person_id, now())
    if person is None:
        db.session.rollback()
        return False
    email = person.email
    for part in queries.parts_from_the_leaves():
        table, rows = queries.table_of(part), queries.belongs_to(part, person_id, email)
        if part.erased is Erased.DELETED:
            db.session.execute(delete(table).where(rows))
        elif part.erased is Erased.WIPED:
            db.session.execute(update(table).where(rows).values(_wiped(part, table, person_id)))
    db.session.commit()
    return True


def _wiped(part: Part, table: Table, person_id: int | None = None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in part.wiped.items():
        if value is Moment.NOW:
            values[name] = func.coalesce(table.c[name], now())
        else:
            values[name] = value.format(id=person_id) if isinstance(value, str) else value
    return values


def sweep(part: Part) -> int:
    """Delete or wipe the rows of one table whose term is over; gives how many."""
    table, over = queries.table_of(part), queries.is_over(part, now())
    if part.erased is Erased.WIPED:
        done = db.session.execute(update(table).where(over).values(_wiped(part, table)))
    else:
        done = db.session.execute(delete(table).where(over))
    db.session.commit()
    return int(done.rowcount)  # type: ignore[attr-defined]
