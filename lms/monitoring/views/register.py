"""The list of schools of O&S: finding, filtering, putting in order, and taking along."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

from babel.dates import format_date
from flask import Response, current_app, render_template, request, url_for
from markupsafe import Markup

from lms.monitoring.forms.register import read_wanted
from lms.monitoring.queries import register
from lms.monitoring.queries.register import SchoolRow
from lms.monitoring.queries.trusting import Kept
from lms.monitoring.queries.wanted import FILTER_LABELS, NOBODY, Wanted
from lms.monitoring.views import blueprint
from lms.permissions import Permission
from lms.schools.queries import list_open_wishes, list_school_choices
from lms.schools.queries.register import list_followers
from lms.schools.rules import KIND_LABELS, STAGE_LABELS
from lms.schools.rules.following import INTEREST_LABELS
from lms.schools.rules.municipalities import MUNICIPALITY_NAMES
from lms.web import kept as pieces
from lms.web.access import requires, visitor
from lms.web.tables import Cell, Sheet, csv_answer, xlsx_answer

# The filters that stand in view; the others are reached by the list of all stages.
CHIPS = ("alle", "zonder", "bezig", "open", "gebruik")


_pieces = pieces.Kept(100)


@blueprint.get("/scholen")
@requires(Permission.SEE_SCHOOLS)
def schools() -> str:
    wanted = read_wanted(request.args, visitor())
    page = register.list_schools(wanted)
    wishes = list_open_wishes()
    return render_template(
        "monitoring/schools.html",
        page=page,
        wanted=wanted,
        chips=[*CHIPS, *([wanted.only] if wanted.only not in CHIPS else [])],
        filter_labels=FILTER_LABELS,
        interest_labels=INTEREST_LABELS,
        followers=list_followers(but_also=wanted.owner_id or None),
        nobody=NOBODY,
        short_day=short_day,
        # An address is made once and not for each row.
        school_at=url_for("monitoring.school", school_id=1).removesuffix("1"),
        me=visitor().id,
        municipalities=_municipality_options(page.kept, wanted.municipality),
        wishes=wishes,
        choices=list_school_choices() if wishes else [],
        content_problems=current_app.extensions["shelf"].problems,
        has_preview=current_app.extensions["preview"].is_on,
    )


def _municipality_options(kept: Kept | None, chosen: str) -> Any:
    """Hundreds of choices, the same until the figures are gathered anew or a school comes or changes."""

    def render() -> str:
        names = sorted({*MUNICIPALITY_NAMES, *register.list_used_municipalities()})
        return render_template("monitoring/_municipalities.html", names=names, chosen=chosen)

    if kept is None or kept.loose:
        return Markup(render())  # noqa: S704 - made by our template
    return _pieces.html((kept.mark, chosen), render)


@functools.lru_cache(maxsize=400)
def short_day(moment: date) -> str:
    """A day as it fits in a column: *12 nov 2026*."""
    return format_date(moment, "d MMM y", locale="nl_BE")


@blueprint.get("/scholen/uitvoer.csv")
@requires(Permission.SEE_SCHOOLS)
def schools_csv() -> Response:
    return csv_answer(sheet_of(read_wanted(request.args, visitor())), "scholen.csv")


@blueprint.get("/scholen/uitvoer.xlsx")
@requires(Permission.SEE_SCHOOLS)
def schools_xlsx() -> Response:
    return xlsx_answer([sheet_of(read_wanted(request.args, visitor()))], "scholen.xlsx")


# The first six are read back in by a file with schools; what follows from facts is passed over there.
COLUMNS = (
    "Naam", "Soort", "Gemeente", "Straat en nummer", "Postcode", "Schoolnummer", "Aanspreekpunt", "Stap", "Begeleiders",
    "Klaar", "Laatste contact", "Wie volgt op", "Interesse",
)  # fmt: skip


def sheet_of(wanted: Wanted) -> Sheet:
    """The schools that are wanted, all pages, as a table to take along."""
    return Sheet(title="Scholen", head=COLUMNS, rows=[_cells(row) for row in register.list_all_schools(wanted)])


def _cells(row: SchoolRow) -> tuple[Cell, ...]:
    interest: Any = INTEREST_LABELS[row.interest] if row.interest else None
    return (
        row.name, KIND_LABELS[row.kind], row.municipality, row.street, row.postcode, row.number, row.contact_name,
        STAGE_LABELS[row.stage], row.people, row.completed, row.last_contact, row.owner_name, interest,
    )  # fmt: skip
