"""The project's own history as it was loaded, in five statements."""

from __future__ import annotations

from sqlalchemy import select

from lms.content.history_models import Means
from lms.database import db
from lms.monitoring.rules.history import KeptAnswer, KeptEvent, KeptHistory, KeptTotal
from lms.monitoring.tables.history import (
    HistoryAnswerRow,
    HistoryCount,
    HistoryEventRow,
    HistoryNoteRow,
    HistoryTotal,
)


def get_history() -> KeptHistory:
    """Everything that ``lms load-history`` kept; empty when it never ran."""
    counts: dict[int, dict[Means, int]] = {}
    for count in db.session.scalars(select(HistoryCount)):
        counts.setdefault(count.event_id, {})[count.means] = count.count
    notes = list(db.session.scalars(select(HistoryNoteRow).order_by(HistoryNoteRow.position)))
    about: dict[str, tuple[str, ...]] = {}
    for note in notes:
        for table in note.about:
            about[table] = (*about.get(table, ()), note.ref)
    return KeptHistory(
        events=tuple(
            KeptEvent(
                kind=row.kind, trajectory=row.trajectory, context=row.context, organisation=row.organisation,
                detail=row.detail, day=row.day, place=row.place, municipalities=tuple(row.municipalities),
                counts=counts.get(row.id, {}), source=row.source, notes=tuple(row.notes),
            )
            for row in db.session.scalars(select(HistoryEventRow).order_by(HistoryEventRow.position))
        ),
        answers=tuple(
            KeptAnswer(
                context=row.context, question=row.question, answer=row.answer, respondents=row.respondents,
                count=row.count, notes=tuple(row.notes),
            )
            for row in db.session.scalars(select(HistoryAnswerRow).order_by(HistoryAnswerRow.position))
        ),
        totals=tuple(
            KeptTotal(label=row.label, published=row.published, found=row.found, notes=tuple(row.notes))
            for row in db.session.scalars(select(HistoryTotal).order_by(HistoryTotal.position))
        ),
        notes={note.ref: note.text for note in notes},
        about=about,
    )  # fmt: skip
