"""The yearly report: every figure equals its rows, small numbers stay inside, and the same tables on paper and in Excel."""

from __future__ import annotations

import io
from random import Random
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.clock import now
from lms.config import ROOT
from lms.content.history import read_history
from lms.database import db
from lms.learning.tables import Completion
from lms.monitoring.actions.figures import gather_figures
from lms.monitoring.actions.history import load_history
from lms.monitoring.queries import facts
from lms.monitoring.queries import report as queries
from lms.monitoring.queries.facts import this_school_year
from lms.monitoring.queries.report import count_report
from lms.monitoring.rules.progression import COUNTED, Reason
from lms.monitoring.rules.sheets import Sheet
from lms.monitoring.rules.small_numbers import NOT_SHOWN, SMALL, rounded
from lms.monitoring.tables.progression import Progression, ProgressionReason
from lms.monitoring.views.report_sheets import KINDS, progression_sheets, report_sheets
from lms.pack.tables import SessionLog
from lms.permissions import Role
from lms.schools.rules import SchoolKind
from lms.schools.tables import Contact, Membership, School
from tests.factories import make_person, make_school
from tests.figures import random_world
from tests.integration.test_pages_scale import LIST, Visit, cost
from tests.integration.test_pdf import check_house_style, letters, read, tags, text_of
from tests.world import Browser, end_transaction, library_of

pytestmark = pytest.mark.both

PATH = "/overzicht/jaarverslag"


def staff(app: Flask) -> Browser:
    return Browser(app).sign_in(make_person(role=Role.OS_STAFF).id)


def count(school_id: int, year: int, luck: Random, *, most: int = 40) -> Progression:
    """What a school could have counted."""
    started = luck.randrange(most)
    finished = luck.randrange(started + 1)
    cuts = sorted(luck.randrange(finished + 1) for _ in range(3))
    enrolled, working, elsewhere = cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1]
    row = Progression(
        school_id=school_id, school_year=year, started=started, finished=finished, visited=luck.randrange(started + 1),
        enrolled=enrolled, working=working, elsewhere=elsewhere, not_known=finished - cuts[2], version=1,
        changed_at=now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    for reason in luck.sample(list(Reason), 3):
        db.session.add(
            ProgressionReason(progression_id=row.id, reason=reason, count=luck.randrange(finished - enrolled + 1))
        )
    return row


def fill(app: Flask, seed: int) -> int:
    """A random world with counts, gathered; gives the school year to look at."""
    random_world(library_of(app), seed)
    luck, year = Random(seed), this_school_year() - 1
    for school_id in list(db.session.scalars(select(School.id))):
        if luck.random() < 0.8:
            count(school_id, year, luck)
    db.session.commit()
    gather_figures(library_of(app).course)
    end_transaction()
    return year


def sheets_of(app: Flask, year: int) -> dict[str, Sheet]:
    titles = {session.slug: session.short_title for session in library_of(app).sessions}
    found = {sheet.slug: sheet for sheet in report_sheets(count_report(year), titles)}
    end_transaction()
    return found


def cells(sheet: Sheet) -> dict[Any, tuple[Any, ...]]:
    return {line.cells[0]: line.cells[1:] for line in sheet.lines}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_equals_its_rows(app: Flask, seed: int) -> None:
    check_figures(app, fill(app, seed))


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("forgotten", ["contact_persons", "years"])
def test_a_figure_that_forgets_a_condition_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch, forgotten: str) -> None:
    """The sabotaged twin: aanspreekpunten who stopped still count, or sessions of every school year do."""
    if forgotten == "contact_persons":
        monkeypatch.setattr(facts, "has_contact_person", lambda: facts.was_contacted())
    year = fill(app, 1)
    if forgotten == "years":
        db.session.execute(update(SessionLog).values(school_year=year))
        db.session.execute(update(SessionLog).where(SessionLog.id % 2 == 0).values(school_year=year - 1))
        db.session.commit()
        kept = list(db.session.scalars(select(SessionLog.id).where(SessionLog.school_year != year)))
        assert kept
        gather_figures(library_of(app).course)
        end_transaction()
        check_figures(app, year)
        everything = queries._taught
        monkeypatch.setattr(queries, "_taught", lambda asked: [*everything(asked), *everything(asked - 1)])
    end_transaction()
    with pytest.raises(AssertionError):
        check_figures(app, year)


