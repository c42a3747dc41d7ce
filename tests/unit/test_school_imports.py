"""Files with schools: what is wrong is said with row and column, all at once; what is right is read as it was meant."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import Any

import openpyxl.xml
import pytest
import xlsxwriter
import yaml

from lms.errors import Invalid
from lms.schools.rules import SchoolKind
from lms.schools.rules.comparing import Known, Outcome, compare
from lms.schools.rules.importing import PROBLEMS_SHOWN, BadFile, Row, read_rows
from lms.schools.rules.register import SchoolFacts
from lms.schools.rules.spreadsheets import read_table
from lms.web.tables import Sheet, bare_cell, csv_text, xlsx_bytes

FOLDER = Path(__file__).parents[1] / "data" / "school-imports"
EXPECTED: dict[str, list[str]] = yaml.safe_load((FOLDER / "expected.yaml").read_text())
HEAD = "Naam;Soort;Gemeente;Straat en nummer;Postcode;Schoolnummer\r\n"


def rows_of(data: bytes | str) -> list[Row]:
    raw = data.encode() if isinstance(data, str) else data
    return read_rows(read_table(raw, bare=bare_cell))


def problems_of(data: bytes | str, known: list[Known] | None = None) -> list[str]:
    try:
        compare(rows_of(data), known or [])
    except Invalid as error:
        return [error.message]
    except BadFile as error:
        return error.problems
    return []


# ── what is wrong ──────────────────────────────────────────────────────────


def test_every_bad_file_has_its_message_and_there_are_at_least_sixty() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*EXPECTED, "expected.yaml"}
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_file_is_told_what_is_wrong_with_it(name: str) -> None:
    assert problems_of((FOLDER / name).read_bytes()) == EXPECTED[name]


def test_what_is_inside_the_table_is_told_with_row_and_column() -> None:
    about_cells = [
        line for lines in EXPECTED.values() for line in lines if line.startswith("rij ") and "kolom " in line
    ]
    assert len(about_cells) > 40


def test_all_problems_come_at_once_and_a_flood_of_them_is_counted() -> None:
    lines = problems_of(HEAD + "Demoschool;so;;;36;\r\n" * 500)
    assert len(lines) == PROBLEMS_SHOWN + 1 and lines[-1] == "… en nog 800 andere fouten."
    assert lines[:2] == [
        "rij 2, kolom gemeente: de gemeente is nog leeg. Vul dit in.",
        "rij 2, kolom postcode: een postcode heeft vier cijfers, zoals 3600. Verbeter hem of laat hem leeg. Er staat: 36",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Naam;Soort;Gemeente\n" + "Demoschool;so;As\n" * 20_002, "Dit zijn meer dan 20.000 rijen."),
        ("Naam;Soort;Gemeente\n" + "\n" * 1_000_000, "Onder de kop staat nog geen school."),
        (HEAD + "x" * 140_000 + ";so;Genk;;;\r\n", "rij 2: deze rij is niet te lezen."),
    ],
)
def test_a_file_without_end_is_refused_in_time(data: str, said: str) -> None:
    (line,) = problems_of(data)
    assert line.startswith(said)


def test_xml_is_read_by_a_parser_that_refuses_entities() -> None:
    assert openpyxl.xml.DEFUSEDXML


# ── what is right ──────────────────────────────────────────────────────────

GOOD = "Demoschool Één;so;Genk;Demostraat 1;3600;999001\r\n"
FACTS = ("Demoschool Één", SchoolKind.SECONDARY, "Genk", "Demostraat 1", "3600", "999001")


def facts_of(row: Row) -> tuple[Any, ...]:
    return row.name, row.kind, row.municipality, row.street, row.postcode, row.number


@pytest.mark.parametrize(
    ("data", "read_as"),
    [
        ((HEAD + GOOD).encode(), "csv in UTF-8, met een puntkomma tussen de cellen"),
        (codecs.BOM_UTF8 + (HEAD + GOOD).encode(), "csv in UTF-8, met een puntkomma tussen de cellen"),
        ((HEAD + GOOD).encode("utf-16"), "csv in UTF-16, met een puntkomma tussen de cellen"),
        ((HEAD + GOOD).encode("utf-16-le"), "csv in UTF-16, met een puntkomma tussen de cellen"),
        ((HEAD + GOOD).encode("utf-16-be"), "csv in UTF-16, met een puntkomma tussen de cellen"),
        ((HEAD + GOOD).encode("cp1252"), "csv in Windows-1252, met een puntkomma tussen de cellen"),
        ((HEAD + GOOD).replace(";", ",").encode(), "csv in UTF-8, met een komma tussen de cellen"),
        ((HEAD + GOOD).replace(";", "\t").encode(), "csv in UTF-8, met een tab tussen de cellen"),
        (("sep=;\r\n" + HEAD + GOOD).encode(), "csv in UTF-8, met een puntkomma tussen de cellen"),
        ((HEAD + GOOD).replace("\r\n", "\n").encode(), "csv in UTF-8, met een puntkomma tussen de cellen"),
        ((HEAD + GOOD).replace("\r\n", "\r").encode(), "csv in UTF-8, met een puntkomma tussen de cellen"),
        (("\r\n\r\n" + HEAD + "\r\n" + GOOD + "\r\n\r\n").encode(), "csv in UTF-8, met een puntkomma tussen de cellen"),
    ],
)  # fmt: skip
def test_encoding_and_separator_are_recognised_and_told(data: bytes, read_as: str) -> None:
    grid = read_table(data, bare=bare_cell)
    assert grid.read_as == read_as
    assert [facts_of(row) for row in read_rows(grid)] == [FACTS]


@pytest.mark.parametrize(
    "head",
    [
        "Naam van de school;Type;Plaats;Adres;Postnummer;Instellingsnummer",
        "SCHOOL;SOORT SCHOOL;GEMEENTE;STRAAT;POST-CODE;SCHOOLNR",
        " naam ; soort ; gemeente ; straat ; postcode ; nummer ",
    ],
)
def test_columns_are_recognised_by_what_people_call_them(head: str) -> None:
    assert facts_of(rows_of(f"{head}\r\n{GOOD}")[0]) == FACTS


def test_a_number_of_the_house_in_a_column_of_its_own_joins_the_street() -> None:
    rows = rows_of("Naam;Soort;Gemeente;Straat;Huisnummer\nDemoschool;so;Genk;Demostraat;1b\nDemo;so;As;;\n")
    assert [row.street for row in rows] == ["Demostraat 1b", ""]


@pytest.mark.parametrize(
    ("word", "kind"),
    [("SO", "so"), ("Secundair onderwijs", "so"), ("c.v.o.", "cvo"), ("Jeugdhuis", "jeugdwerk"), ("jeugdwerk", "jeugdwerk")],
)  # fmt: skip
def test_the_kind_is_read_in_the_words_people_use(word: str, kind: str) -> None:
    assert rows_of(f"naam;soort;gemeente\nDemo;{word};As\n")[0].kind == kind


def test_numbers_of_a_spreadsheet_are_text_without_a_comma() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Naam", "Soort", "Gemeente", "Postcode", "Nummer"])
        page.write_row(1, 0, ["1ste school", "so", "Genk", 3600, 999001])
    assert facts_of(rows_of(out.getvalue())[0]) == ("1ste school", SchoolKind.SECONDARY, "Genk", "", "3600", "999001")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "-Alfa", "'t Kofschip", "@home", 'O\'Neill; & "zonen"'])
def test_what_we_wrote_ourselves_comes_back_as_it_was(kind: str, name: str) -> None:
    head = ["Naam", "Soort", "Gemeente", "Aanspreekpunt", "Stap", "Laatste contact"]
    sheet = Sheet(title="Scholen", head=head, rows=[[name, "Secundaire school", "Genk", "Demo", "Aanspreekpunt", None]])
    data = csv_text(sheet).encode("utf-8-sig") if kind == "csv" else xlsx_bytes([sheet])
    assert rows_of(data)[0].name == name


def test_a_row_survives_being_kept() -> None:
    row = rows_of(HEAD + GOOD)[0]
    assert Row.of(row.stored()) == row


# ── what it would change ───────────────────────────────────────────────────


def known(id_: int, name: str, municipality: str = "Genk", **more: Any) -> Known:
    facts = {"kind": SchoolKind.SECONDARY, **more}
    return Known(id=id_, facts=SchoolFacts(name=name, municipality=municipality, **facts))


def outcome_of(text: str, *register: Known) -> Outcome:
    return compare(rows_of(HEAD + text), register)


def test_a_school_is_found_by_number_and_else_by_name_and_municipality() -> None:
    outcome = outcome_of(
        "Nieuwe naam;;Genk;;;111111\r\nDEMO B;;GENK;;3600;\r\nDemo C;so;Bilzen;;;\r\nDemo D;cvo;As;;;\r\n",
        known(1, "Oude naam", number="111111"), known(2, "Demo B"), known(3, "Demo C", "Bilzen-Hoeselt"),
    )  # fmt: skip
    assert [(one.id, one.columns) for one in outcome.changed] == [(1, ("name",)), (2, ("name", "postcode"))]
    assert [facts.name for _, facts in outcome.same] == ["Demo C"]
    assert [facts.name for _, facts in outcome.new] == ["Demo D"]


def test_an_empty_cell_changes_nothing_and_the_owner_stays() -> None:
    before = known(1, "Demo", street="Straat 1", postcode="3600", number="111111", owner_id=7)
    assert outcome_of("Demo;;Genk;;;\r\n", before).same == [(2, before.facts)]
    (change,) = outcome_of("Demo;cvo;Genk;;3500;\r\n", before).changed
    assert (change.columns, change.facts.owner_id, change.facts.street) == (("kind", "postcode"), 7, "Straat 1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Demo B;so;Genk;;;111111\r\n", "rij 2, kolom nummer: dit nummer hoort bij Demo A in Genk."),
        ("Demo C;so;Genk;;;\r\nDemo c;so;Genk;;;\r\n", "rij 3, kolom naam: deze school staat ook in rij 2. Houd één rij over."),
        ("Demo A;so;Genk;;;\r\nAnders;so;As;;;111111\r\n", "rij 3, kolom naam: deze school staat ook in rij 2. Houd één rij over."),
        ("Etienne;so;Genk;;;\r\n", "rij 2, kolom naam: in de lijst staan twee scholen die zo heten. Geef ook het nummer."),
        ("Demo Z;;Genk;;;\r\n", "rij 2, kolom soort: kies so, cvo of jeugdwerk voor een nieuwe school."),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_register_is_told(text: str, said: str) -> None:
    register = [
        known(1, "Demo A", number="111111"), known(2, "Demo B", number="222222"),
        known(3, "Étienne"), known(4, "Eti-enne"),
    ]  # fmt: skip
    assert problems_of(HEAD + text, register) == [said]


def test_the_digest_tells_every_difference() -> None:
    before = known(1, "Demo", postcode="3600")
    outcomes = [
        outcome_of("Demo;so;Genk;;3500;\r\n", before),
        outcome_of("Demo;so;Genk;;3501;\r\n", before),
        outcome_of("Demo;so;Genk;;3500;\r\n", known(2, "Demo", postcode="3600")),
        outcome_of("Demo;so;Genk;;3500;\r\n", known(1, "Demo", postcode="3601")),
        outcome_of("Demo;so;Genk;;3500;\r\n"),
        outcome_of("Demo;so;Genk;;;\r\n", before),
    ]
    assert len({outcome.digest for outcome in outcomes}) == len(outcomes)
    assert outcomes[0].digest == outcome_of("Demo;so;Genk;;3500;\r\n", before).digest
