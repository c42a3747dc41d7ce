"""Tables to take along: CSV and XLSX in which no cell is ever read as a formula.

What people typed may begin with ``=``, and a spreadsheet would run it. In CSV such a cell gets an apostrophe in front,
which a spreadsheet shows as text; ``bare_cell`` takes it off again, so that our own file can come back in. In XLSX
every text is stored as text. Numbers stay numbers, also negative ones.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from flask import Response

from lms.clock import BRUSSELS

Cell = str | int | float | date | datetime | None

# A spreadsheet skips spaces before it looks. The wide forms are what some keyboards type.
# A text that already has an apostrophe there gets one more, so that taking one off gives what was typed.
FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
# The most that a cell of XLSX may hold.
CELL_LENGTH = 32_767
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (8, 60)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table: its title, the heads of its columns, its rows, and what has to be read beside it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def safe_cell(text: str) -> str:
    """A text as it may stand in CSV."""
    return f"'{text}" if FORMULA.match(text) else text


def bare_cell(text: str) -> str:
    """A text as it was before ``safe_cell``."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def csv_text(sheet: Sheet) -> str:
    """A table as CSV with ``;``, as a spreadsheet in Belgium expects it. Notes stand below, after an empty row."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_cell(head) for head in sheet.head])
    writer.writerows([_in_csv(cell) for cell in row] for row in sheet.rows)
    if sheet.notes:
        writer.writerow([])
        writer.writerows([safe_cell(note)] for note in sheet.notes)
    return out.getvalue()


def _in_csv(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return safe_cell(cell)
        case datetime():
            return f"{cell.astimezone(BRUSSELS):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case float():
            # A comma, as a spreadsheet in Belgium reads it.
            return str(cell).replace(".", ",")
        case _:
            return str(cell)


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """Tables as one workbook, each on a sheet of its own. Titles are cut at 31 characters and have to differ."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats: dict[type, Any] = {date: book.add_format({"num_format": "dd/mm/yyyy"})}
        formats[datetime] = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for sheet in sheets:
            page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", sheet.title)[:31].strip())
            page.write_row(0, 0, sheet.head, bold)
            for number, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    _write(page, number, column, cell, formats)
            for offset, note in enumerate(sheet.notes, start=len(sheet.rows) + 2):
                page.write_string(offset, 0, note[:CELL_LENGTH])
            page.freeze_panes(1, 0)
            for column, width in enumerate(_widths(sheet)):
                page.set_column(column, column, width)
            if sheet.rows:
                page.autofilter(0, 0, len(sheet.rows), len(sheet.head) - 1)
    return out.getvalue()


def _write(
    page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, formats: dict[type, object]
) -> None:
    match cell:
        case None | "":
            pass
        case str():
            page.write_string(row, column, cell[:CELL_LENGTH])
        case datetime():
            page.write_datetime(row, column, cell.astimezone(BRUSSELS).replace(tzinfo=None), formats[datetime])
        case date():
            page.write_datetime(row, column, cell, formats[date])
        case bool():
            page.write_string(row, column, "ja" if cell else "nee")
        case _:
            page.write_number(row, column, cell)


def _widths(sheet: Sheet) -> list[int]:
    """How wide each column has to be, in characters, from its head and its first rows."""
    shortest, widest = WIDTHS
    return [
        min(widest, max(shortest, len(head), *(len(_in_csv(row[column])) for row in sheet.rows[:200]), 0) + 2)
        for column, head in enumerate(sheet.head)
    ]


def csv_answer(sheet: Sheet, filename: str) -> Response:
    """A download that a spreadsheet opens with its accents right. ``filename`` ends in .csv."""
    return _download(csv_text(sheet).encode("utf-8-sig"), "text/csv; charset=utf-8", filename)


def xlsx_answer(sheets: Iterable[Sheet], filename: str) -> Response:
    """A download of a workbook. ``filename`` ends in .xlsx."""
    return _download(xlsx_bytes(sheets), XLSX, filename)


def _download(body: bytes, kind: str, filename: str) -> Response:
    answer = Response(body, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer
