"""The municipalities of Limburg: their names of today, the names from before, and about where they lie.

Since 1 January 2025 there are 38. Names from before the mergers of 2019 and 2025 still stand in lists of schools, so
each leads to the name of today. A school may lie outside Limburg: any other name is kept as it was typed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# The five former mining towns that the project began with; each is to have a school and a youth organisation.
MINING_MUNICIPALITIES = ("Beringen", "Genk", "Heusden-Zolder", "Houthalen-Helchteren", "Maasmechelen")


@dataclass(frozen=True, kw_only=True)
class Municipality:
    """A municipality of Limburg. ``x`` and ``y`` are about its centre, in units of ``MAP_BOX``; y counts down."""

    name: str
    x: int
    y: int

    @property
    def is_mining(self) -> bool:
        """Whether this is a mijngemeente, one of the five of the project region."""
        return self.name in MINING_MUNICIPALITIES


# What the map shows: left, top, width and height, and the rough outline of the province within it. Voeren lies apart.
MAP_BOX = (-8, -8, 392, 376)
MAP_OUTLINE = (
    "M109 36 L152 43 L199 22 L213 71 L277 88 L294 118 L270 160 L257 200 L239 245 L221 296 L153 348 L105 331 L39 335"
    " L62 263 L30 211 L37 127 L87 106z"
)
MAP_APART = "M295 332l8 1"

MUNICIPALITIES = tuple(
    Municipality(name=name, x=x, y=y)
    for name, x, y in (
        ("Alken", 106, 255),
        ("As", 215, 174),
        ("Beringen", 75, 148),
        ("Bilzen-Hoeselt", 189, 259),
        ("Bocholt", 213, 71),
        ("Bree", 220, 91),
        ("Diepenbeek", 149, 236),
        ("Dilsen-Stokkem", 270, 160),
        ("Genk", 182, 200),
        ("Gingelom", 39, 335),
        ("Halen", 30, 211),
        ("Hamont-Achel", 199, 22),
        ("Hasselt", 119, 221),
        ("Hechtel-Eksel", 129, 102),
        ("Heers", 105, 331),
        ("Herk-de-Stad", 52, 216),
        ("Herstappe", 153, 348),
        ("Heusden-Zolder", 99, 156),
        ("Houthalen-Helchteren", 133, 159),
        ("Kinrooi", 277, 88),
        ("Lanaken", 239, 245),
        ("Leopoldsburg", 87, 106),
        ("Lommel", 109, 36),
        ("Lummen", 63, 186),
        ("Maaseik", 294, 118),
        ("Maasmechelen", 257, 200),
        ("Nieuwerkerken", 62, 263),
        ("Oudsbergen", 204, 139),
        ("Peer", 163, 97),
        ("Pelt", 152, 43),
        ("Riemst", 221, 296),
        ("Sint-Truiden", 60, 293),
        ("Tessenderlo-Ham", 37, 127),
        ("Tongeren-Borgloon", 147, 309),
        ("Voeren", 295, 332),
        ("Wellen", 118, 277),
        ("Zonhoven", 131, 185),
        ("Zutendaal", 210, 221),
    )
)
MUNICIPALITY_NAMES = tuple(one.name for one in MUNICIPALITIES)

# The name from before a merger, and the municipality that it is part of now.
FORMER_NAMES = {
    "Bilzen": "Bilzen-Hoeselt",
    "Borgloon": "Tongeren-Borgloon",
    "Ham": "Tessenderlo-Ham",
    "Hoeselt": "Bilzen-Hoeselt",
    "Kortessem": "Hasselt",
    "Meeuwen-Gruitrode": "Oudsbergen",
    "Neerpelt": "Pelt",
    "Opglabbeek": "Oudsbergen",
    "Overpelt": "Pelt",
    "Tessenderlo": "Tessenderlo-Ham",
    "Tongeren": "Tongeren-Borgloon",
}


def _key(name: str) -> str:
    """A name without what people write differently: capitals, accents, and a space or a hyphen between its parts."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in plain if char.isalpha())


_BY_KEY = {_key(name): name for name in MUNICIPALITY_NAMES} | {_key(old): new for old, new in FORMER_NAMES.items()}


def municipality_named(name: str) -> str:
    """The municipality of today that ``name`` means, or ``name`` as it was typed when it is not one of Limburg."""
    return _BY_KEY.get(_key(name), name)


def former_name_of(name: str) -> str | None:
    """The official form of a name from before the mergers, if ``name`` is one: to say what became of it."""
    return next((old for old in FORMER_NAMES if _key(old) == _key(name)), None)
