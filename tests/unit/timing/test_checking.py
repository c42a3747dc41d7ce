"""The rules of a plan: the plans that the domain calls acceptable have no flaws, and each spoilt one is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lms.content.toolbox_models import Session
from lms.didactics.timing.checking import find_flaws
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.plans import MINI_NAMES, Block, Status
from tests.unit.timing.sessions import real_session, real_sessions

# The plans of the timing cases of the course: session, minutes per hour, minutes per block, what goes home.
ACCEPTABLE = [
    ("wie-ben-jij", [50], [{"s1-checkin": 4, "s1-verleden": 15, "s1-heden-ik": 10, "s1-heden-anderen": 7, "s1-toekomst": 9, "s1-checkout": 5}], []),
    ("wie-ben-jij", [50], [{"s1-checkin": 5, "s1-verleden": 18, "s1-heden-ik": 10, "s1-heden-anderen": 6, "s1-toekomst": 6, "s1-checkout": 5}], []),
    ("wie-ben-jij", [50, 50], [{"s1-checkin": 5, "s1-verleden": 25, "s1-heden-ik": 15, "mini-checkout": 5}, {"mini-checkin": 5, "s1-heden-anderen": 20, "s1-toekomst": 15, "s1-checkout": 10}], []),
    ("wie-ben-jij", [50, 50], [{"s1-checkin": 8, "s1-verleden": 35, "mini-checkout": 7}, {"mini-checkin": 5, "s1-heden-ik": 15, "s1-heden-anderen": 15, "s1-toekomst": 10, "s1-checkout": 5}], []),
    ("leven-als-student", [50], [{"s4-checkin": 5, "s4-vragen": 20, "s4-wie-is-er": 10, "s4-studentenleven": 9, "s4-checkout": 5}], []),
    ("leven-als-student", [50], [{"s4-checkin": 5, "s4-vragen": 22, "s4-wie-is-er": 15, "s4-checkout": 6}], ["s4-studentenleven"]),
    ("studiekeuze", [50, 50], [{"s3-checkin": 5, "s3-iprefer.a": 7, "s3-iprefer.b": 4, "s3-iprefer.c": 30, "mini-checkout": 4}, {"mini-checkin": 3, "s3-iprefer.d": 5, "s3-iprefer.e": 20, "s3-vdab": 15, "s3-checkout": 5}], []),
    ("studiekeuze", [50, 50], [{"s3-checkin": 5, "s3-iprefer.b": 5, "s3-iprefer.c": 30, "mini-checkout": 5}, {"mini-checkin": 3, "s3-iprefer.d": 5, "s3-iprefer.e": 22, "s3-vdab": 15, "s3-checkout": 5}], ["s3-iprefer.a"]),
]  # fmt: skip


def blocks_of(session: Session, hours: list[dict[str, int]], home: list[str]) -> list[Block]:
    blocks = [
        make_block(name, minutes, hour, "mini" if name in MINI_NAMES else "kept")
        for hour, given in enumerate(hours, start=1)
        for name, minutes in given.items()
    ]
    ids = [exercise.id for exercise in session.exercises]
    for name in home:
        place = next(
            (
                place
                for place, block in enumerate(blocks)
                if block.exercise_id in ids and order(ids, block.id) > order(ids, name)
            ),
            len(blocks),
        )
        blocks.insert(place, make_block(name, 0, blocks[place - 1].hour, "home"))
    return blocks


def order(ids: list[str], name: str) -> tuple[int, str]:
    exercise, _, step = name.partition(".")
    return ids.index(exercise), step


def make_block(name: str, minutes: int, hour: int = 1, status: Status = "kept") -> Block:
    return Block(id=name, name=name, minutes=minutes, hour=hour, status=status)


@pytest.mark.parametrize(("slug", "room", "hours", "home"), ACCEPTABLE)
def test_the_plans_that_the_course_calls_good_are_fine(
    slug: str, room: list[int], hours: list[dict[str, int]], home: list[str]
) -> None:
    session, minis = real_session(slug), real_sessions()[1]
    assert find_flaws(session, blocks_of(session, hours, home), room, minis) == ()


Spoil = Callable[[list[Block]], list[Block]]


def at(block_id: str, **fields: object) -> Spoil:
    return lambda blocks: [replace(block, **fields) if block.id == block_id else block for block in blocks]  # type: ignore[arg-type]


def without(block_id: str) -> Spoil:
    return lambda blocks: [block for block in blocks if block.id != block_id]


@pytest.mark.parametrize(
    ("spoil", "kinds", "says"),
    [
        (at("s3-iprefer.a", minutes=30), {"over"}, "Lesuur 1 vraagt 71 minuten, en je hebt er 50. Er moet nog 21 af."),
        (at("s3-vdab", hour=3), {"over", "order"}, "staat in een lesuur dat er niet is"),
        (at("s3-iprefer.b", minutes=3), {"minimum"}, "vraagt minstens 4 minuten, en krijgt er 3"),
        (at("s3-iprefer.c", minutes=29), {"minimum"}, "vraagt minstens 30 minuten"),
        (without("s3-iprefer.e"), {"core"}, "I-Prefer test hoort bij de kern en mag niet wegvallen."),
        (without("s3-checkout"), {"core", "closing"}, "Lesuur 2 eindigt niet met een check-out."),
        (at("s3-iprefer.e", status="home", minutes=0), {"home"}, "hoort bij de kern en kan niet naar huis"),
        (at("s3-vdab", status="home"), {"minimum"}, "staat niet in de klas"),
        (without("mini-checkout"), {"closing"}, "Lesuur 1 eindigt niet met een check-out."),
        (without("mini-checkin"), {"opening"}, "Lesuur 2 begint niet met een check-in."),
        (at("mini-checkout", minutes=2), {"mini"}, "Mini-check-out duurt 3 tot 7 minuten, niet 2."),
        (at("mini-checkin", minutes=9), {"mini", "over"}, "duurt 3 tot 5 minuten, niet 9"),
        (at("s3-vdab", id="s1-verleden"), {"unknown"}, "hoort niet bij deze sessie"),
        (lambda blocks: [*blocks[:1], blocks[2], blocks[1], *blocks[3:]], {"order"}, "in de volgorde van de toolbox"),
        (lambda blocks: [*blocks[:2], *blocks[1:]], {"order", "over"}, "één keer"),
    ],
)  # fmt: skip
def test_every_flaw_is_seen_and_told(spoil: Spoil, kinds: set[str], says: str) -> None:
    session, minis = real_session("studiekeuze"), real_sessions()[1]
    plan = fit(session, [50, 50], minis)
    assert find_flaws(session, plan.blocks, plan.hours, minis) == ()
    flaws = find_flaws(session, spoil(list(plan.blocks)), plan.hours, minis)
    assert {flaw.kind for flaw in flaws} == kinds
    assert any(says in flaw.text for flaw in flaws)


@pytest.mark.parametrize(
    ("blocks", "kind"),
    [
        ({"s1-checkin": 5, "s1-verleden": 20, "s1-heden-ik": 15, "s1-heden-anderen": 10}, "core"),
        ({"s1-checkin": 5, "s1-verleden": 6, "s1-heden-ik": 14, "s1-heden-anderen": 10, "s1-toekomst": 10, "s1-checkout": 5}, "minimum"),
    ],
)  # fmt: skip
def test_the_weak_plans_of_the_course_are_seen(blocks: dict[str, int], kind: str) -> None:
    session, minis = real_session("wie-ben-jij"), real_sessions()[1]
    assert kind in {flaw.kind for flaw in find_flaws(session, blocks_of(session, [blocks], []), [50], minis)}
