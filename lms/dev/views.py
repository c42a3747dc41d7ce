"""Pages that exist in development only. ``app.py`` registers them there and nowhere else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from wtforms.fields.choices import SelectChoice

from lms.database import db
from lms.dev.demo import DEMO_PEOPLE, open_session
from lms.errors import NotFound
from lms.mail import list_newest
from lms.people.forms import CurrentPasswordForm
from lms.schools.forms import RegistrationForm
from lms.schools.forms.register import SchoolForm
from lms.web.access import device, enter, public, safe_next

blueprint = Blueprint("dev", __name__)


@blueprint.app_context_processor
def demo_people() -> dict[str, Any]:
    return {"demo_people": lambda: DEMO_PEOPLE}


@blueprint.post("/aanmelden/demo")
@public
def demo_sign_in() -> Any:
    email = request.form.get("email", "")
    if email not in {person.email for person in DEMO_PEOPLE}:
        raise NotFound
    enter(open_session(email, device=device()))
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.get("/_postvak")
@public
def postbox() -> str:
    """Every mail of the outbox, the newest first."""
    return render_template("dev/postbox.html", mails=list_newest(db.session()))


@blueprint.get("/huisstijl")
@public
def style_guide() -> str:
    form = RegistrationForm()
    form.school.choices = [
        SelectChoice("", "Kies je school of organisatie"),
        SelectChoice("1", "Demoschool Genk, Genk"),
    ]
    return render_template("dev/huisstijl.html", form=form, kind_form=SchoolForm(), password_form=CurrentPasswordForm())
