"""Where youngsters of a school went after the toolbox, as the school counted them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.database import db
from lms.monitoring.rules.progression import COUNTED, Counts, Reason
from lms.monitoring.tables.progression import Progression, ProgressionReason
from lms.people.tables import Person


@dataclass(frozen=True, kw_only=True)
class KeptCounts:
    """The counts of one school year, with who kept them last; ``changed_by`` is None when that account is gone."""

    school_year: int
    counts: Counts
    version: int
    changed_at: datetime
    changed_by: str | None


def list_progressions(school_id: int) -> list[KeptCounts]:
    """Every school year for which this school counted, the newest first. Two statements."""
    rows = db.session.execute(
        select(Progression, Person.name)
        .outerjoin(Person, (Person.id == Progression.changed_by_id) & Person.erased_at.is_(None))
        .where(Progression.school_id == school_id)
        .order_by(Progression.school_year.desc())
    ).all()
    reasons = reasons_of(row.id for row, _ in rows)
    return [
        KeptCounts(
            school_year=row.school_year,
            counts=Counts(**{name: getattr(row, name) for name in COUNTED}, reasons=reasons.get(row.id, {})),
            version=row.version,
            changed_at=row.changed_at,
            changed_by=name,
        )
        for row, name in rows
    ]


def reasons_of(progression_ids: Iterable[int]) -> dict[int, dict[Reason, int]]:
    """How many gave each reason, per row."""
    found: dict[int, dict[Reason, int]] = {}
    for reason in db.session.scalars(
        select(ProgressionReason).where(ProgressionReason.progression_id.in_(list(progression_ids)))
    ):
        found.setdefault(reason.progression_id, {})[reason.reason] = reason.count
    return found


def find_progression(school_id: int, school_year: int) -> Progression | None:
    return db.session.scalar(
        select(Progression).where(Progression.school_id == school_id, Progression.school_year == school_year)
    )
