"""Reading ``courses/history``: two CSV files with rows, one file with footnotes and one with the published totals.

Every mistake of every file is told at once, with file and line. What does not add up and has no footnote is a mistake.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from lms.content import yaml
from lms.content.history_models import (
    TABLES,
    History,
    HistoryAnswer,
    HistoryContext,
    HistoryEvent,
    HistoryKind,
    HistoryNote,
    Means,
    PublishedTotal,
    add_up,
)
from lms.content.problems import ContentError, Problem
from lms.content.snapshot import MAX_BYTES, decode
from lms.content.validation import validate

FOLDER = "history"
EVENTS, ANSWERS, NOTES, TOTALS = (
    f"{FOLDER}/{name}" for name in ("events.csv", "answers.csv", "notes.yaml", "totals.yaml")
)
EVENT_COLUMNS = (
    "id", "kind", "trajectory", "context", "name", "detail", "day", "place", "municipalities", "count", "counts",
    "facilitators", "source", "notes",
)  # fmt: skip
ANSWER_COLUMNS = ("context", "respondents", "question", "answer", "count", "share", "source", "notes")
LONGEST = 200
MOST = 100_000
FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2026, 8, 31)
_IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Kind = TypeVar("Kind", bound=StrEnum)


def read_history(folder: Path) -> History:
    """The history below ``folder``/history. Raises ContentError with the problems of all four files."""
    problems: list[Problem] = []
    notes = _read_yaml(folder, NOTES, tuple[HistoryNote, ...], problems)
    totals = _read_yaml(folder, TOTALS, tuple[PublishedTotal, ...], problems)
    known = frozenset(note.id for note, _ in notes)
    events = [_event(row, known) for row in _rows(folder, EVENTS, EVENT_COLUMNS, problems)]
    answers = [_answer(row, known) for row in _rows(folder, ANSWERS, ANSWER_COLUMNS, problems)]
    _check_once(((event.ref, event.line) for event in events), EVENTS, problems)
    _check_once(((answer.ref, answer.line) for answer in answers), ANSWERS, problems)
    _check_once(((note.id, line) for note, line in notes), NOTES, problems)
    _check_once(((total.id, line) for total, line in totals), TOTALS, problems)
    found = {total.id: add_up(total.sum, tuple(events), tuple(answers)) for total, _ in totals}
    if not problems:
        # A row that could not be read would make sums and footnotes look wrong as well.
        _check_notes(events, answers, notes, totals, problems)
        _check_totals(totals, found, problems)
    if problems:
        raise ContentError(problems)
    return History(
        events=tuple(events),
        answers=tuple(answers),
        notes=tuple(note for note, _ in notes),
        totals=tuple(total for total, _ in totals),
        found=found,
    )


def _text_of(folder: Path, file: str, problems: list[Problem]) -> str | None:
    path = folder / file
    try:
        content = path.read_bytes()
    except OSError:
        problems.append(Problem(file, 1, "het bestand ontbreekt of kan niet geopend worden", "een leesbaar bestand"))
        return None
    if len(content) > MAX_BYTES:
        problems.append(Problem(file, 1, f"het bestand is {len(content)} bytes groot", "hoogstens 1 MB"))
        return None
    return decode(file, content, problems)


def _read_yaml(folder: Path, file: str, model: Any, problems: list[Problem]) -> list[tuple[Any, int]]:
    """The items of a YAML list, each with its line."""
    text = _text_of(folder, file, problems)
    document = None if text is None else yaml.load(text, file, problems)
    items = None if document is None else validate(model, document, file, problems)
    return [] if document is None or items is None else [(item, document.line((at,))) for at, item in enumerate(items)]


@dataclass
class _Row:
    """One row of a CSV file by column; asking for a value that is wrong notes a problem and gives a harmless one."""

    file: str
    line: int
    cells: dict[str, str]
    problems: list[Problem] = field(repr=False)

    def refuse(self, column: str, cause: str, expected: str) -> None:
        self.problems.append(Problem(self.file, self.line, f"kolom {column}: {cause}", expected))

    def text(self, column: str, *, needed: bool = False) -> str:
        value = self.cells[column]
        if needed and not value:
            self.refuse(column, "de cel is leeg", "tekst")
        if len(value) > LONGEST:
            self.refuse(column, f"de tekst is {len(value)} tekens lang", f"hoogstens {LONGEST} tekens")
        return value

    def number(self, column: str) -> int | None:
        value = self.cells[column]
        if not value:
            return None
        if not re.fullmatch(r"0|[1-9][0-9]{0,5}", value) or int(value) > MOST:
            self.refuse(column, f"‘{value}’ is geen aantal", f"een geheel getal van 0 tot {MOST}")
            return None
        return int(value)

    def one_of(self, column: str, kind: type[Kind]) -> Kind | None:
        value = self.cells[column]
        if not value:
            return None
        try:
            return kind(value)
        except ValueError:
            self.refuse(column, f"‘{value}’ is onbekend", " of ".join(member.value for member in kind))
            return None

    def day(self, column: str) -> date | None:
        value = self.cells[column]
        if not value:
            return None
        try:
            day = date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else None
        except ValueError:
            day = None
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            self.refuse(
                column, f"‘{value}’ is geen dag van het project", f"{FIRST_DAY} tot {LAST_DAY}, zoals 2024-10-24"
            )
            return None
        return day

    def several(self, column: str) -> tuple[str, ...]:
        """Values split by a semicolon."""
        parts = tuple(part.strip() for part in self.cells[column].split(";")) if self.cells[column] else ()
        if not all(parts):
            self.refuse(column, "er staat een puntkomma te veel", "waarden met één puntkomma ertussen")
        return parts

    def notes(self, known: frozenset[str]) -> tuple[str, ...]:
        names = self.several("notes")
        for name in names:
            if name not in known:
                self.refuse("notes", f"voetnoot ‘{name}’ bestaat niet", f"een id uit {NOTES}")
        return names


def _rows(folder: Path, file: str, columns: tuple[str, ...], problems: list[Problem]) -> Iterator[_Row]:
    text = _text_of(folder, file, problems)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for number, cells in enumerate(reader):
            line = reader.line_num
            if number == 0:
                if tuple(cells) != columns:
                    problems.append(Problem(file, 1, "de kolommen kloppen niet", ",".join(columns)))
                    return
            elif len(cells) != len(columns):
                problems.append(Problem(file, line, f"er staan {len(cells)} cellen", f"{len(columns)} cellen"))
            elif any("\n" in cell or cell != cell.strip() for cell in cells):
                problems.append(
                    Problem(file, line, "een cel begint of eindigt met wit", "cellen op één regel, zonder wit errond")
                )
            else:
                yield _Row(file, line, dict(zip(columns, cells, strict=True)), problems)
    except csv.Error:
        problems.append(
            Problem(file, reader.line_num or 1, "de aanhalingstekens kloppen niet", '"…" rond een cel met een komma')
        )


def _event(row: _Row, known: frozenset[str]) -> HistoryEvent:
    ref = row.text("id", needed=True)
    if ref and not _IDENTIFIER.fullmatch(ref):
        row.refuse("id", f"‘{ref}’ is geen id", "kleine letters, cijfers en streepjes")
    kind = row.one_of("kind", HistoryKind)
    if not row.cells["kind"]:
        row.refuse("kind", "de cel is leeg", " of ".join(member.value for member in HistoryKind))
    trajectory = row.number("trajectory")
    if trajectory not in (None, 1, 2):
        row.refuse("trajectory", f"traject {trajectory} bestaat niet", "1, 2 of leeg")
    count, means, facilitators = row.number("count"), row.one_of("counts", Means), row.number("facilitators")
    if bool(row.cells["count"]) != bool(row.cells["counts"]):
        row.refuse("counts", "er staat een aantal zonder wat het telt, of omgekeerd", "beide, of geen van beide")
    counts = [(means, count)] if means is not None and count is not None else []
    if facilitators is not None:
        counts.append((Means.FACILITATORS, facilitators))
    return HistoryEvent(
        ref=ref, kind=kind or HistoryKind.WITH_PARTNER, trajectory=trajectory,
        context=row.one_of("context", HistoryContext), name=row.text("name", needed=True), detail=row.text("detail"),
        day=row.day("day"), place=row.text("place"), municipalities=row.several("municipalities"),
        counts=tuple(counts), source=row.text("source", needed=True), notes=row.notes(known), line=row.line,
    )  # fmt: skip


def _answer(row: _Row, known: frozenset[str]) -> HistoryAnswer:
    context, question, answer = row.one_of("context", HistoryContext), row.text("question"), row.text("answer")
    respondents, count, share = row.number("respondents"), row.number("count"), row.cells["share"]
    for column in ("context", "respondents", "question", "answer"):
        if not row.cells[column]:
            row.refuse(column, "de cel is leeg", "een waarde")
    if respondents is not None and count is not None:
        if count > respondents:
            row.refuse("count", f"{count} antwoorden van {respondents} bevraagden", f"hoogstens {respondents}")
        elif share and respondents and share != f"{100 * count / respondents:.1f}":
            row.refuse("share", f"{share} % klopt niet", f"{100 * count / respondents:.1f}")
    return HistoryAnswer(
        ref=f"{row.cells['context']}:{question}:{answer}", context=context or HistoryContext.SECONDARY,
        question=question, answer=answer, respondents=respondents or 0, count=count,
        source=row.text("source", needed=True), notes=row.notes(known), line=row.line,
    )  # fmt: skip


def _check_once(refs: Iterable[tuple[str, int]], file: str, problems: list[Problem]) -> None:
    seen: set[str] = set()
    for ref, line in refs:
        if ref in seen:
            problems.append(Problem(file, line, f"‘{ref}’ staat er twee keer", "elke rij één keer"))
        seen.add(ref)


def _check_notes(
    events: list[HistoryEvent],
    answers: list[HistoryAnswer],
    notes: list[tuple[HistoryNote, int]],
    totals: list[tuple[PublishedTotal, int]],
    problems: list[Problem],
) -> None:
    """Every footnote is about something, and everything names footnotes and tables that exist."""
    known = {note.id for note, _ in notes}
    rows: list[HistoryEvent | HistoryAnswer] = [*events, *answers]
    used = {name for row in rows for name in row.notes}
    for total, line in totals:
        used.update(total.notes)
        for name in set(total.notes) - known:
            problems.append(Problem(TOTALS, line, f"voetnoot ‘{name}’ bestaat niet", f"een id uit {NOTES}"))
    for note, line in notes:
        for table in set(note.tables) - set(TABLES):
            problems.append(Problem(NOTES, line, f"tabel ‘{table}’ bestaat niet", " of ".join(TABLES)))
        if not note.tables and note.id not in used:
            problems.append(
                Problem(NOTES, line, f"niets verwijst naar voetnoot ‘{note.id}’", "een rij, totaal of tabel")
            )


def _check_totals(totals: list[tuple[PublishedTotal, int]], found: dict[str, int], problems: list[Problem]) -> None:
    for total, line in totals:
        if found[total.id] != total.published and not total.notes:
            cause = f"{total.label}: de rijen tellen op tot {found[total.id]}"
            problems.append(
                Problem(TOTALS, line, cause, f"{total.published}, of een voetnoot die het verschil uitlegt")
            )
