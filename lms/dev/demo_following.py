"""Demo data about following schools: a few weeks of contacts, and one of each thing that waits in *Vandaag*."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import update

from lms.clock import BRUSSELS, now
from lms.database import db
from lms.learning.tables import Evidence
from lms.people.rules import new_token
from lms.people.tables import Person
from lms.permissions import Role
from lms.schools.rules.following import Interest, NoteKind
from lms.schools.tables import Contact, ContactNote, Membership, School


def follow(
    *, staff: int, genk: int, beringen: int, hasselt: int, maasmechelen: int, houthalen: int, shown: tuple[str, ...]
) -> None:
    """Add contacts and actions of ``staff`` with these schools, and people who wait.

    ``shown``: evidence of the course that somebody left before they stood still.
    """
    for days, kind, text, action, due in (
        (52, NoteKind.VISIT, "Kennismaking met directie en twee leerlingenbegeleiders.", "", 0),
        (38, NoteKind.MAIL, "Link naar de navorming en een overzicht van de vier sessies.", "", 0),
        (11, NoteKind.PHONE, "Drie klassen starten in januari. Vraag om een korte uitleg voor het team.",
         "Datum voorstellen voor uitleg aan het team", 4),
    ):  # fmt: skip
        _note(genk, staff, kind, text, days=days, action=action, late=due if action else None)
    _note(beringen, staff, NoteKind.PHONE, "Wil de toolbox in twee klassen gebruiken.", days=6,
          action="Bellen: hoe ging de eerste sessie?", late=0)  # fmt: skip
    db.session.execute(update(School).where(School.id.in_([genk, beringen])).values(owner_id=staff))
    _back_in_time(genk, hasselt)
    db.session.add(
        Contact(
            school_id=houthalen,
            name="Demo Vroeger",
            email="vroeger@demo.example",
            appointed_at=_ago(300),
            accepted_at=_ago(298),
            ended_at=_ago(9),
        )  # fmt: skip
    )
    later = (now() + timedelta(days=60)).astimezone(BRUSSELS).date()
    reason = "Vraagt om na de verbouwing terug te komen."
    aside = {"interest": Interest.LATER, "interest_reason": reason, "interest_until": later}
    db.session.execute(update(School).where(School.id == maasmechelen).values(aside))
    _note(maasmechelen, staff, NoteKind.NOTE, f"Later: {reason}", days=3)
    _somebody_stuck(genk, shown)
    db.session.commit()


def _ago(days: float) -> datetime:
    return now() - timedelta(days=days)


def _note(
    school: int, staff: int, kind: NoteKind, text: str, *, days: int, action: str = "", late: int | None = None
) -> None:
    day = _ago(days).astimezone(BRUSSELS).date()
    due = None if late is None else _ago(late).astimezone(BRUSSELS).date()
    db.session.add(
        ContactNote(
            key=new_token(),
            school_id=school,
            kind=kind,
            day=day,
            text=text,
            by_id=staff,
            next_action=action,
            next_on=due,
            owner_id=staff if action else None,
            created_at=datetime.combine(day, time(12), BRUSSELS),
        )  # fmt: skip
    )


def _back_in_time(genk: int, hasselt: int) -> None:
    """The one aanspreekpunt said yes some weeks ago, the other one was asked long enough ago to ask again."""
    db.session.execute(
        update(Contact).where(Contact.school_id == genk).values(appointed_at=_ago(48), accepted_at=_ago(45))
    )
    db.session.execute(update(Contact).where(Contact.school_id == hasselt).values(appointed_at=_ago(12)))
    db.session.execute(update(Membership).where(Membership.school_id == genk).values(started_at=_ago(44)))


def _somebody_stuck(school: int, shown: tuple[str, ...]) -> None:
    person = Person(email="halverwege@demo.example", name="Demo Halverwege", role=Role.FACILITATOR, created_at=_ago(43))
    db.session.add(person)
    db.session.flush()
    db.session.add(Membership(person_id=person.id, school_id=school, started_at=_ago(43)))
    for ref in shown:
        db.session.add(Evidence(person_id=person.id, course_id="navorming", ref=ref, shown_at=_ago(30)))
