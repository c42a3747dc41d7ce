"""Mail goes through an outbox: written in the transaction of its cause, sent later by ``lms worker``.

So a page never waits for a mail server, and a mail exists exactly when its cause was committed. A row is
claimed in its own short transaction before it is handed to the server; a claim whose worker died is
taken up again after ``CLAIM_MINUTES``.
"""

from __future__ import annotations

import enum
import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Index, String, Text, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.clock import now
from lms.database import Base, enum_type

log = logging.getLogger(__name__)

CLAIM_MINUTES = 10
RETRY_MINUTES = (1, 5, 15, 60, 240)

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates" / "mail"),
    undefined=StrictUndefined,
    # Plain text: there is no markup to break out of.
    autoescape=False,  # noqa: S701
    keep_trailing_newline=True,
    trim_blocks=True,
)


class MailState(enum.StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class OutboxMail(Base):
    """One mail to one person. ``due_at``: not before this moment."""

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[MailState] = mapped_column(enum_type(MailState, "mail_state"), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    claimed_at: Mapped[datetime | None] = mapped_column()
    sent_at: Mapped[datetime | None] = mapped_column()


def compose(template: str, recipient: str, **data: object) -> OutboxMail:
    """Build an outbox row from ``templates/mail/<template>.txt``: its first line is the subject.

    The row still has to be added to the session of its cause. Line breaks in ``data`` never reach a header.
    """
    text = _templates.get_template(f"{template}.txt").render(**data)
    subject, _, body = text.partition("\n")
    moment = now()
    return OutboxMail(
        recipient=recipient,
        subject=" ".join(subject.split())[:200],
        body=body.lstrip("\n"),
        message_id=make_msgid(domain="navorming.invalid"),
        created_at=moment,
        due_at=moment,
    )


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A claimed mail, apart from the database: no transaction is open while it is on its way."""

    id: int
    recipient: str
    subject: str
    body: str
    message_id: str


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail goes: ``smtp://`` (STARTTLS when the server offers it), ``smtps://``, or ``postvak:``.

    The last is for development: the outbox itself is the mailbox, so a mail has arrived when it is taken up.
    """

    url: str
    sender: str
    timeout: float = 20.0

    @property
    def is_postbox(self) -> bool:
        return self.url == "postvak:"

    def deliver(self, letters: list[Letter]) -> Iterator[tuple[Letter, Exception | None]]:
        """Hand over ``letters`` one by one, in one connection; gives each with its error, or None when it left."""
        if self.is_postbox:
            yield from ((letter, None) for letter in letters)
            return
        try:
            smtp = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail server not reachable: %s", type(error).__name__)
            yield from ((letter, error) for letter in letters)
            return
        try:
            for letter in letters:
                yield letter, self._hand_over(smtp, letter)
        finally:
            # What was taken was taken, also by a server that is rude when we leave.
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()

    def _hand_over(self, smtp: smtplib.SMTP, letter: Letter) -> Exception | None:
        try:
            smtp.send_message(self._message(letter))
        except (OSError, smtplib.SMTPException, MessageError, ValueError, IndexError) as error:
            # The last three are what the email package raises for an address that cannot be one.
            return error
        return None

    def _message(self, mail: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = mail.recipient
        message["Subject"] = mail.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = mail.message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body)
        return message

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        smtp: smtplib.SMTP
        if parts.scheme == "smtps":
            smtp = smtplib.SMTP_SSL(host, parts.port or 465, timeout=self.timeout, context=ssl.create_default_context())
        else:
            smtp = smtplib.SMTP(host, parts.port or 25, timeout=self.timeout)
            smtp.ehlo()
            if smtp.has_extn("starttls"):
                smtp.starttls(context=ssl.create_default_context())
        if parts.username:
            smtp.login(unquote(parts.username), unquote(parts.password or ""))
        return smtp


def send_waiting(session: Session, server: MailServer, limit: int = 20) -> int:
    """Send up to ``limit`` mails that are due; gives how many left. A mail that fails waits for its next try.

    Nothing is locked while the server is talked to, and each mail is settled as soon as it left: a worker that
    dies sends at most the one under way again.
    """
    sent = 0
    for letter, error in server.deliver(_claim(session, limit)):
        _settle(session, letter, error, keep_body=server.is_postbox)
        sent += error is None
    return sent


def _settle(session: Session, letter: Letter, error: Exception | None, *, keep_body: bool) -> None:
    mail = session.get_one(OutboxMail, letter.id)
    moment = now()
    if error is None:
        mail.state, mail.sent_at = MailState.SENT, moment
        # What was sent is in the hands of its reader; a link in it should not stay readable here.
        mail.body = mail.body if keep_body else ""
    elif mail.attempts > len(RETRY_MINUTES):
        mail.state = MailState.FAILED
    else:
        mail.state = MailState.WAITING
        mail.due_at = moment + timedelta(minutes=RETRY_MINUTES[mail.attempts - 1])
    session.commit()


def list_newest(session: Session, limit: int = 50) -> list[OutboxMail]:
    """The newest mails, for the mailbox of development."""
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(limit)))


def _claim(session: Session, limit: int) -> list[Letter]:
    """Take rows for this worker alone: PostgreSQL skips locked rows, SQLite has one writer at a time."""
    moment = now()
    abandoned = moment - timedelta(minutes=CLAIM_MINUTES)
    mails = list(
        session.scalars(
            select(OutboxMail)
            .where(
                OutboxMail.due_at <= moment,
                or_(
                    OutboxMail.state == MailState.WAITING,
                    (OutboxMail.state == MailState.CLAIMED) & (OutboxMail.claimed_at < abandoned),
                ),
            )
            .order_by(OutboxMail.due_at, OutboxMail.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    for mail in mails:
        mail.state, mail.claimed_at = MailState.CLAIMED, moment
        mail.attempts += 1
    letters = [
        Letter(
            id=mail.id,
            recipient=mail.recipient,
            subject=mail.subject,
            body=mail.body,
            message_id=mail.message_id,
        )
        for mail in mails
    ]
    session.commit()
    return letters
