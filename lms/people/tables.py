"""People, the codes that let them in, and where they are signed in. Youngsters are never in here."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, Index, String, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.clock import now
from lms.database import Base, by_name, enum_type
from lms.errors import Expired, Invalid, LmsError
from lms.people.rules import (
    CODE_MINUTES,
    CODE_TRIES,
    RECOVERY_CODES,
    Visitor,
    fingerprint,
    new_recovery_code,
    new_token,
    plain_recovery_code,
    session_length,
)
from lms.permissions import Role


class Person(Base):
    """A begeleider or a member of staff. ``email`` is stored casefolded and is unique."""

    __tablename__ = "person"
    # Closed accounts are few, and the work list asks for all of them.
    __table_args__ = (
        Index(
            "ix_person_disabled",
            "id",
            sqlite_where=text("disabled_at IS NOT NULL"),
            postgresql_where=text("disabled_at IS NOT NULL"),
        ),
        # Begins with the role, so that no list of the people of one school is walked along everybody's names.
        Index("ix_person_role_by_name", "role", by_name(literal_column("name")), "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"), default=Role.FACILITATOR, index=True)
    created_at: Mapped[datetime] = mapped_column()
    disabled_at: Mapped[datetime | None] = mapped_column()
    # The last sign-in. An account that nobody uses ends; ``expiry_notice_at`` is when its owner was told so.
    last_seen_at: Mapped[datetime | None] = mapped_column()
    expiry_notice_at: Mapped[datetime | None] = mapped_column()
    # The owner wants to leave and may still come back; once erased, the row stays empty for the figures.
    deletion_asked_at: Mapped[datetime | None] = mapped_column()
    erased_at: Mapped[datetime | None] = mapped_column()
    # Since when somebody wants no reminders, and no mail on the evening before a session; None while they do.
    reminders_stopped_at: Mapped[datetime | None] = mapped_column()
    evening_stopped_at: Mapped[datetime | None] = mapped_column()
    # The second factor of staff: a TOTP secret, when it was confirmed, and the last step that was used.
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column()
    totp_last_step: Mapped[int | None] = mapped_column()


class CodePurpose(enum.StrEnum):
    SIGN_IN = "sign_in"
    REGISTER = "register"


class SignInCode(Base):
    """A six-digit code that was mailed. ``details`` holds what a registration typed until it is confirmed."""

    __tablename__ = "sign_in_code"
    __table_args__ = (Index("ix_sign_in_code_email_created_at", "email", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[CodePurpose] = mapped_column(enum_type(CodePurpose, "code_purpose"))
    email: Mapped[str] = mapped_column(String(254))
    browser_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    code_fingerprint: Mapped[str] = mapped_column(String(64))
    own_device: Mapped[bool] = mapped_column(default=False)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    tries_left: Mapped[int] = mapped_column(default=CODE_TRIES)
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None] = mapped_column()

    @classmethod
    def make(
        cls, purpose: CodePurpose, email: str, code: str, browser: str, *, own_device: bool, **details: Any
    ) -> Self:
        moment = now()
        return cls(
            purpose=purpose,
            email=email,
            browser_fingerprint=fingerprint(browser),
            code_fingerprint=fingerprint(browser, code),
            own_device=own_device,
            details=details,
            tries_left=CODE_TRIES,
            created_at=moment,
            expires_at=moment + timedelta(minutes=CODE_MINUTES),
        )

    def matches(self, browser: str, typed: str) -> bool:
        """Whether ``typed`` is this code, spaces aside."""
        return self.code_fingerprint == fingerprint(browser, "".join(typed.split()))

    def refuse(self) -> LmsError:
        """Count a wrong try and give the error to raise, once the count is committed."""
        self.tries_left -= 1
        if self.tries_left <= 0:
            return Expired("Dat was vijf keer een verkeerde code. Vraag een nieuwe code.")
        tries = "nog één keer" if self.tries_left == 1 else f"nog {self.tries_left} keer"
        return Invalid(f"Die code klopt niet. Kijk ze na in je mail; je kan het {tries} proberen.")


class SignIn(Base):
    """One browser in which somebody is signed in. The cookie holds the token, this row its fingerprint."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    own_device: Mapped[bool] = mapped_column(default=False)
    # Roughly which browser, for the list under *mijn account*: "Firefox op Windows".
    device: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    second_factor_at: Mapped[datetime | None] = mapped_column()
    second_factor_tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column()

    @classmethod
    def open_for(
        cls, person: Person, *, own_device: bool, second_factor: bool = False, device: str | None = None
    ) -> tuple[Self, str]:
        """A new row and the token for the cookie. ``second_factor``: it was given just now."""
        token, moment = new_token(), now()
        person.last_seen_at, person.expiry_notice_at = moment, None
        row = cls(
            token_fingerprint=fingerprint(token),
            person_id=person.id,
            own_device=own_device,
            device=device,
            created_at=moment,
            expires_at=moment + session_length(person.role, own_device),
            second_factor_at=moment if second_factor else None,
            second_factor_tries=0,
        )
        return row, token


class Password(Base):
    """The password of who wants one. ``hash`` is argon2id."""

    __tablename__ = "password"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(255))
    set_at: Mapped[datetime] = mapped_column()


class WrongTries(Base):
    """How many times in a row a password was tried in vain for a mail address, with an account or without one."""

    __tablename__ = "wrong_tries"

    email_fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column()
    last_at: Mapped[datetime] = mapped_column(index=True)


