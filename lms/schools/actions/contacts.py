"""Handing over to a next aanspreekpunt, going on for another year, and stopping. Each function is one transaction.

All begin by locking the school, so a school never has two, whoever clicks at the same moment; the index of the
database stands behind that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.clock import now, short_day
from lms.database import db
from lms.errors import Conflict, Expired, Invalid
from lms.mail import compose
from lms.people.queries import find_person_by_email
from lms.people.rules import SignedIn, Visitor, clean_email, clean_name, fingerprint, new_token
from lms.people.tables import Act, AuditRow, Person, SignIn
from lms.permissions import Role
from lms.schools import queries
from lms.schools.queries import contacts
from lms.schools.rules import BETWEEN_INVITATIONS, INVITATION_LIFE
from lms.schools.tables import Contact, Membership, School, Succession


def ask_successor(school_id: int, *, name: str, email: str, message: str, by: Visitor, link_base: str) -> None:
    """Ask somebody to take over from the aanspreekpunt, who stays until they say yes.

    Raises NotFound, Invalid for the address of the aanspreekpunt, or Conflict when there is nobody to take over
    from or somebody was asked already.
    """
    queries.lock_school(school_id)
    school = queries.get_visible_school(school_id, by)
    name, email = clean_name(name), clean_email(email)
    current = queries.find_open_contact(school_id)
    if current is None or current.accepted_at is None:
        raise Conflict(f"{school.name} heeft nu geen aanspreekpunt. Duid rechtstreeks iemand aan.")
    if current.email == email:
        raise Invalid("Dat is het adres van het aanspreekpunt van nu. Kies iemand anders.")
    asked = contacts.find_open_succession(school_id)
    if asked is not None:
        raise Conflict(f"{asked.name} is al gevraagd om over te nemen. Trek die vraag eerst in.")
    moment = now()
    row = Succession(
        school_id=school_id, contact_id=current.id, name=name, email=email, message=message, asked_by_id=by.id or None,
        asked_at=moment, sent_at=moment, token_fingerprint="", expires_at=moment,
    )  # fmt: skip
    _mail_link(row, school, current.name, link_base)
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict("Iemand anders vroeg net een opvolger. Bekijk de pagina opnieuw.") from error
    db.session.add(AuditRow.of(Act.SUCCESSOR_ASKED, row.id, by=by))
    db.session.commit()


def ask_successor_again(school_id: int, *, by: Visitor, link_base: str) -> str:
    """Mail the question to take over again, with a new link; gives the name. Raises NotFound, Conflict within a day."""
    queries.lock_school(school_id)
    school = queries.get_visible_school(school_id, by)
    row = contacts.get_open_succession(school_id)
    if row.sent_at > now() - BETWEEN_INVITATIONS:
        raise Conflict(f"{row.name} kreeg vandaag al een mail. Probeer het morgen opnieuw.")
    current = queries.find_open_contact(school_id)
    row.sent_at = now()
    _mail_link(row, school, current.name if current else by.name, link_base)
    db.session.add(AuditRow.of(Act.SUCCESSOR_ASKED_AGAIN, row.id, by=by))
    name = row.name
    db.session.commit()
    return name


def withdraw_successor(school_id: int, *, by: Visitor) -> str:
    """Take the question to take over back; its link stops working. Gives the name. Raises NotFound."""
    queries.lock_school(school_id)
    queries.get_visible_school(school_id, by)
    row = contacts.get_open_succession(school_id)
    row.withdrawn_at = now()
    db.session.add(AuditRow.of(Act.SUCCESSION_WITHDRAWN, row.id, by=by))
    name = row.name
    db.session.commit()
    return name


def _mail_link(row: Succession, school: School, from_name: str, link_base: str) -> None:
    """Give the row a new link, the only one that works, and mail it. It does not commit."""
    token = new_token()
    row.token_fingerprint, row.expires_at = fingerprint(token), now() + INVITATION_LIFE
    db.session.add(
        compose(
            "succession",
            row.email,
            name=row.name,
            from_name=from_name,
            school=f"{school.name} ({school.municipality})",
            message=row.message,
            link=f"{link_base}/overnemen/{token}",
            until=short_day(row.expires_at),
        )
    )


@dataclass(frozen=True, kw_only=True)
class TookOver:
    """Somebody who took over: the new session, and the school."""

    signed_in: SignedIn
    school_id: int


def take_over(token: str, *, device: str) -> TookOver:
    """Become the aanspreekpunt in place of the one before, in one moment; makes the account if there is none.

    The link came by mail, so it proves the address; staff still give their second factor. It works once. Raises
    Expired, also when the school meanwhile has somebody else.
    """
    try:
        return _take_over(token, device)
    except IntegrityError:
        # Another browser made the same account between our look and our write.
        db.session.rollback()
        return _take_over(token, device)


def _take_over(token: str, device: str) -> TookOver:
    gone = Expired("Deze vraag is niet meer geldig. Nam je al over? Meld je dan gewoon aan.")
    school_id = contacts.find_succession_school(token)
    if school_id is None:
        raise gone
    queries.lock_school(school_id)
    row = contacts.find_succession(token)
    current = queries.find_open_contact(school_id)
    if row is None or (current is not None and current.id != row.contact_id):
        raise gone
    moment = now()
    person = find_person_by_email(row.email)
    if person is not None and person.disabled_at is not None:
        raise gone
    if person is None:
        person = Person(email=row.email, name=row.name, role=Role.FACILITATOR, created_at=moment)
        db.session.add(person)
    row.accepted_at = moment
    if current is not None:
        _thank(current, row, moment)
    # What ends goes to the database before what begins: it allows one open row per school.
    db.session.flush()
    db.session.add(
        Contact(
            school_id=school_id,
            name=person.name,
            email=person.email,
            person_id=person.id,
            appointed_at=moment,
            accepted_at=moment,
        )  # fmt: skip
    )
    if not queries.has_membership(person.id, school_id):
        db.session.add(Membership(person_id=person.id, school_id=school_id, started_at=moment))
    sign_in, session_token = SignIn.open_for(person, own_device=False, device=device)
    db.session.add(sign_in)
    db.session.commit()
    return TookOver(signed_in=SignedIn(token=session_token, own_device=False), school_id=school_id)


def _thank(current: Contact, row: Succession, moment: datetime) -> None:
    current.ended_at = moment
    school = queries.find_school(row.school_id)
    assert school is not None
    db.session.add(compose("succession_done", current.email, name=current.name, successor=row.name, school=school.name))


def confirm_contact(school_id: int, *, by: Visitor) -> None:
    """The aanspreekpunt goes on this school year; once a day, however often one clicks. Raises NotFound."""
    contact = contacts.get_own_contact(by.id, school_id)
    if contact.confirmed_at is None or contact.confirmed_at < now() - BETWEEN_INVITATIONS:
        contact.confirmed_at = now()
        db.session.add(AuditRow.of(Act.CONTACT_CONFIRMED, contact.id, by=by))
    db.session.commit()


def stop_being_contact(school_id: int, *, by: Visitor) -> str:
    """The aanspreekpunt stops without somebody to take over; gives the name of the school. Raises NotFound."""
    contact = contacts.get_own_contact(by.id, school_id)
    school = queries.get_visible_school(school_id, by)
    contact.ended_at = now()
    db.session.add(AuditRow.of(Act.CONTACT_ENDED, contact.id, by=by))
    name = school.name
    db.session.commit()
    return name
