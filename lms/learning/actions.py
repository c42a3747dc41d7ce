"""What a learner does. Each function is one transaction that locks the learner's row first.

The lock matters on PostgreSQL: two tabs that give the two last answers at once would not see each
other's row, and the pack would stay shut. Completion, attest and open pack appear in the transaction of
the last step, or not at all.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from typing import Any

from lms.clock import now
from lms.content.library import find_dialogue, find_exercise
from lms.content.models import Library, PlayDialogue
from lms.database import db
from lms.didactics.dialogue import Lost, replay
from lms.errors import Conflict, Invalid, NotFound
from lms.learning import queries
from lms.learning.rules import draw_items, evidence_ref, is_completed, judge, score_test
from lms.learning.tables import (
    Attempt,
    Attest,
    Basis,
    Completion,
    DialoguePlay,
    DialogueTurnSaid,
    Evidence,
    TestSitting,
)
from lms.people.queries import get_person

KEY_LENGTH = 64


def submit_answer(
    library: Library, exercise_id: str, answer: Mapping[str, Any], *, key: str, by: int
) -> Attempt:
    """Judge and keep an answer of person ``by``. The same ``key`` again gives the first attempt back.

    Raises NotFound for an exercise that is not in the course, Invalid for an answer that is not complete.
    """
    exercise = find_exercise(library, exercise_id)
    if exercise is None or isinstance(exercise, PlayDialogue):
        raise NotFound("Deze oefening is veranderd. Laad de pagina opnieuw.")
    get_person(by, lock=True)
    earlier = queries.find_attempt_by_key(by, key)
    if earlier is not None:
        db.session.commit()
        return earlier
    judgement = judge(exercise, answer)
    attempt = Attempt(
        person_id=by,
        exercise_id=exercise_id,
        key=key[:KEY_LENGTH],
        answer=dict(answer),
        result=judgement.result,
        content_digest=library.digest,
        created_at=now(),
    )
    db.session.add(attempt)
    _show(library, by, evidence_ref(exercise))
    db.session.commit()
    return attempt


def finish_lesson(library: Library, lesson_id: str, *, by: int) -> None:
    """Mark a lesson without exercise as read."""
    get_person(by, lock=True)
    _show(library, by, f"lesson:{lesson_id}")
    db.session.commit()


def _show(library: Library, person_id: int, ref: str) -> None:
    """Keep evidence once, and complete the course when it was the last that was missing."""
    course = library.course
    if queries.has_evidence(person_id, course.id, ref):
        return
    db.session.add(Evidence(person_id=person_id, course_id=course.id, ref=ref, shown_at=now()))
    db.session.flush()
    if is_completed(course, queries.evidence_of(person_id, course.id)):
        _complete(library, person_id, Basis.COURSE)


def _complete(library: Library, person_id: int, basis: Basis) -> None:
    course = library.course
    if queries.find_completion(person_id, course.id) is not None:
        return
    completion = Completion(
        person_id=person_id,
        course_id=course.id,
        basis=basis,
        course_version=course.version,
        rule_version=course.completion.version,
        content_digest=library.digest,
        completed_at=now(),
    )
    db.session.add(completion)
    db.session.flush()
    db.session.add(Attest(completion_id=completion.id, code=secrets.token_urlsafe(16), issued_at=now()))


# ── dialogues ──────────────────────────────────────────────────────────────


def say(library: Library, dialogue_id: str, *, position: int, option_id: str, by: int) -> None:
    """Say something in a conversation. ``position`` counts the turns from 0; a turn said twice stays one.

    Raises Invalid without a choice, Conflict when the conversation is elsewhere by now (another tab, or
    content that changed).
    """
    dialogue = find_dialogue(library, dialogue_id)
    if dialogue is None:
        raise NotFound
    get_person(by, lock=True)
    play = queries.find_open_play(by, dialogue_id)
    if play is None:
        play = DialoguePlay(person_id=by, dialogue_id=dialogue_id, started_at=now())
        db.session.add(play)
        db.session.flush()
    said = [(row.turn_id, row.option_id) for row in queries.list_turns(play.id)]
    if position < len(said):
        # A double click or a page that was behind: what was said stands.
        db.session.commit()
        return
    try:
        state = replay(dialogue, said)
    except Lost as error:
        raise Conflict("Dit gesprek is intussen herschreven. Begin het opnieuw.") from error
    if position > len(said) or state.turn is None:
        raise Conflict("Dit gesprek staat intussen op een andere plek. Hieronder zie je waar.")
    option = next((option for option in state.turn.options if option.id == option_id), None)
    if option is None:
        raise Invalid("Kies eerst wat je zegt.")
    moment = now()
    db.session.add(
        DialogueTurnSaid(
            play_id=play.id,
            position=position,
            turn_id=state.turn.id,
            option_id=option.id,
            goals=dict(option.goals),
            created_at=moment,
        )
    )
    after = replay(dialogue, [*said, (state.turn.id, option.id)])
    if after.ending is not None:
        play.ending_id, play.ended_at = after.ending.id, moment
        _show(library, by, f"dialogue:{dialogue_id}")
    db.session.commit()


def take_back(dialogue_id: str, *, position: int, by: int) -> None:
    """Take back the turn at ``position`` and all after it. They stay in the history, marked."""
    get_person(by, lock=True)
    play = queries.find_open_play(by, dialogue_id)
    if play is not None:
        for row in queries.list_turns(play.id):
            if row.position >= position:
                row.taken_back_at = now()
        play.ending_id = play.ended_at = None
    db.session.commit()


def restart_dialogue(dialogue_id: str, *, by: int) -> None:
    """Close the conversation on screen, so the next word starts a new one."""
    get_person(by, lock=True)
    play = queries.find_open_play(by, dialogue_id)
    if play is not None:
        play.closed_at = now()
    db.session.commit()


def answer_written_variant(library: Library, dialogue_id: str, option_id: str, *, key: str, by: int) -> None:
    """Answer the written variant of a sensitive dialogue; it counts as having played it."""
    dialogue = find_dialogue(library, dialogue_id)
    if dialogue is None or dialogue.written_variant is None:
        raise NotFound
    variant = dialogue.written_variant
    option = next((option for option in variant.options if option.id == option_id), None)
    if option is None:
        raise Invalid("Kies eerst een antwoord.")
    get_person(by, lock=True)
    if queries.find_attempt_by_key(by, key) is None:
        db.session.add(
            Attempt(
                person_id=by,
                exercise_id=variant.id,
                key=key[:KEY_LENGTH],
                answer={"choice": option.id},
                result="right" if option.correct else "wrong",
                content_digest=library.digest,
                created_at=now(),
            )
        )
        _show(library, by, f"dialogue:{dialogue_id}")
    db.session.commit()


# ── the test ───────────────────────────────────────────────────────────────


def start_test(library: Library, *, by: int, chance: random.Random | None = None) -> None:
    """Draw a new test, or go on with the one that is open. ``chance`` is for tests only."""
    test = library.course.test
    get_person(by, lock=True)
    if queries.find_open_sitting(by, test.id) is None:
        drawn = draw_items(test, chance or random.SystemRandom())
        db.session.add(TestSitting(person_id=by, test_id=test.id, drawn=drawn, answers={}, started_at=now()))
    db.session.commit()


def answer_item(library: Library, item_id: str, option_id: str, *, by: int) -> None:
    """Keep the answer to one question of the open test; it may change until the test is handed in."""
    get_person(by, lock=True)
    sitting = queries.find_open_sitting(by, library.course.test.id)
    if sitting is None:
        raise Conflict("Deze toets is al ingediend.")
    row = next((row for row in sitting.drawn if row["item"] == item_id), None)
    if row is None or option_id not in row["options"]:
        raise Invalid("Kies eerst een antwoord.")
    sitting.answers = {**sitting.answers, item_id: option_id}
    db.session.commit()


def hand_in_test(library: Library, *, by: int) -> None:
    """Score the open test. A second click finds it handed in and changes nothing. Raises Invalid when incomplete."""
    test = library.course.test
    get_person(by, lock=True)
    sitting = queries.find_open_sitting(by, test.id)
    if sitting is None:
        db.session.commit()
        return
    drawn = [row["item"] for row in sitting.drawn]
    open_items = [item for item in drawn if item not in sitting.answers]
    if open_items:
        raise Invalid("Er staat nog een vraag open. Beantwoord die eerst.")
    score = score_test(test, sitting.answers, drawn)
    sitting.score, sitting.passed, sitting.handed_in_at = score.score, score.passed, now()
    if score.passed:
        _show(library, by, f"test:{test.id}")
    db.session.commit()
