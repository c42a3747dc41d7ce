"""Small words for the rules: names that may stand once, and lists of names in a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lms.content.drafts import Located
from lms.content.problems import Problem
from lms.content.yaml import Steps

# A message stays readable when it names at most this many values.
_SHOWN = 12


@dataclass(frozen=True)
class Named:
    """A name and the place where it was given."""

    name: str
    source: Located[Any]
    steps: Steps


def once(what: str, entries: Iterable[Named]) -> Iterator[Problem]:
    """A problem for each name that was given before; ``what`` says whose name it is, with its article."""
    seen: dict[str, Named] = {}
    for entry in entries:
        first = seen.setdefault(entry.name, entry)
        if first is not entry:
            place = first.source.place(first.steps)
            cause = f'{what}, "{entry.name}", is al gebruikt ({place})'
            yield entry.source.problem(entry.steps, cause, "een waarde die nog niet gebruikt is")


def once_among(
    what: str, names: Iterable[str], source: Located[Any], steps: Steps, key: str = "id"
) -> Iterator[Problem]:
    """The same for the values of one list in one file; ``steps`` lead to the list."""
    yield from once(what, (Named(name, source, (*steps, number, key)) for number, name in enumerate(names)))


def quoted(names: Iterable[str]) -> str:
    """The names that do exist, to be put behind what is expected."""
    known = sorted(names)
    if not known:
        return ""
    return " (" + ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "") + ")"
