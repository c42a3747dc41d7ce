"""The second step of staff: the authenticator app, and recovery codes for when it is gone."""

from __future__ import annotations

import time

from lms.clock import now
from lms.database import db
from lms.errors import Expired, Invalid, LmsError
from lms.mail import compose
from lms.people import queries
from lms.people.actions.own_account import end_sign_ins
from lms.people.queries import own_account
from lms.people.rules import SECOND_FACTOR_TRIES, SignedIn, Visitor, totp_step
from lms.people.tables import Person, RecoveryCode, SignIn


def give_second_factor(sign_in_id: int, typed: str, *, new_secret: str | None) -> SignedIn:
    """Check the code of the authenticator app and renew the session (a new token, the old one ends).

    ``new_secret`` is what somebody without second factor just scanned; it is kept once a code proves it, and
    ten recovery codes are made. Raises Invalid for a wrong code; after five wrong ones the session ends with Expired.
    """
    sign_in = _get_open_sign_in(sign_in_id)
    person = queries.get_person(sign_in.person_id, lock=True)
    is_new = person.totp_secret is None
    secret = person.totp_secret or new_secret
    step = totp_step(secret, typed, time.time(), person.totp_last_step) if secret else None
    if step is None:
        refusal = _refuse(sign_in, "Die code klopt niet. Wacht op de volgende code in je app en probeer opnieuw.")
        db.session.commit()
        raise refusal
    person.totp_secret, person.totp_last_step = secret, step
    person.totp_confirmed_at = person.totp_confirmed_at or now()
    codes = _replace_recovery_codes(person) if is_new else ()
    signed_in = _renew(sign_in, person, codes)
    db.session.commit()
    return signed_in


def give_recovery_code(sign_in_id: int, typed: str) -> SignedIn:
    """Use up one recovery code in place of the app, and renew the session; a mail tells its owner.

    Raises Invalid for a wrong code; after five wrong ones the session ends with Expired.
    """
    sign_in = _get_open_sign_in(sign_in_id)
    person = queries.get_person(sign_in.person_id, lock=True)
    kept = RecoveryCode.fingerprint_of(person.id, typed)
    unused = [code for code in own_account.list_recovery_codes(person.id) if code.used_at is None]
    code = next((code for code in unused if code.code_fingerprint == kept), None)
    if code is None:
        refusal = _refuse(sign_in, "Die herstelcode klopt niet, of je gebruikte ze al. Neem een andere van je lijst.")
        db.session.commit()
        raise refusal
    code.used_at = now()
    signed_in = _renew(sign_in, person)
    news = f"Er is een herstelcode gebruikt om je aan te melden. Je hebt er nog {len(unused) - 1}."
    db.session.add(compose("account_notice", person.email, name=person.name, news=news))
    db.session.commit()
    return signed_in


def replace_second_factor(typed: str, *, new_secret: str, by: Visitor) -> SignedIn:
    """Take another authenticator app into use: the old one stops, every other session ends, this one is renewed.

    A mail tells its owner. Raises Invalid for a wrong code, or when the sign-in is not fresh.
    """
    _require_fresh(by)
    sign_in = _get_open_sign_in(by.sign_in_id)
    person = queries.get_person(by.id, lock=True)
    step = totp_step(new_secret, typed, time.time(), None)
    if step is None:
        raise Invalid("Die code klopt niet. Scan de nieuwe code en typ wat de app nu toont.")
    person.totp_secret, person.totp_last_step, person.totp_confirmed_at = new_secret, step, now()
    end_sign_ins(by.id, but=by.sign_in_id)
    signed_in = _renew(sign_in, person)
    news = "Je tweede stap werkt nu met een andere app of gsm. De vorige werkt niet meer."
    db.session.add(compose("account_notice", person.email, name=person.name, news=news))
    db.session.commit()
    return signed_in


def make_recovery_codes(*, by: Visitor) -> tuple[str, ...]:
    """Ten new recovery codes, to show once; the old ones stop. A mail tells. Raises Invalid when not fresh."""
    _require_fresh(by)
    person = queries.get_person(by.id, lock=True)
    codes = _replace_recovery_codes(person)
    news = "Je maakte nieuwe herstelcodes. De vorige werken niet meer."
    db.session.add(compose("account_notice", person.email, name=person.name, news=news))
    db.session.commit()
    return codes


def _get_open_sign_in(sign_in_id: int) -> SignIn:
    sign_in = queries.find_sign_in(sign_in_id)
    if sign_in is None or sign_in.ended_at is not None:
        raise Expired("Je sessie is beëindigd. Meld je opnieuw aan.")
    return sign_in


def _require_fresh(by: Visitor) -> None:
    if not own_account.has_fresh_sign_in(by.sign_in_id):
        raise Invalid("Je bent al een tijd aangemeld. Meld je opnieuw aan, dan kan je dit veranderen.")


def _refuse(sign_in: SignIn, message: str) -> LmsError:
    """Count a wrong try and give the error to raise, once the count is committed."""
    sign_in.second_factor_tries += 1
    if sign_in.second_factor_tries < SECOND_FACTOR_TRIES:
        return Invalid(message)
    sign_in.ended_at = now()
    return Expired("Dat was vijf keer een verkeerde code. Meld je opnieuw aan.")


def _renew(sign_in: SignIn, person: Person, codes: tuple[str, ...] = ()) -> SignedIn:
    """End this session and open another one in its place, with the second factor given."""
    sign_in.ended_at = now()
    renewed, token = SignIn.open_for(
        person, own_device=sign_in.own_device, second_factor=True, device=sign_in.device
    )  # fmt: skip
    db.session.add(renewed)
    return SignedIn(token=token, own_device=renewed.own_device, recovery_codes=codes)


def _replace_recovery_codes(person: Person) -> tuple[str, ...]:
    for old in own_account.list_recovery_codes(person.id):
        db.session.delete(old)
    rows, codes = RecoveryCode.set_for(person.id)
    db.session.add_all(rows)
    return codes
