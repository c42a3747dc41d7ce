"""What a phone needs to run a session by itself: the plan, what to say, and what its rules stand on, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from lms.content.models import Library
from lms.content.toolbox_models import Session, ToolboxExercise
from lms.didactics.first_names import FIRST_NAMES
from lms.didactics.timing.live import live_facts
from lms.didactics.timing.plans import MINI_CHECKIN, MINI_CHECKOUT, Block
from lms.pack.rules.planning import Asked, fingerprint_of

MINI_STEPS = {
    MINI_CHECKIN: "Open kort: hoe zit iedereen erbij, en wat bleef hangen van het vorige lesuur?",
    MINI_CHECKOUT: "Sluit kort af: wat neem je mee, en waar gaan we de volgende keer verder?",
}


def live_words(live: Library, session: Session, asked: Asked, blocks: Sequence[Block], *, known: str) -> dict[str, Any]:
    """The session for the phone. ``known``: the name of the begeleider, which is no youngster's."""
    return {
        "session": {"slug": session.slug, "number": session.number, "title": session.short_title},
        "digest": fingerprint_of(session),
        "hours": list(asked.hours),
        "start": _clock(asked.start),
        "day": asked.day.isoformat() if asked.day else None,
        "heads": asked.size,
        "blocks": [_block(live, session, block, asked.changes.formats) for block in blocks],
        "known": known,
        "names": " ".join(sorted(FIRST_NAMES)),
    }


def _clock(start: time | None) -> str | None:
    return f"{start:%H:%M}" if start else None


def _block(live: Library, session: Session, block: Block, formats: Mapping[str, str]) -> dict[str, Any]:
    exercise = next((one for one in session.exercises if one.id == block.exercise_id), None)
    chosen = formats.get(block.exercise_id)
    activity = next((one for one in live.formats if one.id == chosen), None)
    return live_facts(session, block, live.minis) | {
        "how": _steps(exercise, block),
        "notes": exercise.facilitator_notes if exercise else "",
        "safety": (exercise.safety_note if exercise else None) or "",
        "need": ", ".join(exercise.materials) if exercise else "",
        "form": activity.name if activity else "",
        "ask": questions_of(exercise) if exercise else [],
    }


def _steps(exercise: ToolboxExercise | None, block: Block) -> list[str]:
    """All steps of the exercise, or the one step that the block is."""
    if exercise is None:
        return [MINI_STEPS[block.id]]
    label = block.id.partition(".")[2]
    return [step.text for step in exercise.steps if not label or step.label == label]


def questions_of(exercise: ToolboxExercise) -> list[str]:
    return [variant for question in exercise.probing_questions for variant in question.variants]
