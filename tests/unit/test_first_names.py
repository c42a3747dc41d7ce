"""A likely first name is noticed, and ordinary words are not."""

from __future__ import annotations

import pytest

from lms.didactics.first_names import likely_first_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wat vindt Lotte daarvan?", "Lotte"),
        ("Yasmine, wat bedoel je?", "Yasmine"),
        ("Hoe ging dat in Genk bij de Colruyt?", None),
        ("Wat doe je in de lotte?", None),
        ("", None),
        ("😀 <b>Jana</b>", "Jana"),
    ],
)
def test_a_likely_first_name_is_noticed(text: str, name: str | None) -> None:
    assert likely_first_name(text) == name


def test_names_of_the_scene_are_expected() -> None:
    assert likely_first_name("Robbe, wat wil jij?", known="Robbe, 17. Ik wil werken.") is None
    assert likely_first_name("Robbe, wat wil Sofie?", known="Robbe, 17.") == "Sofie"
