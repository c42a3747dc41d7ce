"""Servers whose behaviour is spoiled or watched on purpose: ``python -m tests.spoiled careless_app 8001``.

They are for tests that have to see something go wrong. The product has no switch for that.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import Any

from flask import Flask, request
from sqlalchemy import event

from lms.app import create_app
from lms.database import db

PRAGMA_FILE = "TESTS_PRAGMA_FILE"


def careless_app() -> Flask:
    """The site, except that it acknowledges an answer before it is kept."""
    from lms.learning import actions

    app = create_app(watch_content=False)
    keep = actions.submit_answer
    waiting: queue.Queue[tuple[tuple[Any, ...], dict[str, Any]]] = queue.Queue()

    def promise(*args: Any, **kwargs: Any) -> bool:
        waiting.put((args, kwargs))
        return False

    def write() -> None:
        while True:
            args, kwargs = waiting.get()
            time.sleep(0.02)
            with app.app_context():
                keep(*args, **kwargs)

    actions.submit_answer = promise
    threading.Thread(target=write, daemon=True).start()
    return app


def talkative_app() -> Flask:
    """The site, except that it logs what is posted and the cookie that came along."""
    app = create_app(watch_content=False)

    @app.before_request
    def tell() -> None:
        app.logger.warning("%s %s", request.form.to_dict(), request.headers.get("Cookie"))

    return app


def watched_app() -> Flask:
    """The site, noting in a file how each connection is set whenever a request takes it."""
    app = create_app(watch_content=False)
    with app.app_context():
        engine = db.engine

    def note(connection: Any, _record: Any, _proxy: Any) -> None:
        values = [
            str(connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
        with Path(os.environ[PRAGMA_FILE]).open("a") as file:
            file.write(f"{id(connection)} {' '.join(values)}\n")

    event.listen(engine, "checkout", note)
    return app


def forgetful_app() -> Flask:
    """The site, except that it takes every log for a new one."""
    from lms.learning.forms import new_key
    from lms.pack.actions import logs

    keep = logs.log_session
    logs.log_session = lambda facts, *, client_id, by: keep(facts, client_id=new_key(), by=by)
    return create_app(watch_content=False)


def newer_app() -> Flask:
    """The site after a new release: its files stand at other addresses, and those of before are gone."""
    import lms.app

    _fingerprint, folder = lms.app.make_assets()
    lms.app.make_assets = lambda: ("0" * 12, folder)
    return create_app(watch_content=False)


def _main() -> None:
    from granian.constants import Interfaces
    from granian.server import Server as Granian

    name, port = sys.argv[1:]
    Granian(
        f"tests.spoiled:{name}",
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.WSGI,
        factory=True,
        blocking_threads=4,
    ).serve()


if __name__ == "__main__":
    _main()
