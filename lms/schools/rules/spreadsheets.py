"""Reading a table out of a file: CSV in the ways that spreadsheets write it, and XLSX within limits.

Nothing in the file is trusted: not its name, not the size it claims, not its formulas. What cannot be read raises
Invalid with a sentence that says how to mend it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl

from lms.errors import Invalid

ROWS_AT_MOST = 20_000
COLUMNS_AT_MOST = 60
# How many empty rows in a row end the patience: a sheet can claim a million of them.
EMPTY_AT_MOST = 2_000
# What an XLSX may unpack to, in bytes, and of how many files it may consist.
UNPACKED_AT_MOST = 60_000_000
PARTS_AT_MOST = 500

SEPARATORS = {";": "puntkomma", ",": "komma", "\t": "tab"}
NO_TABLE = "Dit is geen csv of xlsx. Bewaar je lijst in je rekenblad als xlsx of als csv, en kies dat bestand."
DAMAGED = "Dit xlsx-bestand is beschadigd. Open het in je rekenblad, bewaar het opnieuw en probeer nog eens."


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell as text. ``problem``: why its text cannot be used, or empty."""

    text: str
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The rows of a table with their number in the file, counted from 1, and how the file was read, in words."""

    rows: list[tuple[int, list[Cell]]]
    read_as: str


FORMULA = "hier staat een formule. Zet er de uitkomst zelf."


def read_table(data: bytes, *, bare: Callable[[str], str]) -> Grid:
    """The table in a file. ``bare`` takes off what our own CSV puts before a text that looks like a formula."""
    if not data.strip():
        raise Invalid("Dit bestand is leeg.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(
            "Dit is een oud Excel-bestand, of een met een wachtwoord. Bewaar het als xlsx of csv, zonder wachtwoord."
        )
    if data.startswith(b"PK"):
        return _read_xlsx(data)
    text, encoding = _decode(data)
    return _read_csv(text, encoding, bare)


# ── CSV ────────────────────────────────────────────────────────────────────


def _decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. A byte order mark decides; without one what can be read does."""
    found = next(
        (
            (encoding, name)
            for mark, encoding, name in (
                (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
                (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
                (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
            )
            if data.startswith(mark)
        ),
        None,
    )
    guesses = [found] if found else [("utf-8", "UTF-8"), *_unmarked_utf16(data), ("cp1252", "Windows-1252")]
    for encoding, name in guesses:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text, name
    raise Invalid(NO_TABLE)


def _unmarked_utf16(data: bytes) -> list[tuple[str, str]]:
    """UTF-16 without a mark shows by its zeros: every second byte of Dutch is one."""
    head = data[:400]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head[offset::2].count(0) > len(head) * 0.4:
            return [(encoding, "UTF-16")]
    return []


def _read_csv(text: str, encoding: str, bare: Callable[[str], str]) -> Grid:
    told = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    separator = told[1] if told and told[1] in SEPARATORS else _separator(text)
    rows: list[tuple[int, list[Cell]]] = []
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(records, None)
        except csv.Error as error:
            raise Invalid(_csv_problem(number, str(error))) from error
        if record is None:
            break
        if any(cell.strip() for cell in record) and not (told and number == 1):
            _refuse_width(number, len(record))
            rows.append((number, [_csv_cell(cell, bare) for cell in record]))
        _refuse_length(len(rows))
    return Grid(rows=rows, read_as=f"csv in {encoding}, met een {SEPARATORS[separator]} tussen de cellen")


def _separator(text: str) -> str:
    """What stands between the cells: what the first line that says something has most of, outside quotes."""
    first = next((line for line in text.splitlines() if line.strip(" \t\ufeff")), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=lambda one: (bare.count(one), one == ";"))


def _csv_problem(number: int, error: str) -> str:
    if "unexpected end" in error:
        return f"rij {number}: hier begint een aanhalingsteken dat nergens sluit. Zet er een bij, of haal het weg."
    if "expected after" in error:
        return f"rij {number}: er staat een aanhalingsteken midden in een cel. Haal het weg, of schrijf het dubbel."
    return f"rij {number}: deze rij is niet te lezen. Kijk of er geen losse aanhalingstekens staan."


def _csv_cell(text: str, bare: Callable[[str], str]) -> Cell:
    return Cell(text=bare(text).strip(), problem=FORMULA if text.startswith("=") else "")


def _refuse_length(rows: int) -> None:
    # The head is a row too.
    if rows > ROWS_AT_MOST + 1:
        raise Invalid(
            f"Dit zijn meer dan {ROWS_AT_MOST:,} rijen. Verdeel de lijst over meer bestanden.".replace(",", ".")
        )


def _refuse_width(number: int, cells: int) -> None:
    if cells > COLUMNS_AT_MOST:
        raise Invalid(f"rij {number}: dit zijn {cells} kolommen. Houd alleen de kolommen van het voorbeeld.")


# ── XLSX ───────────────────────────────────────────────────────────────────


def _read_xlsx(data: bytes) -> Grid:
    _refuse_bomb(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise Invalid("In dit bestand staat geen blad met een lijst.")
        rows = list(_xlsx_rows(sheet))
    except Invalid:
        raise
    except Exception as error:
        # The reader raises whatever it stumbles over, from many libraries; for us it is all the same.
        raise Invalid(DAMAGED) from error
    more = f", blad “{sheet.title}”" if len(book.worksheets) > 1 else ""
    return Grid(rows=rows, read_as=f"xlsx{more}")


def _refuse_bomb(data: bytes) -> None:
    """A few kilobytes can unpack to gigabytes: what the archive says of itself is summed before anything is read.

    An archive that lies about it fails while it is unpacked, since no more is read than it claims.
    """
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Invalid(DAMAGED) from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        is_ods = "mimetype" in names and "content.xml" in names
        raise Invalid("Dit is een ods-bestand. Bewaar het als xlsx of als csv." if is_ods else NO_TABLE)
    if len(parts) > PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
        raise Invalid("Dit bestand is uitgepakt te groot. Kopieer alleen de lijst naar een nieuw bestand.")


def _xlsx_rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    # The size a sheet claims may be anything.
    sheet.reset_dimensions()
    found = empty = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_xlsx_cell(cell) for cell in row]
        while cells and not cells[-1].text:
            cells.pop()
        if not cells:
            empty += 1
            if empty > EMPTY_AT_MOST:
                raise Invalid(f"rij {number}: hiervoor staan te veel lege rijen. Haal ze weg.")
            continue
        empty, found = 0, found + 1
        _refuse_length(found)
        _refuse_width(number, len(cells))
        yield number, cells


def _xlsx_cell(cell: Any) -> Cell:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return Cell(text="")
    if kind == "f":
        return Cell(text=str(getattr(value, "text", value)), problem=FORMULA)
    if kind == "e":
        return Cell(text=str(value), problem="hier staat een fout van het rekenblad. Verbeter ze of maak de cel leeg.")
    if isinstance(value, bool):
        return Cell(text="ja" if value else "nee")
    if isinstance(value, float) and value.is_integer():
        return Cell(text=str(int(value)))
    return Cell(text=value.isoformat() if isinstance(value, date) else str(value).strip())