def check_figures(app: Flask, year: int) -> None:
    """Count every row by hand and hold the tables against that."""
    sheets = sheets_of(app, year)
    schools = list(db.session.scalars(select(School)))
    held = set(db.session.scalars(select(Contact.school_id).where(Contact.accepted_now())))
    open_jobs = list(db.session.scalars(select(Membership).where(Membership.ended_at.is_(None))))
    done = set(db.session.scalars(select(Completion.person_id).where(Completion.revoked_at.is_(None))))
    logs = [log for log in db.session.scalars(select(SessionLog)) if log.school_year == year]
    kind_of = {school.id: school.kind for school in schools}
    for kind, label in KINDS.items():
        mine = {school.id for school in schools if school.kind is kind}
        contacts = cells(sheets["aanspreekpunten"])[label]
        assert contacts[:3] == (len(mine), len(mine & held), len(mine - held))
        working = [job.person_id for job in open_jobs if job.school_id in mine]
        course = cells(sheets["navorming"])[label]
        assert course[0] == len(working) and course[3] == sum(person in done for person in working)
        assert sum(course[1:4]) == course[0]
    for sheet, value in (("sessies", lambda log: 1), ("deelnames", lambda log: log.head_count)):
        heads = sheets[sheet].heads[1:]
        total = cells(sheets[sheet])["Samen"]
        for at, kind in enumerate(SchoolKind):
            given = [log for log in logs if log.school_id and kind_of[log.school_id] is kind]
            assert total[at] == sum(map(value, given)), (sheet, heads[at])
        assert total[-1] == sum(map(value, logs))
    by_place = cells(sheets["gemeenten"])
    for name in {school.municipality for school in schools} - {"Leuven"}:
        here = [school for school in schools if school.municipality == name]
        youth = sum(school.kind is SchoolKind.YOUTH_WORK for school in here)
        assert by_place[name][:2] == (len(here) - youth, youth)
    assert by_place["Samen"][0] + by_place["Samen"][1] == len(schools)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_published_of_september_tells_of_no_school(app: Flask, seed: int) -> None:
    year = fill(app, seed)
    figures = count_report(year)
    sheets = {sheet.slug: sheet for sheet in progression_sheets(figures)}
    rows = {one.school: one for one in figures.counted}
    hidden: dict[str, int] = {}
    for line in sheets["september-scholen"].lines:
        name, _, kind, started, enrolled = line.cells
        counts = rows[str(name)].counts
        if started == NOT_SHOWN:
            hidden[str(kind)] = hidden.get(str(kind), 0) + 1
            continue
        assert (started, enrolled) == (counts.started, counts.enrolled)
        assert not {counts.started, counts.enrolled, counts.started - counts.enrolled} & set(SMALL)
    published = cells(sheets["september"])
    shown = sheets["september"].heads[1:-1]
    for at, label in enumerate(shown):
        of_kind = [one.counts for one in figures.counted if KINDS[one.kind] == label]
        total = published["Begonnen met de toolbox"][at]
        assert total == NOT_SHOWN or total == rounded(sum(one.started for one in of_kind))
        assert total == NOT_SHOWN or hidden.get(label, 0) != 1
    for sheet in ("september", "redenen"):
        for values in cells(sheets[sheet]).values():
            numbers = [value for value in values[:-1] if value != NOT_SHOWN]
            assert all(value % 5 == 0 for value in numbers)
            assert values[-1] == (sum(numbers) if numbers else NOT_SHOWN)


def test_the_own_numbers_of_a_school_stay_on_its_own_pages(app: Flask) -> None:
    """A school with three who enrolled: its page shows the 3, nothing that is published does."""
    year = this_school_year() - 1
    school = make_school(name="Kleine school")
    school_id = school.id
    values = dict.fromkeys(COUNTED, 0) | {"started": 431, "finished": 431, "enrolled": 3, "working": 428}
    db.session.add(Progression(school_id=school_id, school_year=year, version=1, changed_at=now(), **values))
    db.session.commit()
    gather_figures(library_of(app).course)
    browser = staff(app)
    page = browser.get(f"/scholen/{school_id}/september")
    assert page.soup is not None and page.soup.find("input", {"value": "431"}) is not None
    shown = browser.get(f"{PATH}?jaar={year}").text
    assert "Kleine school" in shown and "1 telt niet mee: te weinig jongeren om te tonen" in shown
    for word in ("431", "428", "430"):
        assert word not in shown
    book = openpyxl.load_workbook(io.BytesIO(browser.raw("GET", f"{PATH}.xlsx?jaar={year}").get_data()))
    values_in_book = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not values_in_book & {431, 428, 430}


