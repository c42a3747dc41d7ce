"""Totals of long lists, counted once a minute."""

from __future__ import annotations

import time
from collections.abc import Hashable

from lms.database import db


class LargeTotals:
    """Totals too large to need the last one, for a minute. Nobody calls three hundred people before coffee.

    Counting all that waits on the largest site takes a hundred times as long as finding the lines to begin with.
    Up to ``FROM`` lines the number is always that of now.
    """

    FROM, SECONDS, MOST = 200, 60.0, 500

    def __init__(self) -> None:
        self._totals: dict[Hashable, tuple[float, tuple[int, ...]]] = {}

    def get(self, *asked: Hashable) -> tuple[int, ...] | None:
        """What was kept less than a minute ago for this question; None when it has to be counted."""
        counted_at, totals = self._totals.get(self._key(asked), (0.0, (0,)))
        return totals if totals[0] > self.FROM and time.monotonic() - counted_at < self.SECONDS else None

    def keep(self, *asked: Hashable, totals: tuple[int, ...]) -> None:
        """Keep them when the first one, the number of lines, is large."""
        if totals[0] > self.FROM:
            if len(self._totals) > self.MOST:
                self._totals.clear()
            self._totals[self._key(asked)] = (time.monotonic(), totals)

    @staticmethod
    def _key(asked: tuple[Hashable, ...]) -> Hashable:
        return (str(db.engine.url), *asked)


totals = LargeTotals()
