"""Questions about files with schools, and the register as a file is compared with it."""

from __future__ import annotations

from sqlalchemy import select

from lms.database import db
from lms.errors import NotFound
from lms.people.rules import Visitor
from lms.schools.rules.comparing import Known
from lms.schools.rules.register import COLUMNS, SchoolFacts
from lms.schools.tables import School, SchoolImport

_COLUMNS = [getattr(School, column) for column in COLUMNS]


def get_own_import(import_id: int, visitor: Visitor, *, lock: bool = False) -> SchoolImport:
    """A file that this visitor chose, or NotFound."""
    wanted = select(SchoolImport).where(SchoolImport.id == import_id, SchoolImport.by_id == visitor.id)
    row = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if row is None:
        raise NotFound
    return row


def find_import_by_key(key: str, visitor: Visitor) -> SchoolImport | None:
    return db.session.scalar(select(SchoolImport).where(SchoolImport.key == key, SchoolImport.by_id == visitor.id))


def list_known(*, lock: bool = False) -> list[Known]:
    """The whole register, in one statement. ``lock``: nobody changes these schools until we commit."""
    wanted = select(School.id, *_COLUMNS).order_by(School.id)
    rows = db.session.execute(wanted.with_for_update() if lock else wanted)
    return [Known(id=row.id, facts=SchoolFacts(**{column: getattr(row, column) for column in COLUMNS})) for row in rows]
