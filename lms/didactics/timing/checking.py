"""Check a plan, whoever made it, by the rules of the planner (B4, and *A plan is fine when* of the domain facts)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lms.content.toolbox_models import Minis, Session
from lms.didactics.timing.parts import Part, ends, is_core, parts_of
from lms.didactics.timing.plans import MINI_CHECKIN, MINI_CHECKOUT, Block
from lms.didactics.timing.words import minutes_text

FlawKind = Literal["over", "unknown", "core", "home", "minimum", "mini", "opening", "closing", "order"]


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """What is wrong with a plan, in a Dutch sentence; ``id`` is the block or exercise it is about, if any."""

    kind: FlawKind
    id: str | None
    text: str


def find_flaws(session: Session, blocks: Sequence[Block], hours: Sequence[int], minis: Minis) -> tuple[Flaw, ...]:
    """Everything that is wrong with ``blocks`` in ``hours``; nothing means that the plan is fine."""
    parts = parts_of(session)
    own = {block.id: [part for part in parts if block.id in (part.id, part.exercise.id)] for block in blocks}
    return (
        *_over(blocks, hours),
        *_unknown(blocks, own),
        *_minima(blocks, own),
        *_missing(session, blocks, parts),
        *_at_home(session, blocks, own),
        *_mini_blocks(blocks, minis),
        *_ends(session, blocks, len(hours)),
        *_order(blocks, own, parts),
    )


def _over(blocks: Sequence[Block], hours: Sequence[int]) -> Iterator[Flaw]:
    for hour, room in enumerate(hours, start=1):
        total = sum(block.minutes for block in blocks if block.hour == hour)
        if total > room:
            where = f"Lesuur {hour}" if len(hours) > 1 else "Je plan"
            text = f"{where} vraagt {minutes_text(total)}, en je hebt er {room}. Er moet nog {total - room} af."
            yield Flaw(kind="over", id=None, text=text)
    for block in blocks:
        if not 1 <= block.hour <= len(hours):
            yield Flaw(kind="over", id=block.id, text=f"{block.name} staat in een lesuur dat er niet is.")


def _unknown(blocks: Sequence[Block], own: dict[str, list[Part]]) -> Iterator[Flaw]:
    for block in blocks:
        is_mini = block.id in (MINI_CHECKIN, MINI_CHECKOUT)
        if (block.status == "mini") != is_mini or not (is_mini or own[block.id]):
            yield Flaw(kind="unknown", id=block.id, text=f"{block.name} hoort niet bij deze sessie.")


def _minima(blocks: Sequence[Block], own: dict[str, list[Part]]) -> Iterator[Flaw]:
    for block in blocks:
        floor = sum(part.floor for part in own[block.id])
        fixed = sum(part.minutes for part in own[block.id] if part.step is not None and part.step.fixed)
        if block.status == "kept" and block.minutes < floor:
            text = f"{block.name} vraagt minstens {minutes_text(floor)}, en krijgt er {block.minutes}."
            yield Flaw(kind="minimum", id=block.id, text=text)
        elif block.status == "kept" and len(own[block.id]) == 1 and fixed and block.minutes != fixed:
            text = f"{block.name} duurt {minutes_text(fixed)}; langer of korter kan niet."
            yield Flaw(kind="minimum", id=block.id, text=text)
        elif not block.in_class and block.minutes:
            text = f"{block.name} staat niet in de klas en kan daar dus geen minuten krijgen."
            yield Flaw(kind="minimum", id=block.id, text=text)


def _missing(session: Session, blocks: Sequence[Block], parts: Sequence[Part]) -> Iterator[Flaw]:
    present = {block.id for block in blocks if block.status in ("kept", "home")}
    for exercise in session.exercises:
        labels = {part.id for part in parts if part.exercise.id == exercise.id}
        if is_core(session, exercise) and exercise.id not in present and not labels <= present:
            text = f"{exercise.name} hoort bij de kern en mag niet wegvallen."
            yield Flaw(kind="core", id=exercise.id, text=text)


def _at_home(session: Session, blocks: Sequence[Block], own: dict[str, list[Part]]) -> Iterator[Flaw]:
    """A core exercise goes home only by the steps of which the toolbox says so; what may be dropped may go home."""
    for block in blocks:
        for part in own[block.id][:1] if block.status == "home" else ():
            if is_core(session, part.exercise) and not all(one.goes_home for one in own[block.id]):
                text = f"{block.name} hoort bij de kern en kan niet naar huis."
                yield Flaw(kind="home", id=block.id, text=text)


def _mini_blocks(blocks: Sequence[Block], minis: Minis) -> Iterator[Flaw]:
    limits = {MINI_CHECKIN: minis.checkin, MINI_CHECKOUT: minis.checkout}
    for block in blocks:
        own = limits.get(block.id)
        if own is not None and not own.min <= block.minutes <= own.max:
            text = f"{block.name} duurt {own.min} tot {minutes_text(own.max)}, niet {block.minutes}."
            yield Flaw(kind="mini", id=block.id, text=text)


def _ends(session: Session, blocks: Sequence[Block], count: int) -> Iterator[Flaw]:
    """Each hour with something in it opens and closes; the check-in and check-out of the session are the outer ends."""
    checkin, checkout = ends(session)
    for hour in range(1, count + 1):
        ids = [block.id for block in blocks if block.hour == hour and block.in_class]
        where = f"Lesuur {hour}" if count > 1 else "Je plan"
        if ids and ids[0] not in (checkin, MINI_CHECKIN):
            yield Flaw(kind="opening", id=None, text=f"{where} begint niet met een check-in.")
        if ids and ids[-1] not in (checkout, MINI_CHECKOUT):
            yield Flaw(kind="closing", id=None, text=f"{where} eindigt niet met een check-out.")


def _order(blocks: Sequence[Block], own: dict[str, list[Part]], parts: Sequence[Part]) -> Iterator[Flaw]:
    """Everything once, in the order of the toolbox; an exercise in steps is never there whole as well."""
    places = [parts.index(part) for block in blocks for part in own[block.id]]
    if places != sorted(set(places)):
        yield Flaw(
            kind="order", id=None, text="Elke oefening staat één keer in je plan, in de volgorde van de toolbox."
        )
    if [block.hour for block in blocks] != sorted(block.hour for block in blocks):
        yield Flaw(kind="order", id=None, text="De lesuren lopen door elkaar.")
