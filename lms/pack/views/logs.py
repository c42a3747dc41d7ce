"""The sessions that were given: what a phone sends, and the same by hand."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.clock import BRUSSELS, now
from lms.content.library import find_session
from lms.content.models import Library
from lms.content.toolbox_models import Session
from lms.didactics.timing.adjusting import adjust
from lms.didactics.timing.plans import MINI_NAMES, DoesNotFit
from lms.errors import Conflict, Invalid, Stale
from lms.learning.forms import new_key, read_key
from lms.pack import queries
from lms.pack.actions import logs as actions
from lms.pack.forms import read_version
from lms.pack.forms.logs import questions_in, read_log_form
from lms.pack.queries import logs as log_queries
from lms.pack.queries.questions import list_group_labels
from lms.pack.rules.log_reading import BROKEN, LogReading, read_client_id, read_log
from lms.pack.rules.logs import MOOD_LABELS, OUTCOME_LABELS, Outcome
from lms.pack.rules.planning import name_warning
from lms.pack.tables import Plan, SessionLog
from lms.pack.views import blueprint
from lms.pack.views.planner import get_session
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library

PER_PAGE = 50

# ── what a phone sends ─────────────────────────────────────────────────────


@blueprint.post("/pakket/logboek/ontvang")
@requires(Permission.OPEN_PACK)
def receive_log() -> Any:
    """Keep a log that was born on a phone. The same one again gets the same reply; what is wrong is told per field."""
    me, live = visitor(), library()
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        return {"errors": {"log": BROKEN}}, 422
    session = find_session(live, str(given.get("session"))[:64])
    try:
        client_id = read_client_id(given)
    except Invalid as error:
        return {"errors": {"log": error.message}}, 422
    if session is None:
        return {"errors": {"log": "Deze sessie bestaat niet meer in de toolbox."}}, 422
    reading = read_log(given, session, moment=now())
    if reading.facts is None:
        return {"errors": reading.told}, 422
    try:
        log_id = actions.log_session(reading.facts, client_id=client_id, by=me.id)
    except Conflict as error:
        return {"errors": {"log": error.message}}, 409
    return {"url": url_for("pack.log", log_id=log_id), "notes": reading.notes}


# ── the list ───────────────────────────────────────────────────────────────


@blueprint.get("/pakket/logboek")
@requires(Permission.OPEN_PACK)
def logs() -> str:
    me, live = visitor(), library()
    total = log_queries.count_logs(me.id)
    pages = max(1, -(-total // PER_PAGE))
    page = min(pages, max(1, read_version(request.args, "pagina")))
    return render_template(
        "pack/logs.html",
        logs=log_queries.list_logs(me.id, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        sessions={session.slug: session for session in live.sessions},
        moods=MOOD_LABELS,
        owner=str(me.id),
        total=total,
        page=page,
        pages=pages,
    )


# ── by hand ────────────────────────────────────────────────────────────────


def _planned(live: Library, session: Session, plan: Plan | None) -> list[dict[str, Any]]:
    """The blocks of the plan as a log begins; those of the toolbox when there is no plan, or it fits no more."""
    if plan is not None:
        try:
            asked = plan.asked
            blocks = adjust(session, asked.hours, live.minis, asked.changes.decisions).plan.blocks
        except DoesNotFit:
            blocks = ()
        if blocks:
            outcomes = {"home": Outcome.HOME, "skipped": Outcome.SKIPPED}
            return [
                _line(block.id, block.name, block.minutes, outcomes.get(block.status, Outcome.DONE)) for block in blocks
            ]
    return [_line(one.id, one.name, one.minutes, Outcome.DONE) for one in session.exercises]


def _line(block_id: str, name: str, planned: int, outcome: Outcome, actual: int | str | None = None) -> dict[str, Any]:
    return {"id": block_id, "name": name, "planned": planned, "outcome": outcome.value, "actual": actual}


def _form_page(session: Session, lines: list[dict[str, Any]], typed: dict[str, Any], **more: Any) -> str:
    words: dict[str, Any] = {"errors": {}, "log": None, "stale": None, "key": new_key()}
    typed = {"plan": "", "group": None, "day": "", "heads": "", "mood": "", "worked": "", "asked": []} | typed
    shown = [line | given for line, given in zip(lines, typed.get("blocks") or lines, strict=True)]
    return render_template(
        "pack/log.html",
        session=session,
        lines=shown,
        typed=typed,
        questions=questions_in(session),
        groups=list_group_labels(visitor().id),
        moods=MOOD_LABELS,
        outcomes=OUTCOME_LABELS,
        today=now().astimezone(BRUSSELS).date(),
        **(words | more),
    )


def _warn_of_names(text: str) -> None:
    warning = name_warning(text, visitor().name)
    if warning is not None:
        flash(warning, "warn")


def _read(session: Session, lines: list[dict[str, Any]]) -> tuple[dict[str, Any], LogReading]:
    typed = read_log_form(request.form, session, lines)
    return typed, read_log(typed, session, moment=now())


@blueprint.route("/pakket/logboek/nieuw", methods=["GET", "POST"])
@requires(Permission.OPEN_PACK)
def add_log() -> Any:
    """Note a session by hand, from a plan or from the toolbox."""
    me, live = visitor(), library()
    plan_id = read_version(request.values, "plan")
    plan = queries.get_plan(plan_id, me.id) if plan_id else None
    slug = plan.session_slug if plan else request.values.get("sessie", "")
    if not slug:
        return render_template("pack/log_choose.html", cards=live.cards, plans=queries.list_plans(me.id)[:12],
                               sessions={session.slug: session for session in live.sessions})  # fmt: skip
    session = get_session(live, slug)
    lines = _planned(live, session, plan)
    if request.method == "GET":
        today = now().astimezone(BRUSSELS).date()
        day = plan.day if plan and plan.day and plan.day <= today else today
        typed: dict[str, Any] = {"plan": plan_id or "", "day": day.isoformat(), "asked": []}
        typed |= {"group": plan.group_id, "heads": plan.size} if plan else {}
        return _form_page(session, lines, typed)
    typed, reading = _read(session, lines)
    if reading.facts is None:
        return _form_page(session, lines, typed, errors=reading.told, key=request.form.get("key")), 422
    actions.log_session(reading.facts, client_id=read_key(request.form), by=me.id)
    flash("Je sessie staat in je logboek.", "good")
    _warn_of_names(reading.facts.worked)
    return redirect(url_for("pack.logs"), 303)


def _kept(log: SessionLog, session: Session) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A log as the form shows it: its lines, and what stands in the fields."""
    names = MINI_NAMES | {one.id: one.name for one in session.exercises}
    lines = []
    for block in log_queries.blocks_of(log.id):
        label = block.block_id.partition(".")[2]
        name = names.get(block.exercise_id, block.exercise_id) + (f" (stap {label})" if label else "")
        lines.append(_line(block.block_id, name, block.planned_minutes, block.outcome, block.actual_minutes))
    typed = {
        "plan": log.plan_id or "", "group": log.group_id, "day": log.day.isoformat(), "heads": log.head_count,
        "mood": log.mood.value if log.mood else "", "worked": log.worked, "asked": log.asked,
    }  # fmt: skip
    return lines, typed


