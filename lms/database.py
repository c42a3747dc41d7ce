"""The database: flask-sqlalchemy's ``db``, the base of all tables, and how a connection behaves.

SQLite is the default, PostgreSQL the same code for more than one machine. Two things are not left to
chance on SQLite: a request that may write takes the write lock when its transaction begins (Python's
driver would begin only at the first write and lose updates), and a page that is only read runs on a
connection that refuses writes, so a GET that changes something fails in the first test that opens it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    Enum,
    Executable,
    MetaData,
    Result,
    String,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.sql.functions import FunctionElement

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    # An answer we acknowledged must survive a power cut; NORMAL does not promise that.
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "busy_timeout": "5000",
    # What was erased has to be gone from the file too, not only from the tables.
    "secure_delete": "ON",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, on both databases. Refuses a moment without zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(kind: type[enum.StrEnum], name: str) -> Enum:
    """A column type that holds the values of ``kind`` as text, guarded by a check constraint."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime()}


# Our tables stand on the plain Base; flask-sqlalchemy brings the engine and the session of each request.
db = SQLAlchemy()

_read_only: ContextVar[bool] = ContextVar("read_only", default=False)


def only_read(yes: bool) -> None:
    """Say whether transactions that begin from now on, in this request, may only read."""
    _read_only.set(yes)


@contextmanager
def reading() -> Iterator[None]:
    """Everything inside may only read."""
    before = _read_only.get()
    _read_only.set(True)
    try:
        yield
    finally:
        _read_only.set(before)


def prepare_engine(engine: Engine) -> None:
    """Give every connection of ``engine`` the behaviour described at the top of this module."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


@event.listens_for(Session, "do_orm_execute")
def _read_locked_rows_anew(state: ORMExecuteState) -> None:
    """A page reads a row before its action locks it. What somebody kept in between has to be seen, or it is lost."""
    if state.is_select and getattr(state.statement, "_for_update_arg", None) is not None:
        state.update_execution_options(populate_existing=True)


def forget_what_was_read() -> None:
    """To call when a row was locked that stands for others: those are read anew, for the same reason.

    On SQLite nobody else writes while a request that may write goes on, so there is nothing to forget.
    """
    if db.session.connection().dialect.name != "sqlite":
        db.session.flush()
        db.session.expire_all()


class by_name(FunctionElement[str]):
    """A column in the order of names, capitals aside, as an index keeps it.

    Not ``lower``: on SQLite that is ours, and an index on it looks damaged to every tool that does not know it.
    """

    name = "by_name"
    type = String()
    inherit_cache = True


@compiles(by_name)
def _by_name(element: by_name, compiler: Any, **words: Any) -> str:
    name = compiler.process(element.clauses, **words)
    return f"{name} COLLATE NOCASE" if compiler.dialect.name == "sqlite" else f"lower({name})"


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # We send BEGIN ourselves, see _begin_sqlite.
    connection.isolation_level = None
    # SQLite lowers ASCII only; our searches mean École and ÉCOLE as the same, as PostgreSQL does.
    connection.create_function("lower", 1, _lower, deterministic=True)
    for pragma, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma}={value}")


def _begin_sqlite(connection: Connection) -> None:
    if _read_only.get():
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if _read_only.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def empty_journal(engine: Engine) -> None:
    """On SQLite: cut the journal off, so what was erased is gone from it too. Does nothing while others read."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def check_safety(connection: Connection) -> list[str]:
    """Names of the SQLite settings that differ from what we promise; empty when all is well."""
    if connection.dialect.name != "sqlite":
        return []
    expected = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1"}
    return [
        name
        for name, value in expected.items()
        if str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()).lower() != value
    ]


def run(statement: Executable, values: Mapping[str, Any]) -> Result[Any]:
    """Run a statement that asks for plain values on the connection itself, in the transaction of the session.

    The bookkeeping of the ORM takes three times as long as such a statement. It knows nothing of objects that
    are not flushed yet, so it is for the statements that every page begins with.
    """
    return db.session.connection().execute(statement, values)


def ping() -> None:
    """Ask the database for an answer; raises OperationalError when it is away."""
    db.session.execute(text("SELECT 1"))
