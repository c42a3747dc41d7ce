"""What the overview of O&S tells: which schools it looks at, the funnel, the goal per mijngemeente, the years."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

# Stands for every municipality that is not one of Limburg.
ELSEWHERE = "elders"
# The trend looks back this far, the school year of now included.
YEARS_SHOWN = 6
MONTHS = (
    "september", "oktober", "november", "december", "januari", "februari", "maart", "april", "mei", "juni", "juli",
    "augustus",
)  # fmt: skip


class Fact(enum.StrEnum):
    """What can be true of a school, in words of the address."""

    ALL = "alle"
    CONTACTED = "gecontacteerd"
    CONTACT_PERSON = "aanspreekpunt"
    WITHOUT = "zonder"
    STARTED = "bezig"
    PACK_OPEN = "pakket"
    IN_USE = "gebruik"
    TAKES_PART = "doet-mee"
    NEW = "nieuw"


FACT_LABELS = {
    Fact.ALL: "Alle scholen en organisaties",
    Fact.CONTACTED: "Gecontacteerd",
    Fact.CONTACT_PERSON: "Met aanspreekpunt",
    Fact.WITHOUT: "Zonder aanspreekpunt",
    Fact.STARTED: "Navorming begonnen",
    Fact.PACK_OPEN: "Pakket ontgrendeld",
    Fact.IN_USE: "Toolbox in gebruik",
    Fact.TAKES_PART: "Doet mee",
    Fact.NEW: "Nieuw in de lijst",
}
FUNNEL = (Fact.CONTACTED, Fact.CONTACT_PERSON, Fact.STARTED, Fact.PACK_OPEN, Fact.IN_USE)
FUNNEL_LABELS = {
    Fact.CONTACTED: "Gecontacteerd",
    Fact.CONTACT_PERSON: "Aanspreekpunt",
    Fact.STARTED: "Navorming begonnen",
    Fact.PACK_OPEN: "Pakket ontgrendeld",
    Fact.IN_USE: "Toolbox in gebruik",
}


class Kinds(enum.StrEnum):
    """One kind of organisation, or both kinds of schools together."""

    SCHOOLS = "scholen"
    SECONDARY = "so"
    ADULT_EDUCATION = "cvo"
    YOUTH_WORK = "jeugdwerk"


KINDS_LABELS = {
    Kinds.SCHOOLS: "Alle scholen (SO en CVO)",
    Kinds.SECONDARY: "Secundaire scholen",
    Kinds.ADULT_EDUCATION: "Centra voor volwassenenonderwijs",
    Kinds.YOUTH_WORK: "Jeugdwerk",
}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which schools are looked at, and in which school year (the year in which it begins). Empty means all."""

    year: int
    kinds: Kinds | None = None
    municipality: str = ""
    owner_id: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.kinds is None and not self.municipality and self.owner_id is None

    def of(self, *, year: int | None = None, kinds: Kinds | None = None, municipality: str = "") -> Scope:
        """The same scope, narrowed."""
        return replace(
            self,
            year=self.year if year is None else year,
            kinds=kinds or self.kinds,
            municipality=municipality or self.municipality,
        )


@dataclass(frozen=True, kw_only=True)
class Place:
    """The figures of one municipality, or of everything outside Limburg; ``facts`` counts schools per fact."""

    name: str
    schools: int
    youth: int
    facts: Mapping[Fact, int]
    schools_taking_part: int
    youth_taking_part: int

    @property
    def total(self) -> int:
        return self.schools + self.youth


@dataclass(frozen=True, kw_only=True)
class Year:
    """One school year of the trend."""

    year: int
    new_schools: int
    contact_persons: int
    completions: int
    sessions: int
    heads: int


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Everything the overview shows, counted at one moment.

    ``places``: municipalities with a school or organisation, and the five mijngemeenten. ``months``: how many finished
    per month of the school year, as 202609. ``modules``: how many are busy and not further, by id of the module.
    """

    facts: Mapping[Fact, int]
    busy: int
    finished: int
    places: Sequence[Place]
    years: Sequence[Year]
    months: Mapping[int, int]
    modules: Mapping[str, int]

    @property
    def learners(self) -> int:
        return self.busy + self.finished

    def year_of(self, year: int) -> Year:
        empty = Year(year=year, new_schools=0, contact_persons=0, completions=0, sessions=0, heads=0)
        return next((one for one in self.years if one.year == year), empty)


@dataclass(frozen=True, kw_only=True)
class Drop:
    """Where the most schools are left behind between two facts that follow each other."""

    before: Fact
    after: Fact
    schools: int


def biggest_drop(facts: Mapping[Fact, int]) -> Drop | None:
    """The first of the biggest ones; None when no step loses a school."""
    drops = [
        Drop(before=before, after=after, schools=facts[before] - facts[after]) for before, after in pairwise(FUNNEL)
    ]
    biggest = max(drops, key=lambda drop: drop.schools)
    return biggest if biggest.schools > 0 else None


def drop_sentence(drop: Drop) -> str:
    """What happened at that step, in words."""
    schools = "één school" if drop.schools == 1 else f"{drop.schools} scholen"
    return f"Hier valt het meeste weg: {schools} minder dan de stap ervoor."


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A mijngemeente and whether a school and a youth organisation take part there."""

    name: str
    schools: int
    youth: int

    @property
    def is_met(self) -> bool:
        return self.schools > 0 and self.youth > 0

    @property
    def missing(self) -> str:
        if not self.schools and not self.youth:
            return "Nog een school en een jeugdorganisatie nodig"
        if not self.schools:
            return "Nog een school nodig"
        return "" if self.youth else "Nog een jeugdorganisatie nodig"


def goals(places: Sequence[Place], mining: Sequence[str]) -> list[Goal]:
    """The coverage goal: in each of the ``mining`` municipalities a school and a youth organisation take part.

    Those that are not among the places are not looked at.
    """
    by_name = {place.name: place for place in places}
    return [
        Goal(name=name, schools=place.schools_taking_part, youth=place.youth_taking_part)
        for name in mining
        if (place := by_name.get(name)) is not None
    ]


def months_of(year: int) -> list[tuple[int, str]]:
    """The months of a school year, each as 202609 with its name."""
    return [
        ((year + (number > 3)) * 100 + (number + 8) % 12 + 1, name) for number, name in enumerate(MONTHS)
    ]  # fmt: skip


def year_of_month(month: int) -> int:
    """The school year of a month that is written as 202611."""
    return month // 100 - (month % 100 < 9)
