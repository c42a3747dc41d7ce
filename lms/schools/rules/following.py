"""How O&S follows a school: contacts, what comes next, and schools that do not want to, or not yet."""

from __future__ import annotations

import enum

NOTE_LENGTH = 2000
ACTION_LENGTH = 200
REASON_LENGTH = 300
MESSAGE_LENGTH = 500


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
