"""A session against the clock: the same day is the same run, the minutes add up, and nothing is better than the best."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lms.content.rehearsal_models import Disruption, LessonHour, PlacedRehearsal
from lms.content.rehearsal_rules import fits_in
from lms.content.toolbox_models import Limits, Session
from lms.didactics.timing.costs import best_run, cost_lines, cost_of
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.overruns import LAST_DAY
from lms.didactics.timing.plans import DoesNotFit
from lms.didactics.timing.rehearsing import Choice, Day, Lost, Point
from tests.real_course import real_library
from tests.unit.timing.sessions import MINIS, make_exercise, make_session, small_sessions

REAL = {
    exercise.slug: exercise
    for lesson in real_library().course.lessons
    for exercise in lesson.exercises
    if isinstance(exercise, PlacedRehearsal)
}


def make_rehearsal(session: Session, hours: list[int], *late: tuple[list[str], int, int]) -> PlacedRehearsal:
    """``late``: where something may overrun, with the least and the most minutes."""
    return PlacedRehearsal(
        id="proef", kind="rehearsal", slug="proef", title="Proef", scene="Proef", session=session.slug,
        hours=tuple(LessonHour(day="Maandag", start="10.25", minutes=minutes) for minutes in hours),
        disruptions=tuple(
            Disruption(id=f"d{n}", during=tuple(at), minutes=Limits(min=least, max=most), scene="Zo.", lesson="Zo.")
            for n, (at, least, most) in enumerate(late)
        ),
        feedback="Zo.", taken_from=session, minis=MINIS,
    )  # fmt: skip


@st.composite
def days(draw: st.DrawFn) -> Day:
    session = draw(small_sessions())
    hours = draw(st.lists(st.integers(8, 20), min_size=1, max_size=2))
    names = [exercise.id for exercise in session.exercises[:-1]] + ["mini-checkin"]
    late = [
        ([draw(st.sampled_from(names))], least, least + 2)
        for least in draw(st.lists(st.integers(1, 5), min_size=2, max_size=4))
    ]
    day = Day(make_rehearsal(session, hours, *late), draw(st.integers(1, LAST_DAY)))
    try:
        _ = day.plan
    except DoesNotFit:
        assume(False)
    return day


def all_runs(day: Day, said: tuple[str, ...] = ()) -> Iterator[Point]:
    """Every run there is, each played from the start."""
    point = day.play(said)
    if point.open is None:
        yield point
        return
    for offer in point.open.offers:
        if offer.hours is not None:
            yield from all_runs(day, (*said, offer.choice))


@settings(max_examples=60, deadline=None)
@given(day=days())
def test_the_best_run_is_the_best_of_all_runs(day: Day) -> None:
    ranks = [cost_of(day, point).rank for point in all_runs(day)]
    best = best_run(day)
    assert cost_of(day, best).rank == min(ranks)
    assert day.play(best.choices) == best


@settings(max_examples=60, deadline=None)
@given(day=days(), data=st.data())
def test_the_minutes_of_a_run_add_up_and_the_same_decisions_give_the_same_run(day: Day, data: st.DataObject) -> None:
    point = day.start()
    while point.open is not None:
        assert point.open.late > 0 and point.open.offers[0].choice == "go_on"
        assert all((offer.hours is None) == bool(offer.reason) for offer in point.open.offers)
        possible = [offer.choice for offer in point.open.offers if offer.hours is not None]
        point = day.decide(point, data.draw(st.sampled_from(possible)))
    assert Day(day.rehearsal, day.number).play(point.choices) == point
    for hour, bell in enumerate(day.rehearsal.minutes, start=1):
        trail = [one for one in point.trail if one.hour == hour]
        inside = [one for one in trail if one.block.in_class]
        minute = 0
        for one in trail:
            assert one.start == minute <= one.end and one.own >= 0 and one.extra >= 0
            minute = one.end
        assert minute <= bell
        behind = sum(one.block.minutes - one.own for one in inside)
        assert sum(one.block.minutes + one.extra for one in inside) == minute + behind
        assert behind == 0 or minute == bell
    # An exercise stands in one hour only, also when it was moved.
    names = [(one.block.id, one.hour if one.block.status == "mini" else 0) for one in point.trail]
    assert len(names) == len(set(names))
    assert {one.block.id for one in point.trail} == {block.id for block in day.plan.blocks}


@settings(max_examples=60, deadline=None)
@given(day=days(), data=st.data())
def test_who_acts_in_time_loses_nothing_to_the_bell(day: Day, data: st.DataObject) -> None:
    point = day.start()
    while point.open is not None:
        possible = [offer.choice for offer in point.open.offers[1:] if offer.hours is not None]
        assume(possible)
        point = day.decide(point, data.draw(st.sampled_from(possible)))
    cost = cost_of(day, point)
    assert (cost.core_lost, cost.closings_lost, cost.others_lost, cost.over) == ((), (), (), 0)


@settings(max_examples=100, deadline=None)
@given(session=small_sessions(), hours=st.lists(st.integers(3, 16), min_size=1, max_size=3))
def test_the_check_of_authors_agrees_with_the_planner(session: Session, hours: list[int]) -> None:
    try:
        fit(session, hours, MINIS)
        fits = True
    except DoesNotFit:
        fits = False
    assert fits_in(session, hours, MINIS.checkin.min, MINIS.checkout.min) is fits


def late_day() -> Day:
    """Two core exercises and one that may go, in one hour with a minute to spare; the first runs five minutes late."""
    session = make_session(
        make_exercise("eerst", 8, 6, core=True),
        make_exercise("kern", 6, 4, core=True),
        make_exercise("extra", 6, 3, droppable=True),
    )
    return Day(make_rehearsal(session, [27], (["eerst"], 5, 5), (["eerst"], 5, 5)), 1)


def test_going_on_as_planned_costs_what_the_bell_takes() -> None:
    day = late_day()
    moment = day.start().open
    assert moment is not None and (moment.minute, moment.behind, moment.late) == (16, 5, 4)
    assert moment.bell_in.id == "extra"
    point = day.play(["go_on", "go_on"])
    cost = cost_of(day, point)
    assert cost.closings_lost == ("Checkout",) and cost.core_lost == () and cost.over == 4
    assert [one.fate for one in point.trail] == ["done", "done", "done", "broken", "lost"]
    assert cost_lines(cost)[0] == "Voor de afronding was geen tijd meer: Checkout."


@pytest.mark.parametrize(
    ("choice", "says"),
    [("shorten", "Ingekort: samen 4 minuten"), ("skip", "Weggelaten: Extra.")],
)
def test_each_decision_has_its_price(choice: Choice, says: str) -> None:
    day = late_day()
    assert cost_lines(cost_of(day, day.play([choice])))[0].startswith(says)


@pytest.mark.parametrize("choices", [["home"], ["later"], ["weg"], ["shorten", "go_on"], [""]])
def test_what_is_not_offered_is_lost(choices: list[str]) -> None:
    with pytest.raises(Lost):
        late_day().play(choices)


def test_what_does_not_fit_moves_to_the_next_hour() -> None:
    session = make_session(
        make_exercise("eerst", 8, 8, core=True),
        make_exercise("kern", 6, 6, core=True),
        make_exercise("slot", 8, 8, core=True),
    )
    day = Day(make_rehearsal(session, [20, 20], (["eerst"], 4, 4), (["eerst"], 4, 4)), 1)
    point = day.play(["later"])
    assert [(one.block.id, one.hour) for one in point.trail] == [
        ("checkin", 1), ("eerst", 1), ("mini-checkout", 1), ("mini-checkin", 2), ("kern", 2), ("slot", 2), ("checkout", 2),
    ]  # fmt: skip
    assert cost_of(day, point).rank[:3] == (0, 0, 0)


def test_a_day_is_the_same_on_every_machine() -> None:
    """Colleagues compare days by number, so the draw may never change by itself."""
    day = Day(REAL["wie-ben-jij"], 17)
    assert {name: (one.disruption.id, one.minutes) for name, one in day.overruns.items()} == {
        "s1-checkin": ("turnen", 5),
        "s1-heden-ik": ("wifi", 6),
        "mini-checkin.2": ("fotograaf", 9),
        "s1-heden-anderen": ("uitleg", 4),
        "s1-toekomst": ("discussie", 7),
    }


@pytest.mark.parametrize("slug", sorted(REAL))
def test_the_real_rehearsals_ask_something_on_most_days(slug: str) -> None:
    asks = [Day(REAL[slug], number).start().open is not None for number in range(1, LAST_DAY + 1)]
    assert sum(asks) > 60
    used = {one.disruption.id for n in range(1, LAST_DAY + 1) for one in Day(REAL[slug], n).overruns.values()}
    assert used == {one.id for one in REAL[slug].disruptions}
