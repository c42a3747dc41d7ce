"""Bringing the database to the schema of this release, with Alembic and the migrations of this house."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from lms.config import ROOT

_packaged = Path(__file__).resolve().parent / "_packaged" / "migrations"
# Any number, the same in every process.
MIGRATION_LOCK = 7_265_001
FOLDER = ROOT / "migrations" if (ROOT / "migrations" / "env.py").is_file() else _packaged


def _config(connection: Connection | None = None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str | None:
    """The revision this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current(engine: Engine) -> str | None:
    """The revision the database has; None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine, revision: str = "head", *, down: bool = False) -> None:
    """Bring the database to ``revision``. Either all of it happens or nothing.

    On SQLite foreign keys are off while tables are rebuilt, because a rebuilt table would otherwise take
    its children along; afterwards every reference is checked before the transaction ends.
    """
    if not down and revision == "head" and current(engine) == newest():
        return
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.driver_connection
        if sqlite:
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    # Two that start at once take turns; the second finds nothing left to do.
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
                (command.downgrade if down else command.upgrade)(_config(connection), revision)
                if sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if broken:
                        raise RuntimeError(f"the migration leaves {len(broken)} references to nothing")
        finally:
            if sqlite:
                assert raw is not None
                raw.execute("PRAGMA foreign_keys=ON")
