"""Rehearsing a session against the clock. Each decision is an attempt that holds the whole run until then."""

from __future__ import annotations

import hashlib
import random

from lms.clock import now
from lms.content.library import find_exercise, fingerprint_of
from lms.content.models import Library
from lms.content.rehearsal_models import PlacedRehearsal
from lms.database import db
from lms.didactics.timing.overruns import LAST_DAY
from lms.didactics.timing.rehearsing import Day, Lost
from lms.errors import Conflict, Invalid, NotFound
from lms.learning import queries
from lms.learning.actions import _refuse_too_early, _show
from lms.learning.rules import evidence_ref
from lms.learning.rules.rehearsals import Run, judge_run, read_run
from lms.learning.tables import Attempt
from lms.people.queries import lock_person

REWRITTEN = "Deze doorloop is intussen herschreven. Begin opnieuw."
TRIES = 30


def begin(
    library: Library, exercise_id: str, *, after: int, day: int | None, by: int, chance: random.Random | None = None
) -> bool:
    """Begin a run on ``day``, or on one on which something has to be decided; gives whether this completed the course.

    ``after`` is the number of the run on screen, 0 when there is none: a second click finds that it began already.
    ``chance`` is for tests only. Raises Invalid for a day that does not exist.
    """
    rehearsal = _get_rehearsal(library, exercise_id)
    if day is not None and not 1 <= day <= LAST_DAY:
        raise Invalid(f"Kies een dag van 1 tot {LAST_DAY}.")
    lock_person(by)
    _refuse_too_early(library, exercise_id, by)
    last = _last(library, exercise_id, by)
    completed = False
    if after == (last[0].number if last else 0):
        before = last[0].day if last else None
        run = Run(number=after + 1, day=day or _any_day(rehearsal, before, chance or random.SystemRandom()))
        completed = _keep(library, rehearsal, run, by)
    db.session.commit()
    return completed


def decide(library: Library, exercise_id: str, *, run: int, position: int, choice: str, by: int) -> bool:
    """Decide what happens at the open boundary; gives whether this completed the course.

    ``run`` and ``position`` (decisions before this one) say what stood on screen; a decision sent twice stays one.
    Raises Invalid without a choice, Conflict when the run is elsewhere by now or the exercise was rewritten.
    """
    rehearsal = _get_rehearsal(library, exercise_id)
    lock_person(by)
    last = _last(library, exercise_id, by)
    if last is None or last[0].number != run:
        raise Conflict("Deze doorloop is intussen opnieuw begonnen. Hieronder zie je waar je staat.")
    kept, digest = last
    if position < len(kept.choices):
        completed = queries.did_complete(by, library.course.id, evidence_ref(rehearsal))
        db.session.commit()
        return completed and position == len(kept.choices) - 1
    if digest != fingerprint_of(library, exercise_id):
        raise Conflict(REWRITTEN)
    try:
        point = Day(rehearsal, kept.day).play(kept.choices)
    except Lost as error:
        raise Conflict(REWRITTEN) from error
    if position > len(kept.choices) or point.open is None:
        raise Conflict("Deze doorloop staat intussen op een ander moment. Hieronder zie je welk.")
    if all(choice != offer.choice or offer.hours is None for offer in point.open.offers):
        raise Invalid("Kies eerst wat je doet.")
    decided = Run(number=kept.number, day=kept.day, choices=(*kept.choices, choice))
    completed = _keep(library, rehearsal, decided, by)
    db.session.commit()
    return completed


def _get_rehearsal(library: Library, exercise_id: str) -> PlacedRehearsal:
    exercise = find_exercise(library, exercise_id)
    if not isinstance(exercise, PlacedRehearsal):
        raise NotFound
    return exercise


def _last(library: Library, exercise_id: str, person_id: int) -> tuple[Run, str] | None:
    """The run of this learner as it stands, with the fingerprint of the exercise it was played on."""
    attempt = queries.last_attempts(person_id, [exercise_id], library.course).get(exercise_id)
    run = read_run(attempt.answer) if attempt else None
    return (run, attempt.content_digest) if attempt and run else None


def _any_day(rehearsal: PlacedRehearsal, before: int | None, chance: random.Random) -> int:
    """Another day than ``before``, if it can be one on which the plan does not hold by itself."""
    for _ in range(TRIES):
        day = chance.randint(1, LAST_DAY)
        if day != before and Day(rehearsal, day).start().open is not None:
            return day
    return 1 if before != 1 else 2


def _keep(library: Library, rehearsal: PlacedRehearsal, run: Run, person_id: int) -> bool:
    """Keep the run as it is now; what it shows is shown at its end."""
    day = Day(rehearsal, run.day)
    point = day.play(run.choices)
    # What may exist once follows from the run itself, so that no key has to come from the form.
    key = hashlib.sha256(f"{rehearsal.id}:{run.number}:{len(run.choices)}".encode()).hexdigest()
    db.session.add(
        Attempt(
            person_id=person_id,
            exercise_id=rehearsal.id,
            key=key,
            answer=run.answer,
            result=judge_run(day, point),
            content_digest=fingerprint_of(library, rehearsal.id),
            created_at=now(),
        )
    )
    return point.is_over and _show(library, person_id, evidence_ref(rehearsal))
