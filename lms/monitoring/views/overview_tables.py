"""The tables of the overview and the rows behind its figures, as they are taken along in CSV and XLSX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lms.monitoring.queries.overview_rows import RowPage
from lms.monitoring.rules.overview import (
    ELSEWHERE,
    FUNNEL,
    FUNNEL_LABELS,
    Fact,
    Overview,
    Scope,
    Year,
    goals,
    months_of,
)
from lms.pack.rules.planning import school_year_label
from lms.schools.rules import KIND_LABELS
from lms.schools.rules.municipalities import MINING_MUNICIPALITIES
from lms.web.tables import Sheet

ERASED = "Gewiste account"
YEAR_HEAD = ("Schooljaar", "Nieuwe scholen", "Nieuwe aanspreekpunten", "Begeleiders klaar", "Sessies", "Deelnames")


def sheets_of(
    found: Overview, scope: Scope, modules: Mapping[str, str], this_month: int, notes: Sequence[str]
) -> dict[str, Sheet]:
    """Every table of the overview by its name in an address."""
    return _of_schools(found, notes) | _of_people(found, scope, modules, this_month, notes)


def _of_schools(found: Overview, notes: Sequence[str]) -> dict[str, Sheet]:
    return {
        "doel": Sheet(
            title="Doel per mijngemeente",
            head=("Gemeente", "Scholen die meedoen", "Jeugdwerk dat meedoet", "Doel"),
            rows=[
                (goal.name, goal.schools, goal.youth, "Gehaald" if goal.is_met else goal.missing)
                for goal in goals(found.places, MINING_MUNICIPALITIES)
            ],
            notes=notes,
        ),
        "stappen": Sheet(
            title="Waar zitten de scholen",
            head=("Wat waar is", "Scholen"),
            rows=[(FUNNEL_LABELS[fact], found.facts[fact]) for fact in FUNNEL],
            notes=notes,
        ),
        "gemeenten": Sheet(
            title="Per gemeente",
            head=("Gemeente", "Scholen", "Jeugdwerk", *(FUNNEL_LABELS[fact] for fact in FUNNEL)),
            rows=[
                (
                    "Buiten Limburg" if place.name == ELSEWHERE else place.name,
                    place.schools,
                    place.youth,
                    *(place.facts[fact] for fact in FUNNEL),
                )
                for place in found.places
            ],
            notes=notes,
        ),
    }


def _of_people(
    found: Overview, scope: Scope, modules: Mapping[str, str], this_month: int, notes: Sequence[str]
) -> dict[str, Sheet]:
    return {
        "maanden": Sheet(
            title="Begeleiders klaar per maand",
            head=("Maand", "Begeleiders klaar"),
            rows=[
                (f"{name} {month // 100}", found.months.get(month, 0))
                for month, name in months_of(scope.year)
                if month <= this_month
            ],
            notes=notes,
        ),
        "onderdelen": Sheet(
            title="Waar stoppen begeleiders",
            head=("Verste onderdeel", "Begeleiders die bezig zijn"),
            rows=[(name, found.modules.get(key, 0)) for key, name in modules.items()],
            notes=notes,
        ),
        "jaren": Sheet(
            title="Per schooljaar",
            head=YEAR_HEAD,
            rows=[_year(one) for one in found.years if one.year <= scope.year],
            notes=notes,
        ),
    }


def _year(one: Year) -> tuple[Any, ...]:
    label = school_year_label(one.year)
    return (label, one.new_schools, one.contact_persons, one.completions, one.sessions, one.heads)


def rows_sheet(kind: str, title: str, page: RowPage, words: Mapping[str, str], notes: Sequence[str]) -> Sheet:
    """A list of rows as a table. ``words`` are the titles of modules or sessions."""
    heads: dict[str, tuple[str, ...]] = {
        "schools": ("Naam", "Gemeente", "Soort", *(FUNNEL_LABELS[fact] for fact in FUNNEL)),
        "learners": ("Begeleider", "School", "Werkt er nu", "Hoever", "Laatste stap"),
        "sessions": ("School", "Gemeente", "Sessie", "Dag", "Jongeren"),
        "contacts": ("School", "Gemeente", "Aanspreekpunt", "Sinds", "Tot"),
    }
    return Sheet(title=title, head=heads[kind], rows=[_row(kind, row, words) for row in page.rows], notes=notes)


def _row(kind: str, row: Any, words: Mapping[str, str]) -> tuple[Any, ...]:
    if kind == "schools":
        return (row.name, row.municipality, KIND_LABELS[row.kind], *(_yes(fact, row.true) for fact in FUNNEL))
    if kind == "learners":
        far = "Klaar" if row.is_finished else words.get(row.module_id, "Begonnen")
        return (row.name or ERASED, row.school_name, "ja" if row.is_current else "nee", far, row.last_at)
    if kind == "sessions":
        title = words.get(row.session_slug, row.session_slug)
        return (row.school_name, row.municipality, title, row.day, row.heads)
    return (row.school_name, row.municipality, row.name, row.accepted_at, row.ended_at)


def _yes(fact: Fact, true: Sequence[Fact]) -> str:
    return "ja" if fact in true else "nee"
