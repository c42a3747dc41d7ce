"""Plan again while a session runs (B5): shorten, move home or skip, with the check-out protected.

Only what still comes before the bell of this hour changes. What is proposed is a new list of the blocks of the hour;
taking one, and undoing it, is up to the caller. The same input always gives the same proposals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from lms.content.toolbox_models import Minis, Session
from lms.didactics.timing.parts import Part, is_core, parts_of
from lms.didactics.timing.plans import MINI_CHECKIN, MINI_CHECKOUT, Block, Cut
from lms.didactics.timing.squeezing import squeeze
from lms.didactics.timing.words import minutes_text

ProposalKind = Literal["shorten", "home", "skip"]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One way to be in time. ``blocks`` is the whole hour again, or None when this does not work: see ``reason``."""

    kind: ProposalKind
    blocks: tuple[Block, ...] | None
    cuts: tuple[Cut, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Replan:
    """``late``: minutes over the bell if nothing changes, negative when there is time left.

    Without lateness there are no proposals; otherwise always three: shorten, home, skip.
    """

    late: int
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, kw_only=True)
class _Ahead:
    """A block that still takes time before the bell.

    ``wanted`` and ``floor`` are minutes from now on; ``spent`` counts only in the block that runs.
    """

    block: Block
    parts: tuple[Part, ...]
    is_core: bool
    wanted: int
    floor: int
    spent: int = 0


_Option = tuple[_Ahead, int, str]  # a block, the minutes it keeps, and the sentence that tells it


def replan(
    session: Session, blocks: Sequence[Block], *, running: int, started: int, minute: int, bell: int, minis: Minis
) -> Replan:
    """Proposals at ``minute`` of an hour of ``bell`` minutes, while ``blocks[running]`` runs since minute ``started``.

    ``blocks`` are those of this hour, in order. The last one in class is the check-out, mini or not: it is never moved
    or skipped, and only shortened (to its minimum) where nothing else gives enough.
    """
    ahead = _look_ahead(session, blocks, running, minute - started, minis)
    room = bell - minute
    late = sum(one.wanted for one in ahead) - room
    if late <= 0:
        return Replan(late=late, proposals=())
    movable = ahead[1:-1]
    return Replan(
        late=late,
        proposals=(
            _propose("shorten", blocks, ahead, room, [], _no_shorter),
            _propose("home", blocks, ahead, room, list(_home_options(session, movable)), _no_home),
            _propose("skip", blocks, ahead, room, list(_skip_options(session, movable)), _no_skip),
        ),
    )


def _look_ahead(session: Session, blocks: Sequence[Block], running: int, spent: int, minis: Minis) -> list[_Ahead]:
    parts = parts_of(session)
    floors = {MINI_CHECKIN: minis.checkin.min, MINI_CHECKOUT: minis.checkout.min}
    ahead = []
    for place, block in enumerate(blocks):
        if place < running or not block.in_class:
            continue
        own = tuple(part for part in parts if block.id in (part.id, part.exercise.id))
        gone = spent if place == running else 0
        floor = floors.get(block.id, sum(part.floor for part in own))
        ahead.append(
            _Ahead(
                block=block,
                parts=own,
                is_core=any(is_core(session, part.exercise) for part in own),
                wanted=max(0, block.minutes - gone),
                floor=max(0, min(floor, block.minutes) - gone),
                spent=gone,
            )
        )
    return ahead


# ── what each proposal may move ────────────────────────────────────────────


def _home_options(session: Session, movable: Sequence[_Ahead]) -> Iterator[_Option]:
    """What the toolbox lets go home: a whole exercise, a step, or the part that it names."""
    for one in movable:
        if not one.parts:
            continue
        exercise, name = one.parts[0].exercise, one.block.name
        if all(part.goes_home for part in one.parts):
            where = exercise.at_home_part if one.parts[0].step is None else None
            yield one, 0, f"{name} gaat naar huis." + (f" {where}" if where else "")
        elif exercise.home_saves_minutes and one.parts[0].step is None:
            kept = max(one.floor, one.wanted - exercise.home_saves_minutes)
            if kept < one.wanted:
                yield one, kept, f"Een deel van {name} gaat naar huis. {exercise.at_home_part or ''}".rstrip()


