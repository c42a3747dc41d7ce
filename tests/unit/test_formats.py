"""Choosing a werkvorm: every constraint that is broken is named, and the catalogue is searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.format_models import ActivityFormat, Constraint, Situation
from lms.didactics.formats import NEED_WORDS, Wish, find_broken, search, suits
from tests.real_course import real_library

LIBRARY = real_library()
FORMATS = LIBRARY.formats
NEEDS = tuple(NEED_WORDS)
AMOUNTS, ENERGIES = ("weinig", "gewoon", "veel"), ("laag", "midden", "hoog")


def named(name: str) -> ActivityFormat:
    return next(one for one in FORMATS if one.id == name)


def make_situation(**fields: object) -> Situation:
    values: dict[str, object] = {"exercise": "s2-bewust", "size": 12, "minutes": 60, "available": NEEDS}
    return Situation.model_validate(values | fields)


situations = st.builds(
    make_situation,
    size=st.integers(1, 120),
    minutes=st.integers(1, 60),
    available=st.sets(st.sampled_from(NEEDS)).map(tuple),
    energy=st.none() | st.sampled_from(ENERGIES),
    trust=st.sampled_from(AMOUNTS),
    language=st.sampled_from(AMOUNTS),
)


def test_the_catalogue_has_the_twenty_two_formats_for_every_goal_and_core_exercise() -> None:
    assert [one.id for one in FORMATS] == [f"w{number:02}" for number in range(1, 23)]
    assert {goal for one in FORMATS for goal in one.goals} == {
        "kennismaken", "ophalen", "verdiepen", "bewegen", "kiezen", "afronden",
    }  # fmt: skip
    assert {need for one in FORMATS for need in one.needs} == set(NEEDS)


@pytest.mark.parametrize(
    ("name", "fields", "constraint", "says"),
    [
        ("w08", {"size": 5}, "groep", "Groen-rood lokaal vraagt minstens 6 mensen, en je hebt er 5."),
        ("w10", {"size": 26}, "groep", "Barometer werkt tot 25 mensen, en je hebt er 26."),
        ("w20", {"minutes": 14}, "tijd", "Expertpuzzel vraagt minstens 15 minuten, en je hebt er 14."),
        ("w03", {"available": ["scherm"]}, "materiaal", "Daarvoor ontbreekt hier: gsm's."),
        ("w13", {"energy": "hoog"}, "energie", "Placemat is rustig, en deze groep moet eerst wakker worden."),
        ("w11", {"energy": "laag"}, "energie", "Speeddate is druk, en deze groep heeft nu rust nodig."),
        ("w15", {"trust": "gewoon"}, "veiligheid", "Sterktebriefjes vraagt meer vertrouwen dan deze groep al heeft."),
        ("w20", {"language": "weinig"}, "taal", "Expertpuzzel vraagt meer taal dan voor iedereen"),
    ],
)
def test_a_wrong_pick_names_the_constraint_it_breaks(
    name: str, fields: dict[str, object], constraint: Constraint, says: str
) -> None:
    assert find_broken(named(name), make_situation()) == ()
    (broken,) = find_broken(named(name), make_situation(**fields))
    assert broken.constraint == constraint
    assert says in broken.text.replace("’", "'")


@given(situation=situations, activity=st.sampled_from(FORMATS))
def test_what_is_broken_is_exactly_what_does_not_fit(situation: Situation, activity: ActivityFormat) -> None:
    energies, amounts = {"laag": 0, "midden": 1, "hoog": 2}, {"weinig": 0, "gewoon": 1, "veel": 2}
    expected = set()
    if not activity.group.min <= situation.size <= activity.group.max:
        expected.add("groep")
    if activity.minutes.min > situation.minutes:
        expected.add("tijd")
    if not set(activity.needs) <= set(situation.available):
        expected.add("materiaal")
    if situation.energy and {energies[situation.energy], energies[activity.energy]} == {0, 2}:
        expected.add("energie")
    if amounts[activity.trust] > amounts[situation.trust]:
        expected.add("veiligheid")
    if amounts[activity.language] > amounts[situation.language]:
        expected.add("taal")
    broken = find_broken(activity, situation)
    assert [one.constraint for one in broken] == sorted(
        expected, key=["groep", "tijd", "materiaal", "energie", "veiligheid", "taal"].index
    )
    assert suits(activity, situation) == (not expected and situation.exercise in activity.suits)


@given(situation=situations, activity=st.sampled_from(FORMATS))
def test_more_time_and_more_material_never_break_anything(situation: Situation, activity: ActivityFormat) -> None:
    richer = situation.model_copy(update={"minutes": situation.minutes + 10, "available": NEEDS, "trust": "veel"})
    assert {one.constraint for one in find_broken(activity, richer)} <= {
        one.constraint for one in find_broken(activity, situation)
    }


@given(
    goal=st.none() | st.sampled_from(["kiezen", "afronden"]),
    minutes=st.none() | st.integers(1, 30),
    size=st.none() | st.integers(1, 120),
    energy=st.none() | st.sampled_from(ENERGIES),
    without=st.frozensets(st.sampled_from(NEEDS), max_size=3),
)
def test_a_search_gives_all_that_answer_and_nothing_else(goal, minutes, size, energy, without) -> None:  # type: ignore[no-untyped-def]
    found = search(FORMATS, Wish(goal=goal, minutes=minutes, size=size, energy=energy, without=without))
    for one in FORMATS:
        answers = [
            goal is None or goal in one.goals,
            minutes is None or one.minutes.min <= minutes,
            size is None or one.group.min <= size <= one.group.max,
            energy is None or one.energy == energy,
            not without.intersection(one.needs),
        ]
        assert (one in found) == all(answers)


def test_without_wishes_the_whole_catalogue_is_found() -> None:
    assert search(FORMATS, Wish()) == FORMATS
    assert [one.id for one in search(FORMATS, Wish(exercise="s2-bewust"))] == ["w08", "w09"]
