"""Which schools somebody wants to see in the list, and in which order: all of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lms.schools.rules import STAGE_LABELS, SchoolKind, Stage
from lms.schools.rules.following import Interest

# What ``toon`` may be: everything, a flag, or the furthest fact.
STAGE_FILTERS = {
    "nieuw": Stage.KNOWN,
    "gecontacteerd": Stage.CONTACTED,
    "aanspreekpunt": Stage.CONTACT_PERSON,
    "bezig": Stage.COURSE_STARTED,
    "open": Stage.PACK_OPEN,
    "gebruik": Stage.IN_USE,
}
FILTERS = ("alle", "zonder", *STAGE_FILTERS)
FILTER_LABELS = {"alle": "Alle", "zonder": "Zonder aanspreekpunt"} | {
    name: STAGE_LABELS[stage] for name, stage in STAGE_FILTERS.items()
}
# The columns that can be put in order, and whether their first click shows the largest first.
ORDERS = {"naam": False, "gemeente": False, "stap": True, "contact": True}
# Nobody in particular follows the school.
NOBODY = 0
SEARCH_LENGTH = 80


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of the list is wanted. ``owner_id``: who of O&S follows the school, or NOBODY. ``page`` counts from 1.

    Without ``order`` the schools without aanspreekpunt come first, and then by name.
    """

    search: str = ""
    only: str = "alle"
    kind: SchoolKind | None = None
    municipality: str = ""
    owner_id: int | None = None
    is_mining: bool = False
    interest: Interest | None = None
    order: str = ""
    descending: bool = False
    page: int = 1

    @property
    def args(self) -> dict[str, Any]:
        """What stands in the address; what is as usual is left out."""
        given = {
            "toon": self.only if self.only != "alle" else None,
            "zoek": self.search,
            "soort": self.kind.value if self.kind else None,
            "gemeente": self.municipality,
            "wie": "niemand" if self.owner_id == NOBODY else self.owner_id,
            "mijngemeente": "ja" if self.is_mining else None,
            "interesse": self.interest.value if self.interest else None,
            "op": self.order,
            "richting": "af" if self.descending else None,
            "pagina": self.page if self.page > 1 else None,
        }
        return {name: value for name, value in given.items() if value not in (None, "")}

    def but(self, **changes: Any) -> Wanted:
        """The same on the first page, with these changes."""
        return replace(self, **{"page": 1, **changes})

    def ordered_by(self, order: str) -> Wanted:
        """What a click on the head of this column asks: a second click turns the order round."""
        turn = not self.descending if self.order == order else ORDERS[order]
        return self.but(order=order, descending=turn)

    @property
    def is_narrowed(self) -> bool:
        return self.but(order="", descending=False) != Wanted()

    @property
    def has_more_filters(self) -> bool:
        """Whether a filter is used that stands under *Meer filters*."""
        return self.but(order="", descending=False, only="alle", search="") != Wanted()
