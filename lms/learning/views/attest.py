"""The attest: a PDF for its owner and for O&S, and the public page that tells whether it is real.

That page shows initials, course, date and validity only.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, url_for

from lms.errors import NotFound
from lms.learning import queries
from lms.learning.queries import AttestCard
from lms.learning.rules.completion import in_hours
from lms.learning.views import blueprint
from lms.people.rules import initials
from lms.permissions import Permission
from lms.web.access import link_base, public, requires, visitor
from lms.web.pages import day, library
from lms.web.pdf import make_pdf, pdf_answer, qr_svg


@blueprint.get("/attest/<code>")
@public
def attest(code: str) -> Any:
    card = queries.find_attest(code)
    status = 404 if card is None else 410 if card.person_name is None else 200
    name = card.person_name if card else None
    return render_template("learning/attest.html", card=card, initials=initials(name) if name else ""), status


@blueprint.get("/navorming/attest.pdf")
@requires(Permission.LEARN)
def own_attest() -> Any:
    card = queries.find_own_attest(visitor().id, library().course.id)
    if card is None or not card.is_valid:
        # That page sends everybody to what explains it: the course, or the pack that was closed.
        return redirect(url_for("learning.finished"))
    return _pdf(card)


@blueprint.get("/begeleiders/<id:person_id>/attest.pdf")
@requires(Permission.SEE_SCHOOLS)
def attest_of(person_id: int) -> Any:
    """For O&S, when a begeleider lost it."""
    card = queries.find_own_attest(person_id, library().course.id)
    if card is None or not card.is_valid:
        raise NotFound
    return _pdf(card)


def _pdf(card: AttestCard) -> Any:
    check = link_base() + url_for("learning.attest", code=card.code)
    issued = _unbroken(day(card.issued_at))
    if card.followed_on is None:
        before, after = "de online navorming", f"volgde en afrondde op {issued}"
    else:
        before, after = "de live navorming", f"volgde op {_unbroken(day(card.followed_on))}"
    data = {
        "title": f"Attest van {card.person_name}",
        "name": card.person_name,
        "course": card.course.title,
        "hours": _unbroken(in_hours(card.course.minutes)),
        "done_before": before,
        "done_after": after,
        "objectives": card.course.objectives,
        "number": card.code,
        "issued": issued,
        "issuer": current_app.config["LMS"].controller,
        "check": check,
        "qr": qr_svg(check),
    }
    return pdf_answer(make_pdf("attest", data), "attest-navorming.pdf")


def _unbroken(text: str) -> str:
    """With spaces at which a line does not end, for a date or a duration."""
    return text.replace(" ", "\u00a0")
