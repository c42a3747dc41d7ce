"""The list of schools: found, filtered and put in order by the address alone, and taken along as it is shown."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask

from lms.monitoring.rules import PAGE
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.actions.importing import compare
from lms.schools.queries.importing import list_known
from lms.schools.rules import SchoolKind
from lms.schools.rules.following import Interest, NoteKind
from lms.schools.rules.importing import read_rows
from lms.schools.rules.spreadsheets import read_table
from lms.web.tables import bare_cell
from tests.factories import make_contact_person, make_log, make_note, make_person, make_school
from tests.integration.test_pages_scale import LIST, cost
from tests.server import Visit

pytestmark = pytest.mark.both


@pytest.fixture
def person() -> Person:
    return make_person(role=Role.OS_STAFF, name="Demo Opvolger")


@pytest.fixture
def staff(rich: Flask, person: Person) -> Visit:
    return Visit(rich, person.id)


def names(staff: Visit, query: str = "") -> list[str]:
    links = staff.get(f"/scholen?{query}").soup.select("tbody th[scope=row] > a")
    return [link.get_text() for link in links]


def fill(person: Person) -> None:
    """Four schools that differ in everything one can filter on."""
    genk = make_school(name="Alfa", municipality="Genk", number="111111", owner_id=person.id)
    make_contact_person(genk, name="Demo Contact")
    make_note(genk, day=date(2026, 3, 5), kind=NoteKind.MAIL)
    make_note(genk, day=date(2026, 5, 5), kind=NoteKind.NOTE)
    bree = make_school(name="Beta", municipality="Bree", kind=SchoolKind.ADULT_EDUCATION)
    make_note(bree, day=date(2026, 4, 5))
    make_log(make_person(school=bree), bree)
    make_school(name="Gamma", municipality="Beringen", kind=SchoolKind.YOUTH_WORK, interest=Interest.NONE)
    make_school(name="Delta", municipality="Hasselt", interest=Interest.LATER)


def test_what_the_list_says_of_itself_is_true_of_what_was_looked_for(staff: Visit, person: Person) -> None:
    assert "Er staat nog geen school in de lijst." in staff.get("/scholen").text
    fill(person)
    assert "3 hebben nog geen aanspreekpunt." in staff.get("/scholen").text
    for query, told in (("zoek=alfa", "Eén school gevonden."), ("zoek=xyz", "Geen school past bij wat je zoekt."),
                        ("soort=jeugdwerk", "Eén school gevonden, zonder aanspreekpunt."),
                        ("zoek=a", "4 scholen gevonden, 3 zonder aanspreekpunt.")):  # fmt: skip
        page = staff.get(f"/scholen?{query}").text
        assert told in page and "Elke school" not in page, query


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Beta", "Delta", "Gamma", "Alfa"]),
        ("zoek=111111", ["Alfa"]), ("zoek=demo+contact", ["Alfa"]), ("zoek=hassel", ["Delta"]), ("zoek=111%25", []),
        ("soort=cvo", ["Beta"]), ("soort=kleuter", ["Beta", "Delta", "Gamma", "Alfa"]),
        ("gemeente=bree", ["Beta"]), ("gemeente=Nergens", []),
        ("wie=mij", ["Alfa"]), ("wie=niemand", ["Beta", "Delta", "Gamma"]), ("wie=0", ["Beta", "Delta", "Gamma", "Alfa"]),
        ("wie=99999", []), ("wie=x", ["Beta", "Delta", "Gamma", "Alfa"]),
        ("mijngemeente=ja", ["Gamma", "Alfa"]),
        ("interesse=geen", ["Gamma"]), ("interesse=later", ["Delta"]),
        ("toon=zonder", ["Beta", "Delta", "Gamma"]), ("toon=gebruik", ["Beta"]), ("toon=nieuw", ["Delta", "Gamma"]),
        ("toon=zonder&mijngemeente=ja&soort=jeugdwerk", ["Gamma"]),
        ("op=naam", ["Alfa", "Beta", "Delta", "Gamma"]), ("op=naam&richting=af", ["Gamma", "Delta", "Beta", "Alfa"]),
        ("op=gemeente", ["Gamma", "Beta", "Alfa", "Delta"]),
        ("op=stap&richting=af", ["Beta", "Alfa", "Delta", "Gamma"]),
        ("op=contact&richting=af", ["Beta", "Alfa", "Delta", "Gamma"]), ("op=contact", ["Alfa", "Beta", "Delta", "Gamma"]),
        ("op=wachtwoord", ["Beta", "Delta", "Gamma", "Alfa"]),
    ],
)  # fmt: skip
def test_the_address_says_which_schools_in_which_order(
    staff: Visit, person: Person, query: str, found: list[str]
) -> None:
    fill(person)
    assert names(staff, query) == found


def test_every_number_on_a_filter_is_that_of_its_rows(staff: Visit, person: Person) -> None:
    fill(person)
    for query in ("", "soort=cvo", "mijngemeente=ja", "zoek=a"):
        chips = staff.get(f"/scholen?{query}").soup.select("nav[aria-label='Filter op stap'] a")
        assert len(chips) == 5
        for chip in chips:
            shown = staff.get(str(chip["href"])).soup.select("tbody th[scope=row] > a")
            assert len(shown) == int(chip.get_text().rsplit(" ", 1)[1]), chip


def test_a_click_on_a_head_orders_and_a_second_click_turns_it_round(staff: Visit, person: Person) -> None:
    fill(person)
    page = staff.get("/scholen?toon=zonder&soort=jeugdwerk&pagina=1")
    heads = {head.get_text(strip=True): head for head in page.soup.select("thead th[aria-sort]")}
    assert {head["aria-sort"] for head in heads.values()} == {"none"} and len(heads) == 4
    first = str(heads["Laatste contact"].a["href"])
    assert "toon=zonder" in first and "soort=jeugdwerk" in first
    again = staff.get(first).soup.select_one("thead th[aria-sort=descending]")
    assert again is not None and again.get_text(strip=True) == "Laatste contact"
    turned = staff.get(str(again.a["href"])).soup.select_one("thead th[aria-sort=ascending]")
    assert turned is not None


def test_searching_and_the_pages_keep_every_filter(staff: Visit) -> None:
    for number in range(60):
        make_school(name=f"School {number:02}", municipality="Genk")
    query = "toon=zonder&soort=so&gemeente=Genk&wie=niemand&mijngemeente=ja&op=naam&richting=af&zoek=school"
    page = staff.get(f"/scholen?{query}")
    (link,) = page.soup.select("nav a[rel=next]")
    kept = set(query.split("&"))
    assert kept <= set(str(link["href"]).split("?")[1].split("&"))
    hidden = {f"{box['name']}={box['value']}" for box in page.soup.select("form[role=search] input[type=hidden]")}
    assert kept - {"zoek=school"} == hidden
    assert len(names(staff, f"{query}&pagina=3")) == 60 - 2 * PAGE
    assert names(staff, f"{query}&pagina=999") == names(staff, f"{query}&pagina=3")


def test_what_is_taken_along_is_what_was_filtered_on_all_pages(staff: Visit, person: Person) -> None:
    fill(person)
    for number in range(60):
        make_school(name=f"Zeta {number:02}", municipality="As")
    reply = staff.get("/scholen/uitvoer.csv?op=naam")
    assert "attachment" in reply.response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(reply.response.get_data().decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 65 and rows[0][:3] == ["Naam", "Soort", "Gemeente"]
    assert rows[1] == [
        "Alfa", "Secundaire school", "Genk", "", "", "111111", "Demo Contact", "Aanspreekpunt", "1", "0", "2026-03-05",
        "Demo Opvolger", "",
    ]  # fmt: skip
    reply = staff.get("/scholen/uitvoer.xlsx?soort=cvo")
    page = openpyxl.load_workbook(io.BytesIO(reply.response.get_data())).active
    assert [row[0].value for row in page.iter_rows(min_row=2)] == ["Beta"]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+32", "-1+1", "@SUM(A1)", "\u202eabc", "'=1", 'a;b"c'])
def test_no_name_becomes_a_formula_and_the_file_can_come_back(staff: Visit, name: str) -> None:
    make_school(name=name, number="=1+1")
    make_school(name="Andere", street="=HYPERLINK(1)")
    for kind in ("csv", "xlsx"):
        data = staff.get(f"/scholen/uitvoer.{kind}").response.get_data()
        if kind == "csv":
            cells: list[Any] = [
                cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";") for cell in row
            ]
            assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}]
        else:
            book = openpyxl.load_workbook(io.BytesIO(data))
            assert not [cell for row in book.active for cell in row if cell.data_type == "f"]


def test_our_own_list_brought_in_again_changes_nothing(staff: Visit, person: Person) -> None:
    fill(person)
    make_school(name="=cmd|' /C calc'!A0", street="-", postcode="3600")
    for kind in ("csv", "xlsx"):
        data = staff.get(f"/scholen/uitvoer.{kind}").response.get_data()
        outcome = compare(read_rows(read_table(data, bare=bare_cell)), list_known())
        assert (outcome.new, outcome.changed, len(outcome.same)) == ([], [], 5)


def test_the_list_costs_the_same_at_any_length(staff: Visit, person: Person) -> None:
    paths = ("/scholen", "/scholen?op=stap&richting=af", "/scholen?zoek=a+b&wie=mij&op=contact", "/scholen/uitvoer.csv")
    fill(person)
    before = [cost(staff, path) for path in paths]
    for number in range(70):
        make_note(make_school(name=f"School {number}", municipality=f"Gemeente {number}"))
    assert [cost(staff, path) for path in paths] == before
    assert max(before) <= LIST
