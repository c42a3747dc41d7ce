"""Two hundred learners at once on the default SQLite: ``.venv/bin/python -m bench.crowd``.

Every learner is a thread with a connection of its own that opens lessons and answers, with a pause between two
clicks. The server is ``lms run`` as it comes, two workers. Asked (quality of the project): no error, and 95 of 100
answers within 500 ms. Clients and server share the processors of one machine, so a real server does better.
"""

from __future__ import annotations

import argparse
import http.client
import random
import secrets
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.site import HOST, fill_site, free_port, get, learner_of, lesson_to_measure, post, server, site_environment


@dataclass
class Tally:
    """Seconds per page and per answer, and what went wrong, of one learner."""

    pages: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def learn(port: int, cookie: str, seconds: float, pause: float, tally: Tally, begin: threading.Barrier) -> None:
    """Open a lesson, answer, open the next page; until the time is over."""
    lesson, exercise_id, option = lesson_to_measure()
    who = learner_of(port, lesson, cookie)
    chance = random.Random(cookie)
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    begin.wait()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        fields = {"csrf_token": who.token, "key": secrets.token_urlsafe(24), "choice": option}
        for send, kept, status in (
            (get(lesson, who.cookie), tally.pages, 200),
            (post(f"{lesson}/{exercise_id}", who.cookie, lambda fields=fields: fields), tally.answers, 303),
            (get("/navorming", who.cookie), tally.pages, 200),
        ):
            time.sleep(chance.uniform(0.5, 1.5) * pause)
            start = time.perf_counter()
            try:
                response = send(connection)
                response.read()
            except (OSError, http.client.HTTPException) as error:
                tally.errors.append(type(error).__name__)
                connection.close()
                continue
            kept.append(time.perf_counter() - start)
            if response.status != status:
                tally.errors.append(str(response.status))
    connection.close()


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def run(learners: int, seconds: float, pause: float) -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environ = site_environment(Path(folder), port)
        cookies, _ = fill_site(environ, learners)
        with server(["-m", "lms", "run", "--port", str(port)], port, environ):
            tallies = [Tally() for _ in cookies]
            begin = threading.Barrier(learners + 1)
            threads = [
                threading.Thread(target=learn, args=(port, cookie, seconds, pause, tally, begin))
                for cookie, tally in zip(cookies, tallies, strict=True)
            ]
            for thread in threads:
                thread.start()
            begin.wait()
            start = time.monotonic()
            for thread in threads:
                thread.join()
            wall = time.monotonic() - start
    pages = [value for tally in tallies for value in tally.pages]
    answers = [value for tally in tallies for value in tally.answers]
    errors = [error for tally in tallies for error in tally.errors]
    print(
        f"{learners} learners, {wall:.0f} s, {pause:g} s between two clicks, {(len(pages) + len(answers)) / wall:.0f}/s"
    )
    for name, values in (("pages", pages), ("answers", answers)):
        print(
            f"{name:<8} {len(values):>7}   p50 {percentile(values, 0.5):>6.0f} ms   "
            f"p95 {percentile(values, 0.95):>6.0f} ms   p99 {percentile(values, 0.99):>6.0f} ms"
        )
    print(f"errors   {len(errors):>7}   {sorted(set(errors))}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=3.0, help="mean seconds between two clicks of one learner")
    options = parser.parse_args()
    run(options.learners, options.seconds, options.pause)


if __name__ == "__main__":
    main()
