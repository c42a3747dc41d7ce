"""A plan with what the begeleider changed keeps every rule, and says what could not stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.toolbox_models import Session
from lms.didactics.timing.adjusting import adjust, fitting_times
from lms.didactics.timing.changes import LONGEST_BLOCK, Changes, Decision, read_changes, refuse
from lms.didactics.timing.checking import find_flaws
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.hours import hours_text, read_hours
from lms.didactics.timing.parts import parts_of
from lms.didactics.timing.plans import DoesNotFit, Plan
from tests.unit.timing.sessions import MINIS, real_session, real_sessions, small_sessions

DECISIONS = st.one_of(st.sampled_from(["home", "part", "skip", "class"]), st.integers(0, 14))


@st.composite
def decisions_about(draw: st.DrawFn, session: Session) -> dict[str, Decision]:
    parts = parts_of(session)
    names = sorted({name for part in parts for name in (part.id, part.exercise.id)} | {"weg-intussen"})
    chosen = draw(st.lists(st.sampled_from(names), max_size=4, unique=True))
    return {name: draw(DECISIONS) for name in chosen}


def minutes_of(plan: Plan, name: str) -> int:
    return sum(block.minutes for block in plan.blocks if name in (block.id, block.exercise_id))


def stands(session: Session, plan: Plan, name: str, decision: Decision) -> bool:
    """Whether a decision is what the plan does."""
    in_class = any(block.in_class for block in plan.blocks if name in (block.id, block.exercise_id))
    if isinstance(decision, int):
        steps = {f"{part.id}" for part in parts_of(session) if part.exercise.id == name}
        away = {block.id for block in plan.blocks if not block.in_class}
        # A step that was given home afterwards takes its minutes along.
        return minutes_of(plan, name) == decision or bool(steps & away)
    if decision in ("home", "skip"):
        return name in {block.id for block in plan.blocks if not block.in_class} and not minutes_of(plan, name)
    return in_class


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_is_changed_the_plan_keeps_every_rule_and_what_holds_stands(data: st.DataObject) -> None:
    session = data.draw(small_sessions())
    hours = data.draw(st.lists(st.integers(6, 40), min_size=1, max_size=2))
    wished = data.draw(decisions_about(session))
    try:
        adjusted = adjust(session, hours, MINIS, wished)
    except DoesNotFit:
        # Only when the session itself does not fit: a decision never makes a plan impossible.
        with pytest.raises(DoesNotFit):
            fit(session, hours, MINIS)
        return
    assert find_flaws(session, adjusted.plan.blocks, hours, MINIS) == ()
    assert [own.id for own in adjusted.own] == list(wished)
    steps = {part.id for part in parts_of(session) if part.step is not None}
    for own in adjusted.own:
        assert own.text.endswith(".")
        assert own.holds or refuse(session, own.id, wished[own.id]) or "past niet" in own.text
        # What is decided about a step is said last, so it wins from what was said about the whole.
        if own.holds and not (steps & set(wished)):
            assert stands(session, adjusted.plan, own.id, wished[own.id]), (own, adjusted.plan.blocks)


def test_without_changes_it_is_the_plan_of_the_toolbox() -> None:
    for session in real_sessions()[0]:
        assert adjust(session, [50, 50], real_sessions()[1], {}).plan == fit(session, [50, 50], real_sessions()[1])


def test_a_longer_exercise_takes_its_minutes_from_the_others() -> None:
    session, minis = real_session("wie-ben-jij"), real_sessions()[1]
    adjusted = adjust(session, [50], minis, {"s1-verleden": 22})
    assert minutes_of(adjusted.plan, "s1-verleden") == 22
    assert adjusted.plan.total <= 50 and adjusted.own[0].holds
    assert "s1-verleden" not in {cut.id for cut in adjusted.plan.cuts}


def test_a_change_that_no_longer_fits_is_told_and_comes_back_when_there_is_time_again() -> None:
    session, minis = real_session("wie-ben-jij"), real_sessions()[1]
    wished: dict[str, Decision] = {"s1-verleden": 35, "s1-toekomst": "class"}
    assert all(own.holds for own in adjust(session, [90], minis, wished).own)
    short = adjust(session, [45], minis, wished)
    assert [own.holds for own in short.own] == [False, True]
    assert short.own[0].text == (
        "Verleden: 35 minuten. In de toolbox zijn dat er 20. Dat past niet in 45 minuten; het plan rekent er niet mee."
    )


@pytest.mark.parametrize(
    ("slug", "block", "decision", "says"),
    [
        ("wie-ben-jij", "s1-checkout", "skip", "De check-out blijft"),
        ("wie-ben-jij", "s1-checkin", "home", "De check-in blijft"),
        ("wie-ben-jij", "s1-verleden", "skip", "hoort bij de kern"),
        ("wie-ben-jij", "s1-verleden", 11, "vraagt minstens 12 minuten"),
        ("wie-ben-jij", "s1-verleden", LONGEST_BLOCK + 1, "hoogstens 180"),
        ("wie-ben-jij", "s1-toekomst", "home", "kan niet helemaal thuis"),
        ("wie-ben-jij", "s1-verleden", "part", "geen deel naar huis"),
        ("studiekeuze", "s3-iprefer.c", 25, "vraagt minstens 30 minuten"),
        ("studiekeuze", "s3-iprefer.c", 35, "langer of korter kan niet"),
        ("studiekeuze", "s3-iprefer.d", "home", "kan niet thuis"),
        ("studiekeuze", "s3-bestaat-niet", "home", "niet meer in deze sessie"),
    ],
)
def test_what_the_toolbox_does_not_allow_is_refused_with_the_reason(
    slug: str, block: str, decision: Decision, says: str
) -> None:
    adjusted = adjust(real_session(slug), [110], real_sessions()[1], {block: decision})
    assert not adjusted.own[0].holds and says in adjusted.own[0].text


@pytest.mark.parametrize(
    ("slug", "block", "decision"),
    [("talenten", "s2-anderen", "home"), ("wie-ben-jij", "s1-toekomst", "part"), ("studiekeuze", "s3-iprefer.a", "home"),
     ("studiekeuze", "s3-iprefer", 75), ("wie-ben-jij", "s1-heden-anderen", "skip")],
)  # fmt: skip
def test_what_the_toolbox_allows_stands(slug: str, block: str, decision: Decision) -> None:
    adjusted = adjust(real_session(slug), [150], real_sessions()[1], {block: decision})
    assert (
        adjusted.own[0].holds and find_flaws(real_session(slug), adjusted.plan.blocks, [150], real_sessions()[1]) == ()
    )


def test_what_would_make_a_session_possible_is_the_least_time_that_does() -> None:
    sessions, minis = real_sessions()
    for session in sessions:
        times = fitting_times(session, minis)
        assert [len(hours) for hours in times] == [1, 2]
        for hours in times:
            fit(session, hours, minis)
            with pytest.raises(DoesNotFit):
                fit(session, [minutes - 1 for minutes in hours], minis)


@given(st.dictionaries(st.from_regex(r"[a-z0-9][a-z0-9-]{0,9}(\.[a-e])?", fullmatch=True), DECISIONS, max_size=5))
def test_changes_are_written_as_they_are_read(wished: dict[str, Decision]) -> None:
    changes = Changes(decisions=wished, formats={"s1-verleden": "w05"} if wished else {})
    assert read_changes(changes.tokens) == changes


def test_what_is_not_a_change_is_none_and_the_last_word_counts() -> None:
    tokens = ["s1:25", "<b>:3", "s1", "s1:-4", "s1:1000", "s1:opgegeten", "s1:30", "s1:vorm-w05", "s1:vorm-../x", "é:5"]
    assert read_changes(tokens).tokens == ["s1:30", "s1:vorm-w05"]
    assert len(read_changes(f"s{number}:5" for number in range(10_000)).decisions) <= 40


@pytest.mark.parametrize(
    ("text", "hours"),
    [("50", (50,)), ("2 × 50", (50, 50)), ("2x50 min", (50, 50)), ("50+45", (50, 45)), ("3*25, 40", (25, 25, 25, 40))],
)
def test_lesson_hours_are_read_as_people_write_them(text: str, hours: tuple[int, ...]) -> None:
    assert read_hours(text) == hours == read_hours(hours_text(hours))
