"""People whose every text, in every table the registry knows, is a word of their own that can be looked for."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Integer, String, Table, Time

from lms.clock import now
from lms.database import Base, UtcDateTime, db
from lms.people.rules import fingerprint
from lms.people.tables import Person
from lms.permissions import Role
from lms.privacy.rules.parts import Erased, Part
from lms.privacy.rules.registry import PERSONAL, part_of
from tests.factories import make_school

# Where the database itself holds that numbers add up.
ADDS_UP = {"progression": {"working": 0, "elsewhere": 0, "not_known": 0}}
# What stays of a session that somebody gave who was erased: which session it was, and marks that tell rows apart.
STAYS = {f"session_log.{name}" for name in ("session_slug", "content_digest", "asked", "client_id", "group_mark")}


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A person, and the word that stands in each ``table.column``."""

    id: int
    email: str
    words: dict[str, str] = field(default_factory=dict)

    def shown(self) -> set[str]:
        """The words in columns that the export shows."""
        return {word for place, word in self.words.items() if _column_name(place) in _part(place).shown}

    def hidden(self) -> set[str]:
        """The words in columns that nobody may see."""
        return {word for place, word in self.words.items() if _column_name(place) in _part(place).secret}

    def erasable(self) -> set[str]:
        """The words that have to be gone once the account is erased."""
        return {
            word for place, word in self.words.items() if _part(place).erased is not Erased.KEPT and place not in STAYS
        }


def _part(place: str) -> Part:
    return part_of(place.split(".")[0])


def _column_name(place: str) -> str:
    return place.split(".")[1]


def make_marked(mark: str, **fields: Any) -> Marked:
    """One row in every table with personal data, all of one new person; ``fields`` are columns of the person."""
    school = make_school(name=f"School van {mark}").id
    email = f"{mark.lower()}.adres@kanarie.example"
    words = {"person.email": email, "person.name": f"{mark} Naamkanarie", "person.totp_secret": f"{mark}TOTPKANARIE"}
    person = Person(
        **{"email": email, "name": words["person.name"], "totp_secret": words["person.totp_secret"]}
        | {"role": Role.FACILITATOR, "created_at": now()}
        | fields
    )
    db.session.add(person)
    db.session.flush()
    ids = {"person": person.id, "school": school}
    described = {part.table: part for part in PERSONAL}
    for table in Base.metadata.sorted_tables:
        if table.name in described and table.name != "person":
            ids[table.name] = _insert(table, described[table.name], ids, email, mark, words)
    db.session.commit()
    return Marked(id=ids["person"], email=email, words=words)


def _insert(table: Table, part: Part, ids: dict[str, int], email: str, mark: str, words: dict[str, str]) -> int:
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.primary_key and isinstance(column.type, Integer) and not column.foreign_keys:
            continue
        if column.name in [name for name, _ in part.through[1:]]:
            # A row belongs to one of the rows it could belong to.
            continue
        value = _value(column, part, ids, email, f"{mark}K{len(words):02d}")
        values[column.name] = value
        if isinstance(column.type, String | JSON) and not isinstance(column.type, Enum):
            words[f"{table.name}.{column.name}"] = value["a"] if isinstance(value, dict) else value
    values |= ADDS_UP.get(table.name, {})
    row = db.session.execute(table.insert().values(values).returning(*table.primary_key.columns))
    number = row.scalar_one()
    # A row that is known by a text of its own has no other rows below it.
    return number if isinstance(number, int) else 0


def _value(column: Column[Any], part: Part, ids: dict[str, int], email: str, word: str) -> Any:
    if column.foreign_keys:
        return ids[next(iter(column.foreign_keys)).column.table.name]
    if column.name == part.by_person:
        return ids["person"]
    if column.name == part.by_address:
        return email
    if column.name == part.by_fingerprint:
        return fingerprint(email)
    if isinstance(column.type, Enum):
        return next(iter(column.type.enum_class))  # type: ignore[arg-type, call-overload]
    if isinstance(column.type, JSON):
        return {"a": word}
    if isinstance(column.type, String):
        # The end of a word tells it from the others, also where a column is too short for all of it.
        return word[-(column.type.length or len(word)) :]
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Date):
        return now().date()
    if isinstance(column.type, Time):
        return now().time().replace(tzinfo=None)
    return now() if isinstance(column.type, UtcDateTime) else 7


def database_bytes() -> bytes:
    """Everything in the files of the SQLite database: free pages and the journal too."""
    db.session.rollback()
    db.session.remove()
    path = Path(str(db.engine.url.database))
    # Read by another process: closing a file of SQLite in this one would drop the locks of all its connections.
    files = sorted(str(file) for file in path.parent.glob(f"{path.name}*"))
    return subprocess.run(["cat", *files], capture_output=True, check=True).stdout
