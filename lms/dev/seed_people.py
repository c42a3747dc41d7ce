"""A large site for measurements, part one: people, schools, who works where, and what they did of the course."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from lms.content.models import Library
from lms.dev.demo import right_answer
from lms.learning.rules import Result
from lms.learning.rules.completion import Basis
from lms.learning.rules.progress import evidence_ref, lesson_refs
from lms.permissions import Role
from lms.schools.rules import SchoolKind, new_link_code
from lms.schools.rules.municipalities import MUNICIPALITY_NAMES

STAFF = 4
# More schools than this do not fit in Limburg; the rest lies in towns that are made up.
IN_LIMBURG, OTHER_TOWNS = 400, 250
YEARS = 3
BEGIN_SHARE, FINISH_SHARE = 0.75, 0.4
KINDS = (SchoolKind.SECONDARY,) * 7 + (SchoolKind.ADULT_EDUCATION,) + (SchoolKind.YOUTH_WORK,) * 2
NAMES = {
    SchoolKind.SECONDARY: "Demoschool",
    SchoolKind.ADULT_EDUCATION: "Demo-CVO",
    SchoolKind.YOUTH_WORK: "Demojeugdhuis",
}


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much of everything there is to be; the rest follows in proportion."""

    schools: int
    people: int
    attempts: int


@dataclass(kw_only=True)
class Town:
    """What is remembered while the tables are filled: who works where, and how far they are."""

    luck: Random
    library: Library
    size: Size
    moment: datetime
    began: dict[int, datetime] = field(default_factory=dict)
    school_of: dict[int, int] = field(default_factory=dict)
    finished: dict[int, datetime] = field(default_factory=dict)
    # Who began and did not finish, with how many pieces of evidence they left.
    busy: dict[int, int] = field(default_factory=dict)

    def ago(self, days: int = 365 * YEARS) -> datetime:
        return self.moment - timedelta(days=self.luck.uniform(0, days))

    def after(self, earlier: datetime) -> datetime:
        """A moment between ``earlier`` and now."""
        return earlier + (self.moment - earlier) * self.luck.random()

    @property
    def people(self) -> range:
        return range(STAFF + 1, STAFF + 1 + self.size.people)


# ── people and schools ─────────────────────────────────────────────────────


def people(town: Town) -> Iterator[dict[str, Any]]:
    for number in range(1, STAFF + 1):
        yield _person(number, f"os{number}@seed.example", f"Demo Medewerker {number}", Role.OS_STAFF, town.ago())
    for number in town.people:
        born = town.ago()
        town.began[number] = born
        yield _person(number, f"begeleider{number}@seed.example", f"Demo Begeleider {number}", Role.FACILITATOR, born)


def _person(number: int, email: str, name: str, role: Role, moment: datetime) -> dict[str, Any]:
    staff = role is not Role.FACILITATOR
    return {
        "id": number, "email": email, "name": name, "role": role, "created_at": moment, "last_seen_at": moment,
        "totp_secret": secrets.token_hex(16) if staff else None, "totp_confirmed_at": moment if staff else None,
    }  # fmt: skip


def schools(town: Town) -> Iterator[dict[str, Any]]:
    for number in range(1, town.size.schools + 1):
        near = number <= IN_LIMBURG or town.luck.random() < 0.05
        kind = town.luck.choice(KINDS)
        place = town.luck.choice(MUNICIPALITY_NAMES) if near else f"Demostad {town.luck.randrange(OTHER_TOWNS):03}"
        yield {
            "id": number, "name": f"{NAMES[kind]} {number:04}", "kind": kind, "municipality": place,
            "link_code": new_link_code(), "street": f"Demostraat {number}", "postcode": "3500",
            "number": None if kind is SchoolKind.YOUTH_WORK else f"{900_000 + number}",
            "owner_id": town.luck.choice([None, *range(1, STAFF + 1)]), "interest_reason": "", "version": 1,
            "created_at": town.ago(),
        }  # fmt: skip


def memberships(town: Town) -> Iterator[dict[str, Any]]:
    """Everybody works at one school, one in twenty at two, and one in ten left another one."""
    for person in town.people:
        school, other = (town.luck.randint(1, town.size.schools) for _ in range(2))
        town.school_of[person] = school
        born = town.began[person]
        yield {"person_id": person, "school_id": school, "started_at": born, "ended_at": None, "ended_by_self": None}
        fate = town.luck.random()
        if other != school and fate < 0.15:
            left = town.after(born) if fate < 0.1 else None
            yield {
                "person_id": person, "school_id": other, "started_at": born, "ended_at": left,
                "ended_by_self": None if left is None else True,
            }  # fmt: skip


# ── the course ─────────────────────────────────────────────────────────────


def completions(town: Town) -> Iterator[dict[str, Any]]:
    course = town.library.course
    most = len(_course_in_order(town.library))
    for person in town.people:
        fate = town.luck.random()
        if fate < FINISH_SHARE:
            done = town.finished[person] = town.after(town.began[person])
            yield {
                "person_id": person, "course_id": course.id, "basis": Basis.COURSE, "course_version": course.version,
                "rule_version": course.completion.version, "content_digest": town.library.digest, "known_refs": None,
                "completed_at": done, "followed_on": None, "revoked_at": None,
            }  # fmt: skip
        elif fate < BEGIN_SHARE:
            town.busy[person] = town.luck.randint(1, most - 1)


def _course_in_order(library: Library) -> list[str]:
    """The evidence of the core route, in the order of the course, with the test at the end."""
    refs = [ref for lesson in library.course.lessons if lesson.is_core for ref in lesson_refs(lesson)]
    return [*dict.fromkeys(refs), f"test:{library.course.test.id}"]


def evidence(town: Town) -> Iterator[dict[str, Any]]:
    refs = _course_in_order(town.library)
    for person in town.people:
        born = town.began[person]
        if person in town.finished:
            last, shown = town.finished[person], refs
        elif person in town.busy:
            last, shown = town.after(born), refs[: town.busy[person]]
        else:
            continue
        step = (last - born) / len(shown)
        for number, ref in enumerate(shown, start=1):
            yield {
                "person_id": person, "course_id": town.library.course.id, "ref": ref,
                "shown_at": born + step * number,
            }  # fmt: skip


def attempts(town: Town) -> Iterator[dict[str, Any]]:
    """Answers, spread over whoever began; the one who is asked for the most often has the most."""
    exercises = [
        (exercise.id, right_answer(exercise))
        for lesson in town.library.course.lessons
        for exercise in lesson.exercises
        if evidence_ref(exercise).startswith("exercise:") and exercise.kind in ("choice", "multiple", "classify")
    ]
    results = list(Result)[:3]
    who = sorted({*town.finished, *town.busy})
    for number in range(town.size.attempts if who and exercises else 0):
        person = who[number % len(who)]
        exercise, answer = exercises[town.luck.randrange(len(exercises))]
        yield {
            "person_id": person, "exercise_id": exercise, "key": f"seed-{number}", "answer": answer,
            "result": town.luck.choice(results), "content_digest": "", "created_at": town.after(town.began[person]),
        }  # fmt: skip
