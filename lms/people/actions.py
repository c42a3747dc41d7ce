"""What people do with their own way in. Each function is one transaction."""

from __future__ import annotations

import time
from typing import Any

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, Expired, Invalid
from lms.mail import compose
from lms.people import queries
from lms.people.rules import (
    CODE_MINUTES,
    CODES_PER_HOUR,
    SECOND_FACTOR_TRIES,
    SignedIn,
    clean_email,
    clean_name,
    new_code,
    totp_step,
)
from lms.people.tables import Act, AuditRow, CodePurpose, Person, SignIn, SignInCode
from lms.permissions import Role


def ask_code(purpose: CodePurpose, email: str, *, browser: str, own_device: bool = False, **details: Any) -> None:
    """Mail a six-digit code. ``browser`` is a random token that only the asking browser knows.

    The outcome is the same for a known, unknown and closed account: one row, one mail. What differs is
    said in the mail, which only the owner of the address can read.
    """
    email = clean_email(email)
    code = new_code()
    recent = queries.count_recent_codes(email)
    row = SignInCode.make(purpose, email, code, browser, own_device=own_device, **details)
    db.session.add(row)
    if recent >= CODES_PER_HOUR:
        # Not mailed, so not to be guessed either: asking again and again buys no tries.
        row.tries_left = 0
    else:
        person = queries.find_person_by_email(email)
        if person is not None and person.disabled_at is not None:
            template = "account_closed"
        elif person is None and purpose is CodePurpose.SIGN_IN:
            template = "no_account"
        else:
            template = "code"
        db.session.add(compose(template, email, code=code, minutes=CODE_MINUTES))
    db.session.commit()


def sign_in_with_code(code: str, *, browser: str) -> SignedIn:
    """Sign in with the code that was mailed. Raises Expired, or Invalid when the code is wrong."""
    row = queries.find_code(browser)
    if row is None or row.purpose is not CodePurpose.SIGN_IN:
        raise Expired("Deze code is niet meer geldig. Vraag een nieuwe code.")
    person = queries.find_person_by_email(row.email)
    usable = person is not None and person.disabled_at is None
    if not row.matches(browser, code) or not usable:
        refusal = row.refuse()
        db.session.commit()
        raise refusal
    assert person is not None
    row.used_at = row.used_at or now()
    sign_in, token = SignIn.open_for(person, own_device=row.own_device)
    db.session.add(sign_in)
    db.session.commit()
    return SignedIn(token=token, own_device=row.own_device)


def sign_out(sign_in_id: int) -> None:
    """End one browser's session, from the next request on."""
    sign_in = queries.find_sign_in(sign_in_id)
    if sign_in is not None and sign_in.ended_at is None:
        sign_in.ended_at = now()
    db.session.commit()


def give_second_factor(sign_in_id: int, typed: str, *, new_secret: str | None) -> SignedIn:
    """Check the code of the authenticator app and renew the session (a new token, the old one ends).

    ``new_secret`` is what somebody without second factor just scanned; it is kept once a code proves it.
    Raises Invalid for a wrong code; after five wrong ones the session ends with Expired.
    """
    sign_in = queries.find_sign_in(sign_in_id)
    if sign_in is None or sign_in.ended_at is not None:
        raise Expired("Je sessie is beëindigd. Meld je opnieuw aan.")
    person = queries.get_person(sign_in.person_id, lock=True)
    secret = person.totp_secret or new_secret
    step = totp_step(secret, typed, time.time(), person.totp_last_step) if secret else None
    if step is None:
        sign_in.second_factor_tries += 1
        too_many = sign_in.second_factor_tries >= SECOND_FACTOR_TRIES
        if too_many:
            sign_in.ended_at = now()
        db.session.commit()
        if too_many:
            raise Expired("Dat was vijf keer een verkeerde code. Meld je opnieuw aan.")
        raise Invalid("Die code klopt niet. Wacht op de volgende code in je app en probeer opnieuw.")
    person.totp_secret, person.totp_last_step = secret, step
    person.totp_confirmed_at = person.totp_confirmed_at or now()
    sign_in.ended_at = now()
    renewed, token = SignIn.open_for(person, own_device=sign_in.own_device, second_factor=True)
    db.session.add(renewed)
    db.session.commit()
    return SignedIn(token=token, own_device=renewed.own_device)


def open_demo_session(email: str) -> SignedIn:
    """Sign in as a demo person, second factor included. Only the development site offers a page for this."""
    person = queries.find_person_by_email(email)
    if person is None:
        raise Invalid("Deze demopersoon bestaat niet. Vul de databank met demogegevens.")
    sign_in, token = SignIn.open_for(person, own_device=False, second_factor=True)
    db.session.add(sign_in)
    db.session.commit()
    return SignedIn(token=token, own_device=False)


def create_person(*, email: str, name: str, role: Role) -> int:
    """Make an account from the command line; gives its id. Raises Invalid, or Conflict when it exists."""
    email, name = clean_email(email), clean_name(name)
    if queries.find_person_by_email(email) is not None:
        raise Conflict(f"Er is al een account met {email}.")
    person = Person(email=email, name=name, role=role, created_at=now())
    db.session.add(person)
    db.session.flush()
    db.session.add(AuditRow.of(Act.ACCOUNT_CREATED, person.id, by=None))
    db.session.commit()
    return person.id
