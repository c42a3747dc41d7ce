"""Getting in by a mailed code, and out. Each function is one transaction."""

from __future__ import annotations

from typing import Any

from lms.clock import now
from lms.database import db
from lms.errors import Expired
from lms.mail import compose
from lms.people import queries
from lms.people.rules import CODE_MINUTES, CODES_PER_HOUR, SignedIn, clean_email, new_code
from lms.people.tables import CodePurpose, SignIn, SignInCode


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


def sign_in_with_code(code: str, *, browser: str, device: str) -> SignedIn:
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
    sign_in, token = SignIn.open_for(person, own_device=row.own_device, device=device)
    db.session.add(sign_in)
    db.session.commit()
    return SignedIn(token=token, own_device=row.own_device)


def sign_out(sign_in_id: int) -> None:
    """End one browser's session, from the next request on."""
    sign_in = queries.find_sign_in(sign_in_id)
    if sign_in is not None and sign_in.ended_at is None:
        sign_in.ended_at = now()
    db.session.commit()
