"""Signing in with a password, and setting, changing and removing it.

Hashing takes long on purpose, and never happens while a transaction is open. So what needs it comes in steps: an
action that looks and counts, the hashing in the view by ``rules.passwords``, and an action that writes when what
was compared still stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, Invalid
from lms.mail import compose
from lms.people import queries
from lms.people.actions.own_account import end_sign_ins
from lms.people.queries import own_account
from lms.people.rules import SignedIn, Visitor, fingerprint
from lms.people.rules.passwords import TRIES_FORGOTTEN, WRONG, please_wait, wait_after
from lms.people.tables import Password, SignIn, WrongTries


def begin_password_try(email: str) -> str | None:
    """Count one try for this address; gives the hash to compare with, or None when it has no password.

    It is counted before the comparison, so a hundred tries at the same moment are a hundred tries. An address
    without account is counted in the same way. Raises Invalid while the address has to wait.
    """
    _count_try(email)
    kept = own_account.find_password_hash(email)
    db.session.commit()
    return kept


def _count_try(email: str) -> None:
    try:
        _count_one(email)
    except IntegrityError:
        # Another browser made the row between our look and our write.
        db.session.rollback()
        _count_one(email)


def _count_one(email: str) -> None:
    tries, moment = own_account.find_wrong_tries(email), now()
    if tries is None:
        tries = WrongTries(email_fingerprint=fingerprint(email), count=0, last_at=moment)
        db.session.add(tries)
    elif moment - tries.last_at > TRIES_FORGOTTEN:
        tries.count = 0
    left = tries.last_at + wait_after(tries.count) - moment
    if left.total_seconds() > 0:
        raise please_wait(left)
    tries.count, tries.last_at = tries.count + 1, moment
    db.session.flush()


def _forget_tries(email: str) -> None:
    tries = own_account.find_wrong_tries(email)
    if tries is not None:
        db.session.delete(tries)


def sign_in_with_password(email: str, *, proven: str | None, own_device: bool, device: str) -> SignedIn:
    """Sign in somebody whose typed password fitted the hash ``proven``; None when it did not.

    Raises Invalid with the same words for a wrong password, no password, no account and a disabled one.
    """
    person = queries.find_person_by_email(email)
    fits = proven is not None and own_account.find_password_hash(email) == proven
    if not fits or person is None or person.disabled_at is not None:
        raise Invalid(WRONG)
    _forget_tries(email)
    sign_in, token = SignIn.open_for(person, own_device=own_device, device=device)
    db.session.add(sign_in)
    db.session.commit()
    return SignedIn(token=token, own_device=own_device)


@dataclass(frozen=True, kw_only=True)
class PasswordChange:
    """What a change of password starts from: the hash that is kept now, and whether it has to be typed first."""

    kept: str | None
    is_fresh: bool


def begin_password_change(by: Visitor) -> PasswordChange:
    """Look where somebody stands. When the current password has to be proven this counts as a try.

    Raises Invalid while wrong tries have to wait, or when there is nothing with which to prove who they are.
    """
    password = own_account.find_password(by.id)
    kept = password.hash if password else None
    is_fresh = own_account.has_fresh_sign_in(by.sign_in_id)
    if not is_fresh and kept is None:
        raise Invalid("Je bent al een tijd aangemeld. Meld je opnieuw aan, dan kan je dit veranderen.")
    if not is_fresh:
        _count_try(by.email)
    db.session.commit()
    return PasswordChange(kept=kept, is_fresh=is_fresh)


def set_password(new_hash: str, *, instead_of: str | None, by: Visitor) -> None:
    """Keep a new password and end every other session of this person; a mail tells them.

    ``instead_of`` is the hash that was proven. Raises Conflict when another one was set meanwhile.
    """
    person = queries.get_person(by.id, lock=True)
    password = own_account.find_password(by.id)
    if (password.hash if password else None) != instead_of:
        raise Conflict("Je wachtwoord veranderde intussen in een ander venster. Kijk je account na.")
    if password is None:
        password = Password(person_id=by.id)
        db.session.add(password)
    password.hash, password.set_at = new_hash, now()
    end_sign_ins(by.id, but=by.sign_in_id)
    _forget_tries(person.email)
    done = "veranderd" if instead_of else "ingesteld"
    db.session.add(compose("account_notice", person.email, name=person.name, news=f"Je wachtwoord is {done}."))
    db.session.commit()


def remove_password(*, instead_of: str | None, by: Visitor) -> None:
    """Forget the password of this person and end every other session; a mail tells them. Raises Conflict."""
    person = queries.get_person(by.id, lock=True)
    password = own_account.find_password(by.id)
    if password is None or password.hash != instead_of:
        raise Conflict("Je wachtwoord veranderde intussen in een ander venster. Kijk je account na.")
    db.session.delete(password)
    end_sign_ins(by.id, but=by.sign_in_id)
    _forget_tries(person.email)
    db.session.add(compose("account_notice", person.email, name=person.name, news="Je wachtwoord is verwijderd."))
    db.session.commit()
