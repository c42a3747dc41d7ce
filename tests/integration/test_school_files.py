"""Files with schools through the site: nothing is written before it was shown, all or nothing, and never twice."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

from lms.clock import now
from lms.database import db
from lms.people.rules import new_token
from lms.people.tables import Act, AuditRow
from lms.permissions import Role
from lms.privacy.actions import sweep
from lms.privacy.rules.registry import part_of
from lms.schools.tables import School, SchoolImport
from tests.factories import make_person, make_school
from tests.integration.test_pages_scale import statements
from tests.world import Browser, database_state, end_transaction, form_token

FOLDER = Path(__file__).parents[1] / "data" / "school-imports"
EXPECTED: dict[str, list[str]] = yaml.safe_load((FOLDER / "expected.yaml").read_text())
HEAD = "Naam;Soort;Gemeente;Straat en nummer;Postcode;Schoolnummer\n"
LIST = HEAD + "Demoschool;so;Genk;Demostraat 1;3600;999001\nDemo-CVO;cvo;As;;;\n"

pytestmark = pytest.mark.both


@pytest.fixture
def staff(app: Flask) -> Browser:
    return Browser(app).sign_in(make_person(role=Role.OS_STAFF).id)


def send(browser: Browser, data: bytes | str, name: str = "scholen.csv", key: str = "") -> Any:
    raw = data.encode() if isinstance(data, str) else data
    form = {"csrf_token": form_token(browser), "key": key or new_token(), "file": (io.BytesIO(raw), name)}
    return browser.raw("POST", "/scholen/invoeren", data=form, content_type="multipart/form-data")


def confirm(browser: Browser, path: str, digest: str | None = None) -> Any:
    if digest is None:
        digest = str(browser.get(path).soup.find("input", {"name": "digest"})["value"])
    return browser.raw("POST", path, data={"csrf_token": form_token(browser), "digest": digest})


def count(table: Any, *conditions: Any) -> int:
    end_transaction()
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


@pytest.mark.sqlite_alone
def test_a_bad_file_writes_nothing_and_says_everything(staff: Browser) -> None:
    before = database_state()
    for name, lines in EXPECTED.items():
        reply = send(staff, (FOLDER / name).read_bytes(), name)
        text = reply.get_data(as_text=True)
        assert reply.status_code == 422 and "Er is niets ingevoerd" in text, name
        shown = [item.get_text() for item in BeautifulSoup(text, "lxml").select(".error-summary li")]
        assert [" ".join(line.split()) for line in shown] == [" ".join(line.split()) for line in lines], name
    assert database_state() == before


def test_without_a_file_it_says_so(staff: Browser) -> None:
    form = {"csrf_token": form_token(staff), "key": new_token()}
    reply = staff.raw("POST", "/scholen/invoeren", data=form, content_type="multipart/form-data")
    assert reply.status_code == 422 and "Kies eerst een bestand." in reply.get_data(as_text=True)


def test_a_file_is_shown_first_and_then_carried_out_whole(staff: Browser) -> None:
    school = make_school(name="demoschool", number=None)
    before = count(School)
    preview = send(staff, LIST).location
    assert count(School) == before, "the preview wrote schools"
    text = staff.get(preview).text
    assert "1 school komt erbij, 1 wijzigt. 0 staan er al zo." in text
    changed = staff.get(f"{preview}?toon=gewijzigd").soup.select_one("tbody tr")
    assert changed is not None and "Demostraat 1" in changed.get_text() and "3600" in changed.get_text()
    assert confirm(staff, preview).location == "/scholen"
    end_transaction()
    row = db.session.get_one(School, school.id)
    assert (row.name, row.street, row.number, row.version) == ("Demoschool", "Demostraat 1", "999001", 2)
    assert count(School) == before + 1 and count(AuditRow, AuditRow.act == Act.SCHOOLS_IMPORTED.value) == 1
    assert "Dit bestand is ingevoerd" in staff.get(preview).text


def test_the_same_file_twice_adds_nothing(staff: Browser) -> None:
    confirm(staff, send(staff, LIST).location)
    state = database_state(without=frozenset({"school_import", "sign_in"}))
    again = send(staff, LIST).location
    assert "Alles in dit bestand staat al zo in de lijst." in staff.get(again).text
    assert database_state(without=frozenset({"school_import", "sign_in"})) == state and count(School) == 2


def test_the_same_button_twice_gives_the_first_result(staff: Browser) -> None:
    preview = send(staff, LIST).location
    digest = str(staff.get(preview).soup.find("input", {"name": "digest"})["value"])
    for _ in range(3):
        assert confirm(staff, preview, digest).status_code == 303
    assert count(School) == 2 and count(AuditRow, AuditRow.act == Act.SCHOOLS_IMPORTED.value) == 1


def test_the_same_form_twice_keeps_one_file(staff: Browser) -> None:
    key = new_token()
    assert send(staff, LIST, key=key).location == send(staff, LIST, key=key).location
    send(staff, LIST)
    assert count(SchoolImport) == 1, "an earlier file that waited is gone"


@pytest.mark.parametrize("how", ["changed", "added", "clashes"])
def test_what_somebody_changed_meanwhile_is_shown_before_it_is_overwritten(staff: Browser, how: str) -> None:
    school = make_school(name="Demoschool", postcode="3500")
    preview = send(staff, LIST).location
    digest = str(staff.get(preview).soup.find("input", {"name": "digest"})["value"])
    if how == "changed":
        db.session.merge(school).postcode = "3501"
    else:
        make_school(
            name="Demo-CVO" if how == "added" else "Andere",
            municipality="As",
            number="999001" if how == "clashes" else None,
        )
    db.session.commit()
    state = database_state(without=frozenset({"sign_in"}))
    reply = confirm(staff, preview, digest)
    text = reply.get_data(as_text=True)
    assert reply.status_code == 409 and "Intussen veranderde iemand anders iets in de lijst." in text
    assert database_state(without=frozenset({"sign_in"})) == state
    if how == "clashes":
        assert "dit nummer hoort bij Andere in As." in text
    else:
        assert confirm(staff, preview).location == "/scholen"


@pytest.mark.parametrize("digest", ["", "0" * 64, "x"])
def test_what_was_not_shown_is_not_carried_out(staff: Browser, digest: str) -> None:
    preview = send(staff, LIST).location
    assert confirm(staff, preview, digest).status_code == 409 and count(School) == 0


def test_a_file_is_there_for_its_owner_alone(app: Flask, staff: Browser) -> None:
    preview = send(staff, LIST).location
    other = Browser(app).sign_in(make_person(role=Role.OS_STAFF).id)
    assert other.raw("GET", preview).status_code == 404
    assert confirm(other, preview, "0" * 64).status_code == 404
    assert count(School) == 0


def test_a_file_that_nobody_decided_about_goes_after_a_week(staff: Browser) -> None:
    preview = send(staff, LIST).location
    kept = db.session.scalars(select(SchoolImport)).one()
    assert sweep(part_of("school_import")) == 0
    kept.created_at = now().replace(year=now().year - 1)
    db.session.commit()
    assert sweep(part_of("school_import")) == 1
    assert staff.raw("GET", preview).status_code == 404


def many(rows: int) -> str:
    return HEAD + "".join(f"Demoschool {n};so;Genk;Demostraat {n};3600;{100_000 + n}\n" for n in range(rows))


def test_a_long_file_costs_as_many_statements_as_a_short_one(staff: Browser) -> None:
    costs = []
    for rows in (5, 400):
        with statements() as seen:
            preview = send(staff, many(rows)).location
            staff.get(preview)
            assert confirm(staff, preview).status_code == 303
        costs.append(len(seen))
        changed = many(rows).replace("3600", "3500")
        with statements() as seen:
            assert confirm(staff, send(staff, changed).location).status_code == 303
        costs.append(len(seen))
        for school in db.session.scalars(select(School)):
            db.session.delete(school)
        db.session.commit()
    assert costs[:2] == costs[2:], costs
    assert max(costs) <= 40


def test_a_file_of_ten_thousand_schools_fits(app: Flask, staff: Browser) -> None:
    """More bytes than any other page takes; another page still takes no more than before."""
    data = many(10_000).replace("Demostraat", "Demostraat met een heel erg lange naam die lang is en nog langer in")
    assert len(data) > app.config["MAX_CONTENT_LENGTH"]
    assert send(staff, data).status_code == 303
    form = {"csrf_token": form_token(staff), "name": "x" * 1_100_000}
    assert staff.raw("POST", "/scholen/nieuw", data=form).status_code == 413
    assert send(staff, "x" * 3_100_000).status_code == 413
    begeleider = Browser(app).sign_in(make_person().id)
    assert send(begeleider, data).status_code in {404, 413}


def test_a_name_in_a_file_is_text_on_every_page(staff: Browser) -> None:
    preview = send(staff, HEAD + '"<script>alert(1)</script>";so;<b>Genk</b>;<i>;;\n', "<b>lijst</b>.csv").location
    for path in (preview, f"{preview}?toon=zelfde"):
        source = staff.get(path).response.get_data(as_text=True)
        assert "<script>alert" not in source and "<b>Genk" not in source and "<b>lijst" not in source
    confirm(staff, preview)
    assert "<script>alert" not in staff.get("/scholen").response.get_data(as_text=True)
