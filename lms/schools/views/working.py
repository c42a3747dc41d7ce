"""The school link on the poster, and the schools somebody works at."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.errors import Conflict, Expired, NotFound
from lms.permissions import Permission
from lms.schools import queries
from lms.schools.actions import working as actions
from lms.schools.forms import NOT_LISTED, WorkplaceForm
from lms.schools.queries import working
from lms.schools.rules import shown_link_code
from lms.schools.tables import School
from lms.schools.views import blueprint, school_options
from lms.web.access import link_base, public, requires, visitor
from lms.web.forms import ConfirmForm
from lms.web.pages import error_page, library
from lms.web.qr import qr_for_page


def link_of(school: School) -> str:
    """The address on the poster of a school."""
    return link_base() + url_for("schools.school_link", code=shown_link_code(school.link_code))


def home_of(school_id: int) -> Any:
    """Back to the page of this school that the visitor has: of O&S, or of the aanspreekpunt."""
    if visitor().may(Permission.SEE_SCHOOLS):
        return redirect(url_for("monitoring.school", school_id=school_id), 303)
    return redirect(url_for("monitoring.own_school", school=school_id), 303)


def no_such_link(*, was_replaced: bool) -> tuple[str, int]:
    """What somebody meets with a code that is no link of a school, or no longer."""
    return error_page(
        404,
        title="Deze schoollink werkt niet meer" if was_replaced else "Deze schoollink kennen we niet",
        message=(
            "Je school gebruikt nu een andere link. Vraag die aan het aanspreekpunt van je school, "
            "of maak gewoon een account en kies je school in de lijst."
            if was_replaced
            else "Kijk de code op de affiche nog eens na. Lukt het niet? Maak dan gewoon een account en kies je school "
            "in de lijst."
        ),
        action_url=url_for("schools.register"),
        action_label="Maak een account",
    )


@blueprint.get("/s/<code>")
@public
def school_link(code: str) -> Any:
    try:
        school = queries.get_linked_school(code)
    except (Expired, NotFound) as error:
        return no_such_link(was_replaced=isinstance(error, Expired))
    known = current_user.is_authenticated
    return render_template(
        "schools/school_link.html",
        school=school,
        course=library().course,
        form=ConfirmForm(),
        works_here=known and queries.has_membership(current_user.id, school.id),
    )


@blueprint.post("/s/<code>")
@requires(Permission.LEARN)
def join_by_link(code: str) -> Any:
    try:
        school = actions.join_by_link(code, by=visitor().id)
    except (Expired, NotFound) as error:
        return no_such_link(was_replaced=isinstance(error, Expired))
    flash(f"Je hoort nu bij {school.name}.", "good")
    return redirect(url_for("learning.course"), 303)


@blueprint.get("/scholen/<id:school_id>/affiche")
@requires(Permission.BRING_COLLEAGUES)
def poster(school_id: int) -> str:
    school = queries.get_visible_school(school_id, visitor())
    link = link_of(school)
    # A poster gets scratched and folded.
    qr = qr_for_page(link, error="m")
    return render_template("schools/poster.html", school=school, link=link, qr=qr, course=library().course)


@blueprint.post("/scholen/<id:school_id>/link")
@requires(Permission.BRING_COLLEAGUES)
def renew_link(school_id: int) -> Any:
    actions.renew_link(school_id, replaces=request.form.get("code", ""), by=visitor())
    flash("De school heeft een nieuwe link. De vorige werkt niet meer: vervang de affiches.", "good")
    return home_of(school_id)


@blueprint.post("/scholen/<id:school_id>/collega/<id:membership_id>/weg")
@requires(Permission.BRING_COLLEAGUES)
def end_membership(school_id: int, membership_id: int) -> Any:
    try:
        actions.end_membership(membership_id, school_id, by=visitor())
    except Conflict as error:
        flash(error.message, "bad")
    else:
        flash("Van de lijst gehaald. Was dat een vergissing? Onder de lijst zet je het terug.", "good")
    return home_of(school_id)


@blueprint.post("/scholen/<id:school_id>/collega/<id:membership_id>/terug")
@requires(Permission.BRING_COLLEAGUES)
def restore_membership(school_id: int, membership_id: int) -> Any:
    actions.restore_membership(membership_id, school_id, by=visitor())
    flash("Teruggezet.", "good")
    return home_of(school_id)


# ── my schools ─────────────────────────────────────────────────────────────


@blueprint.app_context_processor
def my_schools() -> dict[str, Any]:
    """For ``schools/_my_schools.html``; functions, so that a page without that part asks nothing."""
    return {
        "list_my_schools": lambda: queries.list_workplaces(visitor().id),
        "list_my_left_schools": lambda: working.list_left_workplaces(visitor().id),
    }


@blueprint.route("/account/scholen", methods=["GET", "POST"])
@requires(Permission.LEARN)
def add_workplace() -> Any:
    form = WorkplaceForm()
    form.school.choices = school_options()
    if not form.validate_on_submit():
        return render_template("schools/add_workplace.html", form=form), 422 if form.errors else 200
    if form.school.data == NOT_LISTED:
        actions.wish_school(form.wish.data or "", by=visitor().id)
        flash("O&S kijkt je school na en koppelt je eraan.", "good")
    else:
        school = actions.join_school(int(form.school.data), by=visitor().id)
        flash(f"Je hoort nu bij {school.name}.", "good")
    return redirect(url_for("people.account"), 303)


@blueprint.post("/account/scholen/<id:school_id>/weg")
@requires(Permission.LEARN)
def leave_school(school_id: int) -> Any:
    try:
        actions.leave_school(school_id, by=visitor())
    except Conflict as error:
        flash(error.message, "bad")
    else:
        flash("Je werkt daar niet meer. Was dat een vergissing? Bij je scholen zet je het terug.", "good")
    return redirect(url_for("people.account"), 303)


@blueprint.post("/account/scholen/<id:school_id>/terug")
@requires(Permission.LEARN)
def return_to_school(school_id: int) -> Any:
    actions.return_to_school(school_id, by=visitor())
    flash("Teruggezet.", "good")
    return redirect(url_for("people.account"), 303)
