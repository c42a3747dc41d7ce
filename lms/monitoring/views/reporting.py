"""What O&S publishes: the project's own history and the yearly report, on the screen, as PDF and as spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request

from lms.clock import now
from lms.errors import NotFound
from lms.monitoring.queries.facts import this_school_year
from lms.monitoring.queries.history import get_history
from lms.monitoring.queries.report import ReportFigures, count_report, list_report_years
from lms.monitoring.rules.history import ShownHistory, show_history
from lms.monitoring.rules.sheets import Footnote, Line, Sheet, Value, written
from lms.monitoring.views.report_sheets import report_sheets, report_title
from lms.pack.rules.planning import school_year_label
from lms.permissions import Permission
from lms.web import tables
from lms.web.access import requires
from lms.web.pages import day, day_and_time, library
from lms.web.pdf import make_pdf, pdf_answer

blueprint = Blueprint("reporting", __name__)

LINES_SHOWN = 150


@blueprint.get("/overzicht/geschiedenis")
@requires(Permission.SEE_SCHOOLS)
def history() -> str:
    return render_template("monitoring/history.html", shown=show_history(get_history()), written=written)


@blueprint.get("/overzicht/geschiedenis.xlsx")
@requires(Permission.SEE_SCHOOLS)
def history_xlsx() -> Response:
    shown = _loaded_history()
    return tables.xlsx_answer(_for_spreadsheet(shown.sheets, shown.footnotes), "geschiedenis.xlsx")


@blueprint.get("/overzicht/geschiedenis.csv")
@requires(Permission.SEE_SCHOOLS)
def history_csv() -> Response:
    """Everything below each other: table, row, column and value, because a CSV file holds one table."""
    shown = _loaded_history()
    texts = {note.number: note.text for note in shown.footnotes}
    rows: list[Sequence[tables.Cell]] = [
        (
            sheet.title, written(line.cells[0]), head, cell, sheet.source,
            " ".join(texts[number] for number in (*sheet.marks, *line.marks)),
        )
        for sheet in shown.sheets
        for line in sheet.lines
        for head, cell in zip(sheet.heads[1:], line.cells[1:], strict=True)
        if cell is not None
    ]  # fmt: skip
    heads = ("Tabel", "Rij", "Kolom", "Waarde", "Bron", "Voetnoten")
    return tables.csv_answer(tables.Sheet(title="Geschiedenis", head=heads, rows=rows), "geschiedenis.csv")


@blueprint.get("/overzicht/jaarverslag")
@requires(Permission.SEE_SCHOOLS)
def report() -> str:
    years = list_report_years()
    figures = count_report(_year(years))
    return render_template(
        "monitoring/report.html",
        figures=figures,
        sheets=[_shortened(sheet) for sheet in _sheets(figures)],
        history=show_history(get_history()),
        years=years,
        year_label=school_year_label,
        title=report_title(figures.year),
        written=written,
    )


@blueprint.get("/overzicht/jaarverslag.xlsx")
@requires(Permission.SEE_SCHOOLS)
def report_xlsx() -> Response:
    figures = count_report(_year(list_report_years()))
    shown = show_history(get_history())
    sheets = [
        *_for_spreadsheet(_sheets(figures), (), _standing(figures)),
        *_for_spreadsheet(shown.sheets, shown.footnotes),
    ]
    return tables.xlsx_answer(sheets, f"jaarverslag-{figures.year}.xlsx")


@blueprint.get("/overzicht/jaarverslag.pdf")
@requires(Permission.SEE_SCHOOLS)
def report_pdf() -> Response:
    figures = count_report(_year(list_report_years()))
    shown = show_history(get_history())
    words = {
        "title": report_title(figures.year),
        "standing": _standing(figures),
        "sheets": [_for_paper(_shortened(sheet)) for sheet in _sheets(figures)],
        "history": [_for_paper(sheet) for sheet in shown.sheets],
        "footnotes": [note.text for note in shown.footnotes],
    }
    return pdf_answer(make_pdf("report", words), f"jaarverslag-{figures.year}.pdf")


def _year(years: Sequence[int]) -> int:
    """The school year of the address, that of now when there is none. Raises NotFound for one not in ``years``."""
    asked = request.args.get("jaar", "")
    if not asked:
        return this_school_year()
    found = next((year for year in years if str(year) == asked), None)
    if found is None:
        raise NotFound
    return found


def _sheets(figures: ReportFigures) -> list[Sheet]:
    return report_sheets(figures, {session.slug: session.short_title for session in library().sessions})


def _loaded_history() -> ShownHistory:
    shown = show_history(get_history())
    if not shown.sheets:
        raise NotFound
    return shown


def _standing(figures: ReportFigures) -> str:
    """Of when the figures are."""
    if figures.counted_at is None:
        return f"Stand op {day(now())}"
    counted = f"Scholen, begeleiders en sessies: stand op {day_and_time(figures.counted_at)}."
    return f"{counted} Doorstroom tot september: stand op {day(now())}."


def _for_spreadsheet(sheets: Iterable[Sheet], footnotes: Iterable[Footnote], *also: str) -> list[tables.Sheet]:
    """The same tables as sheets of a workbook; the numbers of the footnotes get a column, their texts stand below."""
    texts = {note.number: note.text for note in footnotes}
    found = []
    for sheet in sheets:
        has_marks = any(line.marks for line in sheet.lines)
        used = sorted({number for line in sheet.lines for number in line.marks} | set(sheet.marks))
        rows: list[Sequence[Value]] = [
            (*line.cells, *([", ".join(map(str, line.marks))] if has_marks else [])) for line in sheet.lines
        ]
        found.append(
            tables.Sheet(
                title=sheet.title,
                head=(*sheet.heads, *(["Voetnoot"] if has_marks else [])),
                rows=rows,
                notes=[*filter(None, (sheet.lead, sheet.source)), *also, *(f"{at}. {texts[at]}" for at in used)],
            )
        )
    return found


def _shortened(sheet: Sheet) -> Sheet:
    """A list of all schools of Flanders is for a spreadsheet, not for a page."""
    left_out = len(sheet.lines) - LINES_SHOWN
    if left_out <= 0:
        return sheet
    told = f"Hier staan er {LINES_SHOWN}; de andere {left_out} rijen staan in de spreadsheet."
    return replace(sheet, lines=sheet.lines[:LINES_SHOWN], lead=f"{sheet.lead} {told}".strip())


def _for_paper(sheet: Sheet) -> dict[str, Any]:
    """A table as the template of the PDF reads it: every cell is text."""
    return {
        "title": sheet.title,
        "lead": sheet.lead,
        "source": sheet.source,
        "marks": list(sheet.marks),
        "heads": list(sheet.heads),
        "numeric": list(sheet.numeric),
        "lines": [
            {"cells": [_cell(line, cell) for cell in line.cells], "marks": list(line.marks), "total": line.is_total}
            for line in sheet.lines
        ],
    }


def _cell(line: Line, cell: Value) -> str:
    """In a row of totals an empty cell is not a figure that is missing."""
    return "" if line.is_total and cell is None else written(cell)
