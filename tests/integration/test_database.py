"""How a connection behaves: nothing acknowledged is lost, no update is lost, a page that is read writes nothing."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, create_engine, event, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from lms import database, schema
from lms.app import create_app
from lms.clock import now
from lms.config import Config, ConfigError
from lms.database import check_safety, db, only_read, prepare_engine, reading
from lms.learning.tables import Attempt, Evidence
from lms.people.tables import Person
from tests.factories import make_person
from tests.rich_course import TINY
from tests.server import Server, Visit, own_config, together
from tests.spoiled import PRAGMA_FILE

SAFE = "wal 2 1"


# ── settings of every connection ───────────────────────────────────────────


def settings(connection: Connection) -> str:
    return " ".join(
        str(connection.exec_driver_sql(f"PRAGMA {name}").scalar())
        for name in ("journal_mode", "synchronous", "foreign_keys")
    )


@pytest.mark.both
def test_every_connection_of_the_suite_is_safe(app: Flask, database_kind: str) -> None:
    """All at the same time, so the pool has to make new ones; then in threads, as requests do."""
    db.session.rollback()
    with reading():
        connections = [db.engine.connect() for _ in range(8)]
        try:
            for connection in connections:
                if database_kind == "sqlite":
                    assert settings(connection) == SAFE
                else:
                    assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
                    assert connection.exec_driver_sql("SHOW fsync").scalar() == "on"
                assert check_safety(connection) == []
        finally:
            for connection in connections:
                connection.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [("synchronous", "NORMAL"), ("synchronous", "OFF"), ("journal_mode", "DELETE"), ("foreign_keys", "OFF")],
)
def test_an_unsafe_setting_is_noticed_and_production_refuses_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The sabotaged twin of the line above."""
    monkeypatch.setitem(database.SQLITE_PRAGMAS, name, value)
    engine = create_engine(f"sqlite:///{tmp_path / 'unsafe.sqlite'}")
    prepare_engine(engine)
    with engine.connect() as connection:
        assert check_safety(connection) == [name]
    engine.dispose()
    config = Config(
        environment="production",
        secret_key="k" * 40,
        data=tmp_path / "data",
        mail_url="smtp://127.0.0.1:9",
        contact="navorming@school.example",
    )
    with pytest.raises(ConfigError, match=name):
        create_app(config, watch_content=False)
    monkeypatch.undo()
    assert create_app(config, watch_content=False)


def test_every_connection_of_the_running_server_is_safe(config: Config, tmp_path: Path, database_kind: str) -> None:
    """The real server with an ear on its pool: each time a request takes a connection, its settings are noted."""
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL is safe by its own settings, see above")
    own = own_config(config, tmp_path / "site", "", TINY)
    token = prepare_server_database(own)
    notes = tmp_path / "pragmas"
    with Server(own, spoiled="watched_app", environ={PRAGMA_FILE: str(notes)}) as server:
        clients = [server.call(token) for _ in range(6)]

        def visit(number: int) -> None:
            for _ in range(5):
                assert clients[number].get("/navorming")[0] == 200
                key = f"{number}".rjust(24, "k")
                form = {"choice": "b", "key": key}
                assert clients[number].post("/navorming/klein/eerste-les/x1", form)[0] == 303

        together(6, visit)
    lines = notes.read_text().splitlines()
    assert len(lines) > 60
    assert {line.split(" ", 1)[1] for line in lines} == {SAFE}


def prepare_server_database(config: Config) -> str:
    """An empty site with one person; gives the token of that person's session."""
    from tests.server import let_in

    app = create_app(config, watch_content=False)
    with app.app_context():
        schema.migrate(db.engine)
        token = let_in(make_person().id)
        db.engine.dispose()
    return token


# ── no update is lost ──────────────────────────────────────────────────────

counter = Table(
    "counter", MetaData(), Column("id", Integer, primary_key=True), Column("value", Integer, nullable=False)
)

THREADS, TIMES = 8, 50


