"""Searching the lessons of the course. A plain form: what was asked stands in the address."""

from __future__ import annotations

from flask import render_template, request

from lms.content.search import QUERY_LENGTH, search
from lms.learning import queries
from lms.learning.rules import is_lesson_done, module_before
from lms.learning.views import blueprint
from lms.learning.views.course import lesson_url
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library

# Offered to who found nothing, as far as the course of now knows them.
SUGGESTIONS = ("bijvraag", "check-in", "check-out", "veilig", "drempel", "werkvorm", "klok", "ouders", "privacy")


@blueprint.get("/navorming/zoeken")
@requires(Permission.LEARN)
def search_course() -> str:
    """The lessons that say what ``?q=`` asks."""
    live = library()
    query = " ".join(request.args.get("q", "").split())
    found = search(live, query)
    shown = queries.evidence_of(visitor().id, live.course)
    return render_template(
        "learning/search.html",
        query=query[:QUERY_LENGTH],
        found=found,
        done={hit.lesson.id for hit in found.hits if is_lesson_done(hit.lesson, shown)},
        first={hit.module.id: module_before(live.course, hit.module, shown) for hit in found.hits},
        suggestions=[] if found.hits else [word for word in SUGGESTIONS if search(live, word).hits],
        lesson_url=lesson_url,
    )
