"""The planner: a session in the time there is, in the address; and the plans that were saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from lms.content.library import find_session
from lms.content.models import Library
from lms.content.toolbox_models import Session
from lms.didactics.timing.adjusting import Adjusted, adjust, fitting_times
from lms.didactics.timing.changes import Changes, part_at_home
from lms.didactics.timing.hours import hours_text
from lms.didactics.timing.parts import ends, is_core, parts_of
from lms.didactics.timing.plans import Block, DoesNotFit
from lms.didactics.timing.tasks import decisions_of
from lms.errors import Invalid, NotFound, Stale
from lms.learning.forms import new_key, read_key
from lms.learning.queries import last_attempts
from lms.learning.rules.plan_task import find_plan_task, read_own_plan
from lms.pack import queries
from lms.pack.actions import plans as actions
from lms.pack.forms import Reading, read_asked, read_group, read_label, read_version
from lms.pack.queries.durations import find_last_given
from lms.pack.queries.questions import open_questions_of_group
from lms.pack.rules import names_of
from lms.pack.rules.logs import OUTCOME_LABELS
from lms.pack.rules.planning import (
    DEVICE_LABELS,
    ROOM_LABELS,
    Asked,
    FormatChoice,
    Row,
    fingerprint_of,
    format_choices,
    name_warning,
    rows_of,
)
from lms.pack.rules.questions import STATE_LABELS
from lms.pack.tables import Plan
from lms.pack.views import blueprint
from lms.permissions import Permission
from lms.web.access import link_base, requires, visitor
from lms.web.pages import library

QUICK_HOURS = ("50", "75", "2 × 50")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A block of a plan as it stands on screen: its times, and what may be done with it."""

    row: Row
    core: bool
    floor: int
    fixed: bool
    decided: bool
    can_go_home: bool
    can_be_skipped: bool
    part_left: int | None
    activity: FormatChoice | None
    choices: tuple[FormatChoice, ...]

    @property
    def block(self) -> Block:
        return self.row.block


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A plan to show: its lines per lesson hour, or why there is none and which times would do."""

    session: Session
    asked: Asked
    adjusted: Adjusted | None
    lines: tuple[Line, ...]
    reason: str | None
    instead: tuple[str, ...]

    def lines_of(self, hour: int) -> list[Line]:
        return [line for line in self.lines if line.block.hour == hour]

    @property
    def total(self) -> int:
        return self.adjusted.plan.total if self.adjusted else 0


def show(live: Library, session: Session, asked: Asked) -> Shown:
    """Fit the session in what was asked; nothing of it is kept."""
    try:
        adjusted = adjust(session, asked.hours, live.minis, asked.changes.decisions)
    except DoesNotFit as error:
        instead = tuple(hours_text(hours) for hours in fitting_times(session, live.minis))
        return Shown(session=session, asked=asked, adjusted=None, lines=(), reason=error.message, instead=instead)
    rows = rows_of(adjusted.plan.blocks, asked.hours, asked.start)
    lines = tuple(_line(live, session, asked, row) for row in rows)
    return Shown(session=session, asked=asked, adjusted=adjusted, lines=lines, reason=None, instead=())


def _line(live: Library, session: Session, asked: Asked, row: Row) -> Line:
    block = row.block
    own = [part for part in parts_of(session) if block.id in (part.id, part.exercise.id)]
    if not own:
        return Line(
            row=row, core=True, floor=block.minutes, fixed=True, decided=False, can_go_home=False,
            can_be_skipped=False, part_left=None, activity=None, choices=(),
        )  # fmt: skip
    exercise, is_step = own[0].exercise, block.id != own[0].exercise.id
    core = is_core(session, exercise)
    choices = format_choices(live.formats, exercise.id, block.minutes or exercise.min_minutes, asked)
    chosen = asked.changes.formats.get(exercise.id)
    return Line(
        row=row,
        core=core,
        floor=sum(part.floor for part in own),
        fixed=all(part.step is not None and part.step.fixed for part in own),
        decided=block.id in asked.changes.decisions,
        can_go_home=own[0].goes_home if is_step else exercise.at_home == "full" and not core,
        can_be_skipped=not core and not is_step,
        part_left=None if is_step or exercise.id in ends(session) else part_at_home(exercise),
        activity=next((one for one in choices if one.activity.id == chosen), None),
        choices=() if is_step else choices,
    )


def get_session(live: Library, slug: str) -> Session:
    session = find_session(live, slug)
    if session is None:
        raise NotFound
    return session


# ── the lists ──────────────────────────────────────────────────────────────


@blueprint.get("/pakket/planner")
@requires(Permission.OPEN_PACK)
def planner() -> str:
    """Choose a session to plan, and my plans."""
    live, me = library(), visitor()
    plans = queries.list_plans(me.id)
    return render_template(
        "pack/plans.html",
        cards=live.cards,
        sessions={session.slug: session for session in live.sessions},
        plans=plans,
        key=new_key(),
        first=None if any(card.plan.is_first for card in plans) else _first_plan(live, me.id),
        hours_text=hours_text,
    )


def _first_plan(live: Library, person_id: int) -> tuple[Session, Asked] | None:
    """The plan that somebody made in the final task, to keep with one click; None when there is none."""
    task = find_plan_task(live.course)
    last = last_attempts(person_id, [task.id], live.course).get(task.id) if task else None
    if task is None or last is None:
        return None
    try:
        own = read_own_plan(task, last.answer)
    except Invalid:
        return None
    changes = Changes(decisions=decisions_of(own.plan))
    return own.asked.session, Asked(hours=own.asked.hours, size=own.asked.size, changes=changes)


# ── the planner itself ─────────────────────────────────────────────────────


def _page(live: Library, session: Session, reading: Reading, form: MultiDict[str, str], **more: Any) -> str:
    me = visitor()
    words: dict[str, Any] = {
        "saved": None, "label": form.get("naam", "")[:80], "group_id": read_group(form), "stale": None,
        "version": read_version(form, "versie"),
        "is_first": form.get("eerste") == "1",
    }  # fmt: skip
    asked = reading.asked
    return render_template(
        "pack/planner.html",
        session=session,
        sessions=live.sessions,
        shown=show(live, session, asked) if asked else None,
        asked=asked,
        typed=reading.typed,
        tokens=reading.tokens,
        devices=form.getlist("toestel"),
        errors=reading.errors,
        quick=QUICK_HOURS,
        rooms=ROOM_LABELS,
        device_labels=DEVICE_LABELS,
        groups=queries.list_groups(me.id),
        key=form.get("key") or new_key(),
        hours_text=hours_text,
        **(words | more),
    )


@blueprint.get("/pakket/planner/<slug>")
@requires(Permission.OPEN_PACK)
def planner_session(slug: str) -> Any:
    """A plan in the making. Everything about it stands in the address, so going back undoes the last step."""
    live, me = library(), visitor()
    session = get_session(live, slug)
    reading = read_asked(request.args)
    plan_id = read_version(request.args, "plan")
    saved = queries.get_plan(plan_id, me.id) if plan_id else None
    if reading.acted and reading.asked and not reading.errors:
        kept: dict[str, Any] = {name: request.args.get(name) for name in ("groep", "plan", "versie", "eerste")}
        return redirect(url_for("pack.planner_session", slug=slug, **(reading.asked.address | kept)))
    more: dict[str, Any] = {}
    if saved is not None:
        more = {"saved": saved, "label": saved.label, "group_id": saved.group_id}
        more["version"] = read_version(request.args, "versie") or saved.version
    return _page(live, session, reading, request.args, **more), 422 if reading.errors else 200


@blueprint.post("/pakket/planner/<slug>")
@requires(Permission.OPEN_PACK)
def save_plan(slug: str) -> Any:
    """Keep a plan: a new one, or what was changed in one."""
    live, me, form = library(), visitor(), request.form
    session, reading = get_session(live, slug), read_asked(form)
    is_change = read_version(form, "plan") and "nieuw" not in form
    saved = queries.get_plan(read_version(form, "plan"), me.id) if is_change else None
    label, group_id, errors = "", read_group(form), list(reading.errors)
    try:
        label = read_label(form)
    except Invalid as error:
        errors.append(("naam", error.message))
    if reading.asked is not None and show(live, session, reading.asked).adjusted is None:
        errors.append(("uren", "Dit past niet, dus er is nog niets om te bewaren. Kies meer tijd."))
    if errors or reading.asked is None:
        return _page(live, session, replace(reading, errors=errors), form, saved=saved), 422
    try:
        if saved is None:
            plan_id = actions.save_plan(
                reading.asked,
                session,
                label=label,
                group_id=group_id,
                key=read_key(form),
                by=me.id,
                is_first=form.get("eerste") == "1",
            )
        else:
            plan_id = saved.id
            actions.change_plan(
                plan_id, reading.asked, session, label=label, group_id=group_id, version=read_version(form, "versie"),
                by=me.id,
            )  # fmt: skip
    except Stale as error:
        now_kept = queries.get_plan(plan_id, me.id)
        return _page(live, session, reading, form, saved=now_kept, version=now_kept.version, stale=error.message), 409
    flash("Je plan is bewaard.", "good")
    _warn_of_names(label)
    return redirect(url_for("pack.plan", plan_id=plan_id), 303)


def _warn_of_names(text: str) -> None:
    warning = name_warning(text, visitor().name)
    if warning is not None:
        flash(warning, "warn")


# ── a plan that was saved ──────────────────────────────────────────────────


def _plan_page(plan: Plan, **more: Any) -> str:
    live = library()
    session, asked = get_session(live, plan.session_slug), plan.asked
    words: dict[str, Any] = {
        "error": None, "label": plan.label, "is_own": True, "group": None, "share_url": None, "questions": [],
        "given": None,
    }  # fmt: skip
    return render_template(
        "pack/plan.html",
        plan=plan,
        session=session,
        asked=asked,
        shown=show(live, session, asked),
        is_old=plan.content_digest != fingerprint_of(session),
        rooms=ROOM_LABELS,
        device_labels=DEVICE_LABELS,
        key=new_key(),
        hours_text=hours_text,
        question_labels=STATE_LABELS,
        names=names_of(session),
        outcomes=OUTCOME_LABELS,
        **(words | more),
    )


def _own_page(plan: Plan, **more: Any) -> str:
    share = link_base() + url_for("pack.shared_plan", code=plan.share_code) if plan.share_code else None
    waiting = open_questions_of_group(plan.group_id) if plan.group_id else []
    group = queries.find_group(plan.group_id, plan.person_id)
    given = find_last_given(plan.person_id, plan.session_slug, plan.id)
    return _plan_page(plan, group=group, share_url=share, questions=waiting, given=given, **more)


@blueprint.get("/pakket/planner/plan/<id:plan_id>")
@requires(Permission.OPEN_PACK)
def plan(plan_id: int) -> str:
    return _own_page(queries.get_plan(plan_id, visitor().id))


@blueprint.post("/pakket/planner/plan/<id:plan_id>/naam")
@requires(Permission.OPEN_PACK)
def rename_plan(plan_id: int) -> Any:
    me = visitor()
    row = queries.get_plan(plan_id, me.id)
    try:
        label = read_label(request.form)
    except Invalid as error:
        return _own_page(row, error=error.message, label=request.form.get("naam", "")[:200]), 422
    actions.rename_plan(plan_id, label, by=me.id)
    _warn_of_names(label)
    return redirect(url_for("pack.plan", plan_id=plan_id), 303)


@blueprint.post("/pakket/planner/plan/<id:plan_id>/kopie")
@requires(Permission.OPEN_PACK)
def copy_plan(plan_id: int) -> Any:
    copy_id = actions.copy_plan(plan_id, key=read_key(request.form), by=visitor().id)
    flash("Dit is je kopie. Kies er een dag en een groep bij.", "good")
    return redirect(url_for("pack.plan", plan_id=copy_id), 303)


@blueprint.post("/pakket/planner/plan/<id:plan_id>/verwijderen")
@requires(Permission.OPEN_PACK)
def remove_plan(plan_id: int) -> Any:
    actions.remove_plan(plan_id, by=visitor().id)
    flash("Je plan is verwijderd.", "good")
    return redirect(url_for("pack.planner"), 303)


@blueprint.post("/pakket/planner/plan/<id:plan_id>/delen")
@requires(Permission.OPEN_PACK)
def share_plan(plan_id: int) -> Any:
    actions.share_plan(plan_id, by=visitor().id)
    return redirect(url_for("pack.plan", plan_id=plan_id) + "#delen", 303)


@blueprint.post("/pakket/planner/plan/<id:plan_id>/niet-delen")
@requires(Permission.OPEN_PACK)
def stop_sharing(plan_id: int) -> Any:
    actions.stop_sharing(plan_id, by=visitor().id)
    flash("De link werkt niet meer.", "good")
    return redirect(url_for("pack.plan", plan_id=plan_id), 303)


# ── the plan of a colleague ────────────────────────────────────────────────


@blueprint.get("/pakket/planner/gedeeld/<code>")
@requires(Permission.OPEN_PACK)
def shared_plan(code: str) -> Any:
    row = queries.get_shared(code)
    if row.person_id == visitor().id:
        return redirect(url_for("pack.plan", plan_id=row.id))
    return _plan_page(row, is_own=False)


@blueprint.post("/pakket/planner/gedeeld/<code>")
@requires(Permission.OPEN_PACK)
def copy_shared(code: str) -> Any:
    copy_id = actions.copy_shared(code, key=read_key(request.form), by=visitor().id)
    flash("Het plan staat nu bij je eigen plannen. Wat je verandert, ziet je collega niet.", "good")
    return redirect(url_for("pack.plan", plan_id=copy_id), 303)
