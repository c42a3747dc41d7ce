"""Small numbers: what O&S publishes about youngsters never tells how few of one school did something.

Of a school only two counts are published: how many started, and how many of them enrolled. A school is shown whole
or hidden whole. It is hidden when one of the two, or what is left between them, is from 1 to 4 (``SMALL``). Whoever
has the total and all shown schools can subtract, so a group never has one hidden school: the smallest other one is
hidden along, until what is hidden together is large enough to say nothing of any of them. Where that cannot be done,
the group is withheld, and no total counts it.

From the school year upward every figure is rounded to 5. How the rest went (work, reasons …) is published for a group
alone, and only when at least two schools have such a rest; otherwise it would be about one school.

``publish`` is a function of the counts alone. So somebody who knows this file, and has every table, still finds two
worlds or more that give the same tables: ``tests/unit/test_small_numbers.py`` goes through all of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

SMALL = range(1, 5)
STEP = 5
HIDDEN_AT_LEAST = 2
# What the hidden schools of a group have together at least: of who enrolled, and of who did not.
TOGETHER_AT_LEAST = 5

LESS = "minder dan 5"
NOT_SHOWN = "niet getoond"


def rounded(count: int) -> int:
    """To the nearest multiple of 5. Whole numbers have no halfway, so nothing is decided by chance."""
    return STEP * ((count + STEP // 2) // STEP)


@dataclass(frozen=True, kw_only=True)
class Row(Generic[Key]):
    """What one school counted. ``more``: every other count, which is published for groups alone."""

    key: Key
    started: int
    enrolled: int
    more: Mapping[str, int] = field(default_factory=dict)

    @property
    def rest(self) -> int:
        """Who started and did not enrol: the complement of who did."""
        return self.started - self.enrolled

    @property
    def is_small(self) -> bool:
        return any(count in SMALL for count in (self.started, self.enrolled, self.rest))


@dataclass(frozen=True, kw_only=True)
class Group(Generic[Key]):
    """One group as it is published. ``rows``: started and enrolled of a school, or None where it is hidden.

    ``totals``: rounded; None when the group is withheld. ``more``: rounded; None when it would be about one school.
    """

    rows: Mapping[Key, tuple[int, int] | None]
    totals: tuple[int, int] | None
    more: Mapping[str, int] | None

    @property
    def hidden(self) -> int:
        return sum(row is None for row in self.rows.values())


def publish(rows: Sequence[Row[Key]]) -> Group[Key]:
    """The schools of one group, so that no small number can be found. The order of ``rows`` decides between equals."""
    hidden = _hidden(rows)
    shown = {row.key: None if row.key in hidden else (row.started, row.enrolled) for row in rows}
    together = [row for row in rows if row.key in hidden]
    if together and not _is_safe(together):
        return Group(rows={row.key: None if row.started else (0, 0) for row in rows}, totals=None, more=None)
    return Group(
        rows=shown,
        totals=(rounded(sum(row.started for row in rows)), rounded(sum(row.enrolled for row in rows))),
        more=_more(rows) if sum(row.rest > 0 for row in rows) >= HIDDEN_AT_LEAST else None,
    )


def _hidden(rows: Sequence[Row[Key]]) -> set[Key]:
    """The keys of who is hidden: the small ones, and the smallest others until that is safe.

    A school where nobody started has nothing to hide, and hides nothing of others.
    """
    hidden = [row for row in rows if row.is_small]
    others = sorted((row for row in rows if not row.is_small and row.started), key=lambda row: row.started)
    while hidden and not _is_safe(hidden) and others:
        hidden.append(others.pop(0))
    return {row.key for row in hidden}


def _is_safe(hidden: Sequence[Row[Key]]) -> bool:
    """Whether their sum says nothing of one of them, even to somebody who would know it exactly."""
    return (
        len(hidden) >= HIDDEN_AT_LEAST
        and sum(row.enrolled for row in hidden) >= TOGETHER_AT_LEAST
        and sum(row.rest for row in hidden) >= TOGETHER_AT_LEAST
    )


def _more(rows: Iterable[Row[Key]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        for name, count in row.more.items():
            sums[name] = sums.get(name, 0) + count
    return {name: rounded(count) for name, count in sums.items()}
