"""What the register holds about a school, and how what people type or import becomes that."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields

from lms.errors import Invalid
from lms.schools.rules import SchoolKind, clean_line
from lms.schools.rules.municipalities import municipality_named

NAME_LENGTH, MUNICIPALITY_LENGTH, STREET_LENGTH = 160, 80, 160
# Numbers of schools have up to six digits; a youth organisation may give its ten of the company register.
NUMBER_DIGITS = range(3, 11)


@dataclass(frozen=True, kw_only=True)
class SchoolFacts:
    """A school as it stands in the register. ``owner_id``: who of O&S follows it."""

    name: str
    kind: SchoolKind
    municipality: str
    street: str = ""
    postcode: str = ""
    number: str | None = None
    owner_id: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Two schools with the same key are one school."""
        return school_key(self.name, self.municipality)


# The columns of ``School`` in the order of the form, with the words of the screen.
LABELS: Mapping[str, str] = {
    "name": "Naam",
    "kind": "Soort",
    "municipality": "Gemeente",
    "street": "Straat en nummer",
    "postcode": "Postcode",
    "number": "Schoolnummer",
    "owner_id": "Wie volgt op",
}
COLUMNS = tuple(field.name for field in fields(SchoolFacts))


def school_key(name: str, municipality: str) -> tuple[str, str]:
    """What makes a school the same as another: name and municipality, capitals and accents aside."""
    return plain(name), plain(municipality_named(municipality))


def plain(text: str) -> str:
    """A text without what people write differently: capitals, accents, hyphens, dots and spaces."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if char.isalnum())


def clean_school_name(text: str) -> str:
    return clean_line(text, "De naam", NAME_LENGTH)


def clean_municipality(text: str) -> str:
    """The name of today of a municipality of Limburg, however it is spelled; any other name as it was typed."""
    return municipality_named(clean_line(text, "De gemeente", MUNICIPALITY_LENGTH))


def clean_street(text: str) -> str:
    """May stay empty."""
    return clean_line(text, "De straat", STREET_LENGTH) if text.strip() else ""


def clean_postcode(text: str) -> str:
    """May stay empty. Raises Invalid for what is no Belgian postcode."""
    code = "".join(text.split())
    if code and not re.fullmatch(r"(?:B-?)?[1-9][0-9]{3}", code, re.ASCII | re.IGNORECASE):
        raise Invalid("Een postcode heeft vier cijfers, zoals 3600. Verbeter hem of laat hem leeg.")
    return code[-4:]


def clean_number(text: str) -> str | None:
    """The number of a school without dots and spaces; None when it stays empty. Raises Invalid."""
    digits = re.sub(r"[\s.]", "", text)
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]+", digits, re.ASCII) or len(digits) not in NUMBER_DIGITS:
        raise Invalid("Een schoolnummer heeft drie tot tien cijfers, zoals 123456. Verbeter het of laat het leeg.")
    return digits


# What may belong to a school, in the words of the page, for one row and for more.
BELONGS: Mapping[str, tuple[str, str]] = {
    "membership": ("begeleider die er werkt of werkte", "begeleiders die er werken of werkten"),
    "contact": ("aanspreekpunt, van nu of vroeger", "aanspreekpunten, van nu of vroeger"),
    "invited_colleague": ("uitgenodigde collega", "uitgenodigde collega’s"),
    "contact_note": ("contact dat werd genoteerd", "contacten die werden genoteerd"),
    "pack_group": ("groep", "groepen"),
    "session_log": ("gegeven sessie", "gegeven sessies"),
    "question": ("vraag van jongeren", "vragen van jongeren"),
    "succession": ("vraag om over te nemen", "vragen om over te nemen"),
    "progression": ("schooljaar met cijfers over doorstroom", "schooljaren met cijfers over doorstroom"),
    "merged_school": ("school die ermee werd samengevoegd", "scholen die ermee werden samengevoegd"),
}


def belongings(found: Mapping[str, int]) -> list[str]:
    """What belongs to a school, from the number of rows of each table, as lines: *3 groepen*."""
    lines = [
        f"{found[table]} {one if found[table] == 1 else more}"
        for table, (one, more) in BELONGS.items()
        if table in found
    ]
    rest = sum(rows for table, rows in found.items() if table not in BELONGS)
    return [*lines, f"{rest} andere {'gegeven' if rest == 1 else 'gegevens'}"] if rest else lines
