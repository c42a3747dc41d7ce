"""A table as it is published: the same rows on the screen, in a PDF and in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

Value = str | int | float | date | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row; the first cell names it. ``marks``: numbers of the footnotes that are about it."""

    cells: tuple[Value, ...]
    marks: tuple[int, ...] = ()
    is_total: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table with its heading. ``marks``: footnotes about the whole table; ``source``: where the figures come from."""

    slug: str
    title: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    lead: str = ""
    source: str = ""
    marks: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        assert all(len(line.cells) == len(self.heads) for line in self.lines), self.slug

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Which columns hold figures alone, to be set against the right."""
        return tuple(
            any(isinstance(line.cells[at], int | float) for line in self.lines)
            and not any(isinstance(line.cells[at], date) for line in self.lines)
            for at in range(len(self.heads))
        )


@dataclass(frozen=True, kw_only=True)
class Footnote:
    number: int
    text: str


@dataclass
class Numbering:
    """Gives footnotes their number, in the order in which they are first named."""

    texts: dict[str, str]
    order: list[str] = field(default_factory=list)

    def of(self, names: Iterable[str]) -> tuple[int, ...]:
        """The numbers of these footnotes, ascending. A name without a text has no number."""
        found = []
        for name in names:
            if name in self.texts:
                if name not in self.order:
                    self.order.append(name)
                found.append(self.order.index(name) + 1)
        return tuple(sorted(found))

    @property
    def footnotes(self) -> tuple[Footnote, ...]:
        return tuple(Footnote(number=at, text=self.texts[name]) for at, name in enumerate(self.order, start=1))


def written(value: Value) -> str:
    """A cell as it is read: a day as *24/10/2024*, a share with a comma, and a dash for nothing."""
    if value is None or value == "":
        return "–"
    if isinstance(value, date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", ",")
    return str(value)


def total_of(lines: Sequence[Line], label: str) -> Line:
    """A last row with the sum of each column of figures; other cells stay empty."""
    width = len(lines[0].cells)
    cells: list[Value] = [label]
    for at in range(1, width):
        values = [line.cells[at] for line in lines]
        numbers = [value for value in values if isinstance(value, int)]
        cells.append(sum(numbers) if numbers else None)
    return Line(cells=tuple(cells), is_total=True)
