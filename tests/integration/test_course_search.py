"""The page to search the course with: found, not found, odd questions, and lessons that wait."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import make_person
from tests.visitor import Browser
from tests.world import library_of

pytestmark = pytest.mark.sqlite_alone

PAGE = "/navorming/zoeken"


@pytest.fixture
def learner(app: Flask) -> Browser:
    return Browser(app).sign_in(make_person())


def test_a_lesson_is_found_with_what_was_asked_marked(learner: Browser) -> None:
    page = learner.get(f"{PAGE}?q=Bijvragen")
    assert page.soup is not None
    first = page.soup.select_one("main ol[role=list] h2 a")
    assert first is not None and first["href"] == "/navorming/bijvragen/wat-een-bijvraag-doet"
    assert first.mark is not None and first.mark.get_text() == "bijvraag"
    assert "lessen met “Bijvragen”" in page.text
    field = page.soup.select_one("input[name=q]")
    assert field is not None and field["value"] == "Bijvragen"


def test_nothing_found_offers_words_that_do_find_something(learner: Browser) -> None:
    page = learner.get(f"{PAGE}?q=xyzzy")
    assert page.soup is not None and "Niets gevonden voor “xyzzy”" in page.text
    chips = [str(chip["href"]) for chip in page.soup.select("a.chip")]
    assert len(chips) > 3
    for address in chips:
        assert "Niets gevonden" not in learner.get(address).text, address


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Typ een woord"),
        ("%20%20", "Typ een woord"),
        ("de+het", "Die woorden staan overal"),
        ("zwijgen+xyzzy", "Geen les heeft al deze woorden"),
        ("<script>alert(1)</script>", "Niets gevonden"),
        ("a" * 5000, "Die woorden staan overal, of zijn te kort"),
        ("%E2%80%AE%F0%9F%99%82", "Die woorden staan overal"),
    ],
)
def test_an_odd_question_gets_a_kind_answer(learner: Browser, query: str, words: str) -> None:
    page = learner.get(f"{PAGE}?q={query}")
    assert page.status == 200 and words in page.text
    assert page.soup is not None and not page.soup.select("main script")


def test_a_nul_is_refused_and_another_field_is_ignored(learner: Browser) -> None:
    assert learner.get(f"{PAGE}?q=vraag%00").status == 404
    assert learner.get(f"{PAGE}?zoek=vraag&q=vraag&q=ander").status == 200


def test_a_lesson_that_waits_for_another_says_so(app: Flask, learner: Browser) -> None:
    waiting = next(module for module in library_of(app).course.modules if module.after)
    page = learner.get(f"{PAGE}?q={waiting.lessons[0].title}")
    assert "· eerst “Bijvragen die openen”" in page.text


def test_the_map_has_the_search_form(learner: Browser) -> None:
    page = learner.get("/navorming")
    assert page.soup is not None
    form = page.soup.select_one("form[role=search]")
    assert form is not None and form["action"] == PAGE and form.find("input", {"name": "q"})