class RecoveryCode(Base):
    """One way in for the day the authenticator app is gone. Works once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    code_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()

    @staticmethod
    def fingerprint_of(person_id: int, typed: str) -> str:
        return fingerprint(str(person_id), plain_recovery_code(typed))

    @classmethod
    def set_for(cls, person_id: int) -> tuple[list[Self], tuple[str, ...]]:
        """Ten new rows and the ten codes to show once."""
        codes, moment = tuple(new_recovery_code() for _ in range(RECOVERY_CODES)), now()
        rows = [
            cls(person_id=person_id, code_fingerprint=cls.fingerprint_of(person_id, code), created_at=moment)
            for code in codes
        ]
        return rows, codes


class EmailChange(Base):
    """Somebody asked for another mail address. It counts once both addresses agreed, each by a link of its own."""

    __tablename__ = "email_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    new_email: Mapped[str] = mapped_column(String(254))
    old_token_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    new_token_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    old_agreed_at: Mapped[datetime | None] = mapped_column()
    new_agreed_at: Mapped[datetime | None] = mapped_column()
    # Done, withdrawn, or replaced by a later question.
    closed_at: Mapped[datetime | None] = mapped_column()


class StaffInvitation(Base):
    """The link with which somebody becomes O&S or administrator. Only its fingerprint is stored; it works once."""

    __tablename__ = "staff_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role, "staff_invitation_role"))
    # None: somebody at the command line of the server.
    invited_by_id: Mapped[int | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    # Accepted, withdrawn, or replaced by a later one.
    closed_at: Mapped[datetime | None] = mapped_column()


class Act(enum.StrEnum):
    """What staff did, or an aanspreekpunt for the own school, named by what it was done to."""

    ACCOUNT_CREATED = "account.created"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    ACCOUNT_ROLE_CHANGED = "account.role_changed"
    ACCOUNT_SECOND_FACTOR_RESET = "account.second_factor_reset"
    STAFF_INVITED = "staff_invitation.made"
    STAFF_INVITATION_WITHDRAWN = "staff_invitation.withdrawn"
    SCHOOL_ADDED = "school.added"
    SCHOOL_EDITED = "school.edited"
    SCHOOL_REMOVED = "school.removed"
    SCHOOL_MERGED = "school.merged"
    SCHOOLS_IMPORTED = "school_import.applied"
    CONTACT_APPOINTED = "contact.appointed"
    CONTACT_INVITED_AGAIN = "contact.invited_again"
    CONTACT_ENDED = "contact.ended"
    CONTACT_CONFIRMED = "contact.confirmed"
    SUCCESSOR_ASKED = "succession.asked"
    SUCCESSOR_ASKED_AGAIN = "succession.asked_again"
    SUCCESSION_WITHDRAWN = "succession.withdrawn"
    NOTE_ADDED = "contact_note.added"
    NOTE_CHANGED = "contact_note.changed"
    ACTION_DONE = "contact_note.done"
    ACTION_REOPENED = "contact_note.reopened"
    ACTION_POSTPONED = "contact_note.postponed"
    SCHOOL_SET_ASIDE = "school.set_aside"
    SCHOOL_TAKEN_UP = "school.taken_up"
    SCHOOL_FOLLOWED = "school.followed"
    SCHOOL_LET_GO = "school.let_go"
    WISH_SETTLED = "wish.settled"
    LIVE_GRANTED = "completion.live"
    PACK_OPENED = "completion.opened"
    COMPLETION_REVOKED = "completion.revoked"
    COMPLETION_REOPENED = "completion.reopened"
    QUESTION_TAKEN = "question.taken"
    QUESTION_RELEASED = "question.released"
    QUESTION_ANSWERED = "question.answered"
    QUESTION_PUBLISHED = "question.published"
    QUESTION_UNPUBLISHED = "question.unpublished"
    LINK_RENEWED = "school.link_renewed"
    COUNTS_KEPT = "school.counts_kept"
    COLLEAGUES_INVITED = "school.colleagues_invited"
    COLLEAGUE_INVITED_AGAIN = "invited_colleague.invited_again"
    INVITATION_WITHDRAWN = "invited_colleague.withdrawn"
    REMINDERS_SWITCHED_ON = "reminder_switch.on"
    REMINDERS_SWITCHED_OFF = "reminder_switch.off"
    MEMBERSHIP_ADDED = "membership.added"
    MEMBERSHIP_ENDED = "membership.ended"
    MEMBERSHIP_RESTORED = "membership.restored"


class AuditRow(Base):
    """Who of the staff did what to which row, written in the transaction of the deed itself.

    Ids only, so nothing has to be erased from it. Triggers of the database refuse every change, and refuse to
    delete what is younger than 24 months; they are in migration 0002, and a migration that rebuilds this table
    on SQLite has to make them anew.
    """

    __tablename__ = "audit_row"
    __table_args__ = (Index("ix_audit_row_subject_id_act", "subject_id", "act"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # None: somebody at the command line of the server.
    actor_id: Mapped[int | None] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column()
    happened_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def of(cls, act: Act, subject_id: int, *, by: Visitor | None) -> Self:
        """The row for ``act`` done to the row ``subject_id`` of the table that the first word of ``act`` names."""
        return cls(actor_id=by.id if by else None, act=act.value, subject_id=subject_id, happened_at=now())
