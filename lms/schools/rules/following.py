"""How O&S follows a school: contacts, what comes next, and schools that do not want to, or not yet."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import date, timedelta

from lms.errors import Invalid

NOTE_LENGTH = 2000
ACTION_LENGTH = 200
REASON_LENGTH = 300
MESSAGE_LENGTH = 500

# Contacts from before the project are no contacts of ours.
FIRST_CONTACT = date(2020, 9, 1)
# Whoever plans further ahead typed the wrong year.
FURTHEST = timedelta(days=3 * 365)


class NoteKind(enum.StrEnum):
    """How there was contact; a note is what somebody heard or wants to keep."""

    PHONE = "telefoon"
    MAIL = "mail"
    VISIT = "bezoek"
    NOTE = "notitie"


class Interest(enum.StrEnum):
    """A school that is not to be asked now. Both have a reason; *later* also has a day."""

    NONE = "geen"
    LATER = "later"


NOTE_LABELS = {
    NoteKind.PHONE: "Telefoon",
    NoteKind.MAIL: "Mail",
    NoteKind.VISIT: "Bezoek",
    NoteKind.NOTE: "Notitie",
}
INTEREST_LABELS = {Interest.NONE: "Geen interesse", Interest.LATER: "Later"}


@dataclass(frozen=True, kw_only=True)
class NoteFacts:
    """What somebody of O&S says about a contact. With ``next_action`` come ``next_on`` and perhaps ``owner_id``.

    ``is_shared``: the aanspreekpunt may read the action, and never the text.
    """

    kind: NoteKind
    day: date
    text: str
    next_action: str = ""
    next_on: date | None = None
    owner_id: int | None = None
    is_shared: bool = False


class Until(enum.StrEnum):
    """How an action is put off, with one click."""

    TOMORROW = "morgen"
    NEXT_WEEK = "week"


def read_day(text: str) -> date:
    """A day as a date field sends it, ``2026-10-05``, or as people type it, ``5/10/2026``. Raises Invalid."""
    text = text.strip()
    typed = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", text, re.ASCII)
    if typed:
        text = f"{typed[3]}-{typed[2]:0>2}-{typed[1]:0>2}"
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid("Dat is geen dag. Schrijf hem zo: 5/10/2026.")


def read_contact_day(text: str, today: date) -> date:
    """The day of a contact: today when nothing was typed, or a day in the past. Raises Invalid."""
    day = read_day(text) if text.strip() else today
    if day > today:
        raise Invalid("Die dag moet nog komen. Kies vandaag of een vroegere dag.")
    if day < FIRST_CONTACT:
        raise Invalid("Die dag ligt voor het begin van het project. Kijk het jaar na.")
    return day


def read_coming_day(text: str, today: date) -> date:
    """A day on which something has to happen: today or later. Raises Invalid."""
    day = read_day(text)
    if day < today:
        raise Invalid("Die dag is al voorbij. Kies vandaag of een latere dag.")
    if day > today + FURTHEST:
        raise Invalid("Die dag ligt te ver. Kijk het jaar na.")
    return day


def put_off(until: str, today: date) -> date:
    """The day that a button or a typed day stands for; in the weekend nobody works. Raises Invalid."""
    if until == Until.TOMORROW:
        day = today + timedelta(days=1)
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)
    if until == Until.NEXT_WEEK:
        return today + timedelta(days=7 - today.weekday())
    return read_coming_day(until, today)