@pytest.mark.sqlite_alone
def test_the_pdf_is_tagged_in_our_typefaces_and_holds_every_table(app: Flask) -> None:
    year = fill(app, 4)
    load_history(read_history(ROOT / "courses"))
    browser = staff(app)
    answer = browser.raw("GET", f"{PATH}.pdf?jaar={year}")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert f"jaarverslag-{year}.pdf" in answer.headers["Content-Disposition"]
    reader = read(answer.get_data())
    check_house_style(reader, f"Jaarverslag {year}–{year + 1}")
    text = letters(text_of(reader))
    sheets = sheets_of(app, year)
    for sheet in sheets.values():
        assert letters(sheet.title) in text
        for line in sheet.lines:
            assert letters(str(line.cells[0])) in text, line.cells[0]
    names = tags(reader)
    page = browser.get("/overzicht/geschiedenis")
    assert page.soup is not None
    assert names.count("Table") == len(sheets) + len(page.soup.find_all("table")) and "THead" in names
    for note in page.soup.select(".notes li"):
        # A page may end within a footnote.
        assert letters(note.get_text())[:40] in text


def test_without_history_there_is_no_annex(app: Flask) -> None:
    year = fill(app, 4)
    browser = staff(app)
    assert "Bijlage" not in text_of(read(browser.raw("GET", f"{PATH}.pdf?jaar={year}").get_data()))
    assert "nog niet geladen" in browser.get(f"{PATH}?jaar={year}").text


def test_the_workbook_holds_the_tables_of_the_screen(app: Flask) -> None:
    year = fill(app, 5)
    load_history(read_history(ROOT / "courses"))
    book = openpyxl.load_workbook(io.BytesIO(staff(app).raw("GET", f"{PATH}.xlsx?jaar={year}").get_data()))
    for sheet in sheets_of(app, year).values():
        rows = list(book[sheet.title[:31].strip()].iter_rows(values_only=True))
        assert rows[0][: len(sheet.heads)] == sheet.heads
        for line, row in zip(sheet.lines, rows[1:], strict=False):
            assert tuple(cell for cell in row[: len(sheet.heads)]) == line.cells
    notes = [str(row[0]) for row in book["Wat het rapport samentelt"].iter_rows(values_only=True)]
    assert any(note.startswith("1. Het rapport spreekt van 40 gesprekken") for note in notes)


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("name", ["=1+1", "+32 11", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://kwaad.example")'])
def test_no_cell_is_a_formula(app: Flask, name: str) -> None:
    year = this_school_year() - 1
    for at in range(3):
        school = make_school(name=f"{name} {at}", municipality=f"{name} gemeente")
        count(school.id, year, Random(at), most=60)
    db.session.commit()
    gather_figures(library_of(app).course)
    load_history(read_history(ROOT / "courses"))
    browser = staff(app)
    for path in (f"{PATH}.xlsx?jaar={year}", "/overzicht/geschiedenis.xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(browser.raw("GET", path).get_data()))
        assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    lines = browser.raw("GET", "/overzicht/geschiedenis.csv").get_data().decode("utf-8-sig").splitlines()
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for line in lines for cell in line.split(";"))


def test_the_report_costs_the_same_when_everything_doubles(app: Flask) -> None:
    year = fill(app, 1)
    visit = Visit(app, make_person(role=Role.OS_STAFF).id)
    before = cost(visit, f"{PATH}?jaar={year}")
    random_world(library_of(app), 99, schools=24, people=60)
    for school_id in list(db.session.scalars(select(School.id).where(School.name.startswith("School 99-")))):
        count(school_id, year, Random(school_id))
    db.session.commit()
    gather_figures(library_of(app).course)
    assert cost(visit, f"{PATH}?jaar={year}") == before <= LIST


def test_before_anything_was_counted_the_page_says_so(app: Flask) -> None:
    page = staff(app).get(PATH)
    assert page.status == 200 and "Nog niets te vertellen" in page.text and "Download" not in page.text
    assert staff(app).get("/overzicht/geschiedenis.csv").status == 404


def test_a_long_table_is_whole_in_the_spreadsheet_alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.monitoring.views.reporting.LINES_SHOWN", 3)
    year = fill(app, 2)
    whole = sheets_of(app, year)["september-scholen"]
    assert len(whole.lines) > 3
    browser = staff(app)
    page = browser.get(f"{PATH}?jaar={year}")
    assert page.soup is not None
    table = page.soup.find("table", {"aria-labelledby": "september-scholen"})
    assert table is not None and len(table.select("tbody tr")) == 3
    assert f"de andere {len(whole.lines) - 3} rijen staan in de spreadsheet" in page.text
    book = openpyxl.load_workbook(io.BytesIO(browser.raw("GET", f"{PATH}.xlsx?jaar={year}").get_data()))
    names = [row[0] for row in book[whole.title].iter_rows(min_row=2, values_only=True)]
    assert names[: len(whole.lines)] == [line.cells[0] for line in whole.lines]
