"""Plain makers of rows, with sensible values for what a test does not care about."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from lms.clock import BRUSSELS, now
from lms.content.models import Library
from lms.database import db
from lms.learning.forms import new_key
from lms.pack.actions import logs
from lms.pack.rules.logs import BlockFacts, LogFacts, Mood, Outcome
from lms.pack.rules.planning import school_year_of
from lms.pack.tables import Group, Question, SessionLog
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.rules import SchoolKind
from lms.schools.rules.following import NoteKind
from lms.schools.tables import Contact, ContactNote, Membership, School
from tests.finished import finish

_numbers = itertools.count(1)


def _save(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    # The row stays readable after the session of the test ends, as every request has a session of its own.
    db.session.refresh(row)
    db.session.expunge(row)
    return row


def make_person(*, school: School | None = None, **fields: Any) -> Person:
    """A begeleider, unless ``role`` says otherwise; staff have confirmed their second factor."""
    number = next(_numbers)
    role = fields.get("role", Role.FACILITATOR)
    values: dict[str, Any] = {
        "email": f"persoon{number}@school.example",
        "name": f"Persoon Nummer{number}",
        "role": role,
        "created_at": now(),
    }
    if role is not Role.FACILITATOR:
        values |= {"totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "totp_confirmed_at": now()}
    person: Person = _save(Person(**values | fields))
    if school is not None:
        _save(Membership(person_id=person.id, school_id=school.id, started_at=now()))
    return person


def make_school(**fields: Any) -> School:
    number = next(_numbers)
    values = {
        "name": f"School Nummer{number}",
        "kind": SchoolKind.SECONDARY,
        "municipality": "Genk",
        "created_at": now(),
    }
    school: School = _save(School(**values | fields))
    return school


def make_contact_person(school: School, **fields: Any) -> Person:
    """Somebody who works at ``school`` and accepted to be its aanspreekpunt."""
    person = make_person(school=school, **fields)
    _save(
        Contact(
            school_id=school.id,
            name=person.name,
            email=person.email,
            person_id=person.id,
            appointed_at=now(),
            accepted_at=now(),
        )
    )
    return person


def make_note(school: School, **fields: Any) -> ContactNote:
    """A phone call of O&S with ``school``, today."""
    values: dict[str, Any] = {
        "key": f"nota-{next(_numbers)}",
        "school_id": school.id,
        "kind": NoteKind.PHONE,
        "day": now().astimezone(BRUSSELS).date(),
        "text": "Gebeld met het onthaal.",
        "created_at": now(),
    }
    note: ContactNote = _save(ContactNote(**values | fields))
    return note


def make_log(person: Person, school: School | None = None, **fields: Any) -> SessionLog:
    """A session that ``person`` gave today, at ``school``."""
    number = next(_numbers)
    day = fields.get("day", now().astimezone(BRUSSELS).date())
    values: dict[str, Any] = {
        "person_id": person.id,
        "client_id": f"log-{number}",
        "group_mark": f"groep-{number}",
        "school_id": school.id if school else None,
        "school_year": school_year_of(day),
        "session_slug": "wie-ben-jij",
        "day": day,
        "head_count": 14,
        "asked": [],
        "content_digest": "d",
        "received_at": now(),
        "changed_at": now(),
    }
    log: SessionLog = _save(SessionLog(**values | fields))
    return log


def make_finished(library: Library, **fields: Any) -> Person:
    """Somebody who did the whole course."""
    person = make_person(**fields)
    finish(library, person.id)
    return person


def make_group(person: Person, **fields: Any) -> Group:
    """A group of this begeleider, of this school year."""
    values = {
        "label": f"Groep {next(_numbers)}",
        "school_year": school_year_of(now().astimezone(BRUSSELS).date()),
        "kind": SchoolKind.SECONDARY,
        "created_at": now(),
    }
    group: Group = _save(Group(person_id=person.id, **values | fields))
    return group


def make_question(person: Person, group: Group | None = None, **fields: Any) -> Question:
    """A question that was parked just now in session 1, unless ``fields`` say otherwise."""
    number = next(_numbers)
    values = {
        "client_id": f"vraag-{number:026d}",
        "group_id": group.id if group else None,
        "school_id": group.school_id if group else None,
        "session_slug": "wie-ben-jij",
        "text": f"Vraag nummer {number}?",
        "parked_at": now(),
    }
    question: Question = _save(Question(person_id=person.id, **values | fields))
    return question


def give_session(
    library: Library,
    person: Person | int,
    *,
    slug: str = "wie-ben-jij",
    day: date | None = None,
    late: int = 0,
    **fields: Any,
) -> int:
    """A session that somebody gave as it stands in the toolbox, through the real action; gives the id of the log.

    ``late``: minutes that every exercise took longer. ``fields`` are those of LogFacts.
    """
    session = next(one for one in library.sessions if one.slug == slug)
    values: dict[str, Any] = {
        "session_slug": slug,
        "day": day or now().astimezone(BRUSSELS).date(),
        "head_count": 14,
        "mood": Mood.SMOOTH,
        "worked": "",
        "asked": (),
        "blocks": tuple(
            BlockFacts(
                block_id=one.id,
                exercise_id=one.id,
                outcome=Outcome.DONE,
                planned=one.minutes,
                actual=one.minutes + late,
            )
            for one in session.exercises
        ),
    }
    by = person if isinstance(person, int) else person.id
    return logs.log_session(LogFacts(**values | fields), client_id=new_key(), by=by)
