"""A session while it runs, on a phone: a page that keeps itself, and the worker that opens it without connection."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, redirect, render_template, url_for
from flask_wtf.csrf import generate_csrf

from lms.didactics.timing.adjusting import adjust
from lms.didactics.timing.plans import DoesNotFit
from lms.pack import queries
from lms.pack.queries.questions import list_group_labels, open_questions_of_group
from lms.pack.rules.live import live_words
from lms.pack.rules.logs import MOOD_LABELS, OUTCOME_LABELS
from lms.pack.rules.planning import rows_of
from lms.pack.views import blueprint
from lms.pack.views.planner import get_session
from lms.permissions import Permission
from lms.web import headers
from lms.web.access import public, requires, visitor
from lms.web.assets import SOURCE
from lms.web.pages import library, static_url

# Everything the page needs without a connection; a test opens it offline and counts the bytes. Few scripts, because
# each of them costs the headers of an answer.
SCRIPTS = ("live", "live-view", "live-state", "live-store", "replan")
FILES = (
    "css/app.css", "css/live.css", "fonts/figtree.woff2", "fonts/bricolage-700.woff2", "img/favicon.svg",
    *(f"js/{name}.mjs" for name in SCRIPTS),
)  # fmt: skip
WORKER = SOURCE / "js" / "live-worker.js"


@blueprint.get("/live/<id:plan_id>")
@requires(Permission.OPEN_PACK)
def live(plan_id: int) -> Any:
    me, content = visitor(), library()
    plan = queries.get_plan(plan_id, me.id)
    session, asked = get_session(content, plan.session_slug), plan.asked
    try:
        blocks = adjust(session, asked.hours, content.minis, asked.changes.decisions).plan.blocks
    except DoesNotFit:
        # The page of the plan says why, and what would make it fit.
        return redirect(url_for("pack.plan", plan_id=plan_id))
    waiting = open_questions_of_group(plan.group_id) if plan.group_id else []
    words = live_words(content, session, asked, blocks, known=me.name) | {
        "plan": plan.id,
        "owner": str(me.id),
        "group": plan.group_id,
        "waiting": [{"text": one.text, "answer": one.answer} for one in waiting],
        "assets": [static_url(path) for path in FILES],
        # The copy on the device keeps the same promises as the answer of the server.
        "headers": headers.all_of(current_app) | {"Content-Type": "text/html; charset=utf-8"},
        "urls": {
            "worker": url_for("pack.live_worker"),
            "connect": url_for("pack.live_connect"),
            "log": url_for("pack.receive_log"),
        },
    }
    return render_template(
        "pack/live.html",
        plan=plan,
        session=session,
        asked=asked,
        words=words,
        rows=list(rows_of(blocks, asked.hours, asked.start)),
        groups=list_group_labels(me.id),
        moods=MOOD_LABELS,
        outcomes=OUTCOME_LABELS,
        scripts=SCRIPTS,
    )


@blueprint.get("/live/verbinding")
@requires(Permission.OPEN_PACK)
def live_connect() -> dict[str, str]:
    """Who is signed in, and a token that fits; a page that was kept on the device asks it before it sends."""
    return {"owner": str(visitor().id), "token": generate_csrf()}


@blueprint.get("/live/achtergrond.js")
@public
def live_worker() -> Response:
    """The worker stands here and not among the static files: it may only serve what lies beside it."""
    answer = Response(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/live/<id:plan_id>/app.webmanifest")
@public
def live_manifest(plan_id: int) -> Response:
    """How the page stands on the home screen. It is made of the address alone and tells nothing about a plan."""
    words = {
        "id": f"/live/{plan_id}",
        "name": "Live sessie",
        "short_name": "Live sessie",
        "lang": "nl-BE",
        "start_url": f"/live/{plan_id}",
        "scope": "/live/",
        "display": "standalone",
        "background_color": "#3d1638",
        "theme_color": "#3d1638",
        "icons": [{"src": static_url("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    answer = Response(current_app.json.dumps(words), content_type="application/manifest+json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
