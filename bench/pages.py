"""Pages of the site as a share of the limit: ``.venv/bin/python -m bench.pages``.

Both servers run on this machine at the same time; rounds alternate between them, so a machine that is slow
for a while is slow for both. CPU time of the server comes first, because clients share the processors; the
share is what the limit spends for one request, over what the site spends.
"""

from __future__ import annotations

import argparse
import http.client
import os
import secrets
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import limit_app
from bench.site import (
    HOST,
    Learner,
    Send,
    fetch,
    fill_site,
    free_port,
    get,
    learner_of,
    lesson_to_measure,
    post,
    server,
    site_environment,
)

CLIENTS = 8
TICKS = os.sysconf("SC_CLK_TCK")
HEADING = f"""
{"":<22} {"CPU ms per request":>17} {"":>9} {"":>8} {"requests per second":>17}
{"":<22} {"limit":>8} {"site":>8} {"share":>9} {"asked":>8} {"limit":>8} {"site":>8} {"share":>9}"""


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
class Case:
    """One page against the limit. ``target``: the share it has to reach, in percent."""

    name: str
    target: int
    site: Callable[[Learner], Send]
    limit: Callable[[str], Send]
    writes: bool = False


def cpu_seconds(pid: int) -> float:
    """CPU time that a process and its children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    own = (int(fields[11]) + int(fields[12])) / TICKS
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(cpu_seconds(int(child)) for child in children)


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
