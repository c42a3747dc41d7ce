"""Mail leaves the site by the outbox and nothing else opens a connection to the world."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "lms").rglob("*.py"))
POST_OFFICE = ROOT / "lms" / "mail.py"

MAIL = frozenset({"smtplib", "aiosmtplib", "flask_mail"})
WORLD = frozenset({"http.client", "urllib.request", "requests", "httpx", "aiohttp", "socket", "ftplib", "telnetlib"})


def doors(text: str) -> set[str]:
    """The modules in ``text`` that can send something over the network, and calls that send a mail."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = [node.func.attr] if node.func.attr in {"send_message", "sendmail"} else []
        found |= {name for name in names if name in MAIL | WORLD or name in {"send_message", "sendmail"}}
    return found


def test_only_the_outbox_sends_mail_and_nobody_calls_the_world() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): opened
        for path in SOURCES
        if (opened := doors(path.read_text(encoding="utf-8")))
    }
    # The command that starts the site looks whether its port is free: it listens, and calls nobody.
    assert found.pop("lms/cli/site.py") == {"socket"}
    assert "connect" not in (ROOT / "lms" / "cli" / "site.py").read_text(encoding="utf-8")
    assert found == {POST_OFFICE.relative_to(ROOT).as_posix(): {"smtplib", "send_message"}}


def test_a_door_is_seen_wherever_it_hides() -> None:
    assert doors(POST_OFFICE.read_text(encoding="utf-8")) == {"smtplib", "send_message"}
    assert doors("def hidden():\n    from urllib import request\n") == {"urllib.request"}
    assert doors("def f(smtp):\n    smtp.sendmail('a', 'b', 'c')\n") == {"sendmail"}
