"""Keeping a werkvorm at hand. Each function is one transaction."""

from __future__ import annotations

from sqlalchemy import delete

from lms.clock import now
from lms.database import db
from lms.learning.queries.formats import favourites_of
from lms.learning.tables import FavouriteFormat
from lms.people.queries import lock_person


def set_favourite(format_id: str, *, wanted: bool, by: int) -> None:
    """Keep this werkvorm among the favourites, or no longer; the same wish twice changes nothing."""
    lock_person(by)
    if wanted and format_id not in favourites_of(by):
        db.session.add(FavouriteFormat(person_id=by, format_id=format_id, chosen_at=now()))
    if not wanted:
        db.session.execute(
            delete(FavouriteFormat).where(FavouriteFormat.person_id == by, FavouriteFormat.format_id == format_id)
        )
    db.session.commit()
