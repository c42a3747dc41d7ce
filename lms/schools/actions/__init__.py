"""What happens to schools and to the people who join them. Each function is one transaction."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, Expired, NotFound
from lms.people.queries import find_code, find_person_by_email
from lms.people.rules import SignedIn, Visitor, clean_email, clean_name
from lms.people.tables import Act, AuditRow, CodePurpose, Person, SignIn
from lms.permissions import Role
from lms.schools import queries
from lms.schools.actions.inviting import mail_link
from lms.schools.queries import invitations
from lms.schools.tables import Contact, Membership, SchoolWish


def _once_more_if_beaten(deed: Callable[[], SignedIn]) -> SignedIn:
    """Do ``deed``; if another browser made the same account meanwhile, do it again and find that account."""
    try:
        return deed()
    except IntegrityError:
        db.session.rollback()
        return deed()


def finish_registration(code: str, *, browser: str, device: str) -> SignedIn:
    """Turn a confirmed registration into an account that works at the chosen school, and sign in.

    If the address already has an account, its owner just proved to own it: they are signed in to it and
    nothing is changed. Raises Expired, or Invalid when the code is wrong.
    """
    return _once_more_if_beaten(lambda: _finish_registration(code, browser, device))


def _finish_registration(code: str, browser: str, device: str) -> SignedIn:
    row = find_code(browser)
    if row is None or row.purpose is not CodePurpose.REGISTER:
        raise Expired("Deze code is niet meer geldig. Begin opnieuw met je registratie.")
    person = find_person_by_email(row.email)
    closed = person is not None and person.disabled_at is not None
    if not row.matches(browser, code) or closed:
        refusal = row.refuse()
        db.session.commit()
        raise refusal
    row.used_at = row.used_at or now()
    if person is None:
        person = Person(email=row.email, name=row.details["name"], role=Role.FACILITATOR, created_at=now())
        db.session.add(person)
        db.session.flush()
        _join(person, row.details.get("school_id"), row.details.get("wish"))
    # The typed details have served; what remains is the account.
    row.details = {}
    sign_in, token = SignIn.open_for(person, own_device=row.own_device, device=device)
    db.session.add(sign_in)
    db.session.commit()
    return SignedIn(token=token, own_device=row.own_device)


def _join(person: Person, school_id: int | None, wish: str | None) -> None:
    if school_id is not None and queries.find_school(school_id) is not None:
        db.session.add(Membership(person_id=person.id, school_id=school_id, started_at=now()))
    elif wish:
        db.session.add(SchoolWish(person_id=person.id, wish=wish, created_at=now()))


def appoint(school_id: int, *, name: str, email: str, by: Visitor, link_base: str) -> None:
    """Ask somebody to be the aanspreekpunt of a school: an open appointment and a mail with a link.

    Raises NotFound, Invalid, or Conflict when the school has or asked an aanspreekpunt already.
    """
    school = queries.get_visible_school(school_id, by)
    name, email = clean_name(name), clean_email(email)
    if queries.find_open_contact(school_id) is not None:
        raise Conflict(f"{school.name} heeft al een aanspreekpunt of een open vraag. Beëindig die eerst.")
    contact = Contact(school_id=school_id, name=name, email=email, appointed_at=now())
    db.session.add(contact)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict("Iemand anders duidde net een aanspreekpunt aan. Bekijk de pagina opnieuw.") from error
    mail_link(contact, school, inviter=by.name, link_base=link_base)
    db.session.add(AuditRow.of(Act.CONTACT_APPOINTED, contact.id, by=by))
    db.session.commit()


def renew_invitation(school_id: int, *, by: Visitor, link_base: str) -> None:
    """Send the open question again with a new link; the old link stops working. Raises NotFound."""
    school = queries.get_visible_school(school_id, by)
    contact = queries.find_open_contact(school_id)
    if contact is None or contact.accepted_at is not None:
        raise NotFound("Er staat geen vraag meer open voor deze school.")
    mail_link(contact, school, inviter=by.name, link_base=link_base)
    db.session.add(AuditRow.of(Act.CONTACT_INVITED_AGAIN, contact.id, by=by))
    db.session.commit()


def end_contact(school_id: int, *, by: Visitor) -> str:
    """End the current appointment, accepted or only asked; its history stays. Gives the name. Raises NotFound."""
    queries.get_visible_school(school_id, by)
    contact = queries.find_open_contact(school_id)
    if contact is None:
        raise NotFound("Deze school heeft geen aanspreekpunt meer.")
    contact.ended_at = now()
    db.session.add(AuditRow.of(Act.CONTACT_ENDED, contact.id, by=by))
    name = contact.name
    db.session.commit()
    return name


def accept_invitation(token: str, *, device: str, name: str = "", own_device: bool = False) -> SignedIn:
    """Accept to be the aanspreekpunt, or to join as a colleague: makes the account if there is none, and signs in.

    The link came by mail, so it proves the address like a mailed code does; staff still give their
    second factor. It works once. ``name`` is for a new account of a colleague. Raises Expired, or Invalid for
    a name that cannot be one.
    """
    return _once_more_if_beaten(lambda: _accept_invitation(token, name, own_device, device))


def _accept_invitation(token: str, name: str, own_device: bool, device: str) -> SignedIn:
    found = invitations.find_invitation(token) or invitations.find_colleague_invitation(token)
    if found is None:
        raise Expired("Deze uitnodiging is niet meer geldig. Vraag om een nieuwe.")
    invitation, invited, school = found
    moment = now()
    person = find_person_by_email(invited.email)
    if person is not None and person.disabled_at is not None:
        raise Expired("Deze uitnodiging is niet meer geldig. Vraag om een nieuwe.")
    if person is None:
        name = invited.name if isinstance(invited, Contact) else clean_name(name)
        person = Person(email=invited.email, name=name, role=Role.FACILITATOR, created_at=moment)
        db.session.add(person)
        db.session.flush()
    invitation.used_at = invited.accepted_at = moment
    if isinstance(invited, Contact):
        invited.person_id = person.id
    if not queries.has_membership(person.id, school.id):
        db.session.add(Membership(person_id=person.id, school_id=school.id, started_at=moment))
    sign_in, session_token = SignIn.open_for(person, own_device=own_device, device=device)
    db.session.add(sign_in)
    db.session.commit()
    return SignedIn(token=session_token, own_device=own_device)


def settle_wish(wish_id: int, *, school_id: int | None, by: Visitor) -> None:
    """Settle *mijn school staat er niet bij*: link the person to a school, or close it without. Raises NotFound."""
    wish = queries.get_wish(wish_id)
    wish.settled_at = now()
    db.session.add(AuditRow.of(Act.WISH_SETTLED, wish.id, by=by))
    if school_id is not None:
        queries.get_visible_school(school_id, by)
        if not queries.has_membership(wish.person_id, school_id):
            db.session.add(Membership(person_id=wish.person_id, school_id=school_id, started_at=now()))
    db.session.commit()
