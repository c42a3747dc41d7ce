"""The aanspreekpunt hands over, goes on for another year, or stops; the next one takes over by a link."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from lms.errors import Conflict, Expired, Invalid
from lms.permissions import Permission
from lms.schools import queries
from lms.schools.actions import contacts as actions
from lms.schools.forms.contacts import SuccessorForm
from lms.schools.queries import contacts
from lms.schools.views import blueprint
from lms.schools.views.working import home_of
from lms.web.access import device, enter, link_base, public, requires, visitor
from lms.web.forms import ConfirmForm


@blueprint.route("/scholen/<id:school_id>/overdracht", methods=["GET", "POST"])
@requires(Permission.BRING_COLLEAGUES)
def hand_over(school_id: int) -> Any:
    """Name who takes over. The aanspreekpunt of now stays until that one says yes."""
    school = queries.get_visible_school(school_id, visitor())
    form = SuccessorForm()
    if not form.validate_on_submit():
        return render_template("schools/hand_over.html", school=school, form=form), 422 if form.errors else 200
    typed = {"name": form.name.data or "", "email": form.email.data or "", "message": form.message.data or ""}
    try:
        actions.ask_successor(school_id, **typed, by=visitor(), link_base=link_base())
    except Invalid as error:
        form.refuse("email", error)
        return render_template("schools/hand_over.html", school=school, form=form), 422
    except Conflict as error:
        form.form_errors.append(error.message)
        return render_template("schools/hand_over.html", school=school, form=form), 409
    flash(f"{form.name.data} krijgt een mail met de vraag. Tot het antwoord komt, verandert er niets.", "good")
    return home_of(school_id)


@blueprint.post("/scholen/<id:school_id>/overdracht/opnieuw")
@requires(Permission.BRING_COLLEAGUES)
def ask_successor_again(school_id: int) -> Any:
    try:
        name = actions.ask_successor_again(school_id, by=visitor(), link_base=link_base())
    except Conflict as error:
        flash(error.message, "warn")
    else:
        flash(f"{name} krijgt een nieuwe link. De vorige werkt niet meer.", "good")
    return home_of(school_id)


@blueprint.post("/scholen/<id:school_id>/overdracht/intrekken")
@requires(Permission.BRING_COLLEAGUES)
def withdraw_successor(school_id: int) -> Any:
    name = actions.withdraw_successor(school_id, by=visitor())
    flash(f"De vraag aan {name} is ingetrokken. De link werkt niet meer.", "good")
    return home_of(school_id)


@blueprint.route("/overnemen/<token>", methods=["GET", "POST"])
@public
def take_over(token: str) -> Any:
    """Opening the link uses nothing up, since mail scanners open links too; the button does."""
    shown = contacts.show_succession(token)
    if shown is None:
        raise Expired("Deze vraag is niet meer geldig. Nam je al over? Meld je dan gewoon aan.")
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("schools/take_over.html", shown=shown, form=form)
    done = actions.take_over(token, device=device())
    enter(done.signed_in)
    flash(f"Dank je. Jij bent nu het aanspreekpunt van {shown.school_name}.", "good")
    return redirect(url_for("monitoring.handed_over", school_id=done.school_id), 303)


# ── once a year, and the end ───────────────────────────────────────────────


@blueprint.post("/mijn-school/<id:school_id>/bevestigen")
@requires(Permission.SEE_OWN_SCHOOL)
def confirm_contact(school_id: int) -> Any:
    actions.confirm_contact(school_id, by=visitor())
    flash("Dank je. Jij blijft dit schooljaar het aanspreekpunt.", "good")
    return redirect(url_for("monitoring.own_school", school=school_id), 303)


@blueprint.route("/mijn-school/<id:school_id>/stoppen", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_SCHOOL)
def stop_being_contact(school_id: int) -> Any:
    school = queries.get_visible_school(school_id, visitor())
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("schools/stop_being_contact.html", school=school, form=form)
    name = actions.stop_being_contact(school_id, by=visitor())
    flash(f"Je bent niet langer het aanspreekpunt van {name}. Dank je voor wat je deed.", "good")
    return redirect(url_for("public.start"), 303)
