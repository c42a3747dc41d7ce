"""The limit that pages are held against: the least Flask can do for a page of the same size.

A signed cookie says who is asking; two SELECTs fetch the person and the blocks of the page; a POST commits
one row. No guard, no form token, no headers, no layout. It stands behind the same server and on the same
settings of SQLite as the site. ``LIMIT_DRIVER`` chooses what talks to the database: ``orm``, two models of
flask-sqlalchemy, which the site uses too; ``core``, SQLAlchemy without models; or ``sqlite3``, with nothing
between Flask and the driver of Python.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from flask import Flask, redirect, render_template, request, session
from flask_sqlalchemy import SQLAlchemy

from lms.database import SQLITE_PRAGMAS

BLOCKS = 20

PAGE = """<!doctype html><html lang="nl-BE"><head><meta charset="utf-8"><title>{{ person.name }}</title></head>
<body><h1>{{ person.name }}</h1>{% for block in blocks %}<section><h2>{{ block.title }}</h2>
<p>{{ block.text }}</p></section>{% endfor %}</body></html>"""

TABLES = (
    "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    "CREATE TABLE block (id INTEGER PRIMARY KEY, page TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX ix_block_page ON block (page)",
    "CREATE TABLE answer (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id), text TEXT)",
)
PERSON = "SELECT id, name FROM person WHERE id = :id"
PAGE_BLOCKS = "SELECT title, text FROM block WHERE page = :page ORDER BY id"
ANSWER = "INSERT INTO answer (person_id, text) VALUES (:id, :text)"


def connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma}={value}")
    return connection


def fill(path: str, size: int) -> None:
    """Make the database of the limit: one person, and blocks that add up to a page of ``size`` bytes."""
    connection = connect(path)
    for table in TABLES:
        connection.execute(table)
    connection.execute("INSERT INTO person VALUES (1, 'Demo Begeleider')")
    words = "Een bijvraag pakt de woorden van de jongere op. "
    length = size // BLOCKS - 50
    text = (words * (length // len(words) + 1))[:length]
    for number in range(BLOCKS):
        connection.execute("INSERT INTO block (page, title, text) VALUES ('les', ?, ?)", (f"Blok {number}", text))
    connection.close()


@dataclass(frozen=True, kw_only=True)
class Database:
    """The three things the page needs of a database."""

    person: Callable[[int], Any]
    blocks: Callable[[str], Any]
    keep: Callable[[int, str], None]


def by_sqlite3(app: Flask, path: str) -> Database:
    own = threading.local()

    def rows(statement: str, **values: Any) -> list[Any]:
        if not hasattr(own, "connection"):
            own.connection = connect(path)
            own.connection.row_factory = sqlite3.Row
        return own.connection.execute(statement, values).fetchall()

    def keep(person_id: int, text: str) -> None:
        rows(ANSWER, id=person_id, text=text)

    return Database(
        person=lambda person_id: rows(PERSON, id=person_id)[0],
        blocks=lambda page: rows(PAGE_BLOCKS, page=page),
        keep=keep,
    )


def prepare(engine: sqlalchemy.Engine) -> None:
    @sqlalchemy.event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        for pragma, value in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {pragma}={value}")


def by_core(app: Flask, path: str) -> Database:
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    prepare(engine)
    person, blocks, answer = (sqlalchemy.text(statement) for statement in (PERSON, PAGE_BLOCKS, ANSWER))

    def rows(statement: Any, **values: Any) -> list[Any]:
        with engine.connect() as connection:
            return list(connection.execute(statement, values).all())

    def keep(person_id: int, text: str) -> None:
        with engine.begin() as connection:
            connection.execute(answer, {"id": person_id, "text": text})

    return Database(
        person=lambda person_id: rows(person, id=person_id)[0],
        blocks=lambda page: rows(blocks, page=page),
        keep=keep,
    )


def by_orm(app: Flask, path: str) -> Database:
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{path}"
    db = SQLAlchemy(app)
    with app.app_context():
        prepare(db.engine)

    class Person(db.Model):  # type: ignore[name-defined,misc]
        id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
        name = sqlalchemy.Column(sqlalchemy.String)

    class Block(db.Model):  # type: ignore[name-defined,misc]
        id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
        page = sqlalchemy.Column(sqlalchemy.String)
        title = sqlalchemy.Column(sqlalchemy.String)
        text = sqlalchemy.Column(sqlalchemy.String)

    class Answer(db.Model):  # type: ignore[name-defined,misc]
        id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
        person_id = sqlalchemy.Column(sqlalchemy.Integer)
        text = sqlalchemy.Column(sqlalchemy.String)

    def keep(person_id: int, text: str) -> None:
        db.session.add(Answer(person_id=person_id, text=text))
        db.session.commit()

    return Database(
        person=lambda person_id: db.session.get(Person, person_id),
        blocks=lambda page: db.session.scalars(
            sqlalchemy.select(Block).where(Block.page == page).order_by(Block.id)
        ).all(),
        keep=keep,
    )


DRIVERS = {"orm": by_orm, "core": by_core, "sqlite3": by_sqlite3}


def create_app() -> Flask:
    """The page at ``/les``, its POST, a sign-in that sets the cookie, and ``/hallo`` with nothing at all."""
    app = Flask("limit", static_folder=None)
    app.secret_key = "only for measuring, on this machine alone"
    # Compiled once, as a template from a file would be.
    template = app.jinja_env.from_string(PAGE)
    database = DRIVERS[os.environ["LIMIT_DRIVER"]](app, os.environ["LIMIT_DATABASE"])

    @app.get("/in")
    def sign_in() -> str:
        session["person"] = 1
        return "in"

    @app.get("/les")
    def page() -> str:
        person = database.person(session["person"])
        return render_template(template, person=person, blocks=database.blocks("les"))

    @app.post("/les")
    def answer() -> Any:
        database.keep(session["person"], request.form["choice"])
        return redirect("/les", 303)

    @app.get("/hallo")
    def hello() -> str:
        return "<!doctype html><title>Hallo</title><h1>Hallo</h1>"

    return app


def serve() -> None:
    """Start it behind the server of the site, set as ``lms run`` sets it."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    Server(
        "bench.limit_app:create_app",
        address="127.0.0.1",
        port=options.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=options.threads,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    serve()
