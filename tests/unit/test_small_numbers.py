"""Who collects every table pins no small number of one school.

The attacker knows the program itself: two worlds are the same to them exactly when ``publish`` gives the same tables.
For small groups every world is tried; for large ones a second world is looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lms.monitoring.rules.small_numbers as room
from lms.monitoring.rules.small_numbers import LESS, SMALL, STEP, Row, publish, rounded

# Of one school: who enrolled, who chose work, who did something else.
School = tuple[int, int, int]
World = tuple[School, ...]


def rows_of(world: Sequence[School]) -> list[Row[int]]:
    return [
        Row(key=at, started=enrolled + work + other, enrolled=enrolled, more={"work": work, "other": other})
        for at, (enrolled, work, other) in enumerate(world)
    ]


def tables_of(world: Sequence[School]) -> tuple[object, ...]:
    group = publish(rows_of(world))
    return (tuple(group.rows.values()), group.totals, tuple((group.more or {}).items()), group.more is None)


def worlds(schools: int, enrolled: int, rest: int) -> dict[tuple[object, ...], list[World]]:
    """Every world of so many schools, under the tables that it gives."""
    splits = [(w, o) for w, o in product(range(rest + 1), repeat=2) if w + o <= rest]
    one = [(e, w, o) for e in range(enrolled + 1) for w, o in splits]
    found: dict[tuple[object, ...], list[World]] = {}
    for world in product(one, repeat=schools):
        found.setdefault(tables_of(world), []).append(world)
    return found


COUNTS: dict[str, Callable[[School], int]] = {
    "enrolled": lambda school: school[0],
    "work": lambda school: school[1],
    "other": lambda school: school[2],
    "rest": lambda school: school[1] + school[2],
    "started": lambda school: sum(school),
}


def pinned(schools: int, enrolled: int, rest: int) -> list[tuple[object, ...]]:
    """Small counts that somebody knows for certain from the tables, and every hidden cell that is known at all.

    What is as large as the largest world tried is left out: there larger worlds are missing, not ambiguity.
    """
    found = []
    for tables, possible in worlds(schools, enrolled, rest).items():
        shown = tables[0]
        assert isinstance(shown, tuple)
        for at in range(schools):
            for name, count in COUNTS.items():
                values = {count(world[at]) for world in possible}
                value = next(iter(values))
                is_hidden = (
                    shown[at] is None and name in {"enrolled", "rest", "started"} and value not in (enrolled, rest)
                )
                if len(values) == 1 and (value in SMALL or (is_hidden and value)):
                    found.append((tables, at, name, value))
    return found


@pytest.mark.parametrize(("schools", "enrolled", "rest"), [(1, 12, 12), pytest.param(2, 6, 8, marks=pytest.mark.slow)])
def test_no_world_is_given_away(schools: int, enrolled: int, rest: int) -> None:
    assert pinned(schools, enrolled, rest) == []


def test_without_hiding_another_school_along_it_is_found_by_subtracting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: only what is small is hidden, and the total stands beside it."""
    monkeypatch.setattr(room, "_is_safe", lambda hidden: True)
    assert pinned(2, 5, 6)


def test_when_the_rest_of_one_school_is_published_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: how the rest went is published also when it is the rest of one school."""
    monkeypatch.setattr(room, "rounded", lambda count: count)
    monkeypatch.setattr(room, "HIDDEN_AT_LEAST", 1)
    assert pinned(2, 5, 6)


counts = st.one_of(st.integers(0, 12), st.integers(0, 2000))
schools = st.lists(st.tuples(counts, counts, counts), max_size=12)


@settings(max_examples=200, deadline=None)
@given(schools)
def test_what_is_published_holds_to_the_rules(world: list[School]) -> None:
    group = publish(rows_of(world))
    for shown, (enrolled, work, other) in zip(group.rows.values(), world, strict=True):
        if shown is not None:
            assert shown == (enrolled + work + other, enrolled)
            assert not {shown[0], shown[1], shown[0] - shown[1]} & set(SMALL)
    assert group.hidden != 1 or group.totals is None
    if group.totals is not None:
        exact = (sum(sum(school) for school in world), sum(school[0] for school in world))
        assert group.totals == tuple(map(rounded, exact))
    assert all(count % STEP == 0 for count in (*(group.totals or ()), *(group.more or {}).values()))


@settings(max_examples=100, deadline=None)
@given(schools)
def test_each_hidden_school_of_a_group_with_totals_could_be_another_one(world: list[School]) -> None:
    """One youngster moves between two hidden schools, which changes no total: the tables stay the same."""
    group = publish(rows_of(world))
    hidden = [at for at, row in group.rows.items() if row is None]
    if group.totals is None:
        return
    for at in hidden:
        assert any(
            moved[at] != world[at] and tables_of(moved) == tables_of(world)
            for other in hidden
            if other != at
            for moved in _moves(world, at, other)
        ), (at, world)


def _moves(world: Sequence[School], one: int, other: int) -> list[list[School]]:
    """Worlds with the same sums: some go from one school to another, or two schools change places in part."""
    found = []
    for source, target in ((one, other), (other, one)):
        for count in range(3):
            for many in {1, 2, 3, world[source][count]}:
                if 0 < many <= world[source][count]:
                    moved = [list(school) for school in world]
                    moved[source][count] -= many
                    moved[target][count] += many
                    found.append([(a, b, c) for a, b, c in moved])
    for begin in (0, 1):
        changed = list(world)
        changed[one] = (*world[one][:begin], *world[other][begin:])  # type: ignore[assignment]
        changed[other] = (*world[other][:begin], *world[one][begin:])  # type: ignore[assignment]
        found.append(changed)
    return found


def test_everything_large_is_shown_as_it_is() -> None:
    group = publish(rows_of([(20, 10, 5), (9, 5, 6), (0, 0, 0)]))
    assert list(group.rows.values()) == [(35, 20), (20, 9), (0, 0)]
    assert group.totals == (55, 30) and group.more == {"work": 15, "other": 10}


def test_the_smallest_other_school_is_hidden_along() -> None:
    group = publish(rows_of([(20, 10, 5), (3, 9, 8), (12, 7, 3), (9, 5, 6)]))
    assert list(group.rows.values()) == [(35, 20), None, (22, 12), None]
    assert group.hidden == 2 and group.totals == (95, 45)


@pytest.mark.parametrize("world", [[(3, 9, 8)], [(1, 0, 0), (1, 1, 0)], [(2, 0, 0)]])
def test_a_group_that_is_too_small_is_withheld(world: list[School]) -> None:
    group = publish(rows_of(world))
    assert group.totals is None and group.more is None and group.hidden == len(world)


def test_rounding_goes_to_the_nearest() -> None:
    assert [rounded(count) for count in range(9)] == [0, 0, 0, 5, 5, 5, 5, 5, 10]


def test_the_words_say_no_more_than_the_rule() -> None:
    assert f"minder dan {max(SMALL) + 1}" == LESS
