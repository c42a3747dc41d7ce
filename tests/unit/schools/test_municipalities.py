"""The municipalities of Limburg and the names from before the mergers."""

from __future__ import annotations

import re
from math import hypot

import pytest

from lms.schools.rules.municipalities import (
    FORMER_NAMES,
    MAP_BOX,
    MAP_OUTLINE,
    MINING_MUNICIPALITIES,
    MUNICIPALITIES,
    MUNICIPALITY_NAMES,
    former_name_of,
    municipality_named,
)


def test_limburg_has_38_municipalities_each_once_by_name():
    assert len(MUNICIPALITY_NAMES) == len(set(MUNICIPALITY_NAMES)) == 38
    assert sorted(MUNICIPALITY_NAMES) == list(MUNICIPALITY_NAMES)


def test_five_of_them_are_mijngemeenten():
    assert [one.name for one in MUNICIPALITIES if one.is_mining] == list(MINING_MUNICIPALITIES)


def test_a_name_from_before_a_merger_leads_to_the_name_of_today():
    assert set(FORMER_NAMES.values()) <= set(MUNICIPALITY_NAMES)
    assert not set(FORMER_NAMES) & set(MUNICIPALITY_NAMES)
    assert municipality_named("Kortessem") == "Hasselt"
    assert municipality_named("bilzen") == "Bilzen-Hoeselt"
    assert former_name_of("TONGEREN") == "Tongeren"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("genk", "Genk"), ("Sint Truiden", "Sint-Truiden"), (" heusden zolder ", "Heusden-Zolder"), ("Pelt", "Pelt")],
)
def test_capitals_spaces_and_hyphens_do_not_matter(typed: str, meant: str):
    assert municipality_named(typed) == meant
    assert former_name_of(typed) is None


@pytest.mark.parametrize("elsewhere", ["Leuven", "Diest", "Hamme", "", "Genk-Zuid"])
def test_a_name_outside_limburg_stays_as_it_was_typed(elsewhere: str):
    assert municipality_named(elsewhere) == elsewhere


def test_every_dot_lies_on_the_map_and_no_two_lie_on_each_other():
    left, top, width, height = MAP_BOX
    for one in MUNICIPALITIES:
        assert left < one.x < left + width
        assert top < one.y < top + height
    gaps = [hypot(a.x - b.x, a.y - b.y) for a in MUNICIPALITIES for b in MUNICIPALITIES if a.name < b.name]
    assert min(gaps) > 12


def test_the_places_agree_with_what_is_known_of_where_towns_lie():
    """North is up and east is right: a few pairs that everybody from Limburg knows."""
    at = {one.name: one for one in MUNICIPALITIES}
    assert at["Hamont-Achel"].y < at["Peer"].y < at["Genk"].y < at["Bilzen-Hoeselt"].y < at["Riemst"].y
    assert at["Halen"].x < at["Beringen"].x < at["Hasselt"].x < at["Genk"].x < at["Maasmechelen"].x < at["Voeren"].x
    corners = {(int(x), int(y)) for x, y in re.findall(r"(\d+) (\d+)", MAP_OUTLINE)}
    assert corners <= {(one.x, one.y) for one in MUNICIPALITIES}
