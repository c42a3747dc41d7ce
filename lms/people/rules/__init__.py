"""Decisions about people that need no database: addresses, names, codes and the second factor."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import pyotp
from email_validator import EmailNotValidError, validate_email

from lms.errors import Invalid
from lms.permissions import STAFF_ROLES, Permission, Role, permissions_of

CODE_MINUTES = 10
CODE_TRIES = 5
CODES_PER_HOUR = 6
# A double click sends the code twice; the second reply is the one that stays on screen, so it must let in too.
DOUBLE_CLICK = timedelta(seconds=10)
SECOND_FACTOR_TRIES = 5

OWN_DEVICE = timedelta(days=30)
SHARED_DEVICE = timedelta(hours=24)  # The cookie itself ends when the browser closes.
STAFF = timedelta(hours=12)
# Who just proved who they are may change how they get in, without proving it again.
FRESH = timedelta(minutes=15)

RECOVERY_CODES = 10
# No letter or digit that looks like another one; 32 of them, so five bits each.
RECOVERY_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECOVERY_LENGTH, RECOVERY_GROUP = 16, 4

EMAIL_CHANGE_LIFE = timedelta(hours=24)
EMAIL_CHANGES_PER_HOUR = 3
STAFF_INVITATION_LIFE = timedelta(hours=24)

NAME_LENGTH = 120

ROLE_LABELS = {Role.FACILITATOR: "Begeleider", Role.OS_STAFF: "O&S", Role.ADMIN: "Beheerder"}


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A browser that is now signed in. ``token`` goes in its cookie, for good on an own device.

    ``recovery_codes``: those that were made just now, to be shown once.
    """

    token: str
    own_device: bool
    recovery_codes: tuple[str, ...] = ()


def clean_email(text: str) -> str:
    """A mail address in the one form we store and compare. Raises Invalid with the way to mend it."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()[:254]
    except EmailNotValidError as error:
        raise Invalid("Vul een volledig e-mailadres in, met een @ en een punt. Bijvoorbeeld an@school.be.") from error


def clean_name(text: str) -> str:
    """A person's name as typed, with outer and double spaces removed. Raises Invalid.

    Real names keep every letter, apostrophe and hyphen; characters that are not visible are refused.
    """
    if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} for char in text.strip()):
        raise Invalid("Je naam bevat een teken dat niet kan, zoals een regeleinde. Typ je naam opnieuw.")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise Invalid("Vul een voornaam en een naam in.")
    if len(name) > NAME_LENGTH:
        raise Invalid(f"Je naam is te lang. Gebruik hoogstens {NAME_LENGTH} tekens.")
    return name


def initials(name: str) -> str:
    """The first letters of a name, for pages that may not show the name: ``Nele Van Acker`` is ``N. V. A.``"""
    return " ".join(f"{part[0].upper()}." for part in name.split())


def new_token() -> str:
    """A link or session secret of 256 bits. Only its fingerprint is stored."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six digits, to be typed over from a mail."""
    return f"{secrets.randbelow(1_000_000):06d}"


def new_recovery_code() -> str:
    """Four groups of four, 80 bits: to be written down, for the day the phone is gone."""
    signs = "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
    return "-".join(signs[start : start + RECOVERY_GROUP] for start in range(0, RECOVERY_LENGTH, RECOVERY_GROUP))


def plain_recovery_code(typed: str) -> str:
    """A recovery code in the one form we compare: capitals, without spaces and hyphens."""
    return "".join(char for char in typed.upper() if char.isalnum())


def is_fresh(signed_in_at: datetime, at: datetime) -> bool:
    """Whether somebody who signed in at this moment still counts as having just proved who they are."""
    return at - signed_in_at <= FRESH


def fingerprint(*parts: str) -> str:
    """What is stored of a secret.

    A typed code is fingerprinted together with the random token of the browser that asked for it. So it
    works in that browser only, and a stolen database does not give the codes away.
    """
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def session_length(role: Role, own_device: bool) -> timedelta:
    """How long somebody stays signed in."""
    if role in STAFF_ROLES:
        return STAFF
    return OWN_DEVICE if own_device else SHARED_DEVICE


def totp_step(secret: str, typed: str, at: float, last_step: int | None) -> int | None:
    """The 30-second step that ``typed`` belongs to, or None when it is wrong or was used before.

    One step either side is accepted, for phones whose clock is a little off (RFC 6238, section 5.2).
    """
    totp = pyotp.TOTP(secret)
    digits = "".join(typed.split())
    if not digits.isascii():
        return None
    current = int(at) // 30
    for step in (current, current - 1, current + 1):
        if secrets.compare_digest(totp.at(step * 30), digits) and (last_step is None or step > last_step):
            return step
    return None


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who is asking: one signed-in browser, with the facts that decide what it may see.

    The names ``is_authenticated``, ``is_active``, ``is_anonymous`` and ``get_id`` are what flask-login expects.
    """

    token: str
    sign_in_id: int
    id: int
    name: str
    email: str
    role: Role
    has_second_factor: bool
    gave_second_factor: bool
    is_contact_person: bool
    has_open_pack: bool
    deletion_asked_at: datetime | None = None
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES

    @property
    def needs_second_factor(self) -> bool:
        return self.is_staff and not self.gave_second_factor

    @property
    def is_leaving(self) -> bool:
        """Asked to delete the account: until that happens only coming back is offered."""
        return self.deletion_asked_at is not None

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        if self.needs_second_factor or self.is_leaving:
            return frozenset()
        return permissions_of(self.role, is_contact_person=self.is_contact_person, has_open_pack=self.has_open_pack)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions
