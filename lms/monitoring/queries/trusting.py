"""Of which schools the kept figures can be trusted now: all but those to which somebody did something since.

What staff and aanspreekpunten do is written in the audit trail, in the transaction of the deed. So a school that was
just added, changed, merged or followed up is decided live, and the others from what is kept. What begeleiders do by
working counts from the next gathering; a page that uses kept figures says when they were counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select, union

from lms.clock import now
from lms.database import UtcDateTime, run
from lms.learning.tables import Completion
from lms.monitoring.queries.gathering import find_stamp
from lms.monitoring.tables.figures import SchoolFigure
from lms.people.tables import AuditRow
from lms.schools.tables import Contact, ContactNote, Membership, School

# Without worker the figures grow old; then everything is decided live.
FRESH = timedelta(minutes=10)
# A deed that began before the figures were gathered may have come in after them.
MARGIN = timedelta(seconds=30)
# When more schools than this changed, deciding everything live is as quick.
LOOSE = 50
# Stands for every school, where a deed is about more than one.
EVERY = 0


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The kept figures of ``taken_at`` hold for every school but those in ``loose``.

    ``mark`` tells one gathering from another.
    """

    taken_at: datetime
    mark: str
    loose: tuple[int, ...]


def _done(to: str) -> Select[Any]:
    """The rows of the table ``to`` to which something was done since; the first word of an act names the table."""
    deeds: Any = select(AuditRow.subject_id).where(
        AuditRow.happened_at > bindparam("since", type_=UtcDateTime()), AuditRow.act.startswith(f"{to}.")
    )
    return deeds


# The register, and everything from which the stage of a school follows. Each begins at the few deeds since then.
CHANGED = union(
    _done("school"),
    select(Contact.school_id).where(Contact.id.in_(_done("contact"))),
    select(ContactNote.school_id).where(ContactNote.id.in_(_done("contact_note"))),
    select(Membership.school_id).where(Membership.id.in_(_done("membership"))),
    select(Membership.school_id).where(
        Membership.person_id.in_(select(Completion.person_id).where(Completion.id.in_(_done("completion"))))
    ),
    select(literal(EVERY)).where(_done("school_import").exists()),
    # In whatever way it came: a school is new when its number is higher than any that was gathered.
    select(School.id).where(School.id > select(func.coalesce(func.max(SchoolFigure.school_id), 0)).scalar_subquery()),
).limit(LOOSE + 1)


def find_kept() -> Kept | None:
    """None when every school has to be decided live."""
    stamp = find_stamp()
    if stamp is None or not timedelta(0) <= now() - stamp.taken_at <= FRESH:
        return None
    loose = sorted(int(row[0]) for row in run(CHANGED, {"since": stamp.taken_at - MARGIN}))
    if len(loose) > LOOSE or EVERY in loose:
        return None
    return Kept(taken_at=stamp.taken_at, mark=stamp.mark, loose=tuple(loose))
