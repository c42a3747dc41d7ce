"""Questions about the werkvormen that somebody keeps at hand."""

from __future__ import annotations

from sqlalchemy import select

from lms.database import db
from lms.learning.tables import FavouriteFormat


def favourites_of(person_id: int) -> frozenset[str]:
    """Ids of the werkvormen that this person chose as a favourite; ones that left the catalogue included."""
    return frozenset(
        db.session.scalars(select(FavouriteFormat.format_id).where(FavouriteFormat.person_id == person_id))
    )
