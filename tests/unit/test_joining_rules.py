"""Decisions about joining that need no database: codes of links, pasted addresses, what a school still has to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.clock import now
from lms.monitoring.rules import Colleague, names_of, next_steps
from lms.schools.rules import LINK_LENGTH, LINK_LETTERS, new_link_code, read_link_code, shown_link_code, split_addresses


def test_a_code_has_no_letters_that_look_alike_and_is_never_the_same() -> None:
    codes = {new_link_code() for _ in range(500)}
    assert len(codes) == 500
    assert set("".join(codes)) == set(LINK_LETTERS)
    assert {len(code) for code in codes} == {LINK_LENGTH}
    assert not set(LINK_LETTERS) & set("0o1il2z5s8b9gquvyae") - {"g"}


@pytest.mark.parametrize("typed", ["cdfg-hjkm", "CDFG-HJKM", "cdfghjkm", " cdfg hjkm ", "Cdfg–hjkm".replace("–", "-")])
def test_a_code_may_be_typed_in_many_ways(typed: str) -> None:
    assert read_link_code(typed) == "cdfghjkm"
    assert shown_link_code("cdfghjkm") == "cdfg-hjkm"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("an@school.be", [(1, "", "an@school.be")]),
        ("an@school.be, bo@school.be; cas@school.be", [(1, "", a) for a in ("an@school.be", "bo@school.be", "cas@school.be")]),
        ("an@school.be bo@school.be", [(1, "", "an@school.be"), (1, "", "bo@school.be")]),
        ("an@school.be\r\n\r\n  bo@school.be \n", [(1, "", "an@school.be"), (3, "", "bo@school.be")]),
        ("An Peeters <an@school.be>", [(1, "An Peeters", "an@school.be")]),
        ('"Peeters, An" <an@school.be>', [(1, "An Peeters", "an@school.be")]),
        ("An Peeters <an@school.be>, Bo <bo@school.be>", [(1, "An Peeters", "an@school.be"), (1, "Bo", "bo@school.be")]),
        ("<an@school.be>", [(1, "", "an@school.be")]),
        ("An\tPeeters\tan@school.be", [(1, "An Peeters", "an@school.be")]),
        ("An;Peeters;an@school.be\nBo;Maes;bo@school.be", [(1, "An Peeters", "an@school.be"), (2, "Bo Maes", "bo@school.be")]),
        ("an@school.be An Peeters", [(1, "An Peeters", "an@school.be")]),
        ("niets\nan@school.be", [(1, "", "niets"), (2, "", "an@school.be")]),
        ("an@", [(1, "", "an@")]),
        ("", []),
        (" ,;\n\t", []),
    ],
)  # fmt: skip
def test_addresses_are_read_the_way_people_paste_them(text: str, found: list[tuple[int, str, str]]) -> None:
    assert [(one.line, one.name, one.address) for one in split_addresses(text)] == found


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], ""), (["An"], "An"), (["An", "Bo"], "An en Bo"), (["An", "Bo", "Cas"], "An, Bo en Cas"),
        (["An", "Bo", "Cas", "Dré", "Els"], "An, Bo en nog 3 collega’s"),
    ],
)  # fmt: skip
def test_names_are_put_in_a_sentence(names: list[str], sentence: str) -> None:
    assert names_of(names) == sentence


ME = 1
WAITING = Colleague(
    id=2, membership_id=2, name="Nele Nog", email="nele@school.example", lessons_done=0, lessons=4,
    test_passed=False, minutes_left=120, last_at=None, completed_at=None,
)  # fmt: skip
BUSY = replace(WAITING, id=3, name="Bram Bezig", last_at=now(), minutes_left=40)
DONE = replace(WAITING, id=4, name="Kim Klaar", last_at=now(), completed_at=now(), minutes_left=0)
MYSELF = replace(WAITING, id=ME, name="Ann Aanspreekpunt")


@pytest.mark.parametrize(
    ("colleagues", "invited", "said"),
    [
        ([], [], ["Nodig je eerste collega’s uit, of hang de affiche op."]),
        ([MYSELF], [], ["Nodig je eerste collega’s uit, of hang de affiche op."]),
        ([MYSELF], ["Ilse"], ["Ilse is uitgenodigd en nog niet binnen."]),
        ([MYSELF, WAITING], [], ["Spreek Nele aan om te beginnen."]),
        ([BUSY], [], ["Bram is bezig. Vraag hoe het gaat."]),
        ([MYSELF, DONE], [], ["Je collega is klaar. Spreek af wie de eerste sessie geeft."]),
        ([DONE, DONE], [], ["Iedereen is klaar. Spreek af wie de eerste sessie geeft."]),
        (
            [MYSELF, WAITING, BUSY, BUSY, DONE], ["Ilse", "imke@school.example"],
            [
                "Spreek Nele aan om te beginnen.",
                "Ilse en imke@school.example zijn uitgenodigd en nog niet binnen.",
                "Bram en Bram zijn bezig. Vraag hoe het gaat.",
            ],
        ),
    ],
)  # fmt: skip
def test_the_page_says_what_the_school_still_has_to_do(
    colleagues: list[Colleague], invited: list[str], said: list[str]
) -> None:
    assert [step.text for step in next_steps(colleagues, invited, me=ME)] == said
