"""Put parts in lesson hours, in their order, with no exercise shortened by more than a limit.

An hour ends by closing it (a mini check-out) and the next one opens with a mini check-in; an hour without a working
part is no hour. ``need`` is the least room that what is left asks, so a plan exists exactly when the first hour has it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lms.didactics.timing.parts import Part

NEVER = 10**9


class Packing:
    """The ways to put ``parts`` in all of ``hours``; ``limit`` is the largest shortening of an exercise, in minutes.

    ``may_stay_out``: ids of parts without which a packing may do as well, to ask in one go whether any exists at all.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        hours: Sequence[int],
        *,
        opening: int,
        closing: int,
        limit: int,
        may_stay_out: Collection[str] = (),
    ) -> None:
        self.parts = parts
        self.hours = hours
        self.opening = opening
        self.closing = closing
        self.limit = limit
        self.may_stay_out = may_stay_out
        self._known: dict[tuple[int, int, int, bool], int] = {}
        # What can still be shortened from each part on, within its exercise.
        self._slack = [0] * (len(parts) + 1)
        for place in range(len(parts) - 1, -1, -1):
            rest = self._slack[place + 1] if self._goes_on(place) else 0
            self._slack[place] = parts[place].minutes - parts[place].floor + rest

    @property
    def exists(self) -> bool:
        return self.need(0, 0, self.limit, False) <= self.hours[0]

    def _goes_on(self, place: int) -> bool:
        """Whether the next part is a step of the same exercise."""
        return place + 1 < len(self.parts) and self.parts[place].belongs_with(self.parts[place + 1])

    def _rest(self, place: int, hour: int, left: int, works: bool) -> int:
        """What is needed after this part, when ``left`` of its exercise may still be shortened."""
        after = left if self._goes_on(place) else self.limit
        return self.need(place + 1, hour, after, works or self.parts[place].works)

    def need(self, place: int, hour: int, left: int, works: bool) -> int:
        """The least minutes that ``hour`` must still have for the parts from ``place`` on.

        ``left`` is how much the exercise of that part may still be shortened, ``works`` whether a working part
        already stands in this hour.
        """
        if place == len(self.parts):
            return 0 if works and hour == len(self.hours) - 1 else NEVER
        left = min(left, self._slack[place])
        key = (place, hour, left, works)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._need(place, hour, left, works)
        return known

    def _need(self, place: int, hour: int, left: int, works: bool) -> int:
        part = self.parts[place]
        most = min(part.minutes - part.floor, left)
        # The steps of a split exercise share what may be shortened; where that does not pinch, shorter is never worse.
        pinches = self._goes_on(place) and left < self._slack[place]
        choices = range(most + 1) if pinches else (most,)
        best = min(part.minutes - less + self._rest(place, hour, left - less, works) for less in choices)
        if part.id in self.may_stay_out:
            best = min(best, self.need(place + 1, hour, left if self._goes_on(place) else self.limit, works))
        if works and hour + 1 < len(self.hours):
            room = self.hours[hour + 1] - self.opening
            if self.need(place, hour + 1, left, False) <= room:
                best = min(best, self.closing)
        return best

    def choose(self) -> list[tuple[int, int]]:
        """Minutes and hour (from 0) of each part: part by part the most minutes, and then the earliest hour.

        That is what "toolbox order" decides between plans that are equally good. Only for a packing that exists.
        """
        chosen: list[tuple[int, int]] = []
        hour, free, works, left = 0, self.hours[0], False, self.limit
        for place, part in enumerate(self.parts):
            most = min(part.minutes - part.floor, left)
            less, hour, free, works = next(
                (less, there, room, busy or part.works)
                for less in range(most + 1)
                for there, room, busy in self._places(hour, free, works)
                if part.minutes - less + self._rest(place, there, left - less, busy) <= room
            )
            left = left - less if self._goes_on(place) else self.limit
            free -= part.minutes - less
            chosen.append((part.minutes - less, hour))
        return chosen

    def _places(self, hour: int, free: int, works: bool) -> list[tuple[int, int, bool]]:
        """Where the next part may stand: in this hour, or in the next one after closing this one."""
        places = [(hour, free, works)]
        if works and hour + 1 < len(self.hours) and free >= self.closing:
            places.append((hour + 1, self.hours[hour + 1] - self.opening, False))
        return places
