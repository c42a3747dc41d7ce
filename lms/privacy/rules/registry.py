"""Every table and column of the database, with what it holds about people. A test compares this with the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lms.privacy.rules import figures, learning, mail, monitoring, pack, people, schools
from lms.privacy.rules.parts import Group, NotPersonal, Part

PERSONAL: tuple[Part, ...] = (
    *people.PARTS,
    *schools.PARTS,
    *learning.PARTS,
    *pack.PARTS,
    *monitoring.PARTS,
    *figures.PARTS,
    *mail.PARTS,
)
NOT_PERSONAL: tuple[NotPersonal, ...] = (*schools.NOT_PERSONAL, *monitoring.NOT_PERSONAL, *figures.NOT_PERSONAL)


def part_of(table: str) -> Part:
    """The description of a table with personal data. Raises KeyError for one that has none."""
    return {part.table: part for part in PERSONAL}[table]


def by_group() -> Iterator[tuple[Group, list[Part]]]:
    """The descriptions under the headings of the statement, in the order of ``Group``."""
    for group in Group:
        yield group, [part for part in PERSONAL if part.group is group]


def undeclared(columns: Mapping[str, frozenset[str]]) -> list[str]:
    """What of these tables (name → columns) nobody described, and what is described but not there, as sentences."""
    described = {part.table: part.columns for part in PERSONAL} | {rest.table: rest.columns for rest in NOT_PERSONAL}
    found = []
    for table in sorted({*columns, *described}):
        if table not in described:
            found.append(f"{table}: describe this table with a Part or a NotPersonal in lms/privacy/rules/")
            continue
        real = columns.get(table, frozenset())
        for column in sorted(real - described[table]):
            found.append(f"{table}.{column}: add it to shown, secret or technical of {table} in lms/privacy/rules/")
        for column in sorted(described[table] - real):
            found.append(f"{table}.{column}: described in lms/privacy/rules/ but not in the database")
    return found
