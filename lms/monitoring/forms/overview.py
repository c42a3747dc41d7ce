"""What the address of the overview and of its rows says. What makes no sense there is left out, never an error."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from lms.monitoring.queries.overview_rows import LearnersAsked
from lms.monitoring.rules.overview import ELSEWHERE, Fact, Kinds, Scope, months_of
from lms.schools.rules.municipalities import municipality_named

# The project began in this school year; before it there is nothing to show.
FIRST_YEAR = 2022
NAME_LENGTH = 80


def read_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def read_scope(args: MultiDict[str, str], *, this_year: int) -> Scope:
    """The schools and the school year that are asked for; this school year when none is, or an impossible one."""
    year = read_number(args.get("jaar", ""))
    kinds = args.get("soort", "")
    place = "".join(char for char in args.get("gemeente", "")[:NAME_LENGTH] if char.isprintable()).strip()
    return Scope(
        year=year if year is not None and FIRST_YEAR <= year <= this_year else this_year,
        kinds=Kinds(kinds) if kinds in list(Kinds) else None,
        municipality=place if place == ELSEWHERE else municipality_named(place),
        owner_id=read_number(args.get("opvolger", "")),
    )


def scope_args(scope: Scope) -> dict[str, Any]:
    """The scope as it stands in an address; only what differs from everything."""
    return {
        "jaar": scope.year,
        "soort": scope.kinds.value if scope.kinds else None,
        "gemeente": scope.municipality or None,
        "opvolger": scope.owner_id,
    }


def read_fact(args: MultiDict[str, str]) -> Fact:
    asked = args.get("feit", "")
    return Fact(asked) if asked in list(Fact) else Fact.ALL


def read_learners(args: MultiDict[str, str], scope: Scope, modules: list[str]) -> LearnersAsked:
    """Which begeleiders: by how far they are now, by module, or by when they finished."""
    stand = args.get("stand", "")
    month = read_number(args.get("maand", ""))
    module = args.get("onderdeel", "")
    return LearnersAsked(
        stand=stand if stand in {"bezig", "klaar"} else "alle",
        module_id=module if module in modules else "",
        month=month if month in [number for number, _name in months_of(scope.year)] else None,
        in_year=stand == "klaar-in-jaar",
    )


def read_page(args: MultiDict[str, str]) -> int:
    """The page that is asked for, from 1."""
    return read_number(args.get("pagina", "")) or 1


def read_form(args: MultiDict[str, str]) -> str:
    """*csv* or *xlsx* when a file is asked for, otherwise empty."""
    asked = args.get("als", "")
    return asked if asked in {"csv", "xlsx"} else ""
