"""Servers for tests that start in a moment: forked from a process in which the site is already loaded.

Loading Python and its libraries is four fifths of the work of a start, and always the same. A server from here runs the
same ``python -m lms run`` in a process group of its own; nothing of the site exists in the process it was forked from.
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
import traceback
from dataclasses import dataclass
from importlib import import_module

from lms.config import ROOT

# What ``lms run`` imports while it starts.
LOADED = ("lms.cli", "lms.app", "granian.server", "granian.wsgi", "logging.config")


@dataclass(frozen=True)
class Born:
    """A process that was forked for a test. ``exit`` becomes readable when it and all its processes are gone."""

    pid: int
    exit: int

    def is_over(self) -> bool:
        return bool(select.select([self.exit], [], [], 0)[0])

    def kill(self) -> None:
        """End it and all its processes at once, with SIGKILL, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        select.select([self.exit], [], [])
        os.close(self.exit)


def start(words: list[str], environ: dict[str, str], log: int) -> Born:
    """Run ``python -m`` with these words; what it says goes to the open file ``log``."""
    door = nursery()
    socket.send_fds(door, [json.dumps({"words": words, "environ": environ}).encode()], [log])
    pid, files, _, _ = socket.recv_fds(door, 32, 1)
    return Born(int(pid), files[0])


@functools.cache
def nursery() -> socket.socket:
    """The door of the one nursery of this test process; it ends when the door closes."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "FLASK_"))}
    process = subprocess.Popen([sys.executable, "-m", "tests.nursery"], cwd=ROOT, env=environ, stdin=there)
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
    while True:
        message, files, _, _ = socket.recv_fds(door, 1 << 20, 1)
        bury()
        if not message:
            return
        watched, held = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(watched)
            door.close()
            run(json.loads(message), files[0])
        # Both sides do it, so the group is there whoever of the two comes first.
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        os.close(held)
        socket.send_fds(door, [str(pid).encode()], [watched])
        os.close(watched)
        os.close(files[0])


def bury() -> None:
    """Let the system forget the processes that ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def run(order: dict[str, object], log: int) -> None:
    """Be ``python -m`` with the words of the order; never returns."""
    code = 1
    try:
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.clear()
        os.environ.update(order["environ"])  # type: ignore[arg-type]
        words: list[str] = order["words"]  # type: ignore[assignment]
        sys.argv = words
        runpy.run_module(words[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=os.dup(0)))
