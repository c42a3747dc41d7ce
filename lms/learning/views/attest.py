"""The public page that tells whether an attest is real. It shows initials, course, date and validity only."""

from __future__ import annotations

from typing import Any

from flask import render_template

from lms.learning import queries
from lms.learning.views import blueprint
from lms.people.rules import initials
from lms.web.access import public
from lms.web.pages import library


@blueprint.get("/attest/<code>")
@public
def attest(code: str) -> Any:
    card = queries.find_attest(code)
    status = 200 if card is not None else 404
    return render_template(
        "learning/attest.html", card=card, initials=initials(card.person_name) if card else "", course=library().course
    ), status
