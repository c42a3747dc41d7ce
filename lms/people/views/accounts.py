"""The administration of accounts, and the link with which somebody becomes staff."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.errors import Conflict, Expired, Invalid
from lms.people.actions import accounts as actions
from lms.people.forms import RoleForm, StaffForm
from lms.people.queries import accounts as queries
from lms.people.rules import ROLE_LABELS
from lms.people.views import blueprint
from lms.permissions import Permission
from lms.web.access import device, enter, link_base, public, requires, safe_next, visitor
from lms.web.forms import ConfirmForm

SEARCH_LENGTH = 100


@blueprint.get("/beheer")
@requires(Permission.MANAGE_ACCOUNTS)
def accounts() -> str:
    search = " ".join(request.args.get("zoek", "").split())[:SEARCH_LENGTH]
    return render_template(
        "people/accounts.html",
        me=visitor(),
        staff=queries.list_staff(),
        invitations=queries.list_open_staff_invitations(),
        search=search,
        found=queries.search_facilitators(search) if search else [],
        found_at_most=queries.FOUND_AT_MOST,
        role_labels=ROLE_LABELS,
    )


@blueprint.route("/beheer/nieuw", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def invite_staff() -> Any:
    form = StaffForm()
    if form.validate_on_submit():
        try:
            actions.invite_staff(
                name=form.name.data or "", email=form.email.data or "", role=form.role.data,
                by=visitor(), link_base=link_base(),
            )  # fmt: skip
        except Conflict as error:
            form.refuse("email", error)
            return render_template("people/invite_staff.html", form=form), 409
        flash(f"{form.name.data} krijgt een mail met een link. Die werkt 24 uur.", "good")
        return redirect(url_for("people.accounts"), 303)
    return render_template("people/invite_staff.html", form=form), 422 if form.errors else 200


@blueprint.post("/beheer/uitnodiging/<id:invitation_id>/intrekken")
@requires(Permission.MANAGE_ACCOUNTS)
def withdraw_invitation(invitation_id: int) -> Any:
    name = actions.withdraw_staff_invitation(invitation_id, by=visitor())
    flash(f"De uitnodiging van {name} is ingetrokken. De link werkt niet meer.", "good")
    return redirect(url_for("people.accounts"), 303)


@blueprint.route("/beheer/<id:person_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def person(person_id: int) -> Any:
    """One account. Posting changes its role; the other acts have an address of their own."""
    shown = queries.get_account(person_id)
    form = RoleForm(role=shown.role)
    if form.validate_on_submit():
        try:
            actions.change_role(person_id, form.role.data, by=visitor())
        except Invalid as error:
            form.form_errors.append(error.message)
        else:
            return _told(person_id, f"{shown.name} is nu {ROLE_LABELS[form.role.data]} en meldt zich opnieuw aan.")
    page = render_template(
        "people/person.html", form=form, person=shown, is_me=shown.id == visitor().id, role_labels=ROLE_LABELS
    )
    return page, 422 if form.errors else 200


@blueprint.post("/beheer/<id:person_id>/sluiten")
@requires(Permission.MANAGE_ACCOUNTS)
def disable(person_id: int) -> Any:
    actions.disable_account(person_id, by=visitor())
    return _told(person_id, "Het account is dicht. Aanmelden lukt niet meer.")


@blueprint.post("/beheer/<id:person_id>/openen")
@requires(Permission.MANAGE_ACCOUNTS)
def enable(person_id: int) -> Any:
    actions.enable_account(person_id, by=visitor())
    return _told(person_id, "Het account is weer open.")


@blueprint.post("/beheer/<id:person_id>/tweede-stap")
@requires(Permission.MANAGE_ACCOUNTS)
def reset_second_factor(person_id: int) -> Any:
    actions.reset_second_factor(person_id, by=visitor())
    return _told(person_id, "De tweede stap is leeggemaakt. Bij de volgende aanmelding wordt ze opnieuw ingesteld.")


def _told(person_id: int, message: str) -> Any:
    """Say what was done, on the page of that account."""
    flash(message, "good")
    return redirect(url_for("people.person", person_id=person_id), 303)


@blueprint.route("/medewerker-worden/<token>", methods=["GET", "POST"])
@public
def become_staff(token: str) -> Any:
    """Opening the link uses nothing up, since mail scanners open links too; the button does."""
    form = ConfirmForm()
    if form.validate_on_submit():
        signed_in = actions.accept_staff_invitation(token, device=device())
        enter(signed_in)
        return redirect(safe_next(None), 303)
    invitation = queries.find_staff_invitation(token)
    if invitation is None:
        raise Expired(actions.NO_LONGER)
    return render_template(
        "people/become_staff.html", form=form, invitation=invitation, role_label=ROLE_LABELS[invitation.role]
    )
