"""The project's own history as it was loaded, in four statements."""

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
    events, counts = _events()
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
            for row in events
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


def _events() -> tuple[list[HistoryEventRow], dict[int, dict[Means, int]]]:
    """The events in their order, and what was counted at each: a row per count, so one statement finds both."""
    events: dict[int, HistoryEventRow] = {}
    counts: dict[int, dict[Means, int]] = {}
    for event, means, count in db.session.execute(
        select(HistoryEventRow, HistoryCount.means, HistoryCount.count)
        .outerjoin(HistoryCount, HistoryCount.event_id == HistoryEventRow.id)
        .order_by(HistoryEventRow.position, HistoryEventRow.id, HistoryCount.id)
    ):
        events[event.id] = event
        if means is not None:
            counts.setdefault(event.id, {})[means] = count
    return list(events.values()), counts
