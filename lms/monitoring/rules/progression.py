"""Where youngsters went after the toolbox: what is counted, until when it may be changed, and what has to add up."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

MOST = 2000


class Reason(enum.StrEnum):
    """Why somebody did not enrol; the reasons of the project's own survey, so that years can be laid side by side."""

    UNSURE = "onzeker"
    TIRED = "schoolmoe"
    WORK = "werken"
    ABILITY = "kunnen"
    HOME = "thuis"
    MONEY = "geld"
    PARENTS = "ouders"
    WORTH = "meerwaarde"
    OTHER = "andere"


REASON_LABELS = {
    Reason.UNSURE: "Onzeker over de studiekeuze",
    Reason.TIRED: "Schoolmoe",
    Reason.WORK: "Wil liever gaan werken",
    Reason.ABILITY: "Twijfelt of het lukt",
    Reason.HOME: "Heeft taken thuis",
    Reason.MONEY: "Te duur",
    Reason.PARENTS: "De ouders willen iets anders",
    Reason.WORTH: "Ziet de meerwaarde niet",
    Reason.OTHER: "Een andere reden",
}

# The fields of the form that add up to who finished.
DESTINATIONS = ("enrolled", "working", "elsewhere", "not_known")
COUNTED = ("started", "finished", "visited", *DESTINATIONS)
LABELS = {
    "started": "Begonnen met de toolbox",
    "finished": "De toolbox afgerond",
    "visited": "Naar een infodag geweest",
    "enrolled": "Ingeschreven in hoger onderwijs",
    "working": "Koos om te werken",
    "elsewhere": "Iets anders",
    "not_known": "Niet bekend",
}


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a school counted. ``reasons``: how many gave each reason for not enrolling; more than one is allowed."""

    started: int
    finished: int
    visited: int
    enrolled: int
    working: int
    elsewhere: int
    not_known: int
    reasons: Mapping[Reason, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return int(getattr(self, name))


@dataclass(frozen=True, kw_only=True)
class TypedCounts:
    """What was typed: the counts when they are right, otherwise what is wrong per field, in Dutch."""

    counts: Counts | None
    errors: Mapping[str, str]


def field_of(reason: Reason) -> str:
    """The name of the field of a reason in the form."""
    return f"reason_{reason.value}"


def first_day(school_year: int) -> date:
    """From when the counts of a school year may be entered: the June in which it ends."""
    return date(school_year + 1, 6, 1)


def last_day(school_year: int) -> date:
    """Until when they may be changed: the September after the next begins."""
    return date(school_year + 2, 8, 31)


def is_open(school_year: int, today: date) -> bool:
    return first_day(school_year) <= today <= last_day(school_year)


def open_years(today: date) -> list[int]:
    """The school years that can be entered today, the newest first; in summer there are two, otherwise one."""
    return [year for year in range(today.year, today.year - 3, -1) if is_open(year, today)]


def read_counts(typed: Mapping[str, str]) -> TypedCounts:
    """The counts of a form, checked: whole numbers from 0 to 2000 that add up. An empty reason counts as 0."""
    errors: dict[str, str] = {}
    numbers: dict[str, int] = {}
    names = {name: (LABELS[name], True) for name in COUNTED}
    names |= {field_of(reason): (label, False) for reason, label in REASON_LABELS.items()}
    for name, (label, needed) in names.items():
        text = typed.get(name, "").strip()
        if not text and not needed:
            numbers[name] = 0
        elif not text:
            errors[name] = f"Vul een aantal in bij ‘{label}’. Is het niemand? Typ 0."
        elif not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or int(text) > MOST:
            errors[name] = f"Typ bij ‘{label}’ een getal van 0 tot {MOST}."
        else:
            numbers[name] = int(text)
    if not errors:
        errors = _sums(numbers)
    if errors:
        return TypedCounts(counts=None, errors=errors)
    reasons = {reason: numbers[field_of(reason)] for reason in Reason if numbers[field_of(reason)]}
    return TypedCounts(counts=Counts(**{name: numbers[name] for name in COUNTED}, reasons=reasons), errors={})


def _sums(numbers: Mapping[str, int]) -> dict[str, str]:
    """What does not add up, per field."""
    errors = {}
    started, finished = numbers["started"], numbers["finished"]
    if finished > started:
        errors["finished"] = f"Er rondden er {finished} af, maar er begonnen er maar {started}."
    if numbers["visited"] > started:
        errors["visited"] = f"{numbers['visited']} naar een infodag, maar er begonnen er maar {started}."
    total = sum(numbers[name] for name in DESTINATIONS)
    if total != finished:
        errors["enrolled"] = f"De vier samen zijn {total}, maar er rondden er {finished} af. Pas één van beide aan."
    not_enrolled = finished - numbers["enrolled"]
    for reason, label in REASON_LABELS.items():
        if numbers[field_of(reason)] > max(0, not_enrolled):
            errors[field_of(reason)] = f"Hoogstens {max(0, not_enrolled)} bij ‘{label}’: zoveel schreven zich niet in."
    return errors
