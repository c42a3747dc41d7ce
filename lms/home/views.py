"""Pages for everybody, and the way to one's own start page."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, url_for

from lms.clock import now
from lms.database import ping
from lms.permissions import Permission
from lms.privacy.rules.registry import by_group
from lms.web.access import public, requires, visitor
from lms.web.pages import library

blueprint = Blueprint("public", __name__)

# The day the two statements were last held against the site.
REVIEWED_ON = date(2026, 11, 24)


@blueprint.get("/")
@public
def home() -> str:
    live = library()
    return render_template("public/home.html", course=live.course, cards=live.cards)


@blueprint.get("/start")
@requires(Permission.SIGNED_IN)
def start() -> Any:
    """Everybody's own first page."""
    me = visitor()
    if me.needs_second_factor:
        return redirect(url_for("people.second_factor"))
    if me.is_leaving:
        return redirect(url_for("privacy.undo_deletion"))
    if me.may(Permission.SEE_SCHOOLS):
        return redirect(url_for("monitoring.today"))
    if me.may(Permission.SEE_OWN_SCHOOL):
        return redirect(url_for("monitoring.own_school"))
    return redirect(url_for("learning.course"))


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """The statement. What it says about tables is made from the registry that also erases and sweeps them."""
    return render_template(
        "public/privacy.html",
        controller=current_app.config["LMS"].controller,
        groups=[(group, parts) for group, parts in by_group() if parts],
        reviewed_on=REVIEWED_ON,
    )


@blueprint.get("/toegankelijkheid")
@public
def accessibility() -> str:
    return render_template("public/accessibility.html", reviewed_on=REVIEWED_ON)


@blueprint.get("/healthz")
@public
def health() -> Any:
    """For a monitor: the database answers and the content is live. Shows nothing about people."""
    ping()
    shelf = current_app.extensions["shelf"]
    return {
        "status": "ok",
        "content": shelf.library.digest,
        "content_problems": len(shelf.problems),
        "at": now().isoformat(),
    }
