"""Pages of the site as a share of the limit: ``.venv/bin/python -m bench.pages``.

Both servers run on this machine at the same time; rounds alternate between them, so a machine that is slow
for a while is slow for both. CPU time of the server comes first, because clients share the processors; the
share is what the limit spends for one request, over what the site spends.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench import limit_app

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
CLIENTS = 8
TICKS = os.sysconf("SC_CLK_TCK")
HEADING = f"""
{"":<22} {"CPU ms per request":>17} {"":>9} {"":>8} {"requests per second":>17}
{"":<22} {"limit":>8} {"site":>8} {"share":>9} {"asked":>8} {"limit":>8} {"site":>8} {"share":>9}"""

Send = Callable[[http.client.HTTPConnection], http.client.HTTPResponse]


@dataclass(kw_only=True)
class Side:
    """What was measured of one server for one page: CPU seconds, wall seconds, seconds per request."""

    cpu: float = 0.0
    wall: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / len(self.latencies)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.wall

    @property
    def p99_ms(self) -> float:
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A signed-in browser: its cookie, and the form token that fits it."""

    cookie: str
    token: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """One page against the limit. ``target``: the share it has to reach, in percent."""

    name: str
    target: int
    site: Callable[[Learner], Send]
    limit: Callable[[str], Send]
    writes: bool = False


# ── servers ────────────────────────────────────────────────────────────────


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


