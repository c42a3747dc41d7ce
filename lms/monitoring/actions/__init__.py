"""What O&S decides about the completion of one person. Each function is one transaction.

Each decision leaves a ``CompletionChange`` with its reason, an audit row and a mail to whom it is about. All begin by
locking the person, so a decision and the last step of the course take turns.
"""

from __future__ import annotations

from datetime import date

from lms.clock import now, short_day
from lms.content.models import Library
from lms.database import db
from lms.errors import Conflict
from lms.learning.queries import find_completion, list_changes
from lms.learning.rules.completion import Basis, ChangeKind, possible_decisions
from lms.learning.tables import Attest, Completion, CompletionChange
from lms.mail import compose
from lms.monitoring.queries import get_visible_person
from lms.people.queries import lock_person
from lms.people.rules import DOUBLE_CLICK, Visitor
from lms.people.tables import Act, AuditRow, Person

# How a decision is written down, and the mail that tells it.
_TOLD = {
    ChangeKind.LIVE: (Act.LIVE_GRANTED, "completion_live"),
    ChangeKind.OPENED: (Act.PACK_OPENED, "completion_opened"),
    ChangeKind.REVOKED: (Act.COMPLETION_REVOKED, "completion_revoked"),
    ChangeKind.REOPENED: (Act.COMPLETION_REOPENED, "completion_reopened"),
}


def grant_live(
    library: Library, person_id: int, *, followed_on: date, reason: str, by: Visitor, link_base: str
) -> None:
    """Give attest and pack to somebody who followed the live navorming on ``followed_on``. ``reason`` may be empty.

    Raises NotFound, and Conflict when they have an attest already or the pack was taken back.
    """
    person, completion = _look(person_id, library.course.id, by)
    if _is_decided(ChangeKind.LIVE, completion, person, library.course.id):
        return
    completion = _stand_on(library, person, completion, Basis.LIVE, followed_on)
    db.session.add(Attest.of(completion, library.course, completion.completed_at))
    _write_down(ChangeKind.LIVE, person, completion, reason, by, link_base)
    db.session.commit()


def open_pack(library: Library, person_id: int, *, reason: str, by: Visitor, link_base: str) -> None:
    """Open the pack for somebody who did not do the course; there is no attest. Raises NotFound, Conflict."""
    person, completion = _look(person_id, library.course.id, by)
    if _is_decided(ChangeKind.OPENED, completion, person, library.course.id):
        return
    completion = _stand_on(library, person, completion, Basis.GRANTED, None)
    _write_down(ChangeKind.OPENED, person, completion, reason, by, link_base)
    db.session.commit()


def revoke(library: Library, person_id: int, *, reason: str, by: Visitor, link_base: str) -> None:
    """Take attest and pack back, together. Raises NotFound, Conflict."""
    person, completion = _look(person_id, library.course.id, by)
    if _is_decided(ChangeKind.REVOKED, completion, person, library.course.id) or completion is None:
        return
    completion.revoked_at = now()
    _write_down(ChangeKind.REVOKED, person, completion, reason, by, link_base)
    db.session.commit()


def reopen(library: Library, person_id: int, *, reason: str, by: Visitor, link_base: str) -> None:
    """Give attest and pack back, together. Raises NotFound, Conflict."""
    person, completion = _look(person_id, library.course.id, by)
    if _is_decided(ChangeKind.REOPENED, completion, person, library.course.id) or completion is None:
        return
    completion.revoked_at = None
    _write_down(ChangeKind.REOPENED, person, completion, reason, by, link_base)
    db.session.commit()


def _look(person_id: int, course_id: str, by: Visitor) -> tuple[Person, Completion | None]:
    person = get_visible_person(person_id, by)
    lock_person(person.id)
    return person, find_completion(person.id, course_id)


def _is_decided(kind: ChangeKind, completion: Completion | None, person: Person, course_id: str) -> bool:
    """Whether this is the second click on the same button. Raises Conflict when somebody was first otherwise."""
    basis, is_revoked = (None, False) if completion is None else (completion.basis, completion.revoked_at is not None)
    if kind in possible_decisions(basis, is_revoked=is_revoked):
        return False
    newest = next(iter(list_changes(person.id, course_id)), None)
    if newest is not None and newest.kind is kind and newest.happened_at > now() - DOUBLE_CLICK:
        return True
    raise Conflict(
        f"Er is intussen iets veranderd bij {person.name}. Kijk op de pagina van deze begeleider hoe het nu is."
    )


def _stand_on(
    library: Library, person: Person, completion: Completion | None, basis: Basis, followed_on: date | None
) -> Completion:
    if completion is None:
        completion = Completion(person_id=person.id, course_id=library.course.id)
        db.session.add(completion)
    completion.stand_on(library, basis, now(), followed_on=followed_on)
    db.session.flush()
    return completion


def _write_down(
    kind: ChangeKind, person: Person, completion: Completion, reason: str, by: Visitor, link_base: str
) -> None:
    act, mail = _TOLD[kind]
    db.session.add(
        CompletionChange(completion_id=completion.id, kind=kind, reason=reason, by_id=by.id or None, happened_at=now())
    )
    db.session.add(AuditRow.of(act, completion.id, by=by))
    followed_on = completion.followed_on
    db.session.add(
        compose(
            mail,
            person.email,
            name=person.name,
            by=by.name,
            reason=reason,
            day=f"{followed_on:%d/%m/%Y}" if followed_on else short_day(now()),
            has_attest=completion.basis is not Basis.GRANTED,
            link=f"{link_base}/pakket",
        )
    )
