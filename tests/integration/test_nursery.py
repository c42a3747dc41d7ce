"""The servers of tests: forked from a process that is ready, and yet the same as one that starts from nothing."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lms import schema
from lms.app import create_app
from lms.config import ROOT, Config
from lms.database import db
from tests import nursery
from tests.rich_course import TINY
from tests.server import Server, free_port, own_config

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def server(config: Config, tmp_path: Path) -> Server:
    own = own_config(config, tmp_path / "site", f"sqlite:///{tmp_path / 'own.sqlite'}", TINY)
    app = create_app(own, watch_content=False)
    with app.app_context():
        schema.migrate(db.engine)
        db.engine.dispose()
    return Server(own, port=free_port())


def health(port: int) -> tuple[int, dict[str, object]]:
    """What /healthz answers, but for the moment it says it was asked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        told = json.loads(response.read())
        return response.status, {name: value for name, value in told.items() if name != "at"}
    finally:
        connection.close()


def group_of(pid: int) -> list[int]:
    """The processes of a process group."""
    told = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in told.splitlines()]
    return [int(one) for one, group, state in rows if int(group) == pid and not state.startswith("Z")]


@pytest.mark.slow
def test_a_server_is_a_group_of_its_own_and_a_kill_leaves_nothing_of_it(server: Server) -> None:
    server.start()
    assert server.process is not None and not server.process.is_over()
    pid = server.process.pid
    # The one that was started, and two web processes.
    assert len(group_of(pid)) == 3 and os.getpgid(0) != pid
    server.kill()
    assert group_of(pid) == []
    with pytest.raises(OSError):
        health(server.port)
    server.start()
    assert health(server.port)[0] == 200
    server.kill()


def test_what_a_server_says_goes_to_its_log_and_its_end_is_noticed(server: Server, tmp_path: Path) -> None:
    server.environ["LMS_SECRET_KEY"] = ""
    server.environ["LMS_ENV"] = "production"
    with (tmp_path / "log").open("wb") as server.log, pytest.raises(AssertionError, match="the server stopped"):
        server.start()
    assert "LMS_SECRET_KEY" in (tmp_path / "log").read_text()
    server.kill()


@pytest.mark.slow
def test_a_server_that_starts_from_nothing_answers_the_same(server: Server) -> None:
    with server:
        forked = health(server.port)
    words = [sys.executable, "-m", "lms", "run", "--port", str(server.port)]
    started = subprocess.Popen(words, cwd=ROOT, env=server.environ, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                assert health(server.port) == forked and forked[0] == 200
                break
            except OSError:
                assert started.poll() is None and time.monotonic() < until
                time.sleep(0.05)
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


@pytest.mark.slow
@pytest.mark.parametrize("words", [["retention", "--dry-run"], ["check-courses", "nergens"]])
def test_a_command_that_starts_from_nothing_says_the_same(server: Server, words: list[str]) -> None:
    told = nursery.command(words, server.environ).end()
    command = [sys.executable, "-m", "lms", *words]
    started = subprocess.run(command, cwd=ROOT, env=server.environ, capture_output=True, text=True)
    assert (told.code, told.out, told.errors) == (started.returncode, started.stdout, started.stderr)
    assert told.out or told.errors


def test_the_end_of_a_command_tells_whether_it_was_killed(server: Server) -> None:
    killed, stopped = (nursery.command(["worker"], server.environ) for _ in range(2))
    assert not killed.born.is_over()
    killed.born.send(signal.SIGKILL)
    assert killed.end().code == nursery.KILLED
    assert group_of(killed.born.pid) == [] and not stopped.born.is_over()
    stopped.stop()
    assert group_of(stopped.born.pid) == []


@pytest.mark.slow
def test_a_test_process_that_is_killed_leaves_no_server(server: Server) -> None:
    words = f"from tests import nursery; print(nursery.command(['worker'], {server.environ!r}).born.pid, flush=True)"
    dying = subprocess.Popen(
        [sys.executable, "-c", f"{words}; input()"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert dying.stdout is not None
    pid = int(dying.stdout.readline())
    assert group_of(pid)
    dying.kill()
    dying.communicate()
    until = time.monotonic() + 20
    while group_of(pid):
        assert time.monotonic() < until
        time.sleep(0.05)
