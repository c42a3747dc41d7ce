"""Tables to take along: no cell is ever read as a formula, and what was typed comes back unchanged."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.web.tables import CELL_LENGTH, Sheet, bare_cell, csv_text, safe_cell, xlsx_bytes

FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", "+32 11 22 33 44", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1",
    "\u00a0=1+1", "＝1+1", "＋1", "－1", "＠x", "=HYPERLINK(\"https://x.example\";\"klik\")", "-", "=",
)  # fmt: skip
PLAIN = ("Sint-Jozef", "'t Kofschip", "O'Neill", "1-1", "", "a=b", "<b>", "é", "'")


def cells_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def sheet_of(*cells: object) -> Sheet:
    return Sheet(title="Proef", head=["Kop"], rows=[[cell] for cell in cells])  # type: ignore[list-item]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_begins_like_a_formula_is_text_in_csv(text: str) -> None:
    cell = cells_of(csv_text(sheet_of(text)))[1][0]
    assert cell.startswith("'") and cell[1:] == text


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_begins_like_a_formula_is_text_in_xlsx(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([sheet_of(text)])))
    cell = book.active["A2"]
    assert cell.data_type == "s" and cell.value.replace("_x000D_", "\r") == text


def test_a_head_and_a_note_are_no_formulas_either() -> None:
    sheet = Sheet(title="=x", head=["=kop"], rows=[], notes=["=nota"])
    assert cells_of(csv_text(sheet)) == [["'=kop"], [], ["'=nota"]]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([sheet])))
    assert {cell.data_type for row in book.active for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(alphabet=st.sampled_from("'=+-@ \t\r\nab"), max_size=6))
def test_what_was_typed_comes_back(text: str) -> None:
    assert bare_cell(safe_cell(text)) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (-3, "-3"), (2.5, "2,5"), (None, ""), (date(2026, 11, 28), "2026-11-28"),
        (datetime(2026, 7, 1, 8, 25, tzinfo=UTC), "2026-07-01 10:25"),
    ],
)  # fmt: skip
def test_numbers_and_days_are_as_a_spreadsheet_reads_them(cell: object, text: str) -> None:
    assert cells_of(csv_text(sheet_of(cell)))[1] == ([text] if text else [""])


def test_numbers_and_days_are_numbers_and_days_in_xlsx() -> None:
    sheet = sheet_of(-3, 2.5, None, date(2026, 11, 28), datetime(2026, 7, 1, 8, 25, tzinfo=UTC), "x" * 40_000)
    page = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([sheet]))).active
    assert [page.cell(row, 1).value for row in range(2, 7)] == [
        -3, 2.5, None, datetime(2026, 11, 28), datetime(2026, 7, 1, 10, 25),
    ]  # fmt: skip
    assert len(page.cell(7, 1).value) == CELL_LENGTH


def test_a_workbook_has_a_sheet_for_each_table() -> None:
    sheets = [
        Sheet(title="Scholen: [alle]", head=["a", "b"], rows=[["1", "2"]]),
        Sheet(title="Leeg", head=["a"], rows=[]),
    ]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(sheets)))
    assert book.sheetnames == ["Scholen   alle", "Leeg"]
    assert book.worksheets[0].freeze_panes == "A2"
