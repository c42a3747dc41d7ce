"""Every column of every table is described: as data about somebody, or as nothing about anybody.

A column that is new and not described fails here; the message says where its line goes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sqlalchemy import MetaData, String

import lms.app  # noqa: F401 - makes every table known
from lms.database import Base
from lms.privacy.rules.parts import Erased, Part
from lms.privacy.rules.registry import NOT_PERSONAL, PERSONAL, part_of, undeclared


def columns_of(metadata: MetaData) -> dict[str, frozenset[str]]:
    return {table.name: frozenset(table.columns.keys()) for table in metadata.sorted_tables}


def test_every_column_is_described() -> None:
    assert undeclared(columns_of(Base.metadata)) == []


def test_a_column_or_table_that_nobody_described_is_seen() -> None:
    """The sabotaged twin: two columns and a table too many, and one that is gone."""
    columns = columns_of(Base.metadata)
    columns["person"] = columns["person"] - {"totp_secret"} | {"phone"}
    columns["school"] = columns["school"] | {"director"}
    columns["diary"] = frozenset({"id", "secret"})
    found = undeclared(columns)
    assert [sentence.split(":")[0] for sentence in found] == [
        "diary", "person.phone", "person.totp_secret", "school.director",
    ]  # fmt: skip
    assert all("lms/privacy/rules/" in sentence for sentence in found)
    assert undeclared(columns_of(MetaData())) != []


def test_no_table_and_no_column_is_described_twice() -> None:
    tables = Counter(entry.table for entry in (*PERSONAL, *NOT_PERSONAL))
    assert max(tables.values()) == 1
    for part in PERSONAL:
        columns = Counter([*part.shown, *part.secret, *part.technical])
        assert max(columns.values()) == 1, part.table
        assert len(set(part.shown.values())) == len(part.shown), f"{part.table}: two columns with one label"


def test_every_description_says_purpose_basis_term_and_erasing() -> None:
    for part in PERSONAL:
        said = (part.title, part.purpose, part.basis.value, part.keep.text, part.erased_text)
        assert all(text.strip() for text in said), part.table
        assert all(text.endswith((".", ")")) for text in said[1:]), part.table


def whose_is_missing(part: Part) -> bool:
    return not (part.by_person or part.by_address or part.by_fingerprint or part.through)


def test_every_row_belongs_to_somebody_and_every_name_in_a_description_is_a_column() -> None:
    for part in PERSONAL:
        table = Base.metadata.tables[part.table]
        assert not whose_is_missing(part), part.table
        named = {
            part.by_person,
            part.by_address,
            part.by_fingerprint,
            *part.keep.since,
            *part.keep.only,
            *part.wiped,
            *part.lookup,
        }
        assert named - {""} <= set(table.columns.keys()), part.table
        assert part.keep.is_swept == bool(part.keep.since), f"{part.table}: a term needs a moment to count from"
        for column, above in part.through:
            assert column in table.columns and part_of(above)


def texts_left(part: Part) -> set[str]:
    """Texts in a row that stays which nothing takes the place of. Roles are ours, not theirs."""
    table = Base.metadata.tables[part.table]
    texts = {name for name in part.columns if isinstance(table.columns[name].type, String)}
    return texts - {"role"} - set(part.wiped) - set(part.stays)


def test_what_is_wiped_leaves_no_text_of_the_person_behind() -> None:
    for part in PERSONAL:
        assert (part.erased is Erased.WIPED) == bool(part.wiped), part.table
        if part.erased is Erased.WIPED:
            assert texts_left(part) == set(), part.table
            table = Base.metadata.tables[part.table]
            assert all(table.columns[name].nullable for name, value in part.wiped.items() if value is None)


def test_a_text_that_would_stay_behind_is_seen() -> None:
    person = part_of("person")
    assert texts_left(replace(person, wiped={**person.wiped} | {"name": ""})) == set()
    less = {name: value for name, value in person.wiped.items() if name != "totp_secret"}
    assert texts_left(replace(person, wiped=less)) == {"totp_secret"}
