"""The best plan by trying everything, written from requirement B4 alone and sharing nothing with the planner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement, product
from typing import Any

from lms.content.toolbox_models import Minis, Session

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Piece:
    exercise: int
    minutes: int
    floor: int
    may_go_home: bool
    is_end: bool


def pieces_of(session: Session) -> list[Piece]:
    result = []
    for number, exercise in enumerate(session.exercises):
        is_end = number in (0, len(session.exercises) - 1)
        if exercise.splittable:
            result += [
                Piece(number, step.minutes or 0, step.min_minutes or 0, step.home, is_end) for step in exercise.steps
            ]
        else:
            result.append(Piece(number, exercise.minutes, exercise.min_minutes, False, is_end))
    return result


def best(session: Session, hours: Sequence[int], minis: Minis) -> tuple[Key, list[tuple[int, int] | None]] | None:
    """The best plan as (minutes, hour) per piece, None for what is not in class; None when there is none."""
    for count in range(len(hours), 0, -1):
        for used in combinations(range(len(hours)), count):
            found = min(
                _plans(session, used, [hours[hour] for hour in used], minis), default=None, key=lambda it: it[0]
            )
            if found is not None:
                return found
    return None


def _plans(
    session: Session, used: Sequence[int], room: Sequence[int], minis: Minis
) -> Iterator[tuple[Key, list[tuple[int, int] | None]]]:
    pieces = pieces_of(session)
    optional = [number for number, exercise in enumerate(session.exercises) if exercise.droppable]
    movable = [place for place, piece in enumerate(pieces) if piece.may_go_home]
    for home in _subsets(movable):
        for kept in _subsets(optional):
            out = {number for number in optional if number not in kept}
            inside = [place for place, piece in enumerate(pieces) if piece.exercise not in out and place not in home]
            for hours in combinations_with_replacement(range(len(room)), len(inside)):
                if not _hours_work(pieces, inside, hours, len(room)):
                    continue
                for minutes in product(*(range(pieces[p].floor, pieces[p].minutes + 1) for p in inside)):
                    if _fits(minutes, hours, room, minis):
                        yield (
                            _key(pieces, home, kept, inside, minutes, hours),
                            _places(pieces, inside, minutes, hours, used),
                        )


def _subsets(items: Sequence[int]) -> list[tuple[int, ...]]:
    return [chosen for count in range(len(items) + 1) for chosen in combinations(items, count)]


def _hours_work(pieces: list[Piece], inside: list[int], hours: Sequence[int], count: int) -> bool:
    """Every hour has work in it; the check-out is in the last one."""
    working = {hour for place, hour in zip(inside, hours, strict=True) if not pieces[place].is_end}
    return working == set(range(count)) and hours[0] == 0 and hours[-1] == count - 1


def _fits(minutes: Sequence[int], hours: Sequence[int], room: Sequence[int], minis: Minis) -> bool:
    last = len(room) - 1
    return all(
        sum(m for m, h in zip(minutes, hours, strict=True) if h == hour)
        + (minis.checkin.min if hour else 0)
        + (minis.checkout.min if hour < last else 0)
        <= room[hour]
        for hour in range(len(room))
    )


def _key(
    pieces: list[Piece],
    home: tuple[int, ...],
    kept: tuple[int, ...],
    inside: list[int],
    minutes: Sequence[int],
    hours: Sequence[int],
) -> Key:
    shorter: dict[int, int] = {}
    for place, given in zip(inside, minutes, strict=True):
        number = pieces[place].exercise
        shorter[number] = shorter.get(number, 0) + pieces[place].minutes - given
    return (
        (sum(pieces[place].minutes for place in home), len(home), home),
        -len(kept),
        max(shorter.values()),
        kept,
        [(-given, hour) for given, hour in zip(minutes, hours, strict=True)],
    )


def _places(
    pieces: list[Piece], inside: list[int], minutes: Sequence[int], hours: Sequence[int], used: Sequence[int]
) -> list[tuple[int, int] | None]:
    places: list[tuple[int, int] | None] = [None] * len(pieces)
    for place, given, hour in zip(inside, minutes, hours, strict=True):
        places[place] = (given, used[hour] + 1)
    return places
