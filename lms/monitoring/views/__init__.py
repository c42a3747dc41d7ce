"""Pages that show how far schools and people are. This module: one person, and what is decided about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from lms.errors import NotFound
from lms.learning.queries import find_completion, find_own_attest, list_changes
from lms.learning.rules.completion import ChangeKind, possible_decisions
from lms.learning.tables import Completion
from lms.monitoring import actions, queries
from lms.monitoring.forms import LiveForm, ReasonForm
from lms.permissions import Permission
from lms.schools.queries import list_workplaces
from lms.schools.rules import KIND_LABELS, STAGE_LABELS, Stage
from lms.web.access import link_base, requires, visitor
from lms.web.pages import library

blueprint = Blueprint("monitoring", __name__)


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    return {"kind_labels": KIND_LABELS, "stage_labels": STAGE_LABELS, "stages_in_order": list(Stage)}


# ── one person ─────────────────────────────────────────────────────────────


@blueprint.get("/begeleiders/<id:person_id>")
@requires(Permission.SEE_SCHOOLS)
def person(person_id: int) -> str:
    """How far somebody is, and what O&S can decide about it. Never an answer."""
    course = library().course
    who = queries.get_person_progress(person_id, course, visitor())
    completion = find_completion(who.id, course.id)
    return render_template(
        "monitoring/person.html",
        who=who,
        workplaces=list_workplaces(who.id),
        completion=completion,
        decisions=_decisions(completion),
        attest=find_own_attest(who.id, course.id),
        changes=list_changes(who.id, course.id),
    )


def _decisions(completion: Completion | None) -> tuple[ChangeKind, ...]:
    if completion is None:
        return possible_decisions(None, is_revoked=False)
    return possible_decisions(completion.basis, is_revoked=completion.revoked_at is not None)


@blueprint.route("/begeleiders/<id:person_id>/live", methods=["GET", "POST"])
@requires(Permission.DECIDE_COMPLETION)
def grant_live(person_id: int) -> Any:
    form = LiveForm()
    return _decide(
        person_id,
        ChangeKind.LIVE,
        form,
        lambda **words: actions.grant_live(library(), person_id, followed_on=form.day, **words),
        "{name} heeft nu een attest en een open pakket.",
    )


@blueprint.route("/begeleiders/<id:person_id>/openen", methods=["GET", "POST"])
@requires(Permission.DECIDE_COMPLETION)
def open_pack(person_id: int) -> Any:
    return _decide(
        person_id,
        ChangeKind.OPENED,
        ReasonForm(),
        lambda **words: actions.open_pack(library(), person_id, **words),
        "Het pakket van {name} is open.",
    )


@blueprint.route("/begeleiders/<id:person_id>/intrekken", methods=["GET", "POST"])
@requires(Permission.DECIDE_COMPLETION)
def revoke(person_id: int) -> Any:
    return _decide(
        person_id,
        ChangeKind.REVOKED,
        ReasonForm(),
        lambda **words: actions.revoke(library(), person_id, **words),
        "Het pakket van {name} is gesloten. Je kan het hier weer openen.",
    )


@blueprint.route("/begeleiders/<id:person_id>/heropenen", methods=["GET", "POST"])
@requires(Permission.DECIDE_COMPLETION)
def reopen(person_id: int) -> Any:
    return _decide(
        person_id,
        ChangeKind.REOPENED,
        ReasonForm(),
        lambda **words: actions.reopen(library(), person_id, **words),
        "Het pakket van {name} is weer open.",
    )


def _decide(person_id: int, kind: ChangeKind, form: Any, act: Callable[..., None], told: str) -> Any:
    """Ask for the reason, do it, and go back to the page of the person."""
    course = library().course
    who = queries.get_person_progress(person_id, course, visitor())
    if form.validate_on_submit():
        act(reason=form.reason.data, by=visitor(), link_base=link_base())
        flash(told.format(name=who.name), "good")
        return redirect(url_for("monitoring.person", person_id=who.id), 303)
    if kind not in _decisions(find_completion(who.id, course.id)):
        raise NotFound
    has_attest = find_own_attest(who.id, course.id) is not None
    page = render_template("monitoring/decide.html", who=who, has_attest=has_attest, kind=kind.value, form=form)
    return page, 422 if form.errors else 200


from lms.monitoring.views import (  # noqa: E402
    merging,
    overview,
    register,
    reminders,
    school_page,
    stopping,
    today,
    workplaces,
)

__all__ = [
    "blueprint",
    "merging",
    "overview",
    "register",
    "reminders",
    "school_page",
    "stopping",
    "today",
    "workplaces",
]
