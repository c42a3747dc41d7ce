"""Pages of the begeleiderspakket. Closed, every address but the first answers 403 with what is still missing."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask import Blueprint, render_template, request, url_for

from lms.content.library import find_session
from lms.content.toolbox_models import Session
from lms.didactics.timing.adjusting import adjust
from lms.didactics.timing.hours import hours_text
from lms.didactics.timing.plans import DoesNotFit
from lms.errors import Invalid, NotFound
from lms.learning.queries import evidence_of, find_own_attest, find_revocation
from lms.learning.rules import missing_steps
from lms.pack.forms import read_version
from lms.pack.queries import get_plan
from lms.pack.queries.durations import find_durations, find_last_given
from lms.pack.queries.logs import given_sessions
from lms.pack.queries.questions import list_published, open_questions_of_group
from lms.pack.rules import FicheLine, count_questions, fiche_lines, fiche_words, names_of, read_start
from lms.pack.rules.fiches import planned_lines
from lms.pack.rules.logs import OUTCOME_LABELS
from lms.pack.rules.planning import rows_of
from lms.pack.rules.questions import STATE_LABELS, PublishedQuestion
from lms.pack.tables import Plan
from lms.permissions import Permission
from lms.web.access import on_refusal, public, requires, visitor
from lms.web.pages import library, previewed_library
from lms.web.pdf import make_pdf, pdf_answer

blueprint = Blueprint("pack", __name__)


def _locked_page() -> str:
    me, live = visitor(), library()
    closed = find_revocation(me.id, live.course.id)
    return render_template(
        "pack/locked.html",
        cards=live.cards,
        sessions={session.slug for session in live.sessions},
        steps=missing_steps(live.course, evidence_of(me.id, live.course)),
        closed=closed,
        attest=find_own_attest(me.id, live.course.id) if closed else None,
    )


@on_refusal(Permission.OPEN_PACK)
def refuse() -> tuple[str, int]:
    return _locked_page(), 403


@blueprint.get("/pakket")
@requires(Permission.LEARN)
def pack() -> str:
    """What is in the pack: with the way in when it is open, with what is still missing when it is not."""
    me, live = visitor(), library()
    if not me.may(Permission.OPEN_PACK):
        return _locked_page()
    sessions = {session.slug: session for session in live.sessions}
    return render_template(
        "pack/open.html",
        cards=live.cards,
        sessions=sessions,
        given=given_sessions(me.id),
        count_questions=count_questions,
        attest=find_own_attest(me.id, live.course.id),
    )


@blueprint.get("/pakket/<slug>")
@requires(Permission.OPEN_PACK)
def fiche(slug: str) -> Any:
    """The fiche; opened from a plan it follows that plan and shows what its group still has to hear."""
    session = find_session(library(), slug)
    if session is None:
        raise NotFound
    typed, error, start = request.args.get("start", "")[:8], None, None
    try:
        start = read_start(typed)
    except Invalid as problem:
        error = problem.message
    plan = _plan_for(session)
    published: dict[str | None, list[PublishedQuestion]] = {}
    for one in list_published(slug):
        known = one.exercise_id in {exercise.id for exercise in session.exercises}
        published.setdefault(one.exercise_id if known else None, []).append(one)
    page = render_template(
        "pack/fiche.html",
        session=session,
        lines=_lines(session, plan, start),
        start=typed,
        error=error,
        published=published,
        plan=plan,
        questions=open_questions_of_group(plan.group_id) if plan and plan.group_id else [],
        question_labels=STATE_LABELS,
        durations=find_durations(slug),
        given=find_last_given(visitor().id, slug, plan.id if plan else None),
        names=names_of(session),
        outcomes=OUTCOME_LABELS,
        hours_text=hours_text,
    )
    return page, 422 if error else 200


def _plan_for(session: Session) -> Plan | None:
    """The plan from which a fiche is opened, when it is one of this session. Raises NotFound for somebody else's."""
    plan_id = read_version(request.args, "plan")
    plan = get_plan(plan_id, visitor().id) if plan_id else None
    return plan if plan and plan.session_slug == session.slug else None


def _lines(session: Session, plan: Plan | None, start: time | None) -> list[FicheLine]:
    """The fiche as the plan has it; as the toolbox has it without a plan, or with one that does not fit any more."""
    if plan is None:
        return fiche_lines(session, start)
    asked = plan.asked
    try:
        adjusted = adjust(session, asked.hours, library().minis, asked.changes.decisions)
    except DoesNotFit:
        return fiche_lines(session, start)
    return planned_lines(session, list(rows_of(adjusted.plan.blocks, asked.hours, start or asked.start)))


@blueprint.get("/pakket/<slug>/fiche.pdf")
@requires(Permission.OPEN_PACK)
def fiche_pdf(slug: str) -> Any:
    """The fiche for the printer, with clock times when ``start`` is given, or as a plan has it."""
    session = find_session(library(), slug)
    if session is None:
        raise NotFound
    start = read_start(request.args.get("start", "")[:8])
    lines = _lines(session, _plan_for(session), start)
    return pdf_answer(make_pdf("fiche", fiche_words(session, lines)), f"fiche-{slug}.pdf")


@blueprint.get("/pakket/<path:rest>")
@requires(Permission.OPEN_PACK)
def nothing(rest: str) -> Any:
    """Any deeper address is behind the same lock, also when nothing is there."""
    raise NotFound


@blueprint.get("/voorbeeld")
@public
def sample() -> str:
    """One exercise of the toolbox that everybody may see, as the course names it."""
    live = library()
    session, line = next(
        (session, line)
        for session in live.sessions
        for line in fiche_lines(session)
        if line.exercise.id == live.course.sample_exercise
    )
    return render_template("pack/sample.html", session=session, line=line, register_url=url_for("schools.register"))


@blueprint.get("/voorproef/sessie/<slug>")
@requires(Permission.PREVIEW_CONTENT)
def preview_session(slug: str) -> str:
    """A session of content that is not live yet, as its fiche, for staff."""
    session = find_session(previewed_library(), slug)
    if session is None:
        raise NotFound
    return render_template("pack/preview.html", session=session, lines=fiche_lines(session))


from lms.pack.views import (  # noqa: E402
    calendar,
    groups,
    live,
    logs,
    planner,
    questions,
    sheets,
    warm_up,
)

__all__ = ["blueprint", "calendar", "groups", "live", "logs", "planner", "questions", "sheets", "warm_up"]
