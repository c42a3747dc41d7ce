"""Hold the rules against a labelled set: how often each label is right.

A set is a CSV file with a header: answer, question, type, stacked, blaming, judging, uptake, in any order; further
columns are ignored. What the labels mean stands in docs/probing.md.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lms.didactics.probing.verdict import Kind, judge_question
from lms.errors import Invalid

FLAGS = ("stacked", "blaming", "judging", "uptake")
LABELS = ("type", *FLAGS)
_NEEDED = ("answer", "question", *LABELS)
_MOST_CHARACTERS = 100_000


@dataclass(frozen=True, kw_only=True)
class Row:
    """One labelled turn; ``labels`` as they stand in the file: a type, and 0 or 1. ``part`` is the column *set*."""

    answer: str
    question: str
    labels: dict[str, str]
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """``right`` counts the rows judged right per label; ``confusion`` the rows per (wanted, given) type."""

    rows: int
    right: dict[str, int]
    confusion: dict[tuple[str, str], int]

    def accuracy(self, label: str) -> float:
        return self.right[label] / self.rows

    def report(self) -> str:
        """A line *label accuracy n* per label, and the confusion matrix of the types."""
        lines = [f"{label} {self.accuracy(label):.3f} {self.rows}" for label in LABELS]
        names = [kind.value for kind in Kind]
        lines += ["", "Verwarring van type (rij: label in het bestand, kolom: oordeel van de regels)"]
        lines.append(" " * 12 + "".join(f"{name:>12}" for name in names))
        for wanted in names:
            lines.append(f"{wanted:<12}" + "".join(f"{self.confusion.get((wanted, given), 0):>12}" for given in names))
        return "\n".join(lines)


def read_rows(content: bytes) -> list[Row]:
    """The rows of a CSV file. Raises Invalid with the line and the column of what is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("Het bestand is geen UTF-8. Bewaar het opnieuw als CSV met UTF-8.") from error
    if "\x00" in text:
        raise Invalid("Dit is geen tekstbestand. Geef een CSV-bestand.")
    csv.field_size_limit(_MOST_CHARACTERS)
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise Invalid(f"regel 1: deze kolommen ontbreken: {', '.join(missing)}.")
        rows = [_row(record, reader.line_num) for record in reader]
    except csv.Error as error:
        raise Invalid(
            f"regel {reader.line_num}: dit is geen geldige CSV (staat er een aanhalingsteken te veel?)."
        ) from error
    if not rows:
        raise Invalid("Het bestand heeft geen rijen om te meten.")
    return rows


def _row(record: dict[str, str | None], line: int) -> Row:
    if None in record or any(record[name] is None for name in _NEEDED):
        raise Invalid(f"regel {line}: deze rij heeft niet evenveel kolommen als de eerste regel.")
    labels = {name: (record[name] or "").strip().lower() for name in LABELS}
    kinds = [kind.value for kind in Kind]
    if labels["type"] not in kinds:
        raise Invalid(f"regel {line}, kolom type: '{labels['type']}' is geen type. Kies uit {', '.join(kinds)}.")
    for name in FLAGS:
        if labels[name] not in {"0", "1"}:
            raise Invalid(f"regel {line}, kolom {name}: '{labels[name]}' moet 0 of 1 zijn.")
    part = (record.get("set") or "").strip()
    return Row(answer=record["answer"] or "", question=record["question"] or "", labels=labels, part=part)


def measure(rows: Sequence[Row]) -> Measure:
    """Judge every row and count. ``rows`` must not be empty."""
    right: Counter[str] = Counter()
    confusion: Counter[tuple[str, str]] = Counter()
    for row in rows:
        verdict = judge_question(row.answer, row.question)
        given = {"type": verdict.type.value} | {name: str(int(getattr(verdict, name))) for name in FLAGS}
        right.update(label for label in LABELS if given[label] == row.labels[label])
        confusion[row.labels["type"], given["type"]] += 1
    return Measure(rows=len(rows), right={label: right[label] for label in LABELS}, confusion=dict(confusion))
