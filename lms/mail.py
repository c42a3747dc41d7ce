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
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Index, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.clock import now
from lms.database import Base, enum_type

log = logging.getLogger(__name__)

STOP_HEADER = "List-Unsubscribe"
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
    # What it says is no longer so, or its reader no longer wants it.
    CANCELLED = "cancelled"


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
    # Where its reader stops mail of this kind; None for mail that always goes, such as a code.
    stop_url: Mapped[str | None] = mapped_column(String(300))
    # What has to be so when it leaves: a name in ``conditions`` of ``send_waiting``, and the row it is about.
    condition: Mapped[str | None] = mapped_column(String(20))
    condition_id: Mapped[int | None] = mapped_column()


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What one kind of optional mail asks again at the last moment, by the id of the row that it is about.

    ``settled`` is told what became of the mail: SENT, FAILED or CANCELLED. Both work in the transaction of the outbox
    and do not commit.
    """

    holds: Callable[[int], bool]
    settled: Callable[[int, MailState], None]


Conditions = Mapping[str, Condition]


def compose(template: str, recipient: str, *, stop_url: str | None = None, **data: object) -> OutboxMail:
    """Build an outbox row from ``templates/mail/<template>.txt``: its first line is the subject.

    ``stop_url``: where its reader stops mail of this kind, for the text and for the button of a mail program.

    The row still has to be added to the session of its cause. Line breaks in ``data`` never reach a header.
    """
    text = _templates.get_template(f"{template}.txt").render(stop_url=stop_url, **data)
    subject, _, body = text.partition("\n")
    moment = now()
    return OutboxMail(
        recipient=recipient,
        subject=" ".join(subject.split())[:200],
        body=body.lstrip("\n"),
        message_id=make_msgid(domain="navorming.invalid"),
        created_at=moment,
        due_at=moment,
        stop_url=stop_url,
    )


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A claimed mail, apart from the database: no transaction is open while it is on its way."""

    id: int
    recipient: str
    subject: str
    body: str
    message_id: str
    stop_url: str | None = None


class _Headers(EmailPolicy):
    """The usual rules, but the address to stop mail stays in one piece: folded or encoded no program knows it."""

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}\n" if name == STOP_HEADER else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        if name == STOP_HEADER:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


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
        message = EmailMessage(policy=_Headers())
        message["From"] = self.sender
        message["To"] = mail.recipient
        message["Subject"] = mail.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = mail.message_id
        message["Auto-Submitted"] = "auto-generated"
        if mail.stop_url:
            message[STOP_HEADER] = f"<{mail.stop_url}>"
            if mail.stop_url.startswith("https:"):
                # RFC 8058: a mail program may post there by itself, over https alone.
                message[f"{STOP_HEADER}-Post"] = "List-Unsubscribe=One-Click"
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


def send_waiting(session: Session, server: MailServer, limit: int = 20, conditions: Conditions | None = None) -> int:
    """Send up to ``limit`` mails that are due; gives how many left. A mail that fails waits for its next try.

    A mail with a condition leaves only while that holds, looked at again at each try; one whose condition is not among
    ``conditions`` waits for a worker that knows it.

    Nothing is locked while the server is talked to, and each mail is settled as soon as it left: a worker that
    dies sends at most the one under way again.
    """
    sent, known = 0, conditions or {}
    for letter, error in server.deliver(_claim(session, limit, known)):
        _settle(session, letter, error, known, keep_body=server.is_postbox)
        sent += error is None
    return sent


def _settle(
    session: Session, letter: Letter, error: Exception | None, conditions: Conditions, *, keep_body: bool
) -> None:
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
    if mail.state is not MailState.WAITING:
        _tell(mail, mail.state, conditions)
    session.commit()


def _tell(mail: OutboxMail, state: MailState, conditions: Conditions) -> None:
    if mail.condition is not None and mail.condition_id is not None:
        conditions[mail.condition].settled(mail.condition_id, state)


def _is_wanted(mail: OutboxMail, conditions: Conditions) -> bool:
    """Whether the mail may leave. One that may not is cancelled, and its text is gone."""
    if mail.condition is None or mail.condition_id is None or conditions[mail.condition].holds(mail.condition_id):
        return True
    # Of a worker that died while sending nobody knows whether the mail left; then it counts as one that did.
    told = MailState.FAILED if mail.state is MailState.CLAIMED else MailState.CANCELLED
    mail.state, mail.body = MailState.CANCELLED, ""
    _tell(mail, told, conditions)
    return False


def list_newest(session: Session, limit: int = 50) -> list[OutboxMail]:
    """The newest mails, for the mailbox of development."""
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(limit)))


def count_optional(session: Session) -> int:
    """How many mails with a condition wait to leave."""
    return (
        session.scalar(
            select(func.count())
            .select_from(OutboxMail)
            .where(OutboxMail.state == MailState.WAITING, OutboxMail.condition.is_not(None))
        )
        or 0
    )


def _claim(session: Session, limit: int, conditions: Conditions) -> list[Letter]:
    """Take rows for this worker alone: PostgreSQL skips locked rows, SQLite has one writer at a time.

    What everybody waits for goes first: a code for signing in before a reminder.
    """
    moment = now()
    abandoned = moment - timedelta(minutes=CLAIM_MINUTES)
    mails = list(
        session.scalars(
            select(OutboxMail)
            .where(
                OutboxMail.due_at <= moment,
                or_(OutboxMail.condition.is_(None), OutboxMail.condition.in_(sorted(conditions))),
                or_(
                    OutboxMail.state == MailState.WAITING,
                    (OutboxMail.state == MailState.CLAIMED) & (OutboxMail.claimed_at < abandoned),
                ),
            )
            .order_by(OutboxMail.condition.is_not(None), OutboxMail.due_at, OutboxMail.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    mails = [mail for mail in mails if _is_wanted(mail, conditions)]
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
            stop_url=mail.stop_url,
        )
        for mail in mails
    ]
    session.commit()
    return letters
