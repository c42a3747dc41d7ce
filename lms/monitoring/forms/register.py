"""Reading from the address which schools are wanted; what cannot be is taken as if it were not there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lms.monitoring.queries.wanted import FILTERS, NOBODY, ORDERS, SEARCH_LENGTH, Wanted
from lms.people.rules import Visitor
from lms.schools.rules import SchoolKind
from lms.schools.rules.following import Interest
from lms.schools.rules.municipalities import municipality_named


def _line(args: Mapping[str, str], name: str) -> str:
    return "".join(char for char in args.get(name, "")[:SEARCH_LENGTH] if char.isprintable()).strip()


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else None


def read_wanted(args: Mapping[str, str], visitor: Visitor) -> Wanted:
    """Which schools this address asks for. *wie=mij* is whoever looks."""
    only, order, who = args.get("toon", ""), args.get("op", ""), args.get("wie", "")
    kind, interest = args.get("soort", ""), args.get("interesse", "")
    order = order if order in ORDERS else ""
    owners = {"mij": visitor.id, "niemand": NOBODY, "": None, "0": None}
    return Wanted(
        search=_line(args, "zoek"),
        only=only if only in FILTERS else "alle",
        kind=SchoolKind(kind) if kind in set(SchoolKind) else None,
        municipality=municipality_named(_line(args, "gemeente")),
        owner_id=owners[who] if who in owners else _number(who),
        is_mining=args.get("mijngemeente") == "ja",
        interest=Interest(interest) if interest in set(Interest) else None,
        order=order,
        descending=bool(order) and args.get("richting") == "af",
        page=max(1, _number(args.get("pagina", "")[:7]) or 1),
    )
