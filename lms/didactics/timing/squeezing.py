"""Shorten what stands in one stretch of time, with the smallest largest shortening."""

from __future__ import annotations

from collections.abc import Sequence


def squeeze(wanted: Sequence[int], floors: Sequence[int], room: int) -> tuple[int, list[int]] | None:
    """The largest shortening and the minutes of each, so that their sum is at most ``room``; None when it cannot be.

    Of equally good answers the one that leaves the first ones longest, which is what toolbox order decides.
    """
    if sum(floors) > room:
        return None
    limit = 0
    while sum(_least(wanted, floors, limit)) > room:
        limit += 1
    least = _least(wanted, floors, limit)
    over = room - sum(least)
    minutes = []
    for want, low in zip(wanted, least, strict=True):
        given = min(want - low, over)
        over -= given
        minutes.append(low + given)
    return limit, minutes


def _least(wanted: Sequence[int], floors: Sequence[int], limit: int) -> list[int]:
    return [max(floor, want - limit) for want, floor in zip(wanted, floors, strict=True)]
