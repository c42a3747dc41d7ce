"""Decisions about schools that need no database."""

from __future__ import annotations

import enum
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from lms.errors import Invalid

INVITATION_LIFE = timedelta(days=30)
INVITATIONS_AT_ONCE = 50
# Whoever is invited by two schools, or invited again and again, still gets one mail a day.
BETWEEN_INVITATIONS = timedelta(days=1)
# How long somebody who no longer works somewhere can be put back with one click.
UNDO_LEAVING = timedelta(days=30)

# Without letters and digits that look alike on paper (0 o, 1 i l, 2 z, 5 s, 8 b, 9 g q, u v y), and without vowels that
# could make a word of it.
LINK_LETTERS = "cdfghjkmnprtwx3467"
LINK_LENGTH = 8
# What mail programs put around a name.
QUOTES = " \u00a0\"'"


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
    IN_USE = 5


STAGE_LABELS = {
    Stage.KNOWN: "Nog niet gecontacteerd",
    Stage.CONTACTED: "Gecontacteerd",
    Stage.CONTACT_PERSON: "Aanspreekpunt",
    Stage.COURSE_STARTED: "Navorming bezig",
    Stage.PACK_OPEN: "Pakket ontgrendeld",
    Stage.IN_USE: "Toolbox in gebruik",
}


@dataclass(frozen=True, kw_only=True)
class StageFacts:
    """What is known of a school: was there ever contact, is there an aanspreekpunt, how many learn and finished.

    ``in_use``: a session was given there this school year.
    """

    was_contacted: bool
    has_contact_person: bool
    started: int
    completed: int
    in_use: bool


def stage_of(facts: StageFacts) -> Stage:
    """The furthest fact decides. Being without aanspreekpunt is a flag of its own, not a stage."""
    if facts.in_use:
        return Stage.IN_USE
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


def new_link_code() -> str:
    """The code of a school link: one of ten thousand million, too many to guess the one of a school."""
    return "".join(secrets.choice(LINK_LETTERS) for _ in range(LINK_LENGTH))


def shown_link_code(code: str) -> str:
    """A code as it stands on the poster, in two groups that are easy to type over: ``cdfg-hjkm``."""
    return f"{code[:4]}-{code[4:]}"


def read_link_code(typed: str) -> str:
    """A code as it is stored, from what somebody typed over: capitals, spaces and hyphens do not matter."""
    return re.sub(r"[\s-]", "", typed).lower()


@dataclass(frozen=True, kw_only=True)
class TypedAddress:
    """One address out of a pasted list, not checked yet. ``line`` counts from 1; ``name`` may be empty."""

    line: int
    name: str
    address: str


def split_addresses(text: str) -> Iterator[TypedAddress]:
    """Every address of a pasted list, in the ways mail programs and spreadsheets write them.

    Addresses stand on a line of their own, or behind a comma, semicolon, tab or space, with or without a name:
    ``An Peeters <an@school.be>``, ``Peeters, An <an@school.be>``, ``an@school.be``. What holds no address at all
    is given as it is, so that somebody can be told about it.
    """
    for line, written in enumerate(text.splitlines(), start=1):
        before = ""
        for piece in re.split(r"[;,\t]", written):
            piece = piece.strip(QUOTES)
            if "@" not in piece:
                before = f"{before} {piece}".strip()
                continue
            bracketed = re.fullmatch(r"([^<>]*)<([^<>]*)>", piece)
            words = piece.split()
            addresses = [bracketed[2].strip()] if bracketed else [word for word in words if "@" in word]
            name = bracketed[1] if bracketed else " ".join(word for word in words if "@" not in word)
            name = f"{name.strip(QUOTES)} {before}".strip()
            for address in addresses:
                yield TypedAddress(line=line, name=name if len(addresses) == 1 else "", address=address.strip("<>"))
            before = ""
        if before:
            yield TypedAddress(line=line, name="", address=before)
