"""Gathering the kept figures anew. Only what differs is written, so a gathering is felt by nobody who works."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from lms.clock import now
from lms.content.models import Course
from lms.database import Base, db, reading
from lms.monitoring.queries.gathering import KEPT, Rows, Stamp, find_stamp, gather, kept_rows, read_as_one, table_of
from lms.monitoring.tables.figures import STAMP_ID, FigureStamp

Difference = tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]


def gather_figures(course: Course) -> bool:
    """Bring the figures up to date; False when somebody else did so meanwhile, or a school went in between.

    What takes long is read without holding anything back; the lock for writing is held for the differences alone.
    """
    db.session.rollback()
    began, moment = time.perf_counter(), now()
    with reading():
        read_as_one()
        seen = find_stamp()
        wanted = gather(course)
        differences = {kept: difference(kept, kept_rows(kept), wanted[kept]) for kept in KEPT}
        db.session.rollback()
    took_ms = round(1000 * (time.perf_counter() - began))
    stamp = {"taken_at": moment, "mark": secrets.token_hex(8), "took_ms": took_ms}
    try:
        if not _claim(seen, stamp):
            db.session.rollback()
            return False
        _write(differences)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    return True


def _claim(seen: Stamp | None, stamp: Mapping[str, Any]) -> bool:
    """Put the new stamp in place of the one that was seen. Two who gather at the same time cannot both."""
    if seen is None:
        db.session.execute(insert(FigureStamp).values(id=STAMP_ID, **stamp))
        return True
    claimed = db.session.execute(
        update(FigureStamp)
        .where(FigureStamp.id == STAMP_ID, FigureStamp.mark == seen.mark)
        .values(**stamp)
        .execution_options(synchronize_session=False)
    )
    return bool(claimed.rowcount)  # type: ignore[attr-defined]


def difference(kept: type[Base], before: Rows, after: Rows) -> Difference:
    """Which rows of a table come, change and go."""
    keys = [one.name for one in table_of(kept).primary_key]
    new = [row for key, row in after.items() if key not in before]
    changed = [row for key, row in after.items() if key in before and before[key] != row]
    gone = [{f"key_{name}": row[name] for name in keys} for key, row in before.items() if key not in after]
    return new, changed, gone


def _write(differences: Mapping[type[Base], Difference]) -> None:
    connection = db.session.connection()
    for kept, (new, changed, gone) in differences.items():
        table = table_of(kept)
        keys = [one.name for one in table.primary_key]
        here = [table.c[name] == bindparam(f"key_{name}") for name in keys]
        if gone:
            connection.execute(delete(table).where(*here), gone)
        if changed:
            rows = [{f"key_{name}" if name in keys else name: value for name, value in row.items()} for row in changed]
            connection.execute(update(table).where(*here), rows)
        if new:
            connection.execute(insert(table), new)
