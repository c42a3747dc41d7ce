"""Migrations: up and down with data, the same as the models, all or nothing, and children survive a rebuilt table."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, select, text
from sqlalchemy.orm import Session

import lms.learning.tables
import lms.mail
import lms.monitoring.tables
import lms.pack.tables
import lms.schools.tables  # noqa: F401 - the imports fill the metadata
from lms import schema
from lms.clock import now
from lms.config import Config
from lms.database import Base, db, prepare_engine
from lms.learning.rules import Result
from lms.learning.tables import Attempt
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.rules import SchoolKind
from lms.schools.tables import Contact, Membership, School
from tests import nursery
from tests.rich_course import TINY
from tests.server import Server, own_config

pytestmark = pytest.mark.both

REBUILD = '''"""A change that rebuilds the table of people on SQLite."""
import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{before}"
branch_labels = depends_on = None


def upgrade():
    with op.batch_alter_table("person") as batch:
        batch.alter_column("name", existing_type=sa.String(120), type_=sa.String(150), existing_nullable=False)
        batch.add_column(sa.Column("nickname", sa.String(40), nullable=True))
    op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True))
    {after}


def downgrade():
    op.drop_table("extra")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("nickname")
        batch.alter_column("name", existing_type=sa.String(150), type_=sa.String(120), existing_nullable=False)
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations to which a test may add its own."""
    copy = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "FOLDER", copy)
    return copy


def add_rebuild(folder: Path, after: str = "pass") -> None:
    before = schema.newest()
    (folder / "versions" / "9001_rebuild.py").write_text(REBUILD.format(before=before, after=after))


def fill(engine: Engine) -> None:
    """Somebody at a school, with an answer and an appointment: references of every kind."""
    with Session(engine) as session:
        person = Person(email="an@school.example", name="An", role=Role.FACILITATOR, created_at=now())
        school = School(name="School", kind=SchoolKind.SECONDARY, municipality="Genk", created_at=now())
        session.add_all([person, school])
        session.flush()
        session.add_all(
            [
                Membership(person_id=person.id, school_id=school.id, started_at=now()),
                Contact(school_id=school.id, name="An", email="an@school.example", person_id=person.id, appointed_at=now()),
                Attempt(
                    person_id=person.id, exercise_id="x", key="k", answer={"a": "é"}, result=Result.RIGHT,
                    content_digest="d", created_at=now(),
                ),
            ]
        )  # fmt: skip
        session.commit()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() or 0
            for name in ("person", "school", "membership", "contact", "attempt")
        }


ONE_OF_EACH = {"person": 1, "school": 1, "membership": 1, "contact": 1, "attempt": 1}


def test_up_and_down_with_data(new_engine: Engine) -> None:
    schema.migrate(new_engine)
    assert schema.current(new_engine) == schema.newest()
    assert tables(new_engine) == set(Base.metadata.tables)
    fill(new_engine)
    assert counts(new_engine) == ONE_OF_EACH
    schema.migrate(new_engine, "base", down=True)
    assert tables(new_engine) == set() and schema.current(new_engine) is None
    schema.migrate(new_engine)
    fill(new_engine)
    assert counts(new_engine) == ONE_OF_EACH


@pytest.mark.slow
def test_every_single_step_goes_up_and_down(new_engine: Engine) -> None:
    from alembic.script import ScriptDirectory

    revisions = [one.revision for one in ScriptDirectory.from_config(schema._config()).walk_revisions()][::-1]
    for number, revision in enumerate(revisions):
        schema.migrate(new_engine, revision)
        before = revisions[number - 1] if number else "base"
        schema.migrate(new_engine, before, down=True)
        schema.migrate(new_engine, revision)
        assert schema.current(new_engine) == revision


def test_the_schema_equals_the_models(new_engine: Engine) -> None:
    schema.migrate(new_engine)
    with new_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_rules_in_the_tables_equal_those_of_the_models(new_engine: Engine, new_database: Callable[[], str]) -> None:
    """What the comparison of Alembic does not look at: checks, references with what they do, partial indexes."""
    schema.migrate(new_engine)
    modelled = create_engine(new_database().replace("postgresql://", "postgresql+psycopg://", 1))
    prepare_engine(modelled)
    Base.metadata.create_all(modelled)
    assert describe(new_engine) == describe(modelled)
    modelled.dispose()


def describe(engine: Engine) -> dict[str, list[str]]:
    looked = inspect(engine)
    rules = {}
    for name in sorted(Base.metadata.tables):
        lines = [f"check {one['name']} {one['sqltext']}" for one in looked.get_check_constraints(name)]
        lines += [
            f"foreign {one['name']} {one['constrained_columns']} {one['referred_table']} {one['options']}"
            for one in looked.get_foreign_keys(name)
        ]
        for one in looked.get_indexes(name):
            where = [str(value) for key, value in one["dialect_options"].items() if key.endswith("_where")]
            lines.append(f"index {one['name']} {one['column_names']} {one['unique']} {where}")
        lines += [f"unique {one['name']} {one['column_names']}" for one in looked.get_unique_constraints(name)]
        lines += [f"column {one['name']} {one['type']!r} {one['nullable']}" for one in looked.get_columns(name)]
        rules[name] = sorted(lines)
    return rules


