"""Fit a session in the lesson hours there are.

Source: requirement B4 of the planner. Never over the time; core at its minimum or more; a check-in and a check-out in
every hour, the session's own or a mini one; minimum minutes respected; split only what the toolbox lets split.
Best means, in this order: as little of the core at home as possible; most other exercises kept; the smallest largest
shortening of an exercise; toolbox order. ``docs/planner.md`` tells how ties and empty hours are settled.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from lms.content.toolbox_models import Limits, Minis, Session
from lms.didactics.timing.packing import Packing
from lms.didactics.timing.parts import Part, mini_limits, optional_ids, parts_of, without
from lms.didactics.timing.plans import MINI_CHECKIN, MINI_CHECKOUT, MINI_NAMES, Block, Plan, Status
from lms.didactics.timing.reasons import does_not_fit
from lms.didactics.timing.words import explain


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A best packing: where each part in class stands, and what stays out."""

    used: tuple[int, ...]
    parts: tuple[Part, ...]
    places: tuple[tuple[int, int], ...]


def fit(
    session: Session,
    hours: Sequence[int],
    minis: Minis,
    *,
    done: Collection[str] = (),
    out: Collection[str] = (),
    stay: Collection[str] = (),
) -> Plan:
    """The best plan for ``session`` in lesson hours of so many minutes each.

    ``done``: exercises that are behind us and are not planned again. ``out`` and ``stay``: optional exercises, and
    steps that may be done at home, of which somebody decided that they leave class or stay in it. The same input
    always gives the same plan. Raises DoesNotFit with the minimum that does not fit.
    """
    parts = without(parts_of(session), dropped=done, at_home=())
    limits = mini_limits(session, minis)
    found = next(_findings(session, parts, hours, limits, frozenset(out), frozenset(stay)), None)
    if found is None:
        raise does_not_fit(session, parts, hours, limits)
    blocks = tuple(_blocks(session, parts, found, hours, limits))
    return Plan(blocks=blocks, cuts=explain(session, blocks, hours), hours=tuple(hours))


def _findings(
    session: Session,
    parts: Sequence[Part],
    hours: Sequence[int],
    limits: tuple[Limits, Limits],
    out: frozenset[str],
    stay: frozenset[str],
) -> Iterator[_Found]:
    """What fits, the best first: every hour is used, and only when that cannot be fewer of them."""
    opening, closing = limits[0].min, limits[1].min
    present = {part.exercise.id for part in parts}
    optional = [exercise_id for exercise_id in optional_ids(session) if exercise_id in present]
    homes = _homes(parts, optional, out, stay)
    choices = _choices(optional, out, stay)
    may_stay_out = {part.id for part in parts if part.exercise.id in optional} | set(homes[-1])
    loosest = max(part.exercise.minutes for part in parts)
    for count in range(len(hours), 0, -1):
        for used in combinations(range(len(hours)), count):
            room = [hours[hour] for hour in used]
            # One question for all that may stay out together saves asking each combination of it in vain.
            loose = Packing(parts, room, opening=opening, closing=closing, limit=loosest, may_stay_out=may_stay_out)
            if not loose.exists:
                continue
            for home in homes:
                found = _most_kept(parts, choices, home, used, room, opening, closing)
                if found is not None:
                    yield found


def _choices(optional: Sequence[str], out: frozenset[str], stay: frozenset[str]) -> list[list[tuple[str, ...]]]:
    """Which optional exercises may be dropped together, the fewest first; as many each time stand together."""
    free = [exercise_id for exercise_id in optional if exercise_id not in stay and exercise_id not in out]
    forced = tuple(exercise_id for exercise_id in optional if exercise_id in out)
    return [
        # What comes first in the toolbox is kept first.
        [(*forced, *dropped) for dropped in reversed(list(combinations(free, count)))]
        for count in range(len(free) + 1)
    ]


def _homes(
    parts: Sequence[Part], optional: Sequence[str], out: frozenset[str], stay: frozenset[str]
) -> list[tuple[str, ...]]:
    """The sets of core steps that may go home, the one that takes the fewest minutes out of class first."""
    movable = [
        part
        for part in parts
        if part.step is not None and part.goes_home and part.exercise.id not in optional and part.id not in stay
    ]
    forced = {part.id for part in movable if part.id in out}
    sets = [
        chosen
        for count in range(len(movable) + 1)
        for chosen in combinations(movable, count)
        if forced <= {part.id for part in chosen}
    ]
    sets.sort(key=lambda chosen: sum(part.minutes for part in chosen))
    return [tuple(part.id for part in chosen) for chosen in sets]


