"""Pages that show how far schools are: the register of O&S, one school, and the page of the aanspreekpunt."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for

from lms.errors import NotFound
from lms.monitoring import queries
from lms.permissions import Permission
from lms.schools.forms import ConfirmForm
from lms.schools.queries import (
    get_visible_school,
    list_contacts,
    list_open_wishes,
    list_own_schools,
    list_school_choices,
)
from lms.schools.rules import KIND_LABELS, STAGE_LABELS, Stage
from lms.web.access import link_base, requires, visitor
from lms.web.pages import library

blueprint = Blueprint("monitoring", __name__)


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    return {"kind_labels": KIND_LABELS, "stage_labels": STAGE_LABELS, "stages_in_order": list(Stage)}


@blueprint.get("/scholen")
@requires(Permission.SEE_SCHOOLS)
def schools() -> str:
    search = "".join(char for char in request.args.get("zoek", "")[:80] if char.isprintable()).strip()
    only = request.args.get("toon", "alle")
    only = only if only in queries.FILTERS else "alle"
    asked = request.args.get("pagina", "1")
    page = queries.list_schools(
        search=search, only=only, page=int(asked) if asked[:6].isdecimal() and len(asked) < 7 else 1
    )
    wishes = list_open_wishes()
    return render_template(
        "monitoring/schools.html",
        page=page,
        search=search,
        only=only,
        wishes=wishes,
        choices=list_school_choices() if wishes else [],
        content_problems=current_app.extensions["shelf"].problems,
        has_preview=current_app.extensions["preview"].is_on,
    )


@blueprint.get("/scholen/<id:school_id>")
@requires(Permission.SEE_SCHOOLS)
def school(school_id: int) -> str:
    return _school_page(school_id, "monitoring/school.html")


@blueprint.get("/mijn-school")
@requires(Permission.SEE_OWN_SCHOOL)
def own_school() -> str:
    """The page of the aanspreekpunt: the own school only; somebody with more schools chooses one."""
    own = list_own_schools(visitor())
    asked = request.args.get("school", "")
    chosen = next((school for school in own if str(school.id) == asked), own[0] if not asked else None)
    if chosen is None:
        raise NotFound
    return _school_page(chosen.id, "monitoring/own_school.html", own=own)


def _school_page(school_id: int, template: str, **more: Any) -> str:
    get_visible_school(school_id, visitor())
    course = library().course
    return render_template(
        template,
        school=queries.get_school_row(school_id),
        colleagues=queries.list_colleagues(school_id, course),
        contacts=list_contacts(school_id),
        course=course,
        form=ConfirmForm(),
        register_url=link_base() + url_for("schools.register"),
        **more,
    )
