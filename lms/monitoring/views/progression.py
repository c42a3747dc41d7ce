"""Until September: where the youngsters of a school went, for its aanspreekpunt and for O&S."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.clock import BRUSSELS, now
from lms.errors import NotFound, Stale
from lms.monitoring.actions.progression import keep_progression
from lms.monitoring.forms.progression import ProgressionForm
from lms.monitoring.queries.progression import KeptCounts, list_progressions
from lms.monitoring.rules.progression import (
    COUNTED,
    DESTINATIONS,
    LABELS,
    REASON_LABELS,
    Counts,
    Reason,
    field_of,
    last_day,
    open_years,
)
from lms.monitoring.views.reporting import blueprint
from lms.pack.rules.planning import school_year_label
from lms.permissions import Permission
from lms.schools.queries import get_visible_school, list_own_schools
from lms.schools.tables import School
from lms.web.access import requires, visitor


@blueprint.route("/mijn-school/september", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_SCHOOL)
def own_september() -> Any:
    """Of the own school only; somebody with more schools chooses one."""
    own = list_own_schools(visitor())
    asked = request.args.get("school", "")
    chosen = next((school for school in own if str(school.id) == asked), own[0] if not asked else None)
    if chosen is None:
        raise NotFound
    return _september(chosen, "reporting.own_september", {"school": chosen.id} if len(own) > 1 else {}, own=own)


@blueprint.route("/scholen/<id:school_id>/september", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOLS)
def september(school_id: int) -> Any:
    return _september(get_visible_school(school_id, visitor()), "reporting.september", {"school_id": school_id}, own=[])


def _september(school: School, endpoint: str, place: dict[str, Any], *, own: list[School]) -> Any:
    school_id, years = school.id, open_years(now().astimezone(BRUSSELS).date())
    kept = {one.school_year: one for one in list_progressions(school_id)}
    year = _year(request.args.get("jaar", ""), years)
    form, stale, status = ProgressionForm(), None, 200
    if form.validate_on_submit():
        try:
            keep_progression(school_id, year, form.counts, version=_version(), by=visitor())
        except Stale:
            kept = {one.school_year: one for one in list_progressions(school_id)}
            stale, status = kept[year], 409
        else:
            flash(f"De aantallen van {school_year_label(year)} zijn bewaard.", "good")
            return redirect(url_for(endpoint, **place, jaar=year), 303)
    elif form.errors:
        status = 422
    elif year in kept:
        form.fill(kept[year].counts)
    current = kept.get(year)
    version = _version() if status == 422 else current.version if current else 0
    page = render_template(
        "monitoring/september.html",
        school=school, form=form, year=year, years=years, own=own, endpoint=endpoint, place=place,
        current=current, version=version, differences=_differences(stale, form.counts) if stale else [],
        earlier=[one for one in kept.values() if one.school_year not in years],
        last_day=last_day(year), year_label=school_year_label, destinations=DESTINATIONS, counted=COUNTED,
        reason_fields=[field_of(reason) for reason in Reason], labels=LABELS, reason_labels=REASON_LABELS,
    )  # fmt: skip
    return page, status


def _year(asked: str, years: list[int]) -> int:
    """The school year of the address, or the newest that is open. Raises NotFound for one that is not open."""
    if not asked:
        return years[0]
    found = next((year for year in years if str(year) == asked), None)
    if found is None:
        raise NotFound
    return found


def _version() -> int:
    """The version that the form was made from, 0 when there was none or when it was tampered with."""
    typed = request.form.get("versie", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def _differences(stale: KeptCounts, typed: Counts) -> list[tuple[str, int, int]]:
    """Label, what is kept and what was typed, where the two differ."""
    pairs = [(LABELS[name], stale.counts[name], typed[name]) for name in COUNTED]
    pairs += [
        (REASON_LABELS[reason], stale.counts.reasons.get(reason, 0), typed.reasons.get(reason, 0)) for reason in Reason
    ]
    return [(label, kept, new) for label, kept, new in pairs if kept != new]
