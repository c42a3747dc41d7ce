"""Mail that somebody may do without, and the link with which they say so."""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
import re
from dataclasses import dataclass

# 160 bits of the seal stand in the link.
SEAL_BYTES = 20
_TOKEN = re.compile(r"([a-z])([0-9]{1,10})-([A-Za-z0-9_-]{27})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class MailChoice:
    """Which optional mails somebody gets. Codes, decisions and news about the account always go."""

    reminders: bool
    evening: bool

    @property
    def any(self) -> bool:
        return self.reminders or self.evening


class Stops(enum.StrEnum):
    """For whom a link stops mail; the letter stands in the link."""

    PERSON = "p"
    # Somebody who was asked to be the aanspreekpunt and may have no account.
    ASKED = "v"


def stop_token(secret_key: str, stops: Stops, row_id: int) -> str:
    """The part of the link behind ``/stop/``. It is the same each time, so it works in every mail, also an old one.

    Only this site can make it: it is sealed with the key of the site, for this purpose alone.
    """
    subject = f"{stops.value}{row_id}"
    seal = hmac.digest(secret_key.encode(), f"lms stop mail 1\x1f{subject}".encode(), hashlib.sha256)[:SEAL_BYTES]
    return f"{subject}-{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"


def read_stop_token(secret_key: str, token: str) -> tuple[Stops, int] | None:
    """Whose mail this link stops; None when we did not make it."""
    found = _TOKEN.fullmatch(token)
    if found is None or found[1] not in set(Stops):
        return None
    stops, row_id = Stops(found[1]), int(found[2])
    if not hmac.compare_digest(stop_token(secret_key, stops, row_id), token):
        return None
    return stops, row_id
