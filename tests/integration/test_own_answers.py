"""Mijn antwoorden: what somebody answered last, with the feedback, and nobody else's; also when the course changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lms.learning.forms import new_key
from tests.factories import make_finished, make_person
from tests.integration.test_learning import FIRST, KINDS, PARTLY, RIGHT, answered, edit
from tests.server import Reply, Visit

PAGE = "/navorming/mijn-antwoorden"


def answer(visit: Visit, address: str, data: dict[str, Any]) -> None:
    assert visit.post(address, {**data, "key": new_key()}).status == 303


def entry(reply: Reply, name: str) -> str:
    """The text of one exercise on the page."""
    heading = reply.soup.find(id=f"a-{name}")
    assert heading is not None, f"{name} is not on the page"
    return " ".join(heading.find_parent("article").get_text(" ").split())


@pytest.fixture
def visit(rich: Flask) -> Visit:
    return Visit(rich, make_person().id)


def test_who_answered_nothing_is_told_what_will_stand_here(visit: Visit) -> None:
    page = visit.get(PAGE)
    assert page.status == 200 and "Nog geen antwoorden" in page.text


def test_every_kind_of_answer_stands_there_with_its_feedback(rich: Flask) -> None:
    page = answered(rich).get(PAGE)
    assert "Jij: Hoe was het?" not in page.text
    for name, words in {
        "x-multiple": ("Zwijgen helpt Jij: aangeduid Juist Uitleg bij zwijgen.", "Raden helpt Jij: niet aangeduid Juist"),
        "x-classify": ("Hoe was het? Jij: Open Juist Uitleg bij hoe.", "Was het leuk? Jij: Gesloten Juist"),
        "x-match": ("Check-in Jij: Begin Juist Uitleg bij check-in.",),
        "x-order": ("Luisteren Jij: 1e stap Juist Uitleg bij luisteren.", "Uitleg over het geheel."),
        "x-timing": ("Jij: Kort ik in Juist", "Jij: Blijft zoals het is Juist", "Uitleg over de tijd."),
        "x-reflection": ("Jouw notitie Ik wil langer wachten.", "Een mogelijk antwoord.", "Het gaat over mij."),
    }.items():  # fmt: skip
        shown = entry(page, name)
        assert all(part in shown for part in words), shown
        assert "sinds je antwoordde" not in shown


def test_what_was_not_right_says_so_and_what_would_be(visit: Visit) -> None:
    for name, data in PARTLY.items():
        answer(visit, f"{KINDS}/{name}", data)
    page = visit.get(PAGE)
    assert "Deels juist" in entry(page, "x-classify") and "Niet juist. Juist is: gesloten" in entry(page, "x-classify")
    assert "Zwijgen Jij: 3e stap Niet juist" in entry(page, "x-order")


def test_a_werkvorm_that_was_chosen_stands_there_with_what_it_breaks(visit: Visit) -> None:
    answer(visit, f"{KINDS}/x-format", {"choice": "a"})
    shown = entry(visit.get(PAGE), "x-format")
    assert "Jij: Iets wat niet kan Niet juist: dit botst met tijd Uitleg bij wat niet kan." in shown, shown


def test_the_last_answer_is_the_one_that_counts(visit: Visit) -> None:
    answer(visit, f"{KINDS}/x-reflection", {"text": "De eerste gedachte."})
    answer(visit, f"{KINDS}/x-reflection", {"text": "De tweede gedachte."})
    page = visit.get(PAGE).text
    assert "De tweede gedachte." in page and "De eerste gedachte." not in page


def test_nobody_else_sees_them(rich: Flask) -> None:
    answered(rich)
    other = Visit(rich, make_person().id).get(PAGE)
    assert "Ik wil langer wachten." not in other.text and "Nog geen antwoorden" in other.text


def test_a_conversation_and_its_written_variant_stand_there(visit: Visit) -> None:
    visit.post("/navorming/gesprek/robin", {"position": "0", "option": "b"})
    answer(visit, "/navorming/gesprek/sam/schriftelijk", {"choice": "b"})
    page = visit.get(PAGE)
    assert any(words in entry(page, "d-mini") for words in ("Goed gesprek", "op een kier", "viel stil"))
    assert "Jij: Uitvragen Niet juist Dat is werk voor anderen." in entry(page, "d-zwaar-tekst")


def test_the_test_stands_there_with_the_way_to_its_feedback(rich: Flask) -> None:
    page = Visit(rich, make_finished(rich.extensions["shelf"].library).id).get(PAGE)
    assert "3 van de 3 vragen juist" in page.text and page.soup.select_one('main a[href="/navorming/toets"]')


def test_one_part_of_the_course_can_be_looked_at_alone(visit: Visit) -> None:
    answer(visit, f"{FIRST}/x1", {"choice": "a"})
    page = visit.get(f"{PAGE}?deel=klein")
    assert entry(page, "x1") and page.soup.select_one('a.chip[aria-current][href$="deel=klein"]')
    assert visit.get(f"{PAGE}?deel=bestaat-niet").status == 404


# ── the course changed since ───────────────────────────────────────────────


def test_an_exercise_that_was_edited_says_so(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit = answered(app)
    edit(app, course / "klein" / "alle-soorten.md", "Uitleg bij hoe.", "Betere uitleg bij hoe.")
    page = visit.get(PAGE)
    shown = entry(page, "x-classify")
    assert "is aangepast sinds je antwoordde" in shown and "Betere uitleg bij hoe." in shown
    assert "sinds je antwoordde" not in entry(page, "x-match"), "another exercise in the same lesson stayed"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("x-multiple", '{id: a, text: "Zwijgen helpt"', '{id: d, text: "Zwijgen helpt"'),
        ("x-classify", '{id: dicht, text: "Gesloten"}', '{id: toe, text: "Gesloten"}'),
        ("x-match", '{id: r1, text: "Begin"}', '{id: r9, text: "Begin"}'),
        ("x-order", '{id: s1, text: "Luisteren"', '{id: s9, text: "Luisteren"'),
    ],
)
def test_an_answer_that_fits_no_more_is_told_and_breaks_nothing(
    editable: tuple[Flask, Path], name: str, old: str, new: str
) -> None:
    app, course = editable
    visit = answered(app)
    file = course / "klein" / "alle-soorten.md"
    if name == "x-classify":
        file.write_text(file.read_text().replace("label: dicht", "label: toe"))
    if name == "x-match":
        file.write_text(file.read_text().replace("accept: [r1]", "accept: [r9]"))
    edit(app, file, old, new)
    assert "Je antwoord past er niet meer bij." in entry(visit.get(PAGE), name)


def test_a_note_outlives_an_exercise_that_left(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit = answered(app)
    (course / "moved.yaml").write_text("exercises: {x-reflection: gone}\n")
    edit(app, course / "klein" / "alle-soorten.md", "id: x-reflection", "id: x-anders")
    page = visit.get(PAGE)
    assert "Niet meer in de cursus" in page.text and "Ik wil langer wachten." in page.text
    assert "één oefening die er nu niet meer is" in page.text


def test_the_lesson_of_an_answer_may_be_gone(editable: tuple[Flask, Path]) -> None:
    app, course = editable
    visit = answered(app)
    kinds = ("multiple", "classify", "match", "order", "own-question", "reflection", "timing")
    names = ", ".join(f"x-{kind}: gone" for kind in kinds)
    (course / "moved.yaml").write_text(f"exercises: {{{names}}}\n")
    (course / "klein" / "alle-soorten.md").unlink()
    edit(app, course / "klein" / "module.yaml", "alle-soorten.md, ", "")
    page = visit.get(PAGE)
    assert page.status == 200 and f"{len(RIGHT)} oefeningen die er nu niet meer zijn" in page.text
