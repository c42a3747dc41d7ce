"""Inviting colleagues by mail, by the aanspreekpunt of a school and by O&S."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template

from lms.errors import Conflict
from lms.permissions import Permission
from lms.schools import queries
from lms.schools.actions import inviting as actions
from lms.schools.forms import InviteForm
from lms.schools.views import blueprint
from lms.schools.views.working import home_of
from lms.web.access import link_base, requires, visitor


@blueprint.route("/scholen/<id:school_id>/uitnodigen", methods=["GET", "POST"])
@requires(Permission.BRING_COLLEAGUES)
def invite(school_id: int) -> Any:
    school = queries.get_visible_school(school_id, visitor())
    form = InviteForm()
    if not form.validate_on_submit():
        return render_template("schools/invite.html", form=form, school=school), 422 if form.errors else 200
    done = actions.invite_colleagues(school_id, form.names, by=visitor(), link_base=link_base())
    tell(done, form.doubles)
    return home_of(school_id)


def some(emails: list[str]) -> str:
    """The first few of these addresses, and how many more there are: a message has to fit in a cookie."""
    shown = ", ".join(emails[:3])
    return f"{shown} en nog {len(emails) - 3}" if len(emails) > 3 else shown


def tell(done: actions.Invited, doubles: list[str]) -> None:
    """Say what came of a list of addresses, also of those that got no mail."""
    if done.mailed:
        count = len(done.mailed)
        flash("Eén uitnodiging is verstuurd." if count == 1 else f"{count} uitnodigingen zijn verstuurd.", "good")
    if done.working:
        flash(f"Werkt hier al en kreeg geen mail: {some(done.working)}.", "info")
    if done.mailed_before:
        flash(f"Kreeg vandaag al een uitnodiging, dus nu geen mail: {some(done.mailed_before)}.", "info")
    if doubles:
        flash(f"Stond meer dan eens in je lijst en telde één keer: {some(doubles)}.", "info")


@blueprint.post("/scholen/<id:school_id>/uitnodiging/<id:invitee_id>/opnieuw")
@requires(Permission.BRING_COLLEAGUES)
def invite_colleague_again(school_id: int, invitee_id: int) -> Any:
    try:
        email = actions.invite_colleague_again(invitee_id, school_id, by=visitor(), link_base=link_base())
    except Conflict as error:
        flash(error.message, "warn")
    else:
        flash(f"{email} krijgt een nieuwe link. De vorige werkt niet meer.", "good")
    return home_of(school_id)


@blueprint.post("/scholen/<id:school_id>/uitnodiging/<id:invitee_id>/intrekken")
@requires(Permission.BRING_COLLEAGUES)
def withdraw_invitation(school_id: int, invitee_id: int) -> Any:
    email = actions.withdraw_invitation(invitee_id, school_id, by=visitor())
    flash(f"De uitnodiging van {email} is ingetrokken. De link werkt niet meer.", "good")
    return home_of(school_id)