def _skip_options(session: Session, movable: Sequence[_Ahead]) -> Iterator[_Option]:
    for one in movable:
        if one.parts and not is_core(session, one.parts[0].exercise):
            yield one, 0, f"{one.block.name} valt weg."


def _no_shorter(short: int) -> str:
    return f"Alleen inkorten volstaat niet: met alles op zijn minimum kom je nog {minutes_text(short)} te kort."


def _no_home(short: int) -> str:
    return f"Naar huis geven volstaat niet: je komt nog {minutes_text(short)} te kort."


def _no_skip(short: int) -> str:
    return f"Iets laten vallen volstaat niet: je komt nog {minutes_text(short)} te kort."


# ── choosing ───────────────────────────────────────────────────────────────


def _propose(
    kind: ProposalKind,
    blocks: Sequence[Block],
    ahead: Sequence[_Ahead],
    room: int,
    options: Sequence[_Option],
    refusal: Callable[[int], str],
) -> Proposal:
    if kind != "shorten" and not options:
        what = "naar huis" if kind == "home" else "wegvallen"
        return Proposal(kind=kind, blocks=None, reason=f"Van wat nog komt, mag niets {what}.")
    moved, minutes = _fewest_moved(ahead, room, options, least=0 if kind == "shorten" else 1)
    if minutes is None:
        kept = {one.block.id: 0 for one, rest, _ in options if not rest}
        short = sum(kept.get(one.block.id, one.floor) for one in ahead) - room
        return Proposal(kind=kind, blocks=None, reason=refusal(short))
    return _proposal(kind, blocks, ahead, minutes, moved)


def _fewest_moved(
    ahead: Sequence[_Ahead], room: int, options: Sequence[_Option], *, least: int
) -> tuple[Sequence[_Option], list[int] | None]:
    """The fewest moves that make it fit, of these the fewest minutes of the core, then the smallest largest shortening.

    Of equals the latest in the session. The check-out keeps its minutes as long as any number of moves allows it.
    """
    for protected in (True, False):
        for count in range(least, len(options) + 1):
            best: tuple[tuple[int, int], Sequence[_Option], list[int]] | None = None
            # What comes first in the session is moved last.
            for moved in combinations(reversed(options), count):
                squeezed = _squeezed(ahead, room, moved, protected=protected)
                if squeezed is None:
                    continue
                worth = (sum(one.wanted - rest for one, rest, _ in moved if one.is_core), squeezed[0])
                if best is None or worth < best[0]:
                    best = (worth, moved, squeezed[1])
            if best is not None:
                return best[1], best[2]
    return (), None


def _squeezed(
    ahead: Sequence[_Ahead], room: int, moved: Sequence[_Option], *, protected: bool
) -> tuple[int, list[int]] | None:
    kept = {one.block.id: rest for one, rest, _ in moved}
    wanted = [kept.get(one.block.id, one.wanted) for one in ahead]
    floors = [min(one.floor, want) for one, want in zip(ahead, wanted, strict=True)]
    if protected:
        floors[-1] = wanted[-1]
    return squeeze(wanted, floors, room)


def _proposal(
    kind: ProposalKind, blocks: Sequence[Block], ahead: Sequence[_Ahead], minutes: list[int], moved: Sequence[_Option]
) -> Proposal:
    said = {one.block.id: (rest, text) for one, rest, text in moved}
    new: dict[str, Block] = {}
    cuts = []
    for one, rest in zip(ahead, minutes, strict=True):
        block, after = one.block, one.spent + rest
        target, text = said.get(block.id, (one.wanted, ""))
        if block.id in said and target == 0:
            new[block.id] = replace(block, minutes=0, status="home" if kind == "home" else "skipped")
        elif rest != one.wanted or one.spent > block.minutes:
            new[block.id] = replace(block, minutes=after)
        if block.id in said:
            cuts.append(_cut(block, "home" if kind == "home" else "skipped", target, text))
        if rest < target:
            text = f"{block.name} wordt korter: {minutes_text(after)} in plaats van {block.minutes}."
            cuts.append(_cut(block, "shortened", after, text))
    return Proposal(kind=kind, blocks=tuple(new.get(block.id, block) for block in blocks), cuts=tuple(cuts))


def _cut(block: Block, kind: Literal["home", "skipped", "shortened"], after: int, text: str) -> Cut:
    return Cut(id=block.id, kind=kind, before=block.minutes, after=after, text=text)
