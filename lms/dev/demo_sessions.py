"""Demo data about sessions: one that was given by its plan, and the next one, planned and ready to run live."""

from __future__ import annotations

from datetime import date, time, timedelta

from lms.clock import BRUSSELS, now
from lms.content.library import find_session
from lms.content.models import Library, Session
from lms.learning.forms import new_key
from lms.pack.actions import logs, plans
from lms.pack.rules.logs import BlockFacts, LogFacts, Mood, Outcome
from lms.pack.rules.planning import Asked

# Minutes that each exercise of session 1 really took longer or shorter than in the toolbox.
DRIFT = (1, 6, 3, -2, -3, 0)
# The same for groups of before: days ago, with how many youngsters, minutes of each exercise.
OTHERS = (
    (38, 16, (1, 3, 0, 2, -2, 0)), (31, 12, (0, 5, 2, -1, 0, 1)), (24, 18, (2, 6, 3, 0, -3, 0)),
    (16, 15, (0, 4, -1, 2, 1, 1)),
)  # fmt: skip


def give_sessions(library: Library, person_id: int, group_id: int) -> None:
    """Session 1 was given last week, session 2 stands in the calendar of the day after tomorrow."""
    today = now().astimezone(BRUSSELS).date()
    first, second = (find_session(library, slug) for slug in ("wie-ben-jij", "talenten"))
    if first is None or second is None:
        return
    _give_before(first, person_id, today)
    given = today - timedelta(days=7)
    plan = plans.save_plan(
        _asked(given), first, label="Sessie 1 in twee lesuren", group_id=group_id, key=new_key(), by=person_id
    )
    blocks = tuple(
        BlockFacts(
            block_id=one.id,
            exercise_id=one.id,
            outcome=Outcome.DONE,
            planned=one.minutes,
            actual=one.minutes + drift,
        )
        for one, drift in zip(first.exercises, DRIFT, strict=False)
    )
    log = LogFacts(
        session_slug=first.slug,
        day=given,
        head_count=14,
        mood=Mood.SMOOTH,
        worked="In duo's vertelden ze meer dan in de grote groep.",
        asked=tuple(first.exercises[1].probing_questions[0].variants[:1]),
        blocks=blocks,
        group_id=group_id,
        plan_id=plan,
    )
    logs.log_session(log, client_id=new_key(), by=person_id)
    plans.save_plan(_asked(today + timedelta(days=2)), second, label="", group_id=group_id, key=new_key(), by=person_id)


def _give_before(session: Session, person_id: int, today: date) -> None:
    """Four groups of before, so that the fiche can say how long the exercises really take."""
    for days, heads, drifts in OTHERS:
        blocks = tuple(
            BlockFacts(
                block_id=one.id, exercise_id=one.id, outcome=Outcome.DONE, planned=one.minutes,
                actual=one.minutes + drift,
            )
            for one, drift in zip(session.exercises, drifts, strict=False)
        )  # fmt: skip
        log = LogFacts(
            session_slug=session.slug, day=today - timedelta(days=days), head_count=heads, mood=Mood.SMOOTH,
            worked="", asked=(), blocks=blocks,
        )  # fmt: skip
        logs.log_session(log, client_id=new_key(), by=person_id)


def _asked(day: date) -> Asked:
    return Asked(hours=(50, 50), day=day, start=time(10, 25), size=14)