def _most_kept(
    parts: Sequence[Part],
    choices: Sequence[Sequence[tuple[str, ...]]],
    home: tuple[str, ...],
    used: tuple[int, ...],
    room: Sequence[int],
    opening: int,
    closing: int,
) -> _Found | None:
    """With this much at home and in these hours: most exercises kept, then the smallest largest shortening."""
    for as_many in choices:
        best: Packing | None = None
        for dropped in as_many:
            stays = without(parts, dropped=dropped, at_home=home)
            top = (best.limit - 1) if best else max(part.exercise.minutes for part in stays)
            best = _gentlest(stays, room, opening, closing, top) or best
        if best is not None:
            return _Found(used=used, parts=tuple(best.parts), places=tuple(best.choose()))
    return None


def _gentlest(parts: tuple[Part, ...], room: Sequence[int], opening: int, closing: int, top: int) -> Packing | None:
    """The packing with the smallest largest shortening of at most ``top`` minutes, or None."""

    def packing(limit: int) -> Packing:
        return Packing(parts, room, opening=opening, closing=closing, limit=limit)

    if top < 0 or not (best := packing(top)).exists:
        return None
    low, high = 0, top
    while low < high:
        middle = (low + high) // 2
        if (tried := packing(middle)).exists:
            best, high = tried, middle
        else:
            low = middle + 1
    return best


# ── from a packing to blocks ───────────────────────────────────────────────


def _blocks(
    session: Session, parts: Sequence[Part], found: _Found, hours: Sequence[int], limits: tuple[Limits, Limits]
) -> Iterator[Block]:
    """Every exercise in toolbox order, whether in class or not, with the mini blocks between the hours."""
    places = {part.id: place for part, place in zip(found.parts, found.places, strict=True)}
    free = [hours[hour] for hour in found.used]
    for minutes, place in found.places:
        free[place] -= minutes
    minis = _minis(free, limits)
    hour = 0
    for exercise in session.exercises:
        own = [part for part in parts if part.exercise.id == exercise.id]
        for block_parts in _whole_or_steps(own, places):
            first = places.get(block_parts[0].id)
            while first is not None and first[1] > hour:
                yield _mini(MINI_CHECKOUT, minis[hour][1], found.used[hour])
                hour += 1
                yield _mini(MINI_CHECKIN, minis[hour][0], found.used[hour])
            yield _block(block_parts, places, found.used[hour] + 1)


def _minis(free: Sequence[int], limits: tuple[Limits, Limits]) -> list[tuple[int, int]]:
    """Minutes of the mini check-in and mini check-out of each hour: what is over in an hour goes to these first."""
    opening, closing = limits
    result = []
    for hour, over in enumerate(free):
        is_first, is_last = hour == 0, hour == len(free) - 1
        over -= (0 if is_first else opening.min) + (0 if is_last else closing.min)
        longer_out = 0 if is_last else min(closing.max - closing.min, over)
        longer_in = 0 if is_first else min(opening.max - opening.min, over - longer_out)
        result.append((opening.min + longer_in, closing.min + longer_out))
    return result


def _mini(block_id: str, minutes: int, hour: int) -> Block:
    return Block(id=block_id, name=MINI_NAMES[block_id], minutes=minutes, hour=hour + 1, status="mini")


def _whole_or_steps(own: list[Part], places: dict[str, tuple[int, int]]) -> list[list[Part]]:
    """The parts of one exercise as blocks: together when all stand in one hour or all stay out, otherwise apart."""
    hours = {places[part.id][1] if part.id in places else None for part in own}
    return [own] if len(hours) == 1 else [[part] for part in own]


def _block(block_parts: list[Part], places: dict[str, tuple[int, int]], hour: int) -> Block:
    part = block_parts[0]
    whole = len(block_parts) > 1
    status: Status = "kept"
    if part.id not in places:
        fits_home = part.exercise.at_home == "full" or all(one.goes_home for one in block_parts)
        status = "home" if fits_home else "skipped"
    return Block(
        id=part.exercise.id if whole else part.id,
        name=part.exercise.name if whole else part.name,
        minutes=sum(places[one.id][0] for one in block_parts if one.id in places),
        hour=hour,
        status=status,
    )
