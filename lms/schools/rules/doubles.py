"""Schools that probably stand in the register twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

from lms.schools.rules.register import NUMBER_DIGITS, plain

# Words that one list has in the name of a school and another has not.
FILLERS = frozenset(
    {"de", "het", "school", "vzw", "van", "voor", "secundaire", "secundair", "instituut", "campus", "te", "in"}
)


# The longest number of a school.
NUMBER_LENGTH = NUMBER_DIGITS[-1]
# Letters of a fingerprint: two that differ are alike by chance once in a thousand million registers.
MARK_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A school as far as it matters for being a double."""

    id: int
    name: str
    municipality: str
    street: str
    postcode: str
    number: str | None

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a school, or a row with its columns."""
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})


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


def kept_marks(school: Listed) -> dict[str, str | None]:
    """The marks but the number as fingerprints, by the name of their column; None for a mark that it has not."""
    found = {str(mark[0]): mark[1:] for mark in marks(school)}
    return {
        "name_mark": _fingerprint(found["whole"]),
        "words_mark": _fingerprint(found.get("words")),
        "address_mark": _fingerprint(found.get("address")),
    }


def _fingerprint(mark: tuple[object, ...] | None) -> str | None:
    if mark is None:
        return None
    parts = [" ".join(sorted(part)) if isinstance(part, frozenset) else str(part) for part in mark]
    return hashlib.blake2s("\n".join(parts).encode(), digest_size=MARK_LENGTH // 2).hexdigest()


def written_numbers(number: str | None) -> list[str]:
    """Every way in which this number may stand in the register: with as many zeros in front as fit, or none."""
    if not number:
        return []
    bare = number.lstrip("0")
    return [bare.zfill(length) for length in range(max(1, len(bare)), max(NUMBER_LENGTH, len(bare)) + 1)]


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
