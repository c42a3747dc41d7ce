"""Decisions about schools that need no database."""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from lms.errors import Invalid

INVITATION_LIFE = timedelta(days=30)


class SchoolKind(enum.StrEnum):
    SECONDARY = "so"
    ADULT_EDUCATION = "cvo"
    YOUTH_WORK = "jeugdwerk"


KIND_LABELS = {
    SchoolKind.SECONDARY: "Secundaire school",
    SchoolKind.ADULT_EDUCATION: "Centrum voor volwassenenonderwijs",
    SchoolKind.YOUTH_WORK: "Jeugdwerk",
}


class Stage(enum.IntEnum):
    """How far a school is. It follows from facts and is never typed in; a higher fact counts alone."""

    KNOWN = 0
    CONTACTED = 1
    CONTACT_PERSON = 2
    COURSE_STARTED = 3
    PACK_OPEN = 4


STAGE_LABELS = {
    Stage.KNOWN: "Nog niet gecontacteerd",
    Stage.CONTACTED: "Gecontacteerd",
    Stage.CONTACT_PERSON: "Aanspreekpunt",
    Stage.COURSE_STARTED: "Navorming bezig",
    Stage.PACK_OPEN: "Pakket ontgrendeld",
}


@dataclass(frozen=True, kw_only=True)
class StageFacts:
    """What is known of a school: was anybody ever asked, did somebody accept, how many learn and finished."""

    was_contacted: bool
    has_contact_person: bool
    started: int
    completed: int


def stage_of(facts: StageFacts) -> Stage:
    """The furthest fact decides. Being without aanspreekpunt is a flag of its own, not a stage."""
    if facts.completed:
        return Stage.PACK_OPEN
    if facts.started:
        return Stage.COURSE_STARTED
    if facts.has_contact_person:
        return Stage.CONTACT_PERSON
    return Stage.CONTACTED if facts.was_contacted else Stage.KNOWN


def clean_line(text: str, what: str, length: int) -> str:
    """One line of text as typed, outer and double spaces removed. Raises Invalid, naming ``what``."""
    if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} for char in text.strip()):
        raise Invalid(f"{what} bevat een teken dat niet kan, zoals een regeleinde. Typ het opnieuw.")
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if not line:
        raise Invalid(f"{what} is nog leeg. Vul dit in.")
    if len(line) > length:
        raise Invalid(f"{what} is te lang. Gebruik hoogstens {length} tekens.")
    return line
