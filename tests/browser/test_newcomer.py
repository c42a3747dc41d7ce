"""Somebody new at O&S: from a list of two hundred schools to the first three calls, by what stands on the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from lms.clock import BRUSSELS, now
from lms.dev import demo
from tests.browser.site import Site, Visit

HEAD = "Schoolnaam;Type;Plaats;Adres;Postnummer;Instellingsnummer"
PLACES = ("Genk", "Hasselt", "Beringen", "Maaseik", "Lommel")


def write_list(folder: Path, postcode: str) -> Path:
    """As a spreadsheet saves it: semicolons, the letters of Windows; the postcode of row 18 is as given."""
    rows = [
        f"Demoschool Sint-Andr\u00e9 {number:03};so;{PLACES[number % 5]};Demostraat {number};3600;{700000 + number}"
        for number in range(200)
    ]
    rows[16] = rows[16].replace(";3600;", f";{postcode};")
    file = folder / "scholen limburg.csv"
    file.write_bytes("\r\n".join([HEAD, *rows]).encode("cp1252"))
    return file


def take_in(page: Page, file: Path) -> None:
    page.get_by_label("Bestand met scholen").set_input_files(file)
    page.get_by_role("button", name="Bekijk wat er verandert").click()


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_list_of_two_hundred_schools_to_the_first_three_calls(
    enter: Callable[..., Visit], tmp_path: Path, width: int
) -> None:
    with Site(tmp_path / "site", with_demo=False) as site:
        site.inside(lambda: demo.add_person(demo.STAFF))
        visit = enter(site, width=width)
        page = visit.sign_in_as(demo.STAFF)

        # Nothing waits yet; the way to the schools and to the file stands there.
        page.get_by_role("link", name="Bekijk de scholen").click()
        page.get_by_role("link", name="Voer een lijst in").click()
        take_in(page, write_list(tmp_path, "36O0"))
        error = page.get_by_role("alert")
        assert "rij 18, kolom postcode" in error.inner_text() and "Er is niets ingevoerd" in error.inner_text()
        take_in(page, write_list(tmp_path, "3600"))
        assert "200 scholen komen erbij" in page.locator("main").inner_text()
        page.get_by_role("button", name="Voer in", exact=True).click()
        assert "200 scholen zijn toegevoegd" in page.locator("body").inner_text()

        called: list[str] = []
        for text, action in (("Ze bellen terug.", "Opnieuw bellen"), ("Ze zoeken iemand.", ""), ("Geen tijd nu.", "")):
            called.append(call(visit, called, text, action))

        # What was promised for today stands on top the same day, and the list knows of all three calls.
        go_to(visit, "Vandaag")
        first = page.locator("main li", has_text="Opnieuw bellen")
        assert called[0] in first.inner_text()
        go_to(visit, "Scholen")
        for school in called:
            page.get_by_label("Zoek een school").fill(school)
            page.keyboard.press("Enter")
            row = page.locator("tbody tr", has_text=school)
            row.locator("time").wait_for()
            assert "Nog niet gecontacteerd" not in row.inner_text()


def call(visit: Visit, called: list[str], text: str, action: str) -> str:
    """Note a call with the first school of Vandaag that was not called yet; gives its name."""
    page = visit.page
    go_to(visit, "Vandaag")
    for line in page.locator("main li", has_text="Nog nooit een aanspreekpunt").all():
        school = line.get_by_role("link").first.inner_text()
        if school not in called:
            break
    line.get_by_role("link", name="Noteer contact").click()
    page.get_by_label("Wat spraken jullie af?").fill(text)
    if action:
        page.get_by_label("Wat moet er daarna gebeuren?").fill(action)
        page.get_by_label("Tegen wanneer?").fill(now().astimezone(BRUSSELS).date().isoformat())
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.get_by_text(f"Het contact met {school} is genoteerd.").wait_for()
    return school


def go_to(visit: Visit, name: str) -> None:
    """By the menu, which a phone opens first; the next page is there whole, since what is read then does not wait."""
    page = visit.page
    opener = page.locator("button.menu-btn")
    if opener.is_visible():
        opener.click()
    link = page.get_by_role("navigation").get_by_role("link", name=name, exact=True).locator("visible=true").first
    with page.expect_navigation(wait_until="domcontentloaded"):
        link.click()
