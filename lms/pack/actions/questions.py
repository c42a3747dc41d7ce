"""What a begeleider does with the questions that wait. Each function is one transaction.

Whoever changes a question counts its ``version`` up, so that an answer which O&S is writing meanwhile does not land
on another question than the one that was read.
"""

from __future__ import annotations

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, Stale
from lms.pack import queries
from lms.pack.queries import questions
from lms.pack.rules.questions import QUESTIONS_AT_MOST, QuestionFacts
from lms.pack.tables import Question
from lms.people.queries import lock_person
from lms.schools.queries import list_workplaces


def park_question(facts: QuestionFacts, *, key: str, by: int) -> int:
    """Keep a question for later; gives its id. The same ``key`` again is the same question, and adds nothing.

    Raises NotFound for a group of somebody else, Conflict when there are too many.
    """
    lock_person(by)
    same = questions.find_question_by_key(key, by)
    if same is not None:
        db.session.rollback()
        return same.id
    if questions.count_own_questions(by) >= QUESTIONS_AT_MOST:
        raise Conflict(f"Je hebt al {QUESTIONS_AT_MOST} vragen. Verwijder eerst een oude.")
    row = Question(person_id=by, client_id=key, parked_at=now(), answer="", published_as="", version=1)
    _fill(row, facts)
    db.session.add(row)
    db.session.flush()
    question_id = row.id
    db.session.commit()
    return question_id


def change_question(question_id: int, facts: QuestionFacts, *, version: int, by: int) -> None:
    """Write it down better. Raises NotFound, Stale for another ``version`` than the kept one, Conflict if answered."""
    row = questions.get_own_question(question_id, by, lock=True)
    if row.version != version:
        raise Stale("Deze vraag is intussen ergens anders aangepast.")
    if row.answered_at is not None:
        raise Conflict("O&S heeft deze vraag al beantwoord. Parkeer een nieuwe vraag als er iets bij komt.")
    _fill(row, facts)
    _keep(row)


def settle_question(question_id: int, *, by: int) -> None:
    """The group heard what it wanted to know. Clicking twice changes nothing. Raises NotFound."""
    row = questions.get_own_question(question_id, by, lock=True)
    if row.settled_at is None:
        row.settled_at = now()
        _keep(row)


def reopen_question(question_id: int, *, by: int) -> None:
    """It was not dealt with after all: back to the next check-in. Raises NotFound."""
    row = questions.get_own_question(question_id, by, lock=True)
    if row.settled_at is not None:
        row.settled_at = None
        _keep(row)


def send_question(question_id: int, *, by: int) -> None:
    """Ask O&S. Clicking twice sends it once. Raises NotFound, Conflict for what was settled."""
    row = questions.get_own_question(question_id, by, lock=True)
    if row.settled_at is not None:
        raise Conflict("Deze vraag is al afgehandeld. Zet ze eerst terug.")
    if row.sent_at is None:
        row.sent_at = now()
        _keep(row)


def withdraw_question(question_id: int, *, by: int) -> None:
    """Ask O&S no longer. Raises NotFound, Conflict when there is an answer."""
    row = questions.get_own_question(question_id, by, lock=True)
    if row.answered_at is not None:
        raise Conflict("O&S heeft deze vraag al beantwoord.")
    if row.sent_at is not None:
        row.sent_at = row.owner_id = None
        _keep(row)


def remove_question(question_id: int, *, by: int) -> None:
    """Raises NotFound. What was published of it disappears for everybody."""
    db.session.delete(questions.get_own_question(question_id, by, lock=True))
    db.session.commit()


def _fill(row: Question, facts: QuestionFacts) -> None:
    group = None if facts.group_id is None else queries.get_group(facts.group_id, row.person_id)
    row.group_id = group.id if group else None
    row.school_id = group.school_id if group and group.school_id else _only_school(row.person_id)
    row.session_slug, row.exercise_id, row.text = facts.session_slug, facts.exercise_id, facts.text


def _only_school(person_id: int) -> int | None:
    """The school of somebody who works at one; with more, a question without group says nothing about which."""
    places = list_workplaces(person_id)
    return places[0].id if len(places) == 1 else None


def _keep(row: Question) -> None:
    row.version += 1
    db.session.commit()
