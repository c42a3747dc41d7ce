"""Planning again while a session runs."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.toolbox_models import Session
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.plans import Block, DoesNotFit
from lms.didactics.timing.replanning import Replan, replan
from lms.didactics.timing.squeezing import squeeze
from tests.unit.timing.sessions import (
    MINIS,
    make_exercise,
    make_session,
    make_split,
    real_session,
    real_sessions,
    small_sessions,
)


def hour_of(slug: str) -> list[Block]:
    session, minis = real_session(slug), real_sessions()[1]
    return list(fit(session, [session.total_minutes], minis).blocks)


def again(slug: str, *, running: int, started: int, minute: int) -> Replan:
    session = real_session(slug)
    return replan(
        session, hour_of(slug), running=running, started=started, minute=minute,
        bell=session.total_minutes, minis=real_sessions()[1],
    )  # fmt: skip


def test_without_delay_nothing_is_proposed() -> None:
    assert again("talenten", running=2, started=20, minute=30) == Replan(late=0, proposals=())
    assert again("talenten", running=2, started=15, minute=20).late == -5


def test_twelve_minutes_late_in_session_two_the_last_exercise_goes_home() -> None:
    """The timing case of the course: exercise 2 ran on, and 18 minutes are left instead of 30."""
    result = again("talenten", running=3, started=57, minute=57)
    assert result.late == 12
    shorten, home, skip = result.proposals
    assert shorten.blocks is None
    assert shorten.reason == "Alleen inkorten volstaat niet: met alles op zijn minimum kom je nog 3 minuten te kort."
    assert home.blocks is not None and skip.blocks is not None
    assert [(block.id, block.minutes, block.status) for block in home.blocks[3:]] == [
        ("s2-talententest", 13, "kept"), ("s2-anderen", 0, "home"), ("s2-checkout", 5, "kept"),
    ]  # fmt: skip
    assert [cut.text for cut in home.cuts] == [
        "Talententest wordt korter: 13 minuten in plaats van 15.",
        "Hoe zien anderen mijn talenten? gaat naar huis. De vier vragen stellen mag helemaal thuis.",
    ]
    assert [block.status for block in skip.blocks[3:]] == ["kept", "skipped", "kept"]


def test_a_little_late_shortening_is_enough_and_the_check_out_keeps_its_minutes() -> None:
    result = again("wie-ben-jij", running=1, started=5, minute=32)
    shorten = result.proposals[0]
    assert result.late == 7 and shorten.blocks is not None
    assert [block.minutes for block in shorten.blocks] == [5, 27, 14, 12, 7, 5]


def test_what_can_go_home_in_part_only_wins_that_part() -> None:
    result = again("wie-ben-jij", running=1, started=5, minute=33)
    home = result.proposals[1]
    assert home.blocks is not None
    assert {block.id: (block.minutes, block.status) for block in home.blocks}["s1-heden-anderen"] == (7, "kept")
    assert [cut.kind for cut in home.cuts] == ["home"]
    assert "Deel b" in home.cuts[0].text


def test_the_check_out_is_shortened_only_when_nothing_else_helps() -> None:
    session = make_session(make_exercise("kern", 10, 8, core=True))
    blocks = list(fit(session, [16], MINIS).blocks)
    result = replan(session, blocks, running=1, started=3, minute=14, bell=16, minis=MINIS)
    shorten, home, skip = result.proposals
    assert shorten.blocks is not None and shorten.blocks[-1].minutes == 2
    assert home.reason == "Van wat nog komt, mag niets naar huis."
    assert skip.reason == "Van wat nog komt, mag niets wegvallen."


def test_too_late_for_anything_is_said() -> None:
    result = again("wie-ben-jij", running=1, started=5, minute=68)
    assert [proposal.blocks for proposal in result.proposals] == [None, None, None]
    assert all(proposal.reason for proposal in result.proposals)


def test_of_the_core_as_little_as_possible_goes_home() -> None:
    session = make_session(
        make_exercise("eerst", 5, 5, core=True), make_split("lang", (9, 9, True), (4, 4, True), (3, 3, False))
    )
    blocks = [
        Block(id=name, name=name, minutes=minutes, hour=1)
        for name, minutes in (
            ("checkin", 3),
            ("eerst", 5),
            ("lang.b", 4),
            ("lang.a", 9),
            ("lang.c", 3),
            ("checkout", 3),
        )
    ]
    result = replan(session, blocks, running=1, started=3, minute=12, bell=27, minis=MINIS)
    home = result.proposals[1].blocks
    assert home is not None and [block.id for block in home if block.status == "home"] == ["lang.b"]


@settings(max_examples=150, deadline=None)
@given(session=small_sessions(), data=st.data())
def test_a_proposal_is_in_time_and_protects_the_check_out(session: Session, data: st.DataObject) -> None:
    try:
        plan = fit(session, [data.draw(st.integers(10, 30))], MINIS)
    except DoesNotFit:
        return
    blocks = list(plan.blocks)
    running = data.draw(st.sampled_from([place for place, block in enumerate(blocks) if block.in_class]))
    started = sum(block.minutes for block in blocks[:running])
    minute = started + data.draw(st.integers(0, 15))
    bell = plan.hours[0]

    def ask() -> Replan:
        return replan(session, blocks, running=running, started=started, minute=minute, bell=bell, minis=MINIS)

    result = ask()
    assert result == ask()
    assert (result.late > 0) == bool(result.proposals) and len(result.proposals) in (0, 3)
    for proposal in result.proposals:
        assert (proposal.blocks is None) == bool(proposal.reason)
        if proposal.blocks is None:
            continue
        new = proposal.blocks
        assert [block.id for block in new] == [block.id for block in blocks]
        assert new[:running] == tuple(blocks[:running])
        assert started + sum(block.minutes for block in new[running:]) <= bell
        assert minute <= started + new[running].minutes
        assert new[-1].in_class and new[-1].minutes >= min(2, blocks[-1].minutes) and proposal.cuts
        for block, old in zip(new[running + 1 :], blocks[running + 1 :], strict=True):
            exercise = next((one for one in session.exercises if one.id == block.exercise_id), None)
            if old.in_class and block.status in ("home", "skipped"):
                assert exercise is not None
                assert (block.status == "home") == (proposal.kind == "home")
                assert exercise.droppable or (proposal.kind == "home" and exercise.splittable)
            assert block.minutes <= old.minutes


@settings(max_examples=200, deadline=None)
@given(
    parts=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4),
    room=st.integers(0, 20),
)
def test_squeezing_is_as_gentle_as_can_be(parts: list[tuple[int, int]], room: int) -> None:
    wanted, floors = [floor + more for floor, more in parts], [floor for floor, _ in parts]
    ways = [
        (max(want - given for want, given in zip(wanted, way, strict=True)), [-given for given in way], list(way))
        for way in product(*(range(low, want + 1) for low, want in zip(floors, wanted, strict=True)))
        if sum(way) <= room
    ]
    expected = (min(ways)[0], min(ways)[2]) if ways else None
    assert squeeze(wanted, floors, room) == expected


@pytest.mark.parametrize("slug", ["wie-ben-jij", "talenten", "studiekeuze", "leven-als-student"])
def test_in_every_minute_of_a_real_session_there_is_an_answer(slug: str) -> None:
    session, blocks = real_session(slug), hour_of(slug)
    for running in range(len(blocks)):
        started = sum(block.minutes for block in blocks[:running])
        for minute in range(started, session.total_minutes + 20):
            result = again(slug, running=running, started=started, minute=minute)
            assert result.late > 0 or not result.proposals
            for proposal in result.proposals:
                assert proposal.blocks is None or proposal.blocks[-1].minutes >= 4