@blueprint.route("/pakket/logboek/<id:log_id>", methods=["GET", "POST"])
@requires(Permission.OPEN_PACK)
def log(log_id: int) -> Any:
    """A log, to read again and to mend."""
    me, live = visitor(), library()
    row = log_queries.get_log(log_id, me.id)
    session = get_session(live, row.session_slug)
    lines, kept = _kept(row, session)
    if request.method == "GET":
        return _form_page(session, lines, kept, log=row, version=row.version)
    typed, reading = _read(session, lines)
    more: dict[str, Any] = {"log": row, "version": read_version(request.form, "versie")}
    if reading.facts is None:
        return _form_page(session, lines, typed, errors=reading.told, **more), 422
    try:
        actions.change_log(log_id, reading.facts, version=more["version"], by=me.id)
    except Stale as error:
        fresh = log_queries.get_log(log_id, me.id)
        more |= {"version": fresh.version, "stale": error.message}
        return _form_page(session, lines, typed, **more), 409
    flash("Bewaard.", "good")
    _warn_of_names(reading.facts.worked)
    return redirect(url_for("pack.logs"), 303)


@blueprint.post("/pakket/logboek/<id:log_id>/verwijderen")
@requires(Permission.OPEN_PACK)
def remove_log(log_id: int) -> Any:
    actions.remove_log(log_id, by=visitor().id)
    flash("Het log is verwijderd. Geparkeerde vragen blijven staan.", "good")
    return redirect(url_for("pack.logs"), 303)
