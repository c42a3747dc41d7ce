"""Vandaag: what waits for O&S, each line one click from doing it."""

from __future__ import annotations

from flask import render_template, request

from lms.clock import now
from lms.content.models import Library
from lms.errors import NotFound
from lms.monitoring.queries.today import GROUPS, Look
from lms.monitoring.rules import PAGE
from lms.monitoring.rules.attention import today as day_of
from lms.monitoring.rules.today import FIRST, SHOWN, Waiting, count_waiting, first_five, rest_of
from lms.monitoring.views import blueprint
from lms.permissions import Permission
from lms.web.access import requires, visitor
from lms.web.pages import library

MINE = "mij"


@blueprint.get("/vandaag")
@requires(Permission.SEE_SCHOOLS)
def today() -> str:
    """Everything that waits, or with ``?groep=`` all lines of one kind."""
    moment = now()
    whose = MINE if request.args.get("wie") == MINE else "alle"
    mine = visitor().id if whose == MINE else None
    asked = request.args.get("groep")
    if asked is None:
        groups = [find(Look(moment=moment, mine=mine, limit=FIRST + SHOWN)) for find in GROUPS.values()]
        page = pages = 1
    elif asked in set(Waiting):
        typed = request.args.get("pagina", "1")
        page = int(typed) if typed.isascii() and typed.isdecimal() and 0 < len(typed) < 6 else 1
        page = max(1, page)
        look = Look(moment=moment, mine=mine, limit=PAGE, offset=(page - 1) * PAGE)
        groups = [GROUPS[Waiting(asked)](look)]
        if page > 1 and not groups[0].lines:
            # An old address, or everything of that page is done: the first page says what there is.
            page, groups = 1, [GROUPS[Waiting(asked)](Look(moment=moment, mine=mine, limit=PAGE))]
        pages = max(1, -(-groups[0].total // PAGE))
    else:
        raise NotFound
    first = first_five(groups) if asked is None else []
    # One school alone is no list to begin with; it stands in its group.
    first = first if len(first) > 1 else []
    return render_template(
        "monitoring/today.html",
        groups=groups if asked else rest_of(groups, first),
        total=count_waiting(groups),
        first=first,
        asked=asked,
        whose=whose,
        moment=moment,
        today=day_of(moment),
        page=page,
        pages=pages,
        sessions=titles_of_sessions(library()),
    )


def titles_of_sessions(live: Library) -> dict[str, str]:
    """What the sessions of the toolbox are called: as begeleiders know them, by number and short title."""
    return {session.slug: f"Sessie {session.number}: {session.short_title}" for session in live.sessions}
