"""What the tests of whole features share: the rich course, an empty database of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine

from lms.app import create_app
from lms.config import Config
from lms.database import prepare_engine
from tests.conftest import empty_database, make_database
from tests.postbox import Postbox
from tests.rich_course import write_rich_course


@pytest.fixture(scope="session")
def rich_site(config: Config, site: Flask, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site and database of ``site`` with the rich course."""
    folder = write_rich_course(tmp_path_factory.mktemp("rich") / "courses")
    return create_app(replace(config, courses=folder), watch_content=False)


@pytest.fixture
def rich(rich_site: Flask) -> Iterator[Flask]:
    """The site with the rich course; every table is empty before and after."""
    with rich_site.app_context():
        yield rich_site
        empty_database()


@pytest.fixture
def editable(config: Config, site: Flask, tmp_path: Path) -> Iterator[tuple[Flask, Path]]:
    """The site with a rich course of its own, and the folder in which to change it."""
    folder = write_rich_course(tmp_path / "courses")
    app = create_app(replace(config, courses=folder), watch_content=False)
    with app.app_context():
        yield app, folder / "navorming"
        empty_database()


@pytest.fixture
def new_database(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes databases without any table, for this test alone; gives the address of each."""
    made: list[str] = []

    def make() -> str:
        made.append("")
        if database_kind == "sqlite":
            return f"sqlite:///{tmp_path / f'own{len(made)}.sqlite'}"
        worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
        return make_database(request.getfixturevalue("postgresql"), f"own{len(made)}_{worker}")

    return make


@pytest.fixture
def new_engine(new_database: Callable[[], str]) -> Iterator[Engine]:
    """A connection to an empty database, set up as the site does."""
    engine = create_engine(new_database().replace("postgresql://", "postgresql+psycopg://", 1))
    prepare_engine(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A real mail server on loopback, that keeps what arrives."""
    box = Postbox()
    box.controller.start()
    yield box
    box.controller.stop()
