"""What O&S keeps about a school: contacts, what comes next, who follows it, and whether it may be asked.

Each function is one transaction and leaves one audit row; what changes nothing leaves none.
"""

from __future__ import annotations

from datetime import date

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, Invalid, Stale
from lms.people.rules import Visitor
from lms.people.tables import Act, AuditRow
from lms.schools.queries import following, get_visible_school
from lms.schools.rules.following import INTEREST_LABELS, Interest, NoteFacts, NoteKind
from lms.schools.tables import ContactNote, School

CHANGED = "Een collega bewaarde intussen iets anders."


def note_contact(school_id: int, facts: NoteFacts, *, key: str, by: Visitor) -> int:
    """Keep a contact with a school; gives its id. The same ``key`` again is the same contact. Raises NotFound."""
    get_visible_school(school_id, by)
    following.get_locked_school(school_id)
    same = following.find_note_by_key(key)
    if same is not None:
        db.session.rollback()
        return same.id
    note = _new_note(school_id, facts, key, by)
    db.session.add(AuditRow.of(Act.NOTE_ADDED, note.id, by=by))
    note_id = note.id
    db.session.commit()
    return note_id


def change_note(note_id: int, school_id: int, facts: NoteFacts, *, version: int, by: Visitor) -> None:
    """Keep what was mended in a contact. Raises NotFound, or Stale when ``version`` is no longer the one kept."""
    get_visible_school(school_id, by)
    note = following.get_note(note_id, school_id)
    if note.version != version:
        raise Stale(CHANGED)
    _fill(note, facts)
    note.version += 1
    db.session.add(AuditRow.of(Act.NOTE_CHANGED, note.id, by=by))
    db.session.commit()


def finish_action(note_id: int, school_id: int, *, by: Visitor) -> None:
    """What was to be done is done; once, however often one clicks. Raises NotFound."""
    note = _open_action(note_id, school_id, by)
    if note.done_at is None:
        note.done_at, note.version = now(), note.version + 1
        db.session.add(AuditRow.of(Act.ACTION_DONE, note.id, by=by))
    db.session.commit()


def reopen_action(note_id: int, school_id: int, *, by: Visitor) -> None:
    """Undo ``finish_action``. Raises NotFound."""
    note = _open_action(note_id, school_id, by)
    if note.done_at is not None:
        note.done_at, note.version = None, note.version + 1
        db.session.add(AuditRow.of(Act.ACTION_REOPENED, note.id, by=by))
    db.session.commit()


def postpone_action(note_id: int, school_id: int, *, until: date, by: Visitor) -> None:
    """Do it on another day. Raises NotFound, or Conflict for what is done already."""
    note = _open_action(note_id, school_id, by)
    if note.done_at is not None:
        raise Conflict("Deze actie is al afgewerkt. Kijk op de pagina van de school hoe het nu is.")
    if note.next_on != until:
        note.next_on, note.version = until, note.version + 1
        db.session.add(AuditRow.of(Act.ACTION_POSTPONED, note.id, by=by))
    db.session.commit()


def set_aside(
    school_id: int, interest: Interest, *, reason: str, until: date | None, version: int, key: str, by: Visitor
) -> None:
    """Stop asking a school, for good or until a day. The reason is also kept as a note, so that it stays in the story.

    Raises NotFound, Invalid for *later* without a day, or Stale when somebody else changed the school meanwhile.
    """
    get_visible_school(school_id, by)
    school = following.get_locked_school(school_id)
    if following.find_note_by_key(key) is not None:
        db.session.rollback()
        return
    if school.version != version:
        raise Stale(CHANGED)
    if interest is Interest.LATER and until is None:
        raise Invalid("Kies vanaf welke dag de school weer gevraagd mag worden.")
    school.interest, school.interest_reason = interest, reason
    school.interest_until = until if interest is Interest.LATER else None
    school.version += 1
    day = now().date()
    facts = NoteFacts(kind=NoteKind.NOTE, day=day, text=f"{INTEREST_LABELS[interest]}: {reason}")
    _new_note(school.id, facts, key, by)
    db.session.add(AuditRow.of(Act.SCHOOL_SET_ASIDE, school.id, by=by))
    db.session.commit()


def take_up(school_id: int, *, by: Visitor) -> None:
    """Follow a school again that was set aside; once, however often one clicks. Raises NotFound."""
    school = _school(school_id, by)
    if school.interest is not None:
        school.interest, school.interest_reason, school.interest_until = None, "", None
        school.version += 1
        db.session.add(AuditRow.of(Act.SCHOOL_TAKEN_UP, school.id, by=by))
    db.session.commit()


def follow_school(school_id: int, *, by: Visitor) -> None:
    """From now on ``by`` is who follows this school, in place of whoever did. Raises NotFound."""
    school = _school(school_id, by)
    if school.owner_id != by.id:
        school.owner_id, school.version = by.id, school.version + 1
        db.session.add(AuditRow.of(Act.SCHOOL_FOLLOWED, school.id, by=by))
    db.session.commit()


def let_go(school_id: int, *, by: Visitor) -> None:
    """Undo ``follow_school``: nobody follows the school, if it was ``by``. Raises NotFound."""
    school = _school(school_id, by)
    if school.owner_id == by.id:
        school.owner_id, school.version = None, school.version + 1
        db.session.add(AuditRow.of(Act.SCHOOL_LET_GO, school.id, by=by))
    db.session.commit()


def _school(school_id: int, by: Visitor) -> School:
    get_visible_school(school_id, by)
    return following.get_locked_school(school_id)


def _open_action(note_id: int, school_id: int, by: Visitor) -> ContactNote:
    get_visible_school(school_id, by)
    note = following.get_note(note_id, school_id)
    if note.next_on is None:
        raise Conflict("Bij dit contact hoort geen actie. Verbeter het contact om er een af te spreken.")
    return note


def _new_note(school_id: int, facts: NoteFacts, key: str, by: Visitor) -> ContactNote:
    # Somebody without an account works on the command line; a note then has no name.
    note = ContactNote(key=key, school_id=school_id, by_id=by.id or None, version=1, created_at=now())
    _fill(note, facts)
    db.session.add(note)
    db.session.flush()
    return note


def _fill(note: ContactNote, facts: NoteFacts) -> None:
    note.kind, note.day, note.text = facts.kind, facts.day, facts.text
    note.next_action, note.next_on, note.owner_id = facts.next_action, facts.next_on, facts.owner_id
    note.is_shared = facts.is_shared
    if facts.next_on is None:
        note.done_at = None
