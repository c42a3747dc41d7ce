"""A file with schools: which columns it has, and what is wrong in it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.errors import Invalid
from lms.schools.rules import SchoolKind
from lms.schools.rules.register import (
    clean_municipality,
    clean_number,
    clean_postcode,
    clean_school_name,
    clean_street,
    plain,
)
from lms.schools.rules.spreadsheets import Cell, Grid

# How the columns are called in the messages, and what else people call them.
COLUMN_WORDS: Mapping[str, str] = {
    "name": "naam", "kind": "soort", "municipality": "gemeente", "street": "straat", "house": "huisnummer",
    "postcode": "postcode", "number": "nummer",
}  # fmt: skip
REQUIRED = ("name", "kind", "municipality")
SYNONYMS: Mapping[str, str] = {
    plain(written): column
    for column, words in {
        "name": "naam, school, schoolnaam, naam school, naam van de school, instelling, naam instelling, organisatie",
        "kind": "soort, type, soort school, schooltype",
        "municipality": "gemeente, hoofdgemeente, plaats, stad, woonplaats",
        "street": "straat, adres, straat en nummer, straatnaam, straat en huisnummer",
        "house": "huisnummer, huisnr, huis nr",
        "postcode": "postcode, postnummer, post code",
        "number": "nummer, schoolnummer, instellingsnummer, nummer school, instellingsnr, schoolnr",
    }.items()
    for written in words.split(", ")
}
# Columns of our own export that follow from facts: they may stand in a file and are not taken over.
PASSED_OVER = frozenset(
    plain(word)
    for word in ("aanspreekpunt", "stap", "begeleiders", "klaar", "laatste contact", "wie volgt op", "interesse")
)
PASSED = ""
KINDS: Mapping[str, SchoolKind] = {
    plain(written): kind
    for kind, words in {
        SchoolKind.SECONDARY: "so, secundair, secundaire school, secundair onderwijs, school",
        SchoolKind.ADULT_EDUCATION: "cvo, centrum voor volwassenenonderwijs, volwassenenonderwijs",
        SchoolKind.YOUTH_WORK: "jeugdwerk, jeugdorganisatie, jeugdhuis, jeugdwerking, jeugddienst",
    }.items()
    for written in words.split(", ")
}
# Somebody who sees two hundred problems has seen what is wrong.
PROBLEMS_SHOWN = 200


class BadFile(Exception):
    """What is wrong in a file, every problem as a sentence that begins with the row."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(problems[0])
        rest = len(problems) - PROBLEMS_SHOWN
        more = [f"… en nog {rest} andere fouten."] if rest > 0 else []
        self.problems = [*problems[:PROBLEMS_SHOWN], *more]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A school as the file gives it, cleaned. Only ``name`` and ``municipality`` are sure to be filled in."""

    line: int
    name: str
    municipality: str
    kind: SchoolKind | None = None
    street: str = ""
    postcode: str = ""
    number: str | None = None

    def stored(self) -> dict[str, Any]:
        """This row as JSON."""
        return {**vars(self), "kind": self.kind.value if self.kind else None}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Row:
        kind = stored["kind"]
        return cls(**{**stored, "kind": SchoolKind(kind) if kind else None})


def read_kind(text: str) -> SchoolKind | None:
    """The kind of a school in the words people use; None when it stays empty. Raises Invalid."""
    if not text:
        return None
    if plain(text) not in KINDS:
        raise Invalid("Kies uit so, cvo of jeugdwerk.")
    return KINDS[plain(text)]


CLEANERS: Mapping[str, Callable[[str], Any]] = {
    "name": clean_school_name,
    "kind": read_kind,
    "municipality": clean_municipality,
    "street": clean_street,
    "postcode": clean_postcode,
    "number": clean_number,
}


def read_rows(grid: Grid) -> list[Row]:
    """The schools in a table. Raises BadFile with everything that is wrong, or Invalid when nothing can be read."""
    if not grid.rows:
        raise Invalid("Dit bestand is leeg.")
    head_line, head = grid.rows[0]
    columns = read_head(head_line, head)
    if len(grid.rows) == 1:
        raise Invalid("Onder de kop staat nog geen school.")
    problems: list[str] = []
    rows = []
    for line, cells in grid.rows[1:]:
        row = _read_row(line, cells, columns, problems)
        if row is not None:
            rows.append(row)
    if problems:
        raise BadFile(problems)
    return rows


def read_head(line: int, cells: Sequence[Cell]) -> dict[int, str]:
    """Which column of the file holds what, by its place from 0; PASSED for what is not taken over. Raises BadFile."""
    columns: dict[int, str] = {}
    problems = []
    for place, cell in enumerate(cells):
        key = plain(cell.text)
        if key in PASSED_OVER:
            columns[place] = PASSED
        if not key or key in PASSED_OVER:
            continue
        column = SYNONYMS.get(key)
        if column is None:
            problems.append(f"rij {line}, kolom {place + 1}: {_unknown_column(cell.text)}")
        elif column in columns.values():
            problems.append(f"rij {line}, kolom {place + 1}: {COLUMN_WORDS[column]} staat er al. Houd één kolom over.")
        else:
            columns[place] = column
    if not any(columns.values()):
        raise BadFile([f"rij {line}: we herkennen geen enkele kolom. De eerste rij geeft elke kolom haar naam."])
    missing = [COLUMN_WORDS[column] for column in REQUIRED if column not in columns.values()]
    problems += [f"rij {line}: de kolom {word} ontbreekt. Voeg ze toe, zoals in het voorbeeld." for word in missing]
    if problems:
        raise BadFile(problems)
    return columns


def _unknown_column(written: str) -> str:
    close = difflib.get_close_matches(plain(written), SYNONYMS, n=1, cutoff=0.75)
    hint = f" Bedoel je {COLUMN_WORDS[SYNONYMS[close[0]]]}?" if close else " Haal ze weg."
    return f"de kolom “{shortened(written)}” kennen we niet.{hint}"


def shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _read_row(line: int, cells: Sequence[Cell], columns: Mapping[int, str], problems: list[str]) -> Row | None:
    """A row, or None after telling what is wrong in it."""
    before = len(problems)
    loose = next((place for place, cell in enumerate(cells) if cell.text and place not in columns), None)
    if loose is not None:
        problems.append(
            f"rij {line}, kolom {loose + 1}: “{shortened(cells[loose].text)}” staat onder geen kolom van de eerste rij."
        )
    given: dict[str, str] = {}
    for place, column in columns.items():
        if column == PASSED:
            continue
        # A spreadsheet leaves out the empty cells at the end of a row.
        cell = cells[place] if place < len(cells) else Cell(text="")
        if cell.problem:
            problems.append(_at(line, column, cell.problem, cell.text))
        given[column] = cell.text
    house = given.pop("house", "")
    if house and house not in given.get("street", "").split():
        given["street"] = f"{given.get('street', '')} {house}".strip()
    if len(problems) > before:
        return None
    values: dict[str, Any] = {}
    for column, text in given.items():
        try:
            values[column] = CLEANERS[column](text)
        except Invalid as error:
            problems.append(_at(line, column, error.message[:1].lower() + error.message[1:], text))
    return Row(line=line, **values) if len(problems) == before else None


def _at(line: int, column: str, problem: str, text: str) -> str:
    there = f" Er staat: {shortened(''.join(char for char in text if char.isprintable()))}" if text else ""
    return f"rij {line}, kolom {COLUMN_WORDS[column]}: {problem}{there}"
