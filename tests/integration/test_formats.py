"""The werkvormen: a catalogue that is filtered by its address, for everybody who follows the navorming."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import make_person
from tests.visitor import Browser, Page
from tests.world import library_of


@pytest.fixture
def visit(app: Flask) -> Browser:
    browser = Browser(app)
    browser.sign_in(make_person())
    return browser


def names(page: Page) -> list[str]:
    assert page.soup is not None
    return [link.get_text() for link in page.soup.select("main ul.grid h3 a")]


def chosen(page: Page) -> dict[str, str | None]:
    """What the filter says, by the name of its field."""
    assert page.soup is not None
    picked = {
        str(one.parent["name"] if one.parent.name == "select" else one.find_parent("select")["name"]): str(one["value"])
        for one in page.soup.select("option[selected]")
    }
    ticked = {f"zonder {box['value']}": "on" for box in page.soup.select('input[name="zonder"][checked]')}
    return picked | ticked | {"groep": str(page.soup.select_one("#groep")["value"])}


def test_the_whole_catalogue_stands_on_one_page(visit: Browser, app: Flask) -> None:
    page = visit.get("/werkvormen")
    assert names(page) == [one.name for one in library_of(app).formats] and len(names(page)) == 22
    assert "22 werkvormen" in page.text


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({"doel": "afronden", "minuten": "5"}, ["Vragenparkeerplaats", "Kleurcheck-out", "Drie woorden"]),
        ({"energie": "hoog", "groep": "6"}, ["Groen-rood lokaal", "Barometer"]),
        ({"oefening": "s2-bewust"}, ["Groen-rood lokaal", "Kaart omhoog"]),
        ({"oefening": "s2-bewust", "zonder": ["ruimte"]}, ["Kaart omhoog"]),
        ({"groep": "100", "zonder": ["gsm", "kaartjes"]}, ["Vragenparkeerplaats"]),
    ],
)
def test_every_wish_stands_in_the_address(visit: Browser, wishes: dict[str, object], expected: list[str]) -> None:
    page = visit.get("/werkvormen", query_string=wishes)
    assert names(page) == expected
    without = wishes.pop("zonder", [])
    assert chosen(page) == {"groep": "", **wishes} | {f"zonder {need}": "on" for need in without}  # type: ignore[attr-defined]


def test_nothing_found_says_how_to_go_on(visit: Browser) -> None:
    page = visit.get("/werkvormen?doel=afronden&energie=hoog")
    assert "Niets past bij alles tegelijk" in page.text and "0 werkvormen" in page.text


@pytest.mark.parametrize("size", ["veel", "0", "501", "-3", "1e2", "9999999999"])
def test_a_group_that_is_no_number_is_an_error_at_the_field_and_keeps_the_rest(visit: Browser, size: str) -> None:
    page = visit.get("/werkvormen", query_string={"groep": size, "doel": "kiezen"})
    assert page.status == 422 and page.title.startswith("Fout: ")
    assert "Typ met hoeveel jullie zijn, van 1 tot 500." in page.text
    assert chosen(page) == {"groep": size, "doel": "kiezen"} and len(names(page)) == 22


def test_unknown_wishes_are_no_wishes(visit: Browser) -> None:
    assert len(names(visit.get("/werkvormen?doel=weg&minuten=7&energie=x&zonder=y&iets=1"))) == 22
    assert names(visit.get("/werkvormen?oefening=weg")) == []


def test_a_format_has_its_own_page_with_variations(visit: Browser, app: Flask) -> None:
    for one in library_of(app).formats:
        page = visit.get(f"/werkvormen/{one.slug}")
        for text in (one.variations.shy, one.variations.language, one.variations.online, *one.how, one.pitfall):
            assert text in page.text
    assert visit.get("/werkvormen/bestaat-niet").status == 404


def star_of(page: Page, slug: str) -> str:
    """What the star of a werkvorm says to a screen reader."""
    assert page.soup is not None
    return str(page.soup.select_one(f"#{slug} .star")["aria-pressed"])


def test_a_favourite_is_found_back_and_the_filtered_list_stays_as_it_was(visit: Browser) -> None:
    page = visit.get("/werkvormen?doel=afronden&zonder=gsm")
    assert star_of(page, "drie-woorden") == "false"
    address = "/werkvormen/drie-woorden/favoriet?doel=afronden&zonder=gsm&_external=1&slug=x&endpoint=y"
    answer = visit.post(address, {"wil": "1", "terug": "lijst"}, follow=False)
    assert answer.location == "/werkvormen?doel=afronden&zonder=gsm#drie-woorden"
    assert star_of(visit.get("/werkvormen"), "drie-woorden") == "true"
    assert names(visit.get("/werkvormen?favoriet=1")) == ["Drie woorden"]
    # The same wish twice is one favourite; taking it back twice is taking it back.
    visit.post("/werkvormen/drie-woorden/favoriet", {"wil": "1"})
    assert names(visit.get("/werkvormen?favoriet=1")) == ["Drie woorden"]
    visit.post("/werkvormen/drie-woorden/favoriet", {"wil": "0"})
    page = visit.post("/werkvormen/drie-woorden/favoriet", {"wil": "0"}, follow=True)
    assert "Maak favoriet" in page.text
    assert "Je hebt nog geen favorieten" in visit.get("/werkvormen?favoriet=1").text


def test_favourites_are_ones_own_and_of_the_catalogue(app: Flask, visit: Browser) -> None:
    visit.post("/werkvormen/drie-woorden/favoriet", {"wil": "1"})
    other = Browser(app)
    other.sign_in(make_person())
    assert star_of(other.get("/werkvormen"), "drie-woorden") == "false"
    assert other.post("/werkvormen/bestaat-niet/favoriet", {"wil": "1"}).status == 404
