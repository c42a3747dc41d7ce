"""Schools, people and sessions at random, for tests that hold figures against the rows behind them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from lms.clock import now
from lms.content.models import Library
from lms.database import Base, db
from lms.learning.rules import course_refs
from lms.learning.rules.completion import Basis
from lms.learning.tables import Completion, Evidence
from lms.pack.rules.planning import school_year_of
from lms.pack.tables import SessionLog
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.rules import SchoolKind
from lms.schools.rules.following import NoteKind
from lms.schools.tables import Contact, ContactNote, Membership, School

PLACES = ("Genk", "Beringen", "Maasmechelen", "Hasselt", "Leuven", "Heusden-Zolder")


def random_world(library: Library, seed: int, *, schools: int = 12, people: int = 30) -> list[int]:
    """Fill the database with what can be true of schools, in every mixture; gives the ids of two of the staff."""
    luck = Random(seed)

    def moment() -> datetime:
        return now() - timedelta(days=luck.randrange(900), hours=luck.randrange(24))

    staff = [_person(f"os{number}-{seed}", Role.OS_STAFF) for number in range(2)]
    all_schools = [
        School(
            name=f"School {seed}-{number}", kind=luck.choice(list(SchoolKind)), municipality=luck.choice(PLACES),
            owner_id=luck.choice([None, *(one.id for one in staff)]), created_at=moment(),
        )
        for number in range(schools)
    ]  # fmt: skip
    _add(all_schools)
    for school in all_schools:
        _add(_contacts(luck, school, moment))
        if luck.random() < 0.3:
            kind = luck.choice(list(NoteKind))
            _add(
                [
                    ContactNote(
                        key=f"{seed}-{school.id}",
                        school_id=school.id,
                        kind=kind,
                        day=now().date(),
                        text="Gebeld",
                        created_at=now(),
                    )
                ]
            )
    refs = sorted(course_refs(library.course))
    for number in range(people):
        person = _person(f"wie{number}-{seed}", Role.FACILITATOR)
        for school in luck.sample(all_schools, luck.choice([0, 1, 1, 1, 2])):
            began = moment()
            ended = began + timedelta(days=luck.randrange(200)) if luck.random() < 0.25 else None
            _add([Membership(person_id=person.id, school_id=school.id, started_at=began, ended_at=ended)])
            if luck.random() < 0.3:
                _add([_log(luck, person, luck.choice([None, school.id])) for _ in range(luck.randrange(4))])
        shown = luck.sample(refs, luck.choice([0, 0, 1, len(refs) // 2, len(refs)]))
        _add([Evidence(person_id=person.id, course_id=library.course.id, ref=ref, shown_at=moment()) for ref in shown])
        if luck.random() < 0.4:
            revoked = now() if luck.random() < 0.2 else None
            _add([_completion(library, person.id, moment(), revoked)])
        if luck.random() < 0.1:
            person.erased_at, person.name = now(), ""
    db.session.commit()
    ids = [one.id for one in staff]
    db.session.remove()
    return ids


def _add(rows: list[Any]) -> list[Any]:
    assert all(isinstance(row, Base) for row in rows)
    db.session.add_all(rows)
    db.session.flush()
    return rows


def _person(name: str, role: Role) -> Person:
    person = Person(email=f"{name}@school.example", name=name, role=role, created_at=now())
    if role is not Role.FACILITATOR:
        person.totp_secret, person.totp_confirmed_at = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", now()
    _add([person])
    return person


def _contacts(luck: Random, school: School, moment: Any) -> list[Contact]:
    rows = []
    for ended in [True] * luck.randrange(3) + [False] * luck.randrange(2):
        asked = moment()
        rows.append(
            Contact(
                school_id=school.id, name="Ann", email=f"ann{len(rows)}@school.example", appointed_at=asked,
                accepted_at=asked + timedelta(days=2) if luck.random() < 0.7 else None,
                ended_at=asked + timedelta(days=99) if ended else None,
            )
        )  # fmt: skip
    return rows


def _log(luck: Random, person: Person, school_id: int | None) -> SessionLog:
    day = (now() - timedelta(days=luck.randrange(800))).date()
    return SessionLog(
        person_id=person.id, client_id=f"{luck.random()}", group_mark="m", school_id=school_id,
        school_year=school_year_of(day), session_slug="kleine-sessie", day=day, head_count=luck.randrange(1, 25),
        asked=[], content_digest="d", received_at=now(), changed_at=now(),
    )  # fmt: skip


def _completion(library: Library, person_id: int, moment: datetime, revoked: datetime | None) -> Completion:
    return Completion(
        person_id=person_id, course_id=library.course.id, basis=Basis.COURSE, course_version=1, rule_version=1,
        content_digest="d", completed_at=moment, revoked_at=revoked,
    )  # fmt: skip
