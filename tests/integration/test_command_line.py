"""The command line speaks Dutch, also of what was typed wrong and of settings that cannot be."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.cli import main
from tests import nursery
from tests.server import free_port

pytestmark = pytest.mark.sqlite_alone


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("foo", "De opdracht 'foo' bestaat niet. Bekijk de uitleg met: lms --help"),
        ("create-admin", "EMAIL ontbreekt. Bekijk de uitleg met: lms create-admin --help"),
        ("create-admin a@b.example Ann veel", "Er staan te veel woorden."),
        ("run --nope", "De optie --nope bestaat niet."),
        ("run --port", "De optie --port heeft een waarde nodig."),
        ("run --port abc", "--port: geef een getal van 1 tot 65535."),
        ("run --port 70000", "--port: geef een getal van 1 tot 65535."),
        ("run --workers 0", "--workers: geef een getal van 1 of meer."),
    ],
)
def test_what_is_typed_wrong_is_one_dutch_line(words: str, told: str) -> None:
    result = CliRunner().invoke(main, words.split(), prog_name="lms")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(told) and result.stderr.count("\n") == 1


def test_the_help_of_every_command_is_dutch() -> None:
    for words in ([], *([name] for name in main.commands)):
        result = CliRunner().invoke(main, [*words, "--help"], prog_name="lms")
        assert result.exit_code == 0 and result.stdout.startswith("Gebruik: lms")
        assert "Toon deze uitleg." in result.stdout
        for english in ("Usage", "Options", "OPTIONS", "Commands", "Show this message"):
            assert english not in result.stdout, words


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("LMS_DATABASE_URL", "onzin", "LMS_DATABASE_URL is geen adres van SQLite of PostgreSQL."),
        ("LMS_DATABASE_URL", "mysql://x", "LMS_DATABASE_URL is geen adres van SQLite of PostgreSQL."),
        ("LMS_DATABASE_URL", "postgresql://x:geheim@127.0.0.1:1/z", "De databank antwoordt niet:"),
        ("LMS_DATA", "/proc/x", "LMS_DATA: in /proc/x kan niet geschreven worden"),
        ("LMS_DATA", "/etc/passwd", "LMS_DATA: in /etc/passwd kan niet geschreven worden"),
        ("LMS_MAIL_URL", "http://server", "LMS_MAIL_URL is geen mailserver."),
    ],
)
def test_a_setting_that_cannot_be_is_one_dutch_line(tmp_path: Path, setting: str, value: str, told: str) -> None:
    settings = {"LMS_ENV": "development", "LMS_DATA": str(tmp_path)} | {setting: value}
    result = nursery.command(["init"], nursery.environ_with(settings)).end()
    assert result.code == 2 and told in result.errors and result.errors.count("\n") == 1
    assert "geheim" not in result.errors


def test_a_port_that_is_taken_is_refused_before_the_site_says_it_runs(tmp_path: Path) -> None:
    environ = nursery.environ_with({"LMS_ENV": "development", "LMS_DATA": str(tmp_path)})
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        result = nursery.command(["run", "--port", str(port)], environ).end()
    assert result.code == 2 and f"poort {port}, kan de site niet luisteren" in result.errors
    assert "draait" not in result.out
