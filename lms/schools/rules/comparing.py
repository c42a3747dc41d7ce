"""What a file with schools would change in the register, before anything is changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from lms.errors import Invalid
from lms.schools.rules import SchoolKind
from lms.schools.rules.importing import BadFile, Row
from lms.schools.rules.register import SchoolFacts


@dataclass(frozen=True, kw_only=True)
class Known:
    """A school that is in the register already."""

    id: int
    facts: SchoolFacts


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a row changes of a school: for each column what stands there now and what comes."""

    line: int
    id: int
    before: SchoolFacts
    facts: SchoolFacts
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a file would do to the register."""

    new: list[tuple[int, SchoolFacts]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: list[tuple[int, SchoolFacts]] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """The same exactly when the file would do the same: whoever confirms gets what they saw."""
        told = [
            [[line, repr(facts)] for line, facts in self.new],
            [[one.line, one.id, repr(one.before), repr(one.facts)] for one in self.changed],
            len(self.same),
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class _Register:
    """The schools of the register by what makes them known, kept up while the rows of a file go by."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.numbers: dict[str, Known] = {}
        self.exact: dict[tuple[str, str], Known] = {}
        self.alike: dict[tuple[str, str], list[Known]] = {}
        for school in known:
            if school.facts.number:
                self.numbers[school.facts.number] = school
            self.exact[_exact(school.facts)] = school
            self.alike.setdefault(school.facts.key, []).append(school)

    def match(self, row: Row, key: tuple[str, str]) -> Known | None:
        """The school that a row is about, by number, else by name and municipality. Raises Invalid."""
        numbered = self.numbers.get(row.number) if row.number else None
        exact, alike = self.exact.get(_exact(row)), self.alike.get(key, [])
        if numbered is None and exact is None and len(alike) > 1:
            raise Invalid("naam: in de lijst staan twee scholen die zo heten. Geef ook het nummer.")
        named = exact or next(iter(alike), None)
        if numbered is not None and named is not None and numbered.id != named.id:
            there = numbered.facts
            raise Invalid(f"nummer: dit nummer hoort bij {there.name} in {there.municipality}.")
        return numbered or named


def _exact(school: SchoolFacts | Row) -> tuple[str, str]:
    return school.name.lower(), school.municipality.lower()


def compare(rows: Sequence[Row], known: Iterable[Known]) -> Outcome:
    """What these rows would add and change. An empty cell changes nothing. Raises BadFile."""
    register, outcome = _Register(known), Outcome()
    seen: dict[object, int] = {}
    problems: list[str] = []
    for row in rows:
        try:
            _place(row, register, seen, outcome)
        except Invalid as error:
            problems.append(f"rij {row.line}, kolom {error.message}")
    if problems:
        raise BadFile(problems)
    return outcome


def _place(row: Row, register: _Register, seen: dict[object, int], outcome: Outcome) -> None:
    facts = SchoolFacts(
        name=row.name, kind=row.kind or SchoolKind.SECONDARY, municipality=row.municipality, street=row.street,
        postcode=row.postcode, number=row.number,
    )  # fmt: skip
    school = register.match(row, facts.key)
    for mark, word in (
        (("number", row.number) if row.number else None, "nummer"),
        (("key", facts.key), "naam"),
        (("school", school.id) if school else None, "naam"),
    ):
        if mark is not None and seen.setdefault(mark, row.line) != row.line:
            what = f"{row.number} staat" if word == "nummer" else "deze school staat"
            raise Invalid(f"{word}: {what} ook in rij {seen[mark]}. Houd één rij over.")
    if school is None:
        if row.kind is None:
            raise Invalid("soort: kies so, cvo of jeugdwerk voor een nieuwe school.")
        outcome.new.append((row.line, facts))
        return
    before = school.facts
    merged = replace(
        before,
        name=facts.name,
        municipality=facts.municipality,
        kind=row.kind or before.kind,
        **{column: value for column in ("street", "postcode", "number") if (value := getattr(row, column))},
    )
    columns = tuple(column for column in vars(merged) if getattr(merged, column) != getattr(before, column))
    if columns:
        outcome.changed.append(Change(line=row.line, id=school.id, before=before, facts=merged, columns=columns))
    else:
        outcome.same.append((row.line, before))
