"""Where somebody works: O&S adds a school to a person, or writes down that they no longer work there."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.errors import Conflict
from lms.monitoring.actions import workplaces as actions
from lms.monitoring.queries import get_visible_person
from lms.monitoring.views import blueprint
from lms.permissions import Permission
from lms.schools.forms.register import read_id
from lms.schools.queries import list_school_choices, list_workplaces
from lms.web.access import requires, visitor
from lms.web.forms import ConfirmForm


@blueprint.route("/begeleiders/<id:person_id>/scholen", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOLS)
def add_workplace(person_id: int) -> Any:
    who = get_visible_person(person_id, visitor())
    here = {place.id for place in list_workplaces(who.id)}
    choices = [choice for choice in list_school_choices() if choice.id not in here]
    chosen, form = read_id(request.form.get("school", "")), ConfirmForm()
    if form.validate_on_submit() and chosen is not None:
        name = actions.add_workplace(who.id, chosen, by=visitor())
        flash(f"{who.name} hoort nu bij {name}.", "good")
        return redirect(url_for("monitoring.person", person_id=person_id), 303)
    asked = form.is_submitted()
    errors = [("school", "Kies een school uit de lijst.")] if asked else []
    page = render_template("monitoring/add_workplace.html", who=who, choices=choices, errors=errors)
    return page, 422 if asked else 200


@blueprint.post("/begeleiders/<id:person_id>/scholen/<id:school_id>/weg")
@requires(Permission.MANAGE_SCHOOLS)
def end_workplace(person_id: int, school_id: int) -> Any:
    try:
        name = actions.end_workplace(person_id, school_id, by=visitor())
    except Conflict as error:
        flash(error.message, "bad")
    else:
        flash(
            f"Werkt niet meer bij {name}. Was dat een vergissing? Op de pagina van de school zet je het terug.", "good"
        )
    return redirect(url_for("monitoring.person", person_id=person_id), 303)
