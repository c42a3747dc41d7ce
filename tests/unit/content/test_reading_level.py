"""The reading level of a text: short words in short sentences score high, and nothing is ever refused for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.config import ROOT
from lms.content.reader import read_library
from lms.content.reading_level import EASY, HARD, count_syllables, measure, reading_levels
from tests.rich_course import change, write_rich_course

EASY_TEXT = ["De groep zit in een kring. Jan zegt niets. Je wacht. Dan vraag je wat hij ziet. " * 3]
HARD_TEXT = [
    "Overeenkomstig de desbetreffende beleidsaanbevelingen dient de verantwoordelijke begeleidingsverantwoordelijke, "
    "rekening houdend met interdisciplinaire onderwijskundige randvoorwaarden, de ontwikkelingsgerichte "
    "gespreksmethodiek systematisch te operationaliseren binnen de organisatorische mogelijkheden van de "
    "onderwijsinstelling en haar maatschappelijke samenwerkingsverbanden."
]


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("hoe", 1), ("idee", 2), ("open", 2), ("museum", 3), ("bijvraag", 2), ("begeleiderspakket", 6), ("één", 1),
        ("ruïne", 3), ("foto’s", 2), ("theater", 3), ("studiekeuze", 4), ("CLB", 1), ("team", 1), ("radio", 3),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_people_say_them(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_the_formula_is_the_one_of_douma() -> None:
    # 30 words of one syllable in 3 sentences: 206.84 - 0.77 * 100 - 0.93 * 10 = 120.54, shown as at most 100.
    level = measure("kort", ["een twee drie vier vijf zes acht een twee tien. ".replace("tien", "vijf") * 3])
    assert level is not None and (level.words, level.sentences, level.score) == (30, 3, 100)
    # 30 words of three syllables in 1 sentence: 206.84 - 0.77 * 300 - 0.93 * 30 is below zero.
    level = measure("lang", ["oefening " * 30])
    assert level is not None and (level.words, level.sentences, level.score) == (30, 1, 0)
    # 40 words, 60 syllables, 4 sentences: 206.84 - 115.5 - 9.3 = 82.04.
    level = measure("gewoon", ["hoe open hoe open hoe open hoe open hoe open. " * 4])
    assert level is not None and (level.words, level.sentences, level.score) == (40, 4, 82)


def test_a_hard_text_scores_low_and_an_easy_one_high() -> None:
    easy, hard = measure("a", EASY_TEXT), measure("b", HARD_TEXT)
    assert easy is not None and hard is not None
    assert easy.score >= EASY and easy.verdict == "vlot"
    assert hard.score < HARD and hard.verdict == "pittig"


def test_a_few_words_say_nothing() -> None:
    assert measure("kort", ["Welkom."]) is None


def test_addresses_are_no_words() -> None:
    text = "De groep zit in een kring en wacht op wat er komt. " * 3
    with_address = text + "https://www.onderwijskiezer.be/iprefer/index.php"
    assert measure("x", [text]) == measure("x", [with_address])


def test_every_lesson_and_session_of_the_real_content_has_a_level() -> None:
    library = read_library(ROOT / "courses")
    levels = reading_levels(library)
    assert len(levels) == len(library.course.lessons) + len(library.sessions)
    assert {level.name for level in levels if level.score < EASY} == set(), "not B1: shorten sentences or words"


def test_a_case_does_not_read_the_session_that_it_is_about(tmp_path: Path) -> None:
    folder = write_rich_course(tmp_path / "courses")
    before = {level.name: level.words for level in reading_levels(read_library(folder))}
    change(folder / "toolbox/kleine-sessie/sessie.yaml", "Rond rustig af.", "Rond rustig af met nog enkele woorden.")
    after = {level.name: level.words for level in reading_levels(read_library(folder))}
    assert before["klein/alle-soorten"] == after["klein/alle-soorten"]
    assert before["toolbox/kleine-sessie"] < after["toolbox/kleine-sessie"]


def test_ids_and_labels_are_not_read(tree: Path) -> None:
    before = {level.name: level.words for level in reading_levels(read_library(tree))}
    file = tree / "navorming/bijvragen/wat-een-bijvraag-doet.md"
    file.write_text(
        file.read_text().replace("label: open", "label: open-vraag").replace("{id: open,", "{id: open-vraag,")
    )
    assert {level.name: level.words for level in reading_levels(read_library(tree))} == before
