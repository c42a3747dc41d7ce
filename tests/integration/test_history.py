"""The project's own history: loaded exactly, twice adds nothing, and shown with its footnotes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

import lms.cli.history
from lms.cli import main as cli
from lms.config import ROOT
from lms.content.history import read_history
from lms.database import db
from lms.monitoring.actions.history import load_history
from lms.monitoring.tables.history import HistoryCount, HistoryEventRow
from lms.permissions import Role
from tests.factories import make_person
from tests.world import Browser, database_state, end_transaction

pytestmark = pytest.mark.both

PATH = "/overzicht/geschiedenis"


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(lms.cli.history, "create_app", lambda **_more: app)

    def command(*words: str) -> Result:
        end_transaction()
        return CliRunner().invoke(cli, ["load-history", *words])

    return command


def test_loading_prints_the_totals_and_says_what_does_not_add_up(run: Any) -> None:
    told = run()
    assert told.exit_code == 0, told.output
    for line in (
        "   88  Jongeren in gesprekken\n", "   28  Gesprekken met partners\n", "  109  Bevraagd in traject 1\n",
        "  208  Bevraagd in traject 2\n", "  294  Antwoorden op de intentievraag samen\n",
        "   97  Antwoorden op de intentievraag, CVO\n", "  197  Antwoorden op de intentievraag, SO\n",
        "   10  Traject 1, sessie 1: jongeren\n", "    5  Traject 1, sessie 1: begeleiders\n",
        "   18  Traject 1, sessie 2: jongeren\n", "    3  Traject 1, sessie 3: jongeren\n",
        "   28  Netwerkevent 1: deelnemers\n", "   35  Netwerkevent 2: deelnemers\n",
        "   36  Netwerkevent 3: deelnemers\n",
        "   40  Gesprekken samen, zoals de tekst zegt: klopt niet, de rijen tellen op tot 55\n",
        "klopt niet, de rijen tellen op tot 317\n",
    ):  # fmt: skip
        assert line in told.output, line


def test_loading_twice_adds_nothing(run: Any) -> None:
    first = json.loads(run("--json").output)
    state = database_state()
    again = json.loads(run("--json").output)
    assert database_state() == state
    assert first["added"] == again["same"] > 150
    assert (again["added"], again["changed"], again["removed"]) == (0, 0, 0)
    assert "Er is niets toegevoegd" in run().output
    assert {one["id"]: one["published"] for one in again["totals"]}["jongeren"] == 88


def test_a_corrected_file_corrects_the_rows(run: Any, tmp_path: Path) -> None:
    run()
    shutil.copytree(ROOT / "courses" / "history", tmp_path / "history")
    file = tmp_path / "history" / "events.csv"
    lines = file.read_text().replace("OverKop/Arktos Beringen", "OverKop Beringen").splitlines()
    kept = [line for line in lines if not line.startswith("traject2-11,")]
    file.write_text("\n".join(kept) + "\n")
    told = json.loads(run(str(tmp_path), "--json").output)
    # One name, and the four rows below the one that is gone; its count goes along with it.
    assert (told["added"], told["changed"], told["removed"]) == (0, 1 + 4, 1)
    names = {row.ref: row.organisation for row in db.session.query(HistoryEventRow)}
    assert names["partner-01"] == "OverKop Beringen" and "traject2-11" not in names


def test_a_broken_file_changes_nothing(run: Any, tmp_path: Path) -> None:
    run()
    shutil.copytree(ROOT / "courses" / "history", tmp_path / "history")
    file = tmp_path / "history" / "events.csv"
    file.write_text(file.read_text().replace("2023-06-07", "gisteren", 1))
    state = database_state()
    told = run(str(tmp_path))
    assert told.exit_code == 1 and "history/events.csv:2: kolom day: ‘gisteren’" in told.output
    assert database_state() == state


def test_the_counts_of_the_database_are_those_of_the_files(run: Any) -> None:
    run()
    by_means: dict[str, int] = {}
    for row in db.session.query(HistoryCount):
        by_means[row.means.value] = by_means.get(row.means.value, 0) + row.count
    assert by_means == {
        "jongeren": 88 + 10 + 18 + 3, "begeleiders": 5, "formulieren": 109 + 208 + 208, "aanwezigen": 3 + 2 + 101 + 5,
        "deelnemers": 7 + 28 + 35 + 36,
    }  # fmt: skip


def staff(app: Flask) -> Browser:
    return Browser(app).sign_in(make_person(role=Role.OS_STAFF).id)


def test_the_page_without_history_says_how_to_load_it(app: Flask) -> None:
    page = staff(app).get(PATH)
    assert page.status == 200 and "lms load-history" in page.text


def test_the_page_shows_every_row_and_a_footnote_at_each_contradiction(app: Flask) -> None:
    history = read_history(ROOT / "courses")
    load_history(history)
    page = staff(app).get(PATH)
    assert page.soup is not None
    text = page.text
    for event in history.events:
        assert event.name in text and event.source in text
    assert text.count("Bron: onderzoeksrapport Unlocking Potential (2025)") == len(page.soup.find_all("table"))
    notes = {item["id"]: item.get_text() for item in page.soup.select(".notes li")}
    assert len(notes) == len(history.notes)
    # Every footnote stands on the page and is referred to, and every reference leads to one.
    targets = {link["href"][1:] for link in page.soup.select(".mark-note a")}
    assert targets == set(notes)

    def footnotes_at(row: str) -> str:
        head = next(th for th in page.soup.select("tbody th") if row in th.get_text())  # type: ignore[union-attr]
        return " ".join(notes[link["href"][1:]] for link in head.select(".mark-note a"))

    assert "28 met partners en 15 met jongeren" in footnotes_at("Gesprekken samen")
    assert "niet 197" in footnotes_at("Bevraagden in beide trajecten")
    workshops = next(tr for tr in page.soup.select("tr") if "Workshops met leerkrachten" in tr.get_text())
    assert [td.get_text() for td in workshops.select("td.num")] == ["–", "101", "–"]
    marks = " ".join(notes[link["href"][1:]] for link in workshops.select(".mark-note a"))
    assert "infodag van traject 1" in marks and "67 formulieren" in marks


def test_small_numbers_that_were_published_before_are_shown(app: Flask) -> None:
    load_history(read_history(ROOT / "courses"))
    page = staff(app).get(PATH)
    assert page.soup is not None
    campus = next(
        tr for tr in page.soup.select("tr") if "Campus Diepenbeek" in tr.get_text() and "Sessie 3" in tr.get_text()
    )
    assert re.search(r"\b1\b", " ".join(td.get_text() for td in campus.select("td.num")))


def test_a_new_footnote_is_numbered_where_it_first_appears(app: Flask) -> None:
    load_history(read_history(ROOT / "courses"))
    page = staff(app).get(PATH)
    assert page.soup is not None
    seen = []
    for link in page.soup.select(".mark-note a"):
        number = int(link["href"].removeprefix("#noot-"))
        if number not in seen:
            seen.append(number)
    # Numbers rise along the page; within one reference they are ascending.
    assert sorted(seen) == list(range(1, len(seen) + 1))


@pytest.mark.slow
@pytest.mark.sqlite_alone
def test_checking_the_content_checks_the_history_too(tmp_path: Path) -> None:
    folder = tmp_path / "courses"
    shutil.copytree(ROOT / "courses", folder)
    assert CliRunner().invoke(cli, ["check-courses", str(folder)]).exit_code == 0
    file = folder / "history" / "totals.yaml"
    file.write_text(file.read_text().replace("published: 88", "published: 89"))
    told = CliRunner().invoke(cli, ["check-courses", str(folder)])
    assert told.exit_code == 1 and "history/totals.yaml:3: Jongeren in gesprekken" in told.output
