"""The groups of a begeleider, with what is planned for each."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from lms.clock import BRUSSELS, now
from lms.errors import Conflict, Invalid
from lms.pack import actions, queries
from lms.pack.forms import GroupForm
from lms.pack.rules.planning import name_warning, next_planned, next_session, school_year_label, school_year_of
from lms.pack.views import blueprint
from lms.permissions import Permission
from lms.schools.queries import find_school, list_workplaces
from lms.schools.rules import KIND_LABELS
from lms.web.access import requires, visitor
from lms.web.pages import library


@blueprint.get("/groepen")
@requires(Permission.OPEN_PACK)
def groups_short() -> Any:
    """The address that stands on paper."""
    return redirect(url_for("pack.groups"))


@blueprint.get("/pakket/groepen")
@requires(Permission.OPEN_PACK)
def groups() -> str:
    live = library()
    return render_template(
        "pack/groups.html",
        groups=queries.list_groups(visitor().id),
        sessions=live.sessions,
        next_session=next_session,
        next_planned=next_planned,
        kinds=KIND_LABELS,
        year_label=school_year_label,
        this_year=school_year_of(now().astimezone(BRUSSELS).date()),
        today=now().astimezone(BRUSSELS).date(),
    )


def _warn_of_names(text: str) -> None:
    warning = name_warning(text, visitor().name)
    if warning is not None:
        flash(warning, "warn")


@blueprint.route("/pakket/groepen/nieuw", methods=["GET", "POST"])
@requires(Permission.OPEN_PACK)
def add_group() -> Any:
    me, form = visitor(), GroupForm()
    places = list_workplaces(me.id)
    form.offer([(place.id, place.name) for place in places])
    if not form.is_submitted() and len(places) == 1:
        # Most people work at one school: then there is nothing to choose.
        form.school_id.data, form.kind.data = places[0].id, places[0].kind
    if form.validate_on_submit():
        try:
            actions.add_group(form.facts, by=me.id)
        except (Invalid, Conflict) as error:
            form.refuse("label", error)
        else:
            flash(f"{form.label.data} staat bij je groepen.", "good")
            _warn_of_names(form.label.data or "")
            return redirect(url_for("pack.groups"), 303)
    return render_template("pack/group.html", form=form, group=None), 422 if form.errors else 200


@blueprint.route("/pakket/groepen/<id:group_id>", methods=["GET", "POST"])
@requires(Permission.OPEN_PACK)
def group(group_id: int) -> Any:
    me = visitor()
    row = queries.get_group(group_id, me.id)
    form = GroupForm(obj=row)
    places = {place.id: place.name for place in list_workplaces(me.id)}
    if row.school_id is not None and row.school_id not in places:
        # Somebody who no longer works there keeps the group as it was.
        school = find_school(row.school_id)
        places |= {school.id: school.name} if school else {}
    form.offer(list(places.items()), row.school_year)
    if form.validate_on_submit():
        try:
            actions.change_group(group_id, form.facts, by=me.id)
        except Invalid as error:
            form.refuse("label", error)
        else:
            flash("Bewaard.", "good")
            _warn_of_names(form.label.data or "")
            return redirect(url_for("pack.groups"), 303)
    return render_template("pack/group.html", form=form, group=row), 422 if form.errors else 200


@blueprint.post("/pakket/groepen/<id:group_id>/verwijderen")
@requires(Permission.OPEN_PACK)
def remove_group(group_id: int) -> Any:
    label = actions.remove_group(group_id, by=visitor().id)
    flash(f"{label} is verwijderd. De plannen die je ervoor maakte, blijven bij Mijn plannen staan.", "good")
    return redirect(url_for("pack.groups"), 303)
