"""My account: which optional mails I get."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for

from lms.people.actions.mails import choose_mails
from lms.people.rules.mails import MailChoice
from lms.people.views import blueprint
from lms.permissions import Permission
from lms.web.access import requires, visitor


@blueprint.post("/account/mails")
@requires(Permission.OWN_ACCOUNT)
def mails() -> Any:
    choice = MailChoice(reminders="herinneringen" in request.form, evening="avond" in request.form)
    choose_mails(choice, person_id=visitor().id)
    flash("Bewaard.", "good")
    return redirect(url_for("people.account", _anchor="mails"), 303)
