"""A real mail server on this machine, for tests of what arrives."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from lms.mail import MailServer
from tests.server import free_port

SENDER = "navorming@school.example"


class Postbox:
    """A real mail server on loopback. ``before``: called with each mail before it is accepted; may give an answer."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.before: Callable[[EmailMessage], str | None] = lambda _mail: None
        self.quit_answer: str | None = None
        self.raw: Callable[[bytes], None] = lambda _content: None
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"

    @property
    def server(self) -> MailServer:
        return MailServer(url=self.url, sender=SENDER, timeout=5)

    @property
    def count(self) -> Counter[str]:
        """How often each mail arrived."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.raw(envelope.content)
        answer = self.before(mail)
        if answer:
            return answer
        self.mails.append(mail)
        return "250 OK"

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:
        return self.quit_answer or "221 Bye"
