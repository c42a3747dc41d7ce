"""What O&S does with a question: take it, answer it, publish the answer. Each function is one transaction.

``version`` is the one that stood in the form. When it is no longer the kept one, somebody changed the question or its
answer meanwhile: nothing is overwritten.
"""

from __future__ import annotations

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, Stale
from lms.inbox.queries import lock_sent_question
from lms.mail import compose
from lms.pack.tables import Question
from lms.people.queries import get_person
from lms.people.rules import Visitor
from lms.people.tables import Act, AuditRow

CHANGED = "Een collega of de begeleider paste dit intussen aan."


def take_question(question_id: int, *, by: Visitor) -> None:
    """Say that one takes care of it; also in the place of a colleague. Twice is once. Raises NotFound."""
    row = lock_sent_question(question_id)
    if row.owner_id != by.id:
        row.owner_id = by.id
        _keep(row, Act.QUESTION_TAKEN, by)


def release_question(question_id: int, *, by: Visitor) -> None:
    """Leave it to whoever wants to. Raises NotFound, Conflict when it is in the hands of a colleague."""
    row = lock_sent_question(question_id)
    if row.owner_id not in (None, by.id):
        raise Conflict("Een collega nam deze vraag intussen over.")
    if row.owner_id is not None:
        row.owner_id = None
        _keep(row, Act.QUESTION_RELEASED, by)


def answer_question(question_id: int, answer: str, *, version: int, by: Visitor, link_base: str) -> None:
    """Answer, or put an answer right; the begeleider gets it by mail. The same answer twice is sent once.

    Raises NotFound, Stale.
    """
    row = lock_sent_question(question_id)
    if row.answered_at is not None and row.answer == answer:
        db.session.rollback()
        return
    if row.version != version:
        raise Stale(CHANGED)
    is_better = row.answered_at is not None
    row.answer, row.answered_at = answer, now()
    row.owner_id = row.owner_id or by.id
    person = get_person(row.person_id)
    if person.erased_at is None and person.disabled_at is None:
        db.session.add(
            compose(
                "question_answered", person.email, name=person.name, by=by.name, question=row.text, answer=answer,
                is_better=is_better, link=f"{link_base}/pakket/vragen",
            )
        )  # fmt: skip
    _keep(row, Act.QUESTION_ANSWERED, by)


def publish_question(question_id: int, words: str, *, version: int, by: Visitor) -> None:
    """Put question and answer on the fiche, in ``words`` that O&S chose. Raises NotFound, Stale, Conflict."""
    row = lock_sent_question(question_id)
    if row.published_at is not None and row.published_as == words:
        db.session.rollback()
        return
    if row.version != version:
        raise Stale(CHANGED)
    if row.answered_at is None:
        raise Conflict("Beantwoord de vraag eerst.")
    row.published_as, row.published_at = words, row.published_at or now()
    _keep(row, Act.QUESTION_PUBLISHED, by)


def unpublish_question(question_id: int, *, by: Visitor) -> None:
    """Take it off the fiche; the words are kept for another time. Raises NotFound."""
    row = lock_sent_question(question_id)
    if row.published_at is not None:
        row.published_at = None
        _keep(row, Act.QUESTION_UNPUBLISHED, by)


def _keep(row: Question, act: Act, by: Visitor) -> None:
    row.version += 1
    db.session.add(AuditRow.of(act, row.id, by=by))
    db.session.commit()
