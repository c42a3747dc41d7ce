"""Plans in the calendar program of their owner: one at a time, or all of them by a link."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from lms.content.library import find_session
from lms.content.models import Library
from lms.ical import MIMETYPE, Entry, make_calendar
from lms.pack.actions import calendar as actions
from lms.pack.queries import calendar as queries
from lms.pack.rules.calendar import CALENDAR_NAME, PlannedLesson, entry_of
from lms.pack.views import blueprint
from lms.permissions import Permission
from lms.web.access import link_base, public, requires, visitor
from lms.web.pages import library


def _entry(live: Library, lesson: PlannedLesson) -> Entry:
    session = find_session(live, lesson.session_slug)
    base = link_base()
    return entry_of(
        lesson,
        f"Sessie {session.number}: {session.short_title}" if session else lesson.session_slug,
        plan_url=base + url_for("pack.plan", plan_id=lesson.id),
        fiche_url=base + url_for("pack.fiche", slug=session.slug) if session else None,
    )


def _answer(lessons: list[PlannedLesson], filename: str) -> Any:
    live = library()
    answer = make_response(make_calendar(CALENDAR_NAME, [_entry(live, lesson) for lesson in lessons]))
    answer.mimetype = MIMETYPE
    answer.headers["Content-Disposition"] = f"attachment; filename={filename}"
    # What is in it may have to be gone the next time.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/agenda/<token>.ics")
@public
def calendar_feed(token: str) -> Any:
    """The calendar itself. A calendar program cannot sign in: who has the link has the lessons, until it is stopped."""
    return _answer(queries.list_lessons(queries.get_calendar_owner(token)), "mijn-sessies.ics")


@blueprint.get("/pakket/planner/plan/<id:plan_id>/agenda.ics")
@requires(Permission.OPEN_PACK)
def plan_calendar(plan_id: int) -> Any:
    """One plan, to add to a calendar by hand."""
    return _answer([queries.get_lesson(plan_id, visitor().id)], f"plan-{plan_id}.ics")


@blueprint.get("/pakket/planner/agenda")
@requires(Permission.OPEN_PACK)
def calendar() -> str:
    """The link of one's own calendar, and what stands in it."""
    me, live = visitor(), library()
    link = queries.find_calendar_link(me.id)
    url = link_base() + url_for("pack.calendar_feed", token=link.token) if link else None
    return render_template(
        "pack/calendar.html",
        link=link,
        url=url,
        subscribe_url=url and "webcal" + url[url.index(":") :],
        lessons=[(lesson, find_session(live, lesson.session_slug)) for lesson in queries.list_lessons(me.id)],
    )


@blueprint.post("/pakket/planner/agenda")
@requires(Permission.OPEN_PACK)
def open_calendar() -> Any:
    actions.open_calendar(by=visitor().id)
    flash("Je link is klaar. Zet ze in je agenda.", "good")
    return redirect(url_for("pack.calendar"), 303)


@blueprint.post("/pakket/planner/agenda/nieuw")
@requires(Permission.OPEN_PACK)
def renew_calendar() -> Any:
    actions.renew_calendar(replaces=request.form.get("link", ""), by=visitor().id)
    flash("Je hebt een nieuwe link. De vorige werkt niet meer: zet de nieuwe in je agenda.", "good")
    return redirect(url_for("pack.calendar"), 303)


@blueprint.post("/pakket/planner/agenda/stop")
@requires(Permission.OPEN_PACK)
def close_calendar() -> Any:
    actions.close_calendar(by=visitor().id)
    flash("De link werkt niet meer. Verwijder ze ook in je agenda.", "good")
    return redirect(url_for("pack.calendar"), 303)
