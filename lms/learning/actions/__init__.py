"""What a learner does. Each function is one transaction that locks the learner's row first.

The lock matters on PostgreSQL: two tabs that give the two last answers at once would not see each
other's row, and the pack would stay shut. Completion, attest and open pack appear in the transaction of
the last step, or not at all.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from lms.clock import now
from lms.content.library import find_dialogue, find_exercise, fingerprint_of
from lms.content.models import PLAYED, Library, OwnQuestion, PlacedClassroom, Test
from lms.database import db
from lms.didactics.dialogue import Lost, replay
from lms.didactics.probing import judge_question
from lms.errors import Conflict, Invalid, NotFound
from lms.learning import queries
from lms.learning.rules import (
    Result,
    Score,
    draw_again,
    draw_items,
    evidence_ref,
    is_completed,
    judge,
    module_before,
    score_test,
)
from lms.learning.rules.classrooms import ClassStep, next_answer
from lms.learning.rules.completion import Basis, ChangeKind
from lms.learning.tables import (
    Attempt,
    Attest,
    Completion,
    CompletionChange,
    DialoguePlay,
    DialogueTurnSaid,
    Evidence,
    ProbingObjection,
    TestSitting,
)
from lms.people.queries import lock_person

KEY_LENGTH = 64


def submit_answer(library: Library, exercise_id: str, answer: Mapping[str, Any], *, key: str, by: int) -> bool:
    """Judge and keep an answer of person ``by``; gives whether this completed the course.

    The same ``key`` again is the same attempt, sent twice: nothing is added.
    Raises NotFound for an exercise that is not in the course, Invalid for an answer that is not complete.
    """
    exercise = find_exercise(library, exercise_id)
    if exercise is None or isinstance(exercise, PLAYED):
        raise NotFound("Deze oefening is veranderd. Laad de pagina opnieuw.")
    lock_person(by)
    _refuse_too_early(library, exercise_id, by)
    key = key[:KEY_LENGTH]
    judgement = judge(exercise, answer)
    if queries.has_attempt(by, key):
        completed = queries.did_complete(by, library.course.id, evidence_ref(exercise))
    else:
        db.session.add(_attempt(library, by, exercise_id, key, answer, judgement.result))
        completed = _show(library, by, evidence_ref(exercise))
    db.session.commit()
    return completed


def object_to_verdict(library: Library, exercise_id: str, *, by: int) -> None:
    """Keep the last bijvraag of person ``by`` with its verdict, because they do not agree with it.

    Once per attempt, however often it is sent. What is older than a year goes away in the same transaction.
    Raises NotFound when this is no own bijvraag, Conflict when nothing was asked yet.
    """
    exercise = find_exercise(library, exercise_id)
    if not isinstance(exercise, OwnQuestion):
        raise NotFound
    lock_person(by)
    attempt = queries.last_attempts(by, [exercise_id], library.course).get(exercise_id)
    if attempt is None:
        raise Conflict("Schrijf eerst een bijvraag. Daarna kan je zeggen dat je het niet eens bent met het oordeel.")
    db.session.execute(delete(ProbingObjection).where(ProbingObjection.created_at <= now() - queries.OBJECTION_KEPT))
    if attempt.id not in queries.list_objected([attempt.id]):
        question = str(attempt.answer.get("text") or "")
        verdict = judge_question(exercise.answer, question)
        db.session.add(
            ProbingObjection(
                attempt_id=attempt.id,
                exercise_id=exercise_id,
                said=exercise.answer,
                question=question,
                kind=verdict.type,
                stacked=verdict.stacked,
                blaming=verdict.blaming,
                judging=verdict.judging,
                uptake=verdict.uptake,
                rules=[finding.rule for finding in verdict.findings],
                created_at=now(),
            )
        )
    db.session.commit()


def _refuse_too_early(library: Library, name: str, person_id: int) -> None:
    """Raises Conflict for a lesson or exercise of a module that has to wait for another one."""
    course = library.course
    for module in course.modules:
        if module.after is None:
            continue
        names = {lesson.id for lesson in module.lessons} | {
            exercise.id for lesson in module.lessons for exercise in lesson.exercises
        }
        first = module_before(course, module, queries.evidence_of(person_id, course)) if name in names else None
        if first is not None:
            raise Conflict(f"Doe eerst het deel '{first.title}'. Daarna gaat dit deel open.")


def _attempt(
    library: Library, person_id: int, exercise_id: str, key: str, answer: Mapping[str, Any], result: Result
) -> Attempt:
    return Attempt(
        person_id=person_id,
        exercise_id=exercise_id,
        key=key,
        answer=dict(answer),
        result=result,
        content_digest=fingerprint_of(library, exercise_id),
        created_at=now(),
    )


def finish_lesson(library: Library, lesson_id: str, *, by: int) -> bool:
    """Mark a lesson without exercise as read; gives whether this completed the course."""
    lock_person(by)
    _refuse_too_early(library, lesson_id, by)
    ref = f"lesson:{lesson_id}"
    completed = _show(library, by, ref) or queries.did_complete(by, library.course.id, ref)
    db.session.commit()
    return completed


def _show(library: Library, person_id: int, ref: str) -> bool:
    """Keep evidence once; gives whether it was the last that was missing, and then completes the course."""
    course, moment = library.course, now()
    shown = queries.evidence_of(person_id, course)
    if ref not in shown:
        db.session.add(Evidence(person_id=person_id, course_id=course.id, ref=ref, shown_at=moment))
    # Also when it was shown before: a lesson that left the course may have been the last that was missing.
    if not is_completed(course, shown | {ref}):
        return False
    return _complete(library, person_id, moment)


def _complete(library: Library, person_id: int, moment: datetime) -> bool:
    """Complete by evidence, once. A pack that O&S had opened without the course gets its attest now.

    A completion that was taken back stays so: its owner asks O&S.
    """
    course = library.course
    completion = queries.find_completion(person_id, course.id)
    if completion is not None and completion.basis is not Basis.GRANTED:
        return False
    if completion is None:
        completion = Completion(person_id=person_id, course_id=course.id)
        db.session.add(completion)
    else:
        db.session.add(
            CompletionChange(completion_id=completion.id, kind=ChangeKind.FINISHED, reason="", happened_at=moment)
        )
    completion.stand_on(library, Basis.COURSE, moment)
    db.session.flush()
    db.session.add(Attest.of(completion, course, moment))
    return True


# ── dialogues ──────────────────────────────────────────────────────────────


def say(library: Library, dialogue_id: str, *, position: int, option_id: str, by: int) -> bool:
    """Say something in a conversation; gives whether this completed the course.

    ``position`` counts the turns from 0; a turn said twice stays one.

    Raises Invalid without a choice, Conflict when the conversation is elsewhere by now (another tab, or
    content that changed).
    """
    dialogue = find_dialogue(library, dialogue_id)
    if dialogue is None:
        raise NotFound
    lock_person(by)
    play = queries.find_open_play(by, dialogue_id)
    if play is None:
        play = DialoguePlay(person_id=by, dialogue_id=dialogue_id, started_at=now())
        db.session.add(play)
        db.session.flush()
    said = [(row.turn_id, row.option_id) for row in queries.list_turns(play.id)]
    if position < len(said):
        # A double click or a page that was behind: what was said stands.
        completed = queries.did_complete(by, library.course.id, f"dialogue:{dialogue_id}")
        db.session.commit()
        return completed and position == len(said) - 1
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
    completed = False
    if after.ending is not None:
        play.ending_id, play.ended_at = after.ending.id, moment
        completed = _show(library, by, f"dialogue:{dialogue_id}")
    db.session.commit()
    return completed


def take_back(dialogue_id: str, *, position: int, by: int) -> None:
    """Take back the turn at ``position`` and all after it. They stay in the history, marked."""
    lock_person(by)
    play = queries.find_open_play(by, dialogue_id)
    if play is not None:
        for row in queries.list_turns(play.id):
            if row.position >= position:
                row.taken_back_at = now()
        play.ending_id = play.ended_at = None
    db.session.commit()


def restart_dialogue(dialogue_id: str, *, by: int) -> None:
    """Close the conversation on screen, so the next word starts a new one."""
    lock_person(by)
    play = queries.find_open_play(by, dialogue_id)
    if play is not None:
        play.closed_at = now()
    db.session.commit()


def answer_written_variant(library: Library, dialogue_id: str, option_id: str, *, key: str, by: int) -> bool:
    """Answer the written variant of a sensitive dialogue, which counts as having played it.

    Gives whether this completed the course.
    """
    dialogue = find_dialogue(library, dialogue_id)
    if dialogue is None or dialogue.written_variant is None:
        raise NotFound
    variant = dialogue.written_variant
    option = next((option for option in variant.options if option.id == option_id), None)
    if option is None:
        raise Invalid("Kies eerst een antwoord.")
    lock_person(by)
    key = key[:KEY_LENGTH]
    if queries.has_attempt(by, key):
        completed = queries.did_complete(by, library.course.id, f"dialogue:{dialogue_id}")
    else:
        result = Result.RIGHT if option.correct else Result.WRONG
        db.session.add(_attempt(library, by, variant.id, key, {"choice": option.id}, result))
        completed = _show(library, by, f"dialogue:{dialogue_id}")
    db.session.commit()
    return completed


def play_classroom(library: Library, exercise_id: str, step: ClassStep, *, key: str, by: int) -> bool:
    """Make a move in a class, or take the same or a new class; gives whether this completed the course.

    The same ``key`` again is the same step, sent twice. Raises NotFound when the class left the course, Conflict when
    the round is elsewhere by now, Invalid without a move.
    """
    exercise = find_exercise(library, exercise_id)
    if not isinstance(exercise, PlacedClassroom):
        raise NotFound
    lock_person(by)
    _refuse_too_early(library, exercise_id, by)
    ref, completed = evidence_ref(exercise), False
    if queries.has_attempt(by, key[:KEY_LENGTH]):
        completed = queries.did_complete(by, library.course.id, ref)
    else:
        last = queries.last_attempts(by, [exercise_id], library.course).get(exercise_id)
        answer = next_answer(exercise, last.answer if last else {}, step)
        db.session.add(_attempt(library, by, exercise_id, key[:KEY_LENGTH], answer, Result.SEEN))
        if answer["moves"][-1:] == ["close"]:
            completed = _show(library, by, ref)
    db.session.commit()
    return completed


# ── the test ───────────────────────────────────────────────────────────────


def start_test(library: Library, *, by: int, retake: bool = False, chance: random.Random | None = None) -> None:
    """Draw a new test, or go on with the one that is open. ``chance`` is for tests only.

    ``retake``: only the critical items that were wrong, if they alone stood in the way last time.
    """
    test = library.course.test
    lock_person(by)
    if queries.find_open_sitting(by, test.id) is None:
        last = queries.find_last_result(by, test.id) if retake else None
        again = score_of(test, last).again if last else ()
        chance = chance or random.SystemRandom()
        drawn = draw_again(test, again, chance) if again else draw_items(test, chance)
        db.session.add(
            TestSitting(
                person_id=by,
                test_id=test.id,
                drawn=drawn,
                answers={},
                is_retake=bool(again),
                started_at=now(),
            )
        )
    db.session.commit()


def score_of(test: Test, sitting: TestSitting) -> Score:
    """The score of a sitting by the content of now."""
    drawn = [row["item"] for row in sitting.drawn]
    return score_test(test, sitting.answers, drawn, is_retake=sitting.is_retake)


def answer_item(library: Library, item_id: str, option_id: str, *, by: int) -> None:
    """Keep the answer to one question of the open test; it may change until the test is handed in."""
    lock_person(by)
    sitting = queries.find_open_sitting(by, library.course.test.id)
    if sitting is None:
        raise Conflict("Deze toets is al ingediend.")
    row = next((row for row in sitting.drawn if row["item"] == item_id), None)
    if row is None or option_id not in row["options"]:
        raise Invalid("Kies eerst een antwoord.")
    sitting.answers = {**sitting.answers, item_id: option_id}
    db.session.commit()


def hand_in_test(library: Library, *, by: int) -> bool:
    """Score the open test; gives whether this completed the course.

    A second click finds the test handed in and changes nothing. Raises Invalid when a question is open.
    """
    test = library.course.test
    lock_person(by)
    sitting = queries.find_open_sitting(by, test.id)
    if sitting is None:
        completed = queries.did_complete(by, library.course.id, f"test:{test.id}")
        db.session.commit()
        return completed
    known = {item.id for item in test.items}
    drawn = [row["item"] for row in sitting.drawn]
    open_items = [item for item in drawn if item in known and item not in sitting.answers]
    if open_items:
        raise Invalid("Er staat nog een vraag open. Beantwoord die eerst.")
    score = score_of(test, sitting)
    sitting.score, sitting.passed, sitting.handed_in_at = score.score, score.passed, now()
    completed = score.passed and _show(library, by, f"test:{test.id}")
    db.session.commit()
    return completed
