"""Fitting a session in time: against a brute force, and for every time with the four real sessions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.toolbox_models import Session
from lms.didactics.timing.checking import find_flaws
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.plans import DoesNotFit, Plan
from tests.unit.timing.brute_force import best, pieces_of
from tests.unit.timing.sessions import (
    MINIS,
    is_sorted,
    make_exercise,
    make_session,
    make_split,
    real_session,
    real_sessions,
    small_sessions,
)

SLUGS = ("wie-ben-jij", "talenten", "studiekeuze", "leven-als-student")


def same(session: Session, plan: Plan, expected: list[tuple[int, int] | None]) -> bool:
    """A split exercise that stands in one hour as a whole counts as the sum of its steps."""
    given = {block.id: block for block in plan.blocks}
    pieces, place = pieces_of(session), 0
    for number, exercise in enumerate(session.exercises):
        own = expected[place : place + sum(piece.exercise == number for piece in pieces)]
        place += len(own)
        if exercise.id in given:
            block = given[exercise.id]
            inside = [one for one in own if one is not None]
            if inside and len(inside) < len(own):
                return False
            if block.minutes != sum(one[0] for one in inside) or any(one[1] != block.hour for one in inside):
                return False
        else:
            blocks = [given[f"{exercise.id}.{step.label}"] for step in exercise.steps]
            if [(b.minutes, b.hour) if b.in_class else None for b in blocks] != own:
                return False
    return True


@settings(max_examples=120, deadline=None)
@given(session=small_sessions(), hours=st.lists(st.integers(3, 22), min_size=1, max_size=3))
def test_no_plan_is_better_than_the_one_that_fit_gives(session: Session, hours: list[int]) -> None:
    expected = best(session, hours, MINIS)
    if expected is None:
        with pytest.raises(DoesNotFit):
            fit(session, hours, MINIS)
        return
    plan = fit(session, hours, MINIS)
    assert same(session, plan, expected[1]), (plan.blocks, expected)
    assert find_flaws(session, plan.blocks, hours, MINIS) == ()


@settings(max_examples=60, deadline=None)
@given(session=small_sessions(), hours=st.lists(st.integers(8, 30), min_size=1, max_size=4))
def test_the_same_question_gets_the_same_plan(session: Session, hours: list[int]) -> None:
    def answer() -> object:
        try:
            return fit(session, hours, MINIS)
        except DoesNotFit as error:
            return error.message

    assert answer() == answer()


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("slug", SLUGS)
def test_a_real_session_keeps_the_rules_in_every_time(slug: str, count: int) -> None:
    session, minis = real_session(slug), real_sessions()[1]
    best_before: tuple[int, ...] | None = None
    for minutes in range(1, 241):
        hours = [minutes] * count
        try:
            plan = fit(session, hours, minis)
        except DoesNotFit:
            assert best_before is None, f"{minutes} minutes would be worse than {minutes - 1}"
            continue
        assert find_flaws(session, plan.blocks, hours, minis) == ()
        assert plan.total == sum(block.minutes for block in plan.blocks) <= sum(hours)
        assert all(plan.minutes_in(hour) <= minutes for hour in range(1, count + 1))
        assert is_sorted([block.hour for block in plan.blocks])
        check_cuts(session, plan)
        quality = quality_of(session, plan)
        assert best_before is None or quality <= best_before, f"{minutes} minutes give a worse plan than {minutes - 1}"
        best_before = quality
    assert best_before is not None


def quality_of(session: Session, plan: Plan) -> tuple[int, ...]:
    """What "best" means, smaller is better: hours left empty, core minutes at home, others left out, most shortened."""
    optional = {exercise.id for exercise in session.exercises if exercise.droppable}
    out = [cut for cut in plan.cuts if cut.kind in ("home", "skipped")]
    shorter: dict[str, int] = {}
    for cut in plan.cuts:
        if cut.kind == "shortened":
            exercise_id = cut.id.partition(".")[0]
            shorter[exercise_id] = shorter.get(exercise_id, 0) + cut.before - cut.after
    return (
        len(plan.unused_hours),
        sum(cut.before for cut in out if cut.id not in optional),
        sum(cut.id in optional for cut in out),
        max(shorter.values(), default=0),
    )


def check_cuts(session: Session, plan: Plan) -> None:
    """Every difference is told once, and nothing else is."""
    usual = {exercise.id: exercise.minutes for exercise in session.exercises}
    for exercise in session.exercises:
        usual |= {f"{exercise.id}.{step.label}": step.minutes or 0 for step in exercise.steps}
    told = [(cut.id, cut.kind, cut.before, cut.after) for cut in plan.cuts]
    expected = []
    for block in plan.blocks:
        if block.status == "mini":
            expected.append((block.id, "mini", 0, block.minutes))
        elif block.status in ("home", "skipped"):
            expected.append((block.id, block.status, usual[block.id], 0))
        elif block.minutes != usual[block.id]:
            expected.append((block.id, "shortened", usual[block.id], block.minutes))
    assert told == expected
    assert all(str(cut.after) in cut.text or not cut.after for cut in plan.cuts)


@pytest.mark.parametrize("slug", SLUGS)
def test_with_enough_time_nothing_is_cut(slug: str) -> None:
    session, minis = real_session(slug), real_sessions()[1]
    plan = fit(session, [session.total_minutes], minis)
    assert plan.cuts == () and plan.total == session.total_minutes
    assert [block.id for block in plan.blocks] == [exercise.id for exercise in session.exercises]


def test_in_fifty_minutes_session_one_keeps_everything_a_bit_shorter() -> None:
    plan = fit(real_session("wie-ben-jij"), [50], real_sessions()[1])
    assert [block.minutes for block in plan.blocks] == [5, 16, 10, 10, 5, 4]
    assert "Verleden wordt korter: 16 minuten in plaats van 20, want je hebt 50 minuten. Het minimum is 12." in [
        cut.text for cut in plan.cuts
    ]


def test_two_lesson_hours_are_cut_where_there_is_room_and_each_opens_and_closes() -> None:
    plan = fit(real_session("wie-ben-jij"), [50, 50], real_sessions()[1])
    assert [(block.id, block.minutes, block.hour) for block in plan.blocks] == [
        ("s1-checkin", 5, 1),
        ("s1-verleden", 20, 1),
        ("s1-heden-ik", 15, 1),
        ("mini-checkout", 5, 1),
        ("mini-checkin", 5, 2),
        ("s1-heden-anderen", 15, 2),
        ("s1-toekomst", 10, 2),
        ("s1-checkout", 5, 2),
    ]


def test_only_the_test_of_session_three_is_split_and_its_half_hour_stays_whole() -> None:
    plan = fit(real_session("studiekeuze"), [50, 50], real_sessions()[1])
    minutes = {block.id: (block.minutes, block.hour) for block in plan.blocks}
    assert minutes["s3-iprefer.c"] == (30, 1)
    assert minutes["s3-iprefer.d"][1] == 2
    assert not any(block.status in ("home", "skipped") for block in plan.blocks)


def test_a_core_step_goes_home_only_when_class_has_no_room_for_it() -> None:
    session, minis = real_session("studiekeuze"), real_sessions()[1]
    at_67 = {block.id: block.status for block in fit(session, [67], minis).blocks}
    assert at_67 == {"s3-checkin": "kept", "s3-iprefer": "kept", "s3-vdab": "home", "s3-checkout": "kept"}
    at_66 = {block.id: block.status for block in fit(session, [66], minis).blocks}
    assert at_66["s3-iprefer.b"] == "home" and at_66["s3-iprefer.c"] == "kept"


def test_what_the_toolbox_lets_go_home_goes_home_and_the_rest_is_skipped() -> None:
    session = make_session(
        make_exercise("kern", 10, 8, core=True),
        make_exercise("thuis", 10, 8, droppable=True, at_home="full", at_home_part="Mag helemaal thuis."),
        make_exercise("klas", 10, 8, droppable=True),
    )
    plan = fit(session, [14], MINIS)
    assert {block.id: block.status for block in plan.blocks} == {
        "checkin": "kept", "kern": "kept", "thuis": "home", "klas": "skipped", "checkout": "kept",
    }  # fmt: skip
    texts = {cut.id: cut.text for cut in plan.cuts}
    assert texts["thuis"].endswith("Mag helemaal thuis.")
    assert texts["klas"] == "Klas valt weg: voor het minimum van 8 minuten is er in de klas geen plaats."


def test_of_equal_exercises_the_first_of_the_toolbox_is_kept() -> None:
    session = make_session(*(make_exercise(name, 6, 6, droppable=True) for name in ("een", "twee", "drie")))
    assert [block.status for block in fit(session, [15], MINIS).blocks] == [
        "kept",
        "kept",
        "skipped",
        "skipped",
        "kept",
    ]


def test_the_steps_of_one_exercise_share_its_shortening() -> None:
    session = make_session(make_split("deel", (10, 5, False), (10, 5, False)), make_exercise("ander", 10, 5))
    plan = fit(session, [30], MINIS)
    # Six minutes too many: two at most of each exercise, and the split one counts once.
    assert [(block.id, block.minutes) for block in plan.blocks] == [
        ("checkin", 2), ("deel", 18), ("ander", 8), ("checkout", 2),
    ]  # fmt: skip


def test_an_hour_too_many_stays_empty() -> None:
    plan = fit(make_session(make_exercise("kern", 10, 8, core=True)), [20, 20], MINIS)
    assert plan.unused_hours == (2,)
    assert {block.hour for block in plan.blocks} == {1}


@pytest.mark.parametrize(
    ("slug", "hours", "says"),
    [
        ("wie-ben-jij", [26], "Voor Check-out (minstens 4 minuten) is geen plaats. De kern vraagt minstens 27 minuten"),
        ("wie-ben-jij", [20], "Voor Heden: wie ben ik? (minstens 8 minuten) is geen plaats."),
        ("leven-als-student", [15, 15], "Voor Welke vraag heb jij? (minstens 12 minuten) is geen plaats."),
        ("studiekeuze", [25], "(met I-Prefer test (stap a), I-Prefer test (stap b) en I-Prefer test (stap c) thuis)"),
    ],
)
def test_impossible_names_the_minimum_that_does_not_fit(slug: str, hours: list[int], says: str) -> None:
    with pytest.raises(DoesNotFit) as caught:
        fit(real_session(slug), hours, real_sessions()[1])
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("slug", "least"), [("wie-ben-jij", 27), ("talenten", 37), ("studiekeuze", 26), ("leven-als-student", 27)]
)
def test_one_minute_under_the_core_is_impossible(slug: str, least: int) -> None:
    session, minis = real_session(slug), real_sessions()[1]
    assert fit(session, [least], minis).total == least
    with pytest.raises(DoesNotFit):
        fit(session, [least - 1], minis)
