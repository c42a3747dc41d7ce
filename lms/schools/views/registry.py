"""A school in the register of O&S: adding it, changing it, and removing one to which nothing belongs."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.errors import Conflict
from lms.permissions import Permission
from lms.schools import queries
from lms.schools.actions import register as actions
from lms.schools.forms.register import SchoolForm, read_id
from lms.schools.queries import register
from lms.schools.rules import KIND_LABELS
from lms.schools.rules.municipalities import MUNICIPALITY_NAMES, former_name_of
from lms.schools.rules.register import LABELS, SchoolFacts, belongings
from lms.schools.tables import School
from lms.schools.views import blueprint
from lms.web.access import requires, visitor
from lms.web.forms import ConfirmForm


@blueprint.route("/scholen/nieuw", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOLS)
def add() -> Any:
    form = SchoolForm.of(None, register.list_followers())
    if not form.validate_on_submit():
        return _form_page("schools/add.html", form, 422 if form.errors else 200)
    try:
        school_id = actions.add_school(form.facts, by=visitor())
    except actions.Taken as error:
        form.refuse(error.column, error)
        return _form_page("schools/add.html", form, 409)
    flash(f"{form.facts.name} staat in de lijst.", "good")
    _tell_new_name(form)
    return redirect(url_for("monitoring.school", school_id=school_id), 303)


@blueprint.get("/scholen/<id:school_id>/wijzigen")
@requires(Permission.MANAGE_SCHOOLS)
def edit(school_id: int) -> Any:
    school = queries.get_visible_school(school_id, visitor())
    form = SchoolForm.of(school, register.list_followers(but_also=school.owner_id))
    return _form_page("schools/edit.html", form, 200, school=school)


@blueprint.post("/scholen/<id:school_id>/wijzigen")
@requires(Permission.MANAGE_SCHOOLS)
def save(school_id: int) -> Any:
    school = queries.find_school(school_id)
    if school is None:
        return _gone()
    form = SchoolForm.of(school, register.list_followers(but_also=school.owner_id))
    if not form.validate():
        return _form_page("schools/edit.html", form, 422, school=school)
    try:
        changed = actions.edit_school(
            school_id, form.facts, version=read_id(form.version.data or "") or 0, by=visitor()
        )
    except actions.Taken as error:
        form.refuse(error.column, error)
        return _form_page("schools/edit.html", form, 409, school=school)
    except actions.Changed:
        return _both_versions(form, school_id)
    flash(f"{form.facts.name} is bijgewerkt." if changed else "Er was niets veranderd.", "good" if changed else "info")
    if changed:
        _tell_new_name(form)
    return redirect(url_for("monitoring.school", school_id=school_id), 303)


def _form_page(template: str, form: SchoolForm, status: int, **more: Any) -> tuple[str, int]:
    return render_template(template, form=form, municipalities=MUNICIPALITY_NAMES, **more), status


def _tell_new_name(form: SchoolForm) -> None:
    """Say so when a municipality was typed with its name from before a merger."""
    typed = request.form.get("municipality", "")
    former = former_name_of(typed)
    if former is not None:
        flash(f"{former} heet nu {form.facts.municipality}. Zo staat het in de lijst.", "info")


def _both_versions(form: SchoolForm, school_id: int) -> tuple[str, int]:
    """Somebody was first: what stands there now beside what was typed, in the form that can still be saved."""
    school = register.get_school(school_id)
    owners = {one.id: one.name for one in register.list_followers(but_also=school.owner_id)}
    now_there, typed = actions.facts_of(school), form.facts
    rows = [
        (label, _in_words(column, now_there, owners), _in_words(column, typed, owners))
        for column, label in LABELS.items()
        if getattr(now_there, column) != getattr(typed, column)
    ]
    form.version.data = str(school.version)
    return _form_page("schools/both_versions.html", form, 409, school=school, rows=rows)


def _in_words(column: str, facts: SchoolFacts, owners: dict[int, str]) -> str:
    value = getattr(facts, column)
    if column == "kind":
        return KIND_LABELS[facts.kind]
    if column == "owner_id":
        return owners.get(value, "Niemand in het bijzonder")
    return value or "–"


def _gone() -> tuple[str, int]:
    """The school was removed while somebody changed it: what they typed, ready to be added again."""
    form = SchoolForm.of(None, register.list_followers())
    form.validate()
    return _form_page("schools/gone.html", form, 404)


@blueprint.route("/scholen/<id:school_id>/verwijderen", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOLS)
def remove(school_id: int) -> Any:
    """Only a school to which nothing belongs; the page says what does, and the way out is joining it to another."""
    school = queries.get_visible_school(school_id, visitor())
    if ConfirmForm().validate_on_submit():
        try:
            name = actions.remove_school(school_id, version=read_id(request.form.get("version", "")) or 0, by=visitor())
        except (Conflict, actions.Changed) as error:
            return _removal_page(school, 409, error.message)
        flash(f"{name} staat niet meer in de lijst.", "good")
        return redirect(url_for("monitoring.schools"), 303)
    return _removal_page(school, 200, "")


def _removal_page(school: School, status: int, problem: str) -> tuple[str, int]:
    page = render_template(
        "schools/remove.html",
        school=school,
        form=ConfirmForm(),
        belongings=belongings(register.what_hangs_on(school.id)),
        problem=problem,
    )
    return page, status
