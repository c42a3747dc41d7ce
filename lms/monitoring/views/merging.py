"""Schools that stand in the register twice: finding them, comparing two, and making one of them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.errors import Conflict, Invalid, NotFound
from lms.monitoring.actions.merging import merge_schools
from lms.monitoring.queries import merging as queries
from lms.monitoring.queries.register import get_school_row, list_schools
from lms.monitoring.queries.trusting import find_kept
from lms.monitoring.queries.wanted import SEARCH_LENGTH, Wanted
from lms.monitoring.views import blueprint
from lms.permissions import Permission
from lms.schools.forms.register import read_id
from lms.schools.queries import get_visible_school
from lms.schools.queries.register import what_hangs_on
from lms.schools.rules.doubles import likely_doubles
from lms.schools.rules.register import belongings
from lms.web.access import requires, visitor
from lms.web.forms import ConfirmForm

# More schools than this are not offered to choose from; searching narrows them down.
OFFERED = 20


@blueprint.get("/scholen/dubbels")
@requires(Permission.MANAGE_SCHOOLS)
def doubles() -> str:
    return render_template("monitoring/doubles.html", pairs=likely_doubles(queries.list_with_a_double(find_kept())))


@blueprint.get("/scholen/<id:school_id>/samenvoegen")
@requires(Permission.MANAGE_SCHOOLS)
def merge(school_id: int) -> str:
    """Choosing with which other school; those that look like it come first."""
    school = get_visible_school(school_id, visitor())
    alike = queries.list_alike(school, find_kept())
    search = "".join(char for char in request.args.get("zoek", "")[:SEARCH_LENGTH] if char.isprintable()).strip()
    found = [row for row in list_schools(Wanted(search=search)).rows if row.id != school.id] if search else []
    return render_template(
        "monitoring/merge_choose.html", school=school, alike=alike, search=search, found=found[:OFFERED]
    )


@blueprint.route("/scholen/<id:school_id>/samenvoegen/<id:other_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOLS)
def merge_with(school_id: int, other_id: int) -> Any:
    both = [get_visible_school(one, visitor()) for one in (school_id, other_id)]
    if school_id == other_id:
        raise NotFound
    if not ConfirmForm().validate_on_submit():
        return _compare_page(both, 200, "")
    kept_id, contact_of = read_id(request.form.get("blijft", "")), read_id(request.form.get("aanspreekpunt", ""))
    try:
        if kept_id not in (school_id, other_id):
            raise Invalid("Kies welke school blijft.")
        gone_id = other_id if kept_id == school_id else school_id
        versions = {one: read_id(request.form.get(f"versie-{one}", "")) or 0 for one in (kept_id, gone_id)}
        name = merge_schools(
            kept_id, gone_id, versions=(versions[kept_id], versions[gone_id]), contact_of=contact_of, by=visitor()
        )
    except Invalid as error:
        return _compare_page(both, 422, error.message)
    except Conflict as error:
        return _compare_page(both, 409, error.message)
    flash(f"Samengevoegd. Alles staat nu bij {name}.", "good")
    return redirect(url_for("monitoring.school", school_id=kept_id), 303)


def _compare_page(both: list[Any], status: int, problem: str) -> tuple[str, int]:
    rows = [get_school_row(school.id) for school in both]
    contacts = [queries.find_open_contact_of(school.id) for school in both]
    page = render_template(
        "monitoring/merge_compare.html",
        both=list(zip(both, rows, contacts, [belongings(what_hangs_on(school.id)) for school in both], strict=True)),
        asks_contact=all(contacts),
        years=queries.list_years_of_both(both[0].id, both[1].id),
        chosen={name: read_id(request.form.get(name, "")) for name in ("blijft", "aanspreekpunt")},
        problem=problem,
    )
    return page, status
