"""Where the shapes of a chart stand. A chart is a drawing beside figures that are text, and never says more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

# A column chart: the width of one column with its gap, and the height that the largest value gets, in its own units.
COLUMN, HEIGHT = 40, 72
# Radius of a dot on the map: that of one school among many, and what the largest one gets more.
SMALLEST_DOT, DOT_GROWS = 8.0, 9.5
# With fewer than this many schools in the largest place, dots do not grow to their full size.
FULL_SIZE_FROM = 10
# More names than this do not fit on the map without hiding each other.
NAMES_AT_MOST = 9
SHORT_NAMES = {"Heusden-Zolder": "Heusden-Z.", "Houthalen-Helchteren": "Houthalen-H."}
# Names that would hide a neighbour stand elsewhere than right of their dot: x and y from its centre, and the anchor.
NAME_PLACES = {"Beringen": (-22, -19, "start"), "Heusden-Zolder": (-7, 27, "middle"), "Lommel": (0, 24, "middle")}


def bar_width(value: int, largest: int) -> float:
    """The length of a bar in percent. What is not zero stays visible."""
    if value <= 0 or largest <= 0:
        return 0.0
    return max(1.0, round(100 * value / largest, 1))


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its left side, top and height, and the middle, where its value and label stand."""

    label: str
    value: int
    x: int
    y: float
    height: float
    middle: float


def columns(values: Sequence[tuple[str, int]]) -> list[Column]:
    """A column per value, the largest of them ``HEIGHT`` high."""
    largest = max((value for _label, value in values), default=0)
    found = []
    for number, (label, value) in enumerate(values):
        height = HEIGHT * bar_width(value, largest) / 100
        found.append(
            Column(
                label=label,
                value=value,
                x=number * COLUMN,
                y=round(HEIGHT - height, 1),
                height=round(height, 1),
                middle=number * COLUMN + COLUMN / 2,
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A municipality on the map. ``label`` is empty where its name would hide others; zero schools is a hollow dot."""

    name: str
    count: int
    x: int
    y: int
    radius: float
    label: str
    label_x: float
    label_y: float
    anchor: str


class Town(Protocol):
    """What the map has to know of a municipality."""

    @property
    def name(self) -> str: ...
    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...
    @property
    def is_mining(self) -> bool: ...


def dots(counts: Mapping[str, int], towns: Sequence[Town]) -> list[Dot]:
    """The dots of all ``towns``, the empty ones first, so that they hide nobody."""
    largest = max([FULL_SIZE_FROM, *(counts.get(one.name, 0) for one in towns)])
    filled = [one for one in towns if counts.get(one.name)]
    named = filled if len(filled) <= NAMES_AT_MOST else [one for one in filled if one.is_mining]
    found = []
    for one in sorted(towns, key=lambda one: counts.get(one.name, 0)):
        count = counts.get(one.name, 0)
        radius = round(SMALLEST_DOT + DOT_GROWS * sqrt(count / largest), 1) if count else 4.5
        x, y, anchor = NAME_PLACES.get(one.name, (radius + 5, 4, "start"))
        label = SHORT_NAMES.get(one.name, one.name) if one in named else ""
        found.append(
            Dot(
                name=one.name,
                count=count,
                x=one.x,
                y=one.y,
                radius=radius,
                label=label,
                label_x=one.x + x,
                label_y=one.y + y,
                anchor=anchor,
            )
        )
    return found
