"""Servers and commands for tests that start in a moment: forked from a process in which the site is already loaded.

Loading Python and its libraries is four fifths of the work of a start, and always the same. What starts here is the
same ``python -m lms …`` in a process group of its own; nothing of the site exists in the process it was forked from.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass
from importlib import import_module
from typing import IO

from lms.config import ROOT

# What ``lms run`` imports while it starts.
LOADED = (
    "lms.cli", "lms.app", "lms.schema", "flask_sqlalchemy", "sqlite3", "psycopg", "granian.server", "granian.wsgi",
    "logging.config",
)  # fmt: skip

# The code of what was killed, and so could not give one.
KILLED = -1


@dataclass(frozen=True)
class Born:
    """A process that was forked for a test. ``exit`` hangs up when it and all its processes are gone."""

    pid: int
    exit: int

    def is_over(self, seconds: float = 0) -> bool:
        """Whether all is gone, at the latest after so many seconds."""
        watch = select.poll()
        watch.register(self.exit, 0)
        return bool(watch.poll(seconds * 1000))

    def code(self, seconds: float = 60) -> int:
        """Wait until all is gone; gives the exit code, or ``KILLED``."""
        assert self.is_over(seconds), f"not over after {seconds} seconds"
        told = os.read(self.exit, 1)
        os.close(self.exit)
        return told[0] if told else KILLED

    def send(self, number: signal.Signals) -> None:
        """Send it and all its processes a signal; nothing happens when they are gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """End it and all its processes at once, with SIGKILL, and wait until it is gone."""
        self.send(signal.SIGKILL)
        self.code()


@dataclass(frozen=True)
class Told:
    """What a command left: its exit code, and what it said."""

    code: int
    out: str
    errors: str


@dataclass(frozen=True)
class Command:
    """``python -m lms`` with words, at work."""

    born: Born
    out: IO[str]
    errors: IO[str]

    def end(self) -> Told:
        """Wait until it is over."""
        code = self.born.code()
        with self.out, self.errors:
            self.out.seek(0)
            self.errors.seek(0)
            return Told(code, self.out.read(), self.errors.read())

    def stop(self) -> Told:
        """Ask it to end, as the system does, and wait."""
        self.born.send(signal.SIGTERM)
        return self.end()


def command(words: list[str], environ: dict[str, str]) -> Command:
    """Start ``python -m lms`` with these words."""
    out, errors = (tempfile.TemporaryFile("w+") for _ in range(2))  # noqa: SIM115 (``end`` closes them)
    return Command(start(["lms", *words], environ, out.fileno(), errors.fileno()), out, errors)


def start(words: list[str], environ: dict[str, str], out: int, errors: int) -> Born:
    """Run ``python -m`` with these words; what it says goes to the open files ``out`` and ``errors``."""
    door = nursery()
    socket.send_fds(door, [json.dumps({"words": words, "environ": environ}).encode()], [out, errors])
    pid, files, _, _ = socket.recv_fds(door, 32, 1)
    return Born(int(pid), files[0])


def environ_with(settings: dict[str, str]) -> dict[str, str]:
    """The environment of this process with these settings for a site, and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "FLASK_"))}
    return kept | settings


@functools.cache
def nursery() -> socket.socket:
    """The door of the one nursery of this test process; it ends when the door closes."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen([sys.executable, "-m", "tests.nursery"], cwd=ROOT, env=environ_with({}), stdin=there)
    there.close()

    def close() -> None:
        here.close()
        process.wait()

    atexit.register(close)
    return here


def serve(door: socket.socket) -> None:
    """Fork a process for every order, until nobody is left to order any."""
    for name in LOADED:
        import_module(name)
    gc.collect()
    gc.freeze()
    alive: set[int] = set()
    while True:
        message, files, _, _ = socket.recv_fds(door, 1 << 20, 2)
        bury(alive)
        if not message:
            break
        watched, held = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(watched)
            door.close()
            run(json.loads(message), files, held)
        # Both sides do it, so the group is there whoever of the two comes first.
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        os.close(held)
        alive.add(pid)
        # Who ordered it may be gone already.
        with contextlib.suppress(OSError):
            socket.send_fds(door, [str(pid).encode()], [watched])
        for one in (watched, *files):
            os.close(one)
    # A test process that was killed could not end them itself.
    for pid in alive:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


def bury(alive: set[int]) -> None:
    """Let the system forget the processes that ended, and take them from those that are alive."""
    with contextlib.suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            alive.discard(pid)


def run(order: dict[str, object], said: list[int], held: int) -> None:
    """Be ``python -m`` with the words of the order; never returns. The exit code goes into ``held``."""
    code = 1
    try:
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), *said)):
            os.dup2(file, number)
            os.close(file)
        os.environ.clear()
        os.environ.update(order["environ"])  # type: ignore[arg-type]
        words: list[str] = order["words"]  # type: ignore[assignment]
        sys.argv = words
        runpy.run_module(words[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = int(end.code or 0) if isinstance(end.code, int | None) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(held, bytes([code & 0xFF]))
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=os.dup(0)))