def count_up(engine: Engine, *, lock: bool) -> tuple[int, int]:
    """400 times, 8 at once: read a number, write it back with one more. Gives the number and how many failed."""
    counter.metadata.drop_all(engine)
    counter.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(counter.insert().values(id=1, value=0))
    failed = [0] * THREADS
    start = threading.Barrier(THREADS)

    def work(number: int) -> None:
        start.wait()
        for _ in range(TIMES):
            try:
                with engine.begin() as connection:
                    statement = select(counter.c.value)
                    value = connection.execute(statement.with_for_update() if lock else statement).scalar_one()
                    connection.execute(update(counter).values(value=value + 1))
            except DBAPIError:
                failed[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        return connection.execute(select(counter.c.value)).scalar_one(), sum(failed)


@pytest.mark.both
def test_400_increments_at_once_lose_none(new_engine: Engine) -> None:
    assert count_up(new_engine, lock=True) == (THREADS * TIMES, 0)


def test_sqlite_needs_no_row_lock(new_engine: Engine, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL does need it, see the twin below")
    assert count_up(new_engine, lock=False) == (THREADS * TIMES, 0)


@pytest.mark.both
def test_without_our_begin_or_lock_increments_are_lost(new_database: Callable[[], str], database_kind: str) -> None:
    """The sabotaged twins: SQLite as its driver begins transactions, PostgreSQL without the locked row."""
    engine = create_engine(new_database().replace("postgresql://", "postgresql+psycopg://", 1))
    if database_kind == "sqlite":

        def wal(connection: object, _record: object) -> None:
            connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]

        event.listen(engine, "connect", wal)
    value, failed = count_up(engine, lock=False)
    engine.dispose()
    assert value < THREADS * TIMES or failed


def test_a_late_write_lock_refuses_instead(new_database: Callable[[], str], database_kind: str) -> None:
    """Why BEGIN IMMEDIATE: a transaction that begins as a reader cannot become a writer once another wrote."""
    if database_kind != "sqlite":
        pytest.skip("about SQLite alone")
    engine = create_engine(new_database())
    event.listen(engine, "connect", database._prepare_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    value, failed = count_up(engine, lock=False)
    engine.dispose()
    assert failed and value + failed == THREADS * TIMES


# ── reading and writing ────────────────────────────────────────────────────


@pytest.mark.both
def test_a_page_that_is_read_cannot_write(app: Flask) -> None:
    person_id = make_person().id
    db.session.rollback()
    with reading(), pytest.raises(DBAPIError):
        db.session.execute(update(Person).where(Person.id == person_id).values(name="Veranderd"))
        db.session.commit()
    db.session.rollback()
    # The very same connection writes again as soon as it may.
    db.session.execute(update(Person).where(Person.id == person_id).values(name="Veranderd"))
    db.session.commit()
    assert db.session.scalars(select(Person.name)).one() == "Veranderd"


@pytest.mark.both
def test_a_get_that_writes_is_stopped(rich: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that writes by mistake: its GET fails and leaves nothing."""
    from lms.learning import queries

    person_id = make_person().id
    visit = Visit(rich, person_id)
    honest = queries.trail_of

    def careless(*args: object) -> object:
        db.session.add(Evidence(person_id=person_id, course_id="navorming", ref="test:toets", shown_at=now()))
        db.session.commit()
        return honest(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(queries, "trail_of", careless)
    assert visit.get("/navorming").status >= 500
    db.session.rollback()
    assert db.session.scalars(select(Evidence)).all() == []
    monkeypatch.undo()
    assert visit.get("/navorming").status == 200


def test_reading_is_over_when_the_request_is(app: Flask) -> None:
    only_read(True)
    with reading():
        pass
    assert database._read_only.get() is True
    only_read(False)
    with reading():
        assert database._read_only.get() is True
    assert database._read_only.get() is False


def test_a_reader_does_not_wait_for_a_writer(app: Flask, database_kind: str) -> None:
    """Pages stay open while somebody writes; only a second writer waits."""
    make_person()
    db.session.rollback()
    with db.engine.connect() as writer, writer.begin():
        writer.execute(update(Person).values(name="Nog niet"))
        with reading(), db.engine.connect() as reader:
            assert "Nog niet" not in reader.execute(select(Person.name)).scalars().all()
        if database_kind == "sqlite":
            with db.engine.connect() as other:
                other.connection.driver_connection.execute("PRAGMA busy_timeout=50")  # type: ignore[union-attr]
                with pytest.raises(OperationalError, match="locked"):
                    other.begin()
                other.connection.driver_connection.execute("PRAGMA busy_timeout=5000")  # type: ignore[union-attr]


# ── what the tables themselves refuse ──────────────────────────────────────


@pytest.mark.both
def test_a_reference_to_nobody_is_refused(app: Flask) -> None:
    db.session.add(Evidence(person_id=999_999, course_id="navorming", ref="x", shown_at=now()))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


@pytest.mark.both
@pytest.mark.parametrize("result", ["juist", "", "RIGHT"])
def test_a_value_outside_its_list_is_refused(app: Flask, result: str) -> None:
    person_id = make_person().id
    with pytest.raises(DBAPIError):
        db.session.execute(
            text(
                "INSERT INTO attempt (person_id, exercise_id, key, answer, result, content_digest, created_at)"
                " VALUES (:person, 'x', 'k', '{}', :result, 'd', '2026-01-01 00:00:00')"
            ),
            {"person": person_id, "result": result},
        )
    db.session.rollback()


@pytest.mark.both
def test_erasing_a_person_takes_everything_of_that_person_along(rich: Flask) -> None:
    from lms.learning.tables import Attest, Completion
    from tests.factories import make_finished

    person, other = make_finished(rich.extensions["shelf"].library), make_person()
    db.session.execute(Person.__table__.delete().where(Person.id == person.id))
    db.session.commit()
    for table in (Attempt, Evidence, Completion):
        assert db.session.scalars(select(table)).all() == [], table.__tablename__
    # The number of an attest stays, without whose it was.
    assert db.session.scalars(select(Attest.completion_id)).all() == [None]
    assert db.session.scalars(select(Person.id)).all() == [other.id]


@pytest.mark.both
def test_moments_come_back_in_utc_and_naive_ones_are_refused(app: Flask) -> None:
    summer = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    person_id = make_person(created_at=summer).id
    db.session.rollback()
    kept = db.session.scalars(select(Person.created_at).where(Person.id == person_id)).one()
    assert kept == summer and kept.utcoffset() == timedelta(0) and kept.tzinfo is UTC
    with pytest.raises(StatementError, match="without time zone"):
        make_person(created_at=datetime(2026, 7, 1))
    db.session.rollback()


@pytest.mark.both
@pytest.mark.parametrize("hour", [0, 1, 2])
def test_the_night_the_clock_changes_keeps_its_order(app: Flask, hour: int) -> None:
    """In Brussels 02:30 exists twice on this night; in UTC every moment is one moment."""
    moment = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    first, second = make_person(created_at=moment), make_person(created_at=moment + timedelta(minutes=45))
    names = db.session.scalars(select(Person.id).order_by(Person.created_at)).all()
    assert names == [first.id, second.id]


@pytest.mark.both
@pytest.mark.parametrize(
    "name", ["O'Neill", "Ægir Þór", "Nguyễn", "\u202dx", "😀", "'); DROP TABLE person; --", "%s %(x)s"]
)
def test_any_name_comes_back_as_it_was(app: Flask, name: str) -> None:
    person_id = make_person(name=name).id
    db.session.rollback()
    assert db.session.scalars(select(Person.name).where(Person.id == person_id)).one() == name


def test_the_database_away_is_a_plain_page_with_503(config: Config, tmp_path: Path) -> None:
    """Without its tables, as with a server that went away: no trace, a time to come back, and it recovers."""
    app = create_app(replace(config, database_url=f"sqlite:///{tmp_path / 'away.sqlite'}"), watch_content=False)
    client = app.test_client()
    client.set_cookie("navorming", "x")
    assert client.get("/").status_code == 200
    visit_path = "/registreren"
    away = client.get(visit_path)
    assert away.status_code == 503 and away.headers["Retry-After"]
    assert "sqlite" not in away.get_data(as_text=True).lower()
    with app.app_context():
        schema.migrate(db.engine)
    assert client.get(visit_path).status_code == 200


# ── for other tools ────────────────────────────────────────────────────────


@pytest.mark.sqlite_alone
def test_other_tools_find_the_database_whole(app: Flask) -> None:
    """No index may depend on a function that only we know, as ``lower`` for letters beyond ASCII."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite alone")
    make_person(name="Ægir O'Neill")
    assert db.session.scalar(text("SELECT lower('Æ')")) == "æ"
    db.session.rollback()
    with contextlib.closing(sqlite3.connect(str(db.engine.url.database))) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
