"""What somebody changes of the own account: name, mail address, and where they are signed in."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from lms.clock import now, short_moment
from lms.database import db
from lms.errors import Conflict, Expired, Invalid, NotFound
from lms.mail import compose
from lms.people import queries
from lms.people.queries import own_account
from lms.people.rules import (
    EMAIL_CHANGE_LIFE,
    EMAIL_CHANGES_PER_HOUR,
    Visitor,
    clean_email,
    clean_name,
    fingerprint,
    new_token,
)
from lms.people.tables import EmailChange

NO_LONGER = "Deze link is niet meer geldig. Vraag de verandering opnieuw bij je account."


def rename(name: str, *, by: Visitor) -> None:
    """Change one's own name, which is also the name on the attest. Raises Invalid."""
    queries.get_person(by.id, lock=True).name = clean_name(name)
    db.session.commit()


def end_own_sign_in(sign_in_id: int, *, by: Visitor) -> None:
    """End one of one's own sessions, in another browser. Raises NotFound."""
    sign_in = queries.find_sign_in(sign_in_id)
    if sign_in is None or sign_in.person_id != by.id or sign_in.id == by.sign_in_id:
        raise NotFound
    sign_in.ended_at = sign_in.ended_at or now()
    db.session.commit()


def end_other_sign_ins(*, by: Visitor) -> int:
    """End one's own sessions everywhere but here; gives how many there were."""
    count = end_sign_ins(by.id, but=by.sign_in_id)
    db.session.commit()
    return count


def end_sign_ins(person_id: int, *, but: int | None = None) -> int:
    """End the sessions of somebody, except the sign-in ``but``, as part of what somebody does; gives how many."""
    ending = own_account.list_open_sign_ins(person_id, but=but)
    for sign_in in ending:
        sign_in.ended_at = now()
    return len(ending)


def ask_email_change(email: str, *, by: Visitor, link_base: str) -> None:
    """Ask to change one's own address: both addresses get a link of their own. A former question ends.

    For an address that has an account already the outcome is the same here; the mail to it says so, and holds no
    link. Raises Invalid.
    """
    email = clean_email(email)
    if email == by.email:
        raise Invalid("Dit is al het adres van je account. Vul je nieuwe adres in.")
    # Who asks twice at the same time has one question open, not two.
    queries.lock_person(by.id)
    if own_account.count_recent_email_changes(by.id) >= EMAIL_CHANGES_PER_HOUR:
        raise Invalid("Je vroeg dit net al een paar keer. Kijk in je mail, of probeer het over een uur opnieuw.")
    _close_open_change(by.id)
    moment, old_token, token = now(), new_token(), new_token()
    until = moment + EMAIL_CHANGE_LIFE
    db.session.add(
        EmailChange(
            person_id=by.id, new_email=email, created_at=moment, expires_at=until,
            old_token_fingerprint=fingerprint(old_token), new_token_fingerprint=fingerprint(token),
        )
    )  # fmt: skip
    shown = short_moment(until)
    path = f"{link_base}/account/mail/bevestigen"
    db.session.add(
        compose("email_change_old", by.email, name=by.name, new=email, link=f"{path}/{old_token}", until=shown)
    )
    if queries.find_person_by_email(email) is None:
        db.session.add(compose("email_change_new", email, name=by.name, link=f"{path}/{token}", until=shown))
    else:
        db.session.add(compose("email_taken", email))
    db.session.commit()


def withdraw_email_change(*, by: Visitor) -> None:
    """Take back the open question for another address, if there is one."""
    _close_open_change(by.id)
    db.session.commit()


def _close_open_change(person_id: int) -> None:
    change = own_account.find_open_email_change(person_id)
    if change is not None:
        change.closed_at = now()


def agree_email_change(token: str) -> bool:
    """Agree, as the owner of the old or of the new address. The second one changes it; gives whether that was now.

    Raises Expired, or Conflict when somebody made an account with the new address meanwhile.
    """
    change = own_account.find_email_change(token, lock=True)
    person = queries.get_person(change.person_id, lock=True) if change else None
    if change is None or person is None or person.disabled_at is not None:
        raise Expired(NO_LONGER)
    moment = now()
    if fingerprint(token) == change.old_token_fingerprint:
        change.old_agreed_at = moment
    else:
        change.new_agreed_at = moment
    done = change.old_agreed_at is not None and change.new_agreed_at is not None
    if done:
        old, person.email, change.closed_at = person.email, change.new_email, moment
        news = f"Je account staat nu op {change.new_email}. Met dit adres meld je je niet meer aan."
        db.session.add(compose("account_notice", old, name=person.name, news=news))
    try:
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict("Met dit adres is intussen een ander account gemaakt. Je adres bleef zoals het was.") from error
    return done