def test_migrating_twice_is_nothing(new_engine: Engine) -> None:
    schema.migrate(new_engine)
    fill(new_engine)
    before = describe(new_engine)
    schema.migrate(new_engine)
    assert counts(new_engine) == ONE_OF_EACH and describe(new_engine) == before


def test_the_site_does_not_start_on_an_older_schema(new_engine: Engine, app: Flask, folder: Path) -> None:
    schema.migrate(new_engine)
    assert schema.current(new_engine) == schema.newest()
    add_rebuild(folder)
    assert schema.current(new_engine) != schema.newest()


# ── rebuilding a table ─────────────────────────────────────────────────────


def test_children_survive_a_rebuilt_table(new_engine: Engine, folder: Path) -> None:
    schema.migrate(new_engine)
    fill(new_engine)
    add_rebuild(folder)
    schema.migrate(new_engine)
    assert counts(new_engine) == ONE_OF_EACH
    assert "nickname" in {column["name"] for column in inspect(new_engine).get_columns("person")}
    with new_engine.connect() as connection:
        assert connection.execute(select(Attempt.answer)).scalar_one() == {"a": "é"}
    schema.migrate(new_engine, "-1", down=True)
    assert counts(new_engine) == ONE_OF_EACH
    assert "extra" not in tables(new_engine)


def test_references_are_guarded_again_after_migrating(new_engine: Engine, folder: Path) -> None:
    from sqlalchemy.exc import IntegrityError

    schema.migrate(new_engine)
    add_rebuild(folder)
    schema.migrate(new_engine)
    with pytest.raises(IntegrityError), new_engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO membership (person_id, school_id, started_at) VALUES (98, 99, '2026-01-01 00:00:00')"
        )


def test_with_references_on_a_rebuild_takes_the_children_along(
    new_engine: Engine, folder: Path, database_kind: str
) -> None:
    """The sabotaged twin: the same migration without the care that ``schema.migrate`` takes."""
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL changes a table in place")
    schema.migrate(new_engine)
    fill(new_engine)
    add_rebuild(folder)
    with new_engine.connect() as connection, connection.begin():
        command.upgrade(schema._config(connection), "head")
    after = counts(new_engine)
    assert after["person"] == 1 and after["attempt"] == 0 and after["membership"] == 0


# ── all or nothing ─────────────────────────────────────────────────────────


def test_an_interrupted_migration_leaves_everything_as_it_was(new_engine: Engine, folder: Path) -> None:
    schema.migrate(new_engine)
    fill(new_engine)
    before, revision = describe(new_engine), schema.current(new_engine)
    add_rebuild(folder, 'raise RuntimeError("half way")')
    with pytest.raises(RuntimeError, match="half way"):
        schema.migrate(new_engine)
    assert schema.current(new_engine) == revision
    assert describe(new_engine) == before
    assert tables(new_engine) == set(Base.metadata.tables)
    assert counts(new_engine) == ONE_OF_EACH
    # After the mistake is mended the same migration goes on from there.
    add_rebuild_again(folder)
    schema.migrate(new_engine)
    assert "extra" in tables(new_engine) and counts(new_engine) == ONE_OF_EACH


def add_rebuild_again(folder: Path) -> None:
    file = folder / "versions" / "9001_rebuild.py"
    file.write_text(file.read_text().replace('raise RuntimeError("half way")', "pass"))
    shutil.rmtree(folder / "versions" / "__pycache__", ignore_errors=True)


def test_a_migration_that_leaves_references_to_nothing_is_refused(
    new_engine: Engine, folder: Path, database_kind: str
) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL refuses the statement itself")
    schema.migrate(new_engine)
    fill(new_engine)
    add_rebuild(folder, 'op.execute("DELETE FROM person")')
    with pytest.raises(RuntimeError, match="references to nothing"):
        schema.migrate(new_engine)
    assert counts(new_engine) == ONE_OF_EACH and "extra" not in tables(new_engine)


def test_without_our_begin_an_interrupted_migration_leaves_a_half(
    new_database: Callable[[], str], folder: Path, database_kind: str
) -> None:
    """The sabotaged twin: SQLite with a connection that commits each statement for itself."""
    if database_kind != "sqlite":
        pytest.skip("about SQLite alone")
    engine = create_engine(new_database(), isolation_level="AUTOCOMMIT")
    schema.migrate(engine)
    before = tables(engine)
    add_rebuild(folder, 'raise RuntimeError("half way")')
    with pytest.raises(RuntimeError):
        schema.migrate(engine)
    assert tables(engine) != before
    engine.dispose()


@pytest.mark.slow
def test_two_machines_that_prepare_the_site_at_once_do_it_once(
    new_database: Callable[[], str], config: Config, tmp_path: Path
) -> None:
    """``lms init`` in two processes: the second waits or says so, and the schema is whole."""
    url = new_database()
    environ = Server(own_config(config, tmp_path / "site", url, TINY)).environ
    told = [run.end() for run in [nursery.command(["init"], environ) for _ in range(2)]]
    assert [one.code for one in told] == [0, 0], told
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    assert schema.current(engine) == schema.newest()
    assert tables(engine) == set(Base.metadata.tables)
    engine.dispose()


def test_the_database_of_the_suite_is_migrated_not_made(app: Flask) -> None:
    assert schema.current(db.engine) == schema.newest()
    assert db.session.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
