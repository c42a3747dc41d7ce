"""Loading the project's own history, so that the database says what the files say; twice adds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.content.history_models import History, Means
from lms.database import Base, db
from lms.monitoring.tables.history import (
    HistoryAnswerRow,
    HistoryCount,
    HistoryEventRow,
    HistoryNoteRow,
    HistoryTotal,
)


@dataclass(kw_only=True)
class Loaded:
    """How many rows, counts and footnotes were added, changed, taken away, and were there already."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0


def load_history(history: History) -> Loaded:
    """Keep ``history`` in one transaction: what is new is added, what differs is changed, what is gone is removed."""
    told = Loaded()
    events = {
        event.ref: {
            "position": at, "kind": event.kind, "trajectory": event.trajectory, "context": event.context,
            "organisation": event.name, "detail": event.detail, "day": event.day, "place": event.place,
            "municipalities": list(event.municipalities), "source": event.source, "notes": list(event.notes),
        }
        for at, event in enumerate(history.events)
    }  # fmt: skip
    rows = _keep(HistoryEventRow, events, told)
    _keep_counts({rows[event.ref].id: dict(event.counts) for event in history.events}, told)
    _keep(
        HistoryAnswerRow,
        {
            answer.ref: {
                "position": at, "context": answer.context, "question": answer.question, "answer": answer.answer,
                "respondents": answer.respondents, "count": answer.count, "source": answer.source,
                "notes": list(answer.notes),
            }
            for at, answer in enumerate(history.answers)
        },
        told,
    )  # fmt: skip
    _keep(
        HistoryNoteRow,
        {
            note.id: {"position": at, "text": note.text, "about": list(note.tables)}
            for at, note in enumerate(history.notes)
        },
        told,
    )
    _keep(
        HistoryTotal,
        {
            total.id: {
                "position": at, "label": total.label, "published": total.published, "found": history.found[total.id],
                "notes": list(total.notes),
            }
            for at, total in enumerate(history.totals)
        },
        told,
    )  # fmt: skip
    db.session.commit()
    return told


def _keep(table: type[Base], wanted: Mapping[str, Mapping[str, Any]], told: Loaded) -> dict[str, Any]:
    """Make the rows of ``table`` equal to ``wanted``; gives them by their ref."""
    kept: dict[str, Any] = {row.ref: row for row in db.session.scalars(select(table))}  # type: ignore[attr-defined]
    for ref in kept.keys() - wanted.keys():
        db.session.delete(kept.pop(ref))
        told.removed += 1
    for ref, values in wanted.items():
        row = kept.get(ref)
        if row is None:
            kept[ref] = row = table(ref=ref, **values)
            db.session.add(row)
            told.added += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            told.changed += 1
        else:
            told.same += 1
    db.session.flush()
    return kept


def _keep_counts(wanted: Mapping[int, Mapping[Means, int]], told: Loaded) -> None:
    kept = {(row.event_id, row.means): row for row in db.session.scalars(select(HistoryCount))}
    counts = {(event_id, means): count for event_id, by_means in wanted.items() for means, count in by_means.items()}
    for key in kept.keys() - counts.keys():
        db.session.delete(kept[key])
        told.removed += 1
    for (event_id, means), count in counts.items():
        row = kept.get((event_id, means))
        if row is None:
            db.session.add(HistoryCount(event_id=event_id, means=means, count=count))
            told.added += 1
        elif row.count != count:
            row.count = count
            told.changed += 1
        else:
            told.same += 1
