"""Joining (registration, invitation) and what O&S does with schools."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from lms.errors import Conflict, Expired, Invalid, NotFound
from lms.people.actions import ask_code
from lms.people.forms import CodeForm
from lms.people.rules import new_token
from lms.people.tables import CodePurpose
from lms.permissions import Permission
from lms.schools import actions, queries
from lms.schools.forms import (
    NOT_LISTED,
    AppointForm,
    ColleagueForm,
    RegistrationForm,
)
from lms.schools.queries import invitations
from lms.web.access import device, enter, link_base, public, requires, safe_next, visitor
from lms.web.forms import ConfirmForm
from lms.web.mailed_code import await_code, code_page

blueprint = Blueprint("schools", __name__)


def school_options() -> list[SelectChoice]:
    """Every school of the register, and the way out for whoever does not find theirs."""
    return [
        SelectChoice("", "Kies je school of organisatie"),
        *(
            SelectChoice(str(school.id), f"{school.name}, {school.municipality}")
            for school in queries.list_school_choices()
        ),
        SelectChoice(NOT_LISTED, "Mijn school staat er niet bij"),
    ]


def _registration_form() -> RegistrationForm:
    """The form of ``/registreren``; whoever comes by a school link has no school to choose."""
    form = RegistrationForm()
    typed = request.values.get("via", "")
    form.linked = queries.find_linked_school(typed) if typed else None
    if form.linked is None:
        form.school.choices = school_options()
    else:
        form.school.choices = [SelectChoice(str(form.linked.id), form.linked.name)]
        form.school.data = str(form.linked.id)
    return form


@blueprint.route("/registreren", methods=["GET", "POST"])
@public
def register() -> Any:
    if current_user.is_authenticated:
        return redirect(safe_next(None))
    form = _registration_form()
    if not form.validate_on_submit():
        return render_template("schools/register.html", form=form), 422 if form.errors else 200
    browser = new_token()
    listed = form.school.data != NOT_LISTED
    ask_code(
        CodePurpose.REGISTER,
        form.email.data or "",
        browser=browser,
        own_device=bool(form.own_device.data),
        name=form.name.data,
        school_id=int(form.school.data) if listed else None,
        wish=None if listed else form.wish.data,
    )
    await_code(form.email.data or "", browser)
    return redirect(url_for("schools.register_code"), 303)


@blueprint.route("/registreren/code", methods=["GET", "POST"])
@public
def register_code() -> Any:
    return code_page(
        CodeForm(),
        actions.finish_registration,
        again="schools.register",
        welcome="Welkom. Je account is klaar en je bent aangemeld.",
    )


@blueprint.route("/uitnodiging/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> Any:
    """Opening the link uses nothing up, since mail scanners open links too; the button does."""
    shown = invitations.show_invitation(token)
    if shown is None:
        if current_user.is_authenticated and invitations.is_used_by(token, visitor().id):
            flash("Je nam deze uitnodiging al aan.", "info")
            return redirect(safe_next(None), 303)
        raise Expired(
            "Deze uitnodiging is niet meer geldig. Misschien gebruikte je ze al: meld je dan gewoon aan. "
            "Anders vraag je een nieuwe aan O&S of aan het aanspreekpunt van je school."
        )
    if shown.is_for_contact:
        return _become_contact(token, shown)
    form = ColleagueForm(data={"name": shown.name})
    if form.validate_on_submit():
        joined = actions.accept_invitation(
            token, name=form.name.data or "", own_device=bool(form.own_device.data), device=device()
        )
        enter(joined)
        flash(f"Welkom. Je bent aangemeld en je hoort nu bij {shown.school_name}.", "good")
        return redirect(safe_next(None), 303)
    page = render_template("schools/colleague_invitation.html", invitation=shown, form=form)
    return page, 422 if form.errors else 200


def _become_contact(token: str, shown: invitations.OpenInvitation) -> Any:
    form = ConfirmForm()
    if form.validate_on_submit():
        enter(actions.accept_invitation(token, device=device()))
        flash("Dank je. Je bent nu het aanspreekpunt van je school.", "good")
        return redirect(safe_next(None), 303)
    return render_template("schools/invitation.html", invitation=shown, form=form)


@blueprint.route("/scholen/<id:school_id>/aanspreekpunt", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOLS)
def appoint(school_id: int) -> Any:
    school = queries.get_visible_school(school_id, visitor())
    form = AppointForm()
    if form.validate_on_submit():
        try:
            actions.appoint(
                school_id,
                name=form.name.data or "",
                email=form.email.data or "",
                by=visitor(),
                link_base=link_base(),
            )
        except Conflict as error:
            form.form_errors.append(error.message)
            return render_template("schools/appoint.html", form=form, school=school), 409
        flash(f"{form.name.data} krijgt een mail met de vraag en een link.", "good")
        return redirect(url_for("monitoring.school", school_id=school_id), 303)
    return render_template("schools/appoint.html", form=form, school=school), 422 if form.errors else 200


@blueprint.post("/scholen/<id:school_id>/aanspreekpunt/opnieuw")
@requires(Permission.MANAGE_SCHOOLS)
def invite_again(school_id: int) -> Any:
    actions.renew_invitation(school_id, by=visitor(), link_base=link_base())
    flash("De vraag is opnieuw verstuurd. De vorige link werkt niet meer.", "good")
    if request.form.get("terug") == "vandaag":
        return redirect(url_for("monitoring.today"), 303)
    return redirect(url_for("monitoring.school", school_id=school_id), 303)


@blueprint.route("/scholen/<id:school_id>/aanspreekpunt/beeindigen", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOLS)
def end_contact(school_id: int) -> Any:
    school = queries.get_visible_school(school_id, visitor())
    form = ConfirmForm()
    if form.validate_on_submit():
        name = actions.end_contact(school_id, by=visitor())
        flash(f"{name} is niet langer het aanspreekpunt van {school.name}.", "good")
        return redirect(url_for("monitoring.school", school_id=school_id), 303)
    current = next((contact for contact in queries.list_contacts(school_id) if contact.ended_at is None), None)
    if current is None:
        raise NotFound
    return render_template("schools/end_contact.html", form=form, school=school, contact=current)


@blueprint.post("/scholen/wens/<id:wish_id>")
@requires(Permission.MANAGE_SCHOOLS)
def settle_wish(wish_id: int) -> Any:
    choice = request.form.get("school", "")
    if choice and not re.fullmatch(r"[0-9]{1,9}", choice):
        raise Invalid("Kies een school uit de lijst.")
    actions.settle_wish(wish_id, school_id=int(choice) if choice else None, by=visitor())
    flash("Afgehandeld.", "good")
    return redirect(url_for("monitoring.schools"), 303)


from lms.schools.views import contacts, following, importing, inviting, registry, working  # noqa: E402

__all__ = ["blueprint", "contacts", "following", "importing", "inviting", "registry", "school_options", "working"]
