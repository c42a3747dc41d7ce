"""The log of a session as a form of the site: the same fields as the phone sends, for who keeps no time on a phone."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from lms.content.toolbox_models import Session
from lms.pack.rules.live import questions_of

TYPED_LENGTH = 2000


def read_log_form(form: MultiDict[str, str], session: Session, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """What was typed, in the shape that ``read_log`` reads; also to fill the form in again. ``blocks``: its lines."""
    return {
        "session": session.slug,
        "plan": form.get("plan", "")[:10],
        "group": form.get("group", "")[:10],
        "day": form.get("day", "")[:20],
        "heads": form.get("heads", "")[:20],
        "mood": form.get("mood", "")[:20],
        "worked": form.get("worked", "")[:TYPED_LENGTH],
        "asked": [question for question in questions_in(session) if question in form.getlist("asked")],
        "blocks": [
            {
                "id": block["id"],
                "planned": block["planned"],
                "outcome": form.get(f"outcome-{place}", "")[:20],
                "actual": form.get(f"actual-{place}", "")[:20].strip(),
            }
            for place, block in enumerate(blocks)
        ],
    }


def questions_in(session: Session) -> list[str]:
    """The bijvragen of a session, each once, in its order."""
    return list(dict.fromkeys(question for one in session.exercises for question in questions_of(one)))
