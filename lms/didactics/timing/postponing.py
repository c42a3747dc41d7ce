"""Put what does not fit before the bell at the start of the next lesson hour: *splitsen* while the session runs.

Source: the four ways to win time of the course (fewer choices, smaller talks, move, split): cut where it can rest,
close the hour, open the next one. What is moved comes whole, right after the opening, so the toolbox order stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lms.content.toolbox_models import Minis, Session
from lms.didactics.timing.parts import parts_of
from lms.didactics.timing.plans import MINI_CHECKIN, MINI_CHECKOUT, Block
from lms.didactics.timing.squeezing import squeeze
from lms.didactics.timing.words import minutes_text

Blocks = tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Postponed:
    """Both hours again, and in sentences what changes; or only the ``reason`` why it cannot be."""

    blocks: tuple[Blocks, Blocks] | None
    lines: tuple[str, ...] = ()
    reason: str | None = None


def floor_of(session: Session, minis: Minis, block: Block) -> int:
    """The least minutes of a block in class; never more than it has."""
    if block.id in (MINI_CHECKIN, MINI_CHECKOUT):
        floor = (minis.checkin if block.id == MINI_CHECKIN else minis.checkout).min
    else:
        floor = sum(part.floor for part in parts_of(session) if block.id in (part.id, part.exercise.id))
    return min(floor, block.minutes)


def postpone(
    session: Session, minis: Minis, hour: Sequence[Block], following: Sequence[Block], *,
    done: int, spent: int, room: int, bell: int,
) -> Postponed:  # fmt: skip
    """Move the last blocks of ``hour``, as few as possible, behind the opening of ``following``.

    ``done`` is the place of the block that just ended after ``spent`` minutes, ``room`` the minutes until the bell of
    this hour, ``bell`` the minutes of the next one. The check-out of this hour stays, at its minimum if it has to.
    """
    ahead = [place for place in range(done + 1, len(hour)) if hour[place].in_class]
    closing, movable = ahead[-1], ahead[:-1]
    least = floor_of(session, minis, hour[closing])
    for want in (hour[closing].minutes, least):
        for count in range(1, len(movable) + 1):
            moved = movable[-count:]
            rest = sum(hour[place].minutes for place in movable[:-count])
            if rest + want <= room:
                if not _still_works(session, hour[: done + 1], [hour[place] for place in movable[:-count]]):
                    return Postponed(blocks=None, reason="Dan blijft er in dit lesuur alleen een begin en een einde.")
                kept = {done: spent, closing: min(hour[closing].minutes, room - rest)}
                return _moved(session, minis, hour, following, moved, kept, bell)
    reason = "Tussen nu en de check-out staat niets meer dat kan wachten." if not movable else None
    return Postponed(blocks=None, reason=reason or "Ook de check-out alleen past niet meer voor de bel.")


def _still_works(session: Session, past: Sequence[Block], staying: Sequence[Block]) -> bool:
    working = {part.exercise.id for part in parts_of(session) if part.works}
    return any(block.in_class and block.exercise_id in working for block in (*past, *staying))


def _moved(
    session: Session, minis: Minis, hour: Sequence[Block], following: Sequence[Block],
    moved: Sequence[int], kept: dict[int, int], bell: int,
) -> Postponed:  # fmt: skip
    late = [replace(hour[place], hour=following[0].hour) for place in moved]
    there = [following[0], *late, *following[1:]]
    inside = [block for block in there if block.in_class]
    wanted = [block.minutes for block in inside]
    floors = [floor_of(session, minis, block) for block in inside]
    squeezed = squeeze(wanted, [*floors[:-1], wanted[-1]], bell) or squeeze(wanted, floors, bell)
    if squeezed is None:
        short = minutes_text(sum(floors) - bell)
        return Postponed(
            blocks=None, reason=f"In lesuur {following[0].hour} is er geen plaats: je komt er dan {short} te kort."
        )
    given = iter(squeezed[1])
    after = tuple(replace(block, minutes=next(given)) if block.in_class else block for block in there)
    here = tuple(
        replace(block, minutes=kept.get(place, block.minutes)) for place, block in enumerate(hour) if place not in moved
    )
    lines = [f"{block.name} schuift door naar lesuur {block.hour}." for block in late]
    lines += [
        f"{new.name} wordt korter: {minutes_text(new.minutes)} in plaats van {old.minutes}."
        for old, new in zip((hour[max(kept)], *there), (here[-1], *after), strict=True)
        if new.minutes < old.minutes
    ]
    return Postponed(blocks=(here, after), lines=tuple(lines))
