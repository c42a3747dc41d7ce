"""Demo data: whole or not at all, and with links that lead to the site that runs."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests import nursery

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return nursery.environ_with(
        {"LMS_ENV": "development", "LMS_DATA": str(tmp_path), "LMS_BASE_URL": "http://127.0.0.1:8765"}
    )


def ask(file: Path, question: str) -> int:
    """The number that a plain SQLite answers; 0 while the table is not there."""
    with contextlib.closing(sqlite3.connect(file, timeout=5)) as database:
        try:
            return int(database.execute(question).fetchone()[0])
        except sqlite3.OperationalError:
            return 0


@pytest.mark.slow
def test_who_is_interrupted_keeps_no_half_of_the_demo(environ: dict[str, str], tmp_path: Path) -> None:
    file, beside = tmp_path / "lms.sqlite", tmp_path / "lms.sqlite.demo"
    command = nursery.command(["init", "--demo"], environ)
    until = time.monotonic() + 60
    while not (beside.exists() and ask(beside, "SELECT count(*) FROM school")):
        assert time.monotonic() < until and not command.born.is_over()
        time.sleep(0.002)
    command.born.send(signal.SIGKILL)
    assert command.end().code == nursery.KILLED
    assert ask(file, "SELECT count(*) FROM person") == 0
    told = nursery.command(["init", "--demo"], environ).end()
    assert told.code == 0 and "Demogegevens toegevoegd." in told.out, told.errors
    assert (ask(file, "SELECT count(*) FROM person"), ask(file, "SELECT count(*) FROM school")) == (6, 15)
    assert sorted(one.name for one in tmp_path.glob("lms.sqlite*")) == ["lms.sqlite"]
    mails = "SELECT count(*) FROM outbox_mail WHERE body LIKE '%http://127.0.0.1:{}/%'"
    assert ask(file, mails.format("8765")) >= 2 and ask(file, mails.format("8000")) == 0
    again = nursery.command(["init", "--demo"], environ).end()
    assert again.code == 0 and "Demogegevens" not in again.out
