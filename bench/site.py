"""A running site with learners in it, and the requests of their browsers: what every measurement of pages stands on."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"

Send = Callable[[http.client.HTTPConnection], http.client.HTTPResponse]


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A signed-in browser: its cookie, and the form token that fits it."""

    cookie: str
    token: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], port: int, environ: dict[str, str]) -> Iterator[int]:
    """Run a server until the block ends; gives its process id once it answers."""
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise SystemExit(f"{command} stopped with {process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex((HOST, port)) == 0:
                    break
            time.sleep(0.05)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=15)


# ── the site with people in it ─────────────────────────────────────────────


def site_environment(folder: Path, port: int) -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    return environ | {"LMS_ENV": "development", "LMS_DATA": str(folder), "LMS_BASE_URL": f"http://{HOST}:{port}"}


def fill_site(environ: dict[str, str], count: int) -> tuple[list[str], str]:
    """Demo data, ``count`` learners in the middle of the course and one member of O&S.

    Gives the session cookies of the learners and that of O&S.
    """
    from lms import schema
    from lms.app import create_app
    from lms.config import Config
    from lms.database import db
    from lms.dev import demo

    app = create_app(Config.from_environment(environ), watch_content=False)

    def cookie(token: str) -> str:
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'_user_id': token, '_fresh': True})}"

    with app.app_context():
        schema.migrate(db.engine)
        library = app.extensions["shelf"].library
        demo.fill(library, link_base=app.config["LMS"].base_url)
        learners = []
        for number in range(count):
            person = demo.DemoPerson(email=f"meting{number}@demo.example", name=f"Demo Meting{number}", label="")
            person_id = demo.add_person(person)
            for lesson in library.course.lessons[:2]:
                demo.answer(library, lesson.exercises, person_id)
            learners.append(cookie(demo.open_session(person.email).token))
        staff = cookie(demo.open_session(demo.STAFF.email).token)
        db.session.remove()
        db.engine.dispose()
    return learners, staff


def lesson_to_measure() -> tuple[str, str, str]:
    """Address of a lesson in the course with an exercise of one choice, the id of that exercise, and an option."""
    from lms.config import Config
    from lms.content.models import Choice
    from lms.content.reader import read_library

    library = read_library(Config.from_environment({"LMS_ENV": "development"}).courses)
    return next(
        (f"/navorming/{module.slug}/{lesson.slug}", exercise.id, exercise.options[0].id)
        for module in library.course.modules
        for lesson in module.lessons
        for exercise in lesson.exercises
        if isinstance(exercise, Choice)
    )


# ── requests ───────────────────────────────────────────────────────────────


def get(path: str, cookie: str) -> Send:
    def send(connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
        connection.request("GET", path, headers={"Cookie": cookie})
        return connection.getresponse()

    return send


def post(path: str, cookie: str, fields: Callable[[], dict[str, str]]) -> Send:
    def send(connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, urlencode(fields()), headers)
        return connection.getresponse()

    return send


def fetch(port: int, send: Send) -> tuple[bytes, str]:
    """One request outside the measurement; gives the page and the cookie that came with it."""
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    response = send(connection)
    body, cookie = response.read(), (response.getheader("Set-Cookie") or "").split(";")[0]
    if response.status != 200:
        raise SystemExit(f"a page to measure answers {response.status}")
    connection.close()
    return body, cookie


def learner_of(port: int, lesson: str, cookie: str) -> Learner:
    """Open the lesson once, as a browser does before it posts: the page brings the token and renews the cookie."""
    body, renewed = fetch(port, get(lesson, cookie))
    found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', body)
    if found is None:
        raise SystemExit("the lesson has no form")
    return Learner(cookie=renewed or cookie, token=found.group(1).decode())
