"""Keeping what a school counted until September."""

from __future__ import annotations

from sqlalchemy import delete

from lms.clock import BRUSSELS, now
from lms.database import db
from lms.errors import Conflict, Stale
from lms.monitoring.queries.progression import find_progression, reasons_of
from lms.monitoring.rules.progression import COUNTED, Counts, is_open
from lms.monitoring.tables.progression import Progression, ProgressionReason
from lms.people.rules import Visitor
from lms.people.tables import Act, AuditRow
from lms.permissions import Permission
from lms.schools.queries import get_visible_school, lock_school


def keep_progression(school_id: int, school_year: int, counts: Counts, *, version: int, by: Visitor) -> None:
    """Keep ``counts``; ``version`` is the one that was seen, 0 when there was nothing yet.

    Raises NotFound for a school that is not for this visitor, Conflict when the year is closed, and Stale when
    somebody kept other counts since. The same form sent twice is kept once.
    """
    get_visible_school(school_id, by)
    if not is_open(school_year, now().astimezone(BRUSSELS).date()):
        raise Conflict("Dit schooljaar is afgesloten. De aantallen veranderen niet meer.")
    lock_school(school_id)
    row = find_progression(school_id, school_year)
    if row is None:
        row = Progression(school_id=school_id, school_year=school_year, version=0)
        db.session.add(row)
    elif row.version != version:
        if row.version == version + 1 and row.changed_by_id == (by.id or None) and _holds(row, counts):
            db.session.rollback()
            return
        raise Stale("Iemand bewaarde intussen andere aantallen.")
    for name in COUNTED:
        setattr(row, name, counts[name])
    row.version, row.changed_at, row.changed_by_id = row.version + 1, now(), by.id or None
    db.session.flush()
    db.session.execute(delete(ProgressionReason).where(ProgressionReason.progression_id == row.id))
    db.session.add_all(
        ProgressionReason(progression_id=row.id, reason=reason, count=count)
        for reason, count in counts.reasons.items()
        if count
    )
    if by.may(Permission.MANAGE_SCHOOLS):
        db.session.add(AuditRow.of(Act.COUNTS_KEPT, school_id, by=by))
    db.session.commit()


def _holds(row: Progression, counts: Counts) -> bool:
    return all(getattr(row, name) == counts[name] for name in COUNTED) and reasons_of([row.id]).get(row.id, {}) == dict(
        counts.reasons
    )
