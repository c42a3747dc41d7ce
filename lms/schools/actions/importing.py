"""Keeping a file with schools until its owner decides, and carrying it out. Each function is one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from lms.clock import now
from lms.database import db
from lms.errors import Conflict
from lms.people.rules import Visitor
from lms.people.tables import Act, AuditRow
from lms.schools.actions.register import written
from lms.schools.queries import importing as queries
from lms.schools.rules.comparing import compare
from lms.schools.rules.importing import BadFile, Row
from lms.schools.tables import School, SchoolImport

CHANGED_MEANWHILE = "Intussen veranderde iemand anders iets in de lijst. Kijk nog eens na en bevestig dan opnieuw."


@dataclass(frozen=True, kw_only=True)
class Applied:
    """How many schools a file added and changed."""

    added: int
    changed: int


def keep_import(rows: Sequence[Row], *, key: str, filename: str, read_as: str, by: Visitor) -> int:
    """Keep a file that was read; gives its id. The same form twice gives the first; an earlier file that waits goes."""
    kept = queries.find_import_by_key(key, by)
    if kept is not None:
        return kept.id
    db.session.execute(delete(SchoolImport).where(SchoolImport.by_id == by.id, SchoolImport.applied_at.is_(None)))
    stored = [row.stored() for row in rows]
    digest = hashlib.sha256(json.dumps(stored).encode()).hexdigest()
    row = SchoolImport(
        key=key, by_id=by.id, filename=filename[:120], read_as=read_as[:80], digest=digest, rows=stored,
        created_at=now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    import_id = row.id
    db.session.commit()
    return import_id


def apply_import(import_id: int, *, digest: str, by: Visitor) -> Applied:
    """Do all that a file says, or nothing. ``digest`` is that of the outcome which was shown.

    The same button twice gives the first result. Raises NotFound, or Conflict when the register changed meanwhile so
    that the file would now do something else.
    """
    kept = queries.get_own_import(import_id, by, lock=True)
    if kept.applied_at is not None:
        return Applied(added=kept.added, changed=kept.changed)
    try:
        outcome = compare([Row.of(row) for row in kept.rows], queries.list_known(lock=True))
    except BadFile as error:
        raise Conflict(CHANGED_MEANWHILE) from error
    if outcome.digest != digest:
        raise Conflict(CHANGED_MEANWHILE)
    moment = now()
    try:
        if outcome.new:
            db.session.execute(insert(School), [{**written(facts), "created_at": moment} for _, facts in outcome.new])
        if outcome.changed:
            db.session.execute(
                update(School),
                [{"id": one.id, **written(one.facts)} for one in outcome.changed],
            )
            ids = [one.id for one in outcome.changed]
            db.session.execute(update(School).where(School.id.in_(ids)).values(version=School.version + 1))
    except IntegrityError as error:
        # A school with this name or number was added while we looked.
        db.session.rollback()
        raise Conflict(CHANGED_MEANWHILE) from error
    kept.applied_at, kept.rows = moment, []
    kept.added, kept.changed = len(outcome.new), len(outcome.changed)
    db.session.add(AuditRow.of(Act.SCHOOLS_IMPORTED, kept.id, by=by))
    applied = Applied(added=kept.added, changed=kept.changed)
    db.session.commit()
    return applied
