"""The page of one school for O&S, and the page of the aanspreekpunt about the own school."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from lms.clock import now
from lms.errors import NotFound
from lms.monitoring import queries
from lms.monitoring.queries import register
from lms.monitoring.queries.merging import find_merged
from lms.monitoring.queries.school_page import get_school_head, list_agenda
from lms.monitoring.queries.timeline import list_events
from lms.monitoring.rules import Colleague, next_steps
from lms.monitoring.rules.attention import today
from lms.monitoring.rules.school_page import AgendaKind, SchoolHead, next_action
from lms.monitoring.rules.timeline import read_pages
from lms.monitoring.views import blueprint
from lms.monitoring.views.today import titles_of_sessions
from lms.permissions import Permission
from lms.schools import queries as of_schools
from lms.schools.queries import list_own_schools
from lms.schools.queries.contacts import last_message
from lms.schools.queries.invitations import list_invitees
from lms.schools.queries.working import list_former_colleagues
from lms.schools.rules import Stage, shown_link_code
from lms.schools.rules.following import INTEREST_LABELS, NOTE_LABELS
from lms.web.access import link_base, requires, visitor
from lms.web.pages import day, library


@blueprint.get("/scholen/<id:school_id>")
@requires(Permission.SEE_SCHOOLS)
def school(school_id: int) -> Any:
    """Where is this school, and what is the next step? The address of a school that was merged leads where it went."""
    moment = now()
    try:
        head = get_school_head(school_id, of_schools.visible_to(visitor()), moment)
    except NotFound:
        merged = find_merged(school_id)
        if merged is None:
            raise
        return redirect(url_for("monitoring.school", school_id=merged.into_id))
    shown = _shown(head, only_shared=False)
    head, agenda = shown["head"], shown["agenda"]
    return render_template(
        "monitoring/school.html",
        **shown,
        timeline=list_events(school_id, pages=read_pages(request.args.get("meer", "1"))),
        next=next_action(head, shown["colleagues"], agenda, len(shown["invitees"]), moment),
        actions=[item for item in agenda if item.kind is AgendaKind.ACTION],
        notes=_days_of_stages(head, shown["colleagues"]),
        note_labels=NOTE_LABELS,
        interest_labels=INTEREST_LABELS,
    )


@blueprint.get("/mijn-school")
@requires(Permission.SEE_OWN_SCHOOL)
def own_school() -> str:
    """The page of the aanspreekpunt: the own school only; somebody with more schools chooses one."""
    own = list_own_schools(visitor())
    asked = request.args.get("school", "")
    chosen = next((school for school in own if str(school.id) == asked), own[0] if not asked else None)
    if chosen is None:
        raise NotFound
    return render_template("monitoring/own_school.html", own=own, **_shown_to_contact(chosen.id))


@blueprint.get("/mijn-school/<id:school_id>/overdracht")
@requires(Permission.SEE_OWN_SCHOOL)
def handed_over(school_id: int) -> str:
    """Everything the next aanspreekpunt needs, on one page."""
    shown = _shown_to_contact(school_id)
    found = last_message(school_id, visitor().id)
    return render_template(
        "monitoring/handed_over.html",
        predecessor=found[0] if found else None,
        message=found[1] if found else "",
        **shown,
    )


def _shown_to_contact(school_id: int) -> dict[str, Any]:
    """What an aanspreekpunt sees of the own school. Raises NotFound for any other one."""
    shown = _shown(get_school_head(school_id, of_schools.visible_to(visitor()), now()), only_shared=True)
    invited = [one.name or one.email for one in shown["invitees"]]
    return {
        **shown,
        "agreed": [item for item in shown["agenda"] if item.kind is AgendaKind.ACTION],
        "next_steps": next_steps(shown["colleagues"], invited, me=visitor().id),
    }


def _days_of_stages(head: SchoolHead, colleagues: list[Colleague]) -> dict[str, str]:
    """On which day a school reached some of its stages, as far as its page knows."""
    opened = min((one.completed_at for one in colleagues if one.completed_at is not None), default=None)
    asked = [today(head.contacted_at)] if head.contacted_at else []
    contacted = min([*asked, *([head.contacted_on] if head.contacted_on else [])], default=None)
    accepted = head.contact.accepted_at if head.contact and not head.contact.is_closed else None
    found = {Stage.CONTACTED: contacted, Stage.CONTACT_PERSON: accepted, Stage.PACK_OPEN: opened}
    return {stage.name: day(moment) for stage, moment in found.items() if moment is not None}


def _shown(head: SchoolHead, *, only_shared: bool) -> dict[str, Any]:
    """What both pages show about a school."""
    live, moment = library(), now()
    agenda = list_agenda(head.id, moment, only_shared=only_shared)
    return {
        "head": head,
        "school": register.get_school_row(head.id),
        "colleagues": queries.list_colleagues(head.id, live.course),
        "invitees": list_invitees(head.id),
        "former": list_former_colleagues(head.id),
        "agenda": agenda,
        "given": [item for item in reversed(agenda) if item.kind is AgendaKind.GIVEN],
        "planned": [item for item in agenda if item.kind is AgendaKind.PLANNED],
        "sessions": titles_of_sessions(live),
        "course": live.course,
        "moment": moment,
        "today": today(moment),
        "link": link_base() + url_for("schools.school_link", code=shown_link_code(head.link_code)),
        "link_code": head.link_code,
        "erased": head.erased,
    }