def cpu_seconds(pid: int) -> float:
    """CPU time that a process and its children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    own = (int(fields[11]) + int(fields[12])) / TICKS
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(cpu_seconds(int(child)) for child in children)


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
    from lms.people.actions import create_person, open_demo_session
    from lms.permissions import Role

    app = create_app(Config.from_environment(environ), watch_content=False)

    def cookie(token: str) -> str:
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'_user_id': token, '_fresh': True})}"

    with app.app_context():
        schema.migrate(db.engine)
        library = app.extensions["shelf"].library
        demo.fill(library)
        learners = []
        for number in range(count):
            email = f"meting{number}@demo.example"
            person_id = create_person(email=email, name=f"Demo Meting{number}", role=Role.FACILITATOR)
            for lesson in library.course.lessons[:2]:
                demo._do(library, lesson.exercises, person_id)
            learners.append(cookie(open_demo_session(email).token))
        staff = cookie(open_demo_session(demo.STAFF.email).token)
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


def round_of(port: int, sends: list[Send], count: int, status: int) -> tuple[float, list[float]]:
    """``count`` requests, shared by a client per item of ``sends``; gives wall seconds and seconds per request."""
    latencies: list[list[float]] = [[] for _ in sends]
    wrong: list[int] = []
    ready = threading.Barrier(len(sends) + 1)

    def client(place: int) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ready.wait()
        for _ in range(count // len(sends)):
            start = time.perf_counter()
            response = sends[place](connection)
            response.read()
            latencies[place].append(time.perf_counter() - start)
            if response.status != status:
                wrong.append(response.status)
        connection.close()

    threads = [threading.Thread(target=client, args=(place,)) for place in range(len(sends))]
    for thread in threads:
        thread.start()
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - start
    if wrong:
        raise SystemExit(f"{len(wrong)} answers were not {status} but {sorted(set(wrong))}")
    return wall, [latency for part in latencies for latency in part]


def measure(side: Side, port: int, pid: int, sends: list[Send], count: int, status: int) -> None:
    before = cpu_seconds(pid)
    wall, latencies = round_of(port, sends, count, status)
    side.cpu += cpu_seconds(pid) - before
    side.wall += wall
    side.latencies += latencies


def report(case: Case, limit: Side, site: Side) -> None:
    cpu, rate = 100 * limit.cpu_ms / site.cpu_ms, 100 * site.per_second / limit.per_second
    verdict = "ok" if cpu >= case.target else "SHORT"
    print(
        f"{case.name:<22} {limit.cpu_ms:>8.2f} {site.cpu_ms:>8.2f} {cpu:>7.0f} % {case.target:>6} % "
        f"{limit.per_second:>8.0f} {site.per_second:>8.0f} {rate:>7.0f} %  {verdict}"
    )
    if case.writes:
        ratio = site.p99_ms / limit.p99_ms
        verdict = "ok" if ratio <= 2 else "SHORT"
        print(f"{'  p99':<22} {limit.p99_ms:>8.2f} {site.p99_ms:>8.2f} {ratio:>7.2f} x {'2':>6} x {'':28}{verdict}")


def cases(staff: str, lesson: str, exercise_id: str, option: str) -> list[Case]:
    def answer(learner: Learner) -> Send:
        return post(
            f"{lesson}/{exercise_id}",
            learner.cookie,
            lambda: {"csrf_token": learner.token, "key": secrets.token_urlsafe(24), "choice": option},
        )

    def limit_page(cookie: str) -> Send:
        return get("/les", cookie)

    return [
        Case(name="lesson", target=60, site=lambda who: get(lesson, who.cookie), limit=limit_page),
        Case(name="course map", target=55, site=lambda who: get("/navorming", who.cookie), limit=limit_page),
        Case(
            name="answer (POST)",
            target=60,
            site=answer,
            limit=lambda cookie: post("/les", cookie, lambda: {"choice": option}),
            writes=True,
        ),
        Case(name="home, against hello", target=40, site=lambda _: get("/", ""), limit=lambda _: get("/hallo", "")),
        Case(name="schools of O&S", target=30, site=lambda _: get("/scholen", staff), limit=limit_page),
    ]


def run(rounds: int, count: int, threads: int, driver: str) -> None:
    site_port, limit_port = free_port(), free_port()
    lesson, exercise_id, option = lesson_to_measure()
    with tempfile.TemporaryDirectory() as folder:
        environ = site_environment(Path(folder), site_port)
        cookies, staff = fill_site(environ, CLIENTS)
        command = ["-m", "lms", "run", "--workers", "1", "--port", str(site_port), "--threads", str(threads)]
        with server(command, site_port, environ) as site_pid:
            body, _ = fetch(site_port, get(lesson, cookies[0]))
            database = str(Path(folder) / "limit.sqlite")
            limit_app.fill(database, len(body))
            limit_environ = environ | {"LIMIT_DATABASE": database, "LIMIT_DRIVER": driver}
            command = ["-m", "bench.limit_app", "--port", str(limit_port), "--threads", str(threads)]
            with server(command, limit_port, limit_environ) as limit_pid:
                people = [learner_of(site_port, lesson, cookie) for cookie in cookies]
                _, limit_cookie = fetch(limit_port, get("/in", ""))
                page, _ = fetch(limit_port, get("/les", limit_cookie))
                print(f"lesson {lesson}: {len(body)} bytes; limit: {len(page)} bytes, {driver}; {CLIENTS} clients")
                print(HEADING)
                for case in cases(staff, lesson, exercise_id, option):
                    limit, site = Side(), Side()
                    sends = {
                        "limit": [case.limit(limit_cookie) for _ in people],
                        "site": [case.site(person) for person in people],
                    }
                    status = 303 if case.writes else 200
                    round_of(limit_port, sends["limit"], CLIENTS * 5, status)
                    round_of(site_port, sends["site"], CLIENTS * 5, status)
                    for _ in range(rounds):
                        measure(limit, limit_port, limit_pid, sends["limit"], count, status)
                        measure(site, site_port, site_pid, sends["site"], count, status)
                    report(case, limit, site)


def learner_of(port: int, lesson: str, cookie: str) -> Learner:
    """Open the lesson once, as a browser does before it posts: the page brings the token and renews the cookie."""
    body, renewed = fetch(port, get(lesson, cookie))
    found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', body)
    if found is None:
        raise SystemExit("the lesson has no form")
    return Learner(cookie=renewed or cookie, token=found.group(1).decode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds per page and server")
    parser.add_argument("--count", type=int, default=800, help="requests per round")
    parser.add_argument("--threads", type=int, default=1, help="threads of each server")
    parser.add_argument("--driver", choices=tuple(limit_app.DRIVERS), default="orm", help="of the limit")
    options = parser.parse_args()
    run(options.rounds, options.count, options.threads, options.driver)


if __name__ == "__main__":
    main()
