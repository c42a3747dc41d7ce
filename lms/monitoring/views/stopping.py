"""The link under an optional mail: no more of these, without signing in.

Opening it changes nothing, since mail scanners open links too. The button does, and so does the button that a mail
program shows by itself (RFC 8058): it posts to the same address, without a page of ours and so without our token.
What is in the address is the secret then, as for the button.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError

from lms.errors import Expired, NotFound
from lms.monitoring.views import blueprint
from lms.people.actions.mails import choose_mails
from lms.people.queries.mails import find_mail_choice
from lms.people.rules.mails import MailChoice, Stops, read_stop_token
from lms.schools.actions.stopping import choose_asking
from lms.schools.queries.stopping import find_asked
from lms.web.access import guards_itself, public
from lms.web.forms import ConfirmForm

GONE = "Deze link werkt niet meer. Bij je account kies je welke mails je krijgt."


def _read(token: str) -> tuple[Stops, int]:
    found = read_stop_token(str(current_app.config["SECRET_KEY"]), token)
    if found is None:
        raise Expired(GONE)
    return found


def _choice_of(stops: Stops, row_id: int) -> MailChoice:
    if stops is Stops.PERSON:
        choice = find_mail_choice(row_id)
    else:
        asked = find_asked(row_id)
        choice = None if asked is None else MailChoice(reminders=asked.reminders_stopped_at is None, evening=False)
    if choice is None:
        raise Expired(GONE)
    return choice


@blueprint.get("/stop/<token>")
@public
def stop(token: str) -> str:
    stops, row_id = _read(token)
    return render_template(
        "monitoring/stop.html", token=token, choice=_choice_of(stops, row_id), is_asked=stops is Stops.ASKED
    )


@blueprint.post("/stop/<token>")
@public
@guards_itself
def stop_now(token: str) -> Any:
    """Stop all optional mail, or with ``weer`` begin again. A mail program may only stop."""
    by_program = request.form.get("List-Unsubscribe") == "One-Click"
    if not by_program and not ConfirmForm().validate_on_submit():
        raise CSRFError
    stops, row_id = _read(token)
    wants = not by_program and "weer" in request.form
    try:
        if stops is Stops.PERSON:
            choose_mails(MailChoice(reminders=wants, evening=wants), person_id=row_id)
        else:
            choose_asking(row_id, wants=wants)
    except NotFound as error:
        raise Expired(GONE) from error
    return redirect(url_for("monitoring.stop", token=token), 303)
