"""Schools that probably stand in the register twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lms.schools.rules.register import plain

# Words that one list has in the name of a school and another has not.
FILLERS = frozenset(
    {"de", "het", "school", "vzw", "van", "voor", "secundaire", "secundair", "instituut", "campus", "te", "in"}
)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A school as far as it matters for being a double."""

    id: int
    name: str
    municipality: str
    street: str
    postcode: str
    number: str | None


def marks(school: Listed) -> list[tuple[object, ...]]:
    """What makes a school look like another: two schools with a mark in common are probably one.

    The words of the name without its municipality and without words that say little, in the same municipality; the
    number without the zeros that a spreadsheet drops; the same address.
    """
    place = plain(school.municipality)
    words = {plain(word) for word in re.split(r"[\s\-–.,()/&]+", school.name)} - FILLERS - {""}
    words -= {plain(part) for part in school.municipality.split("-")}
    found: list[tuple[object, ...]] = [("whole", place, plain(school.name))]
    if words:
        found.append(("words", place, frozenset(words)))
    if school.number:
        found.append(("number", school.number.lstrip("0")))
    if school.street and school.postcode and any(char.isdigit() for char in school.street):
        found.append(("address", school.postcode, plain(school.street)))
    return found


def likely_doubles(schools: Iterable[Listed]) -> list[tuple[Listed, Listed]]:
    """Pairs of schools that are probably one, each pair once; in the order of the schools."""
    by_mark: dict[tuple[object, ...], list[Listed]] = {}
    pairs: dict[tuple[int, int], tuple[Listed, Listed]] = {}
    for school in schools:
        for mark in marks(school):
            for other in by_mark.setdefault(mark, []):
                pairs.setdefault((other.id, school.id), (other, school))
            by_mark[mark].append(school)
    return [pairs[key] for key in sorted(pairs, key=lambda ids: (pairs[ids][0].name.lower(), ids))]
