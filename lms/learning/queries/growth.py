"""Everything a learner tried, for the learner alone: each in one statement."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from sqlalchemy import select

from lms.content.models import Course
from lms.database import db
from lms.learning.rules.growth import Play, Try
from lms.learning.tables import Attempt, DialoguePlay, DialogueTurnSaid


def list_tries(person_id: int, exercise_ids: Collection[str], course: Course) -> list[Try]:
    """Every answer to these exercises, also one under an id that moved since."""
    now_called = {old: new for old, new in course.moved.exercises.items() if new in exercise_ids}
    rows = db.session.execute(
        select(Attempt.exercise_id, Attempt.answer, Attempt.result, Attempt.created_at)
        .where(Attempt.person_id == person_id, Attempt.exercise_id.in_({*exercise_ids, *now_called}))
        .order_by(Attempt.id)
    )
    return [
        Try(
            exercise_id=now_called.get(row.exercise_id, row.exercise_id),
            at=row.created_at,
            answer=row.answer,
            result=row.result,
        )
        for row in rows
    ]


def list_plays(person_id: int, course: Course) -> list[Play]:
    """Every conversation that came to an end, with the scores of what still stands."""
    rows = db.session.execute(
        select(
            DialoguePlay.id, DialoguePlay.dialogue_id, DialoguePlay.ending_id, DialoguePlay.ended_at,
            DialogueTurnSaid.goals,
        )
        .join(DialogueTurnSaid, DialogueTurnSaid.play_id == DialoguePlay.id)
        .where(
            DialoguePlay.person_id == person_id,
            DialoguePlay.ended_at.is_not(None),
            DialogueTurnSaid.taken_back_at.is_(None),
        )
        .order_by(DialoguePlay.id, DialogueTurnSaid.position)
    )  # fmt: skip
    moved = course.moved.dialogues
    plays = [list(turns) for _, turns in groupby(rows, key=lambda row: row.id)]
    return [
        Play(
            dialogue_id=moved.get(turns[0].dialogue_id, turns[0].dialogue_id),
            ending_id=turns[0].ending_id,
            ended_at=turns[0].ended_at,
            turns=tuple(turn.goals for turn in turns),
        )
        for turns in plays
    ]
