"""What O&S publishes: the project's own history and the yearly report."""

from __future__ import annotations

from flask import Blueprint, render_template

from lms.monitoring.queries.history import get_history
from lms.monitoring.rules.history import show_history
from lms.monitoring.rules.sheets import written
from lms.permissions import Permission
from lms.web.access import requires

blueprint = Blueprint("reporting", __name__)


@blueprint.get("/overzicht/geschiedenis")
@requires(Permission.SEE_SCHOOLS)
def history() -> str:
    return render_template("monitoring/history.html", shown=show_history(get_history()), written=written)
