"""What an administrator does with accounts. Each function is one transaction and leaves one audit row."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from lms.clock import now, short_moment
from lms.database import db
from lms.errors import Conflict, Expired, Invalid, NotFound
from lms.mail import compose
from lms.people import queries
from lms.people.actions.own_account import end_sign_ins
from lms.people.queries import accounts, own_account
from lms.people.rules import (
    ROLE_LABELS,
    STAFF_INVITATION_LIFE,
    SignedIn,
    Visitor,
    clean_email,
    clean_name,
    fingerprint,
    new_token,
)
from lms.people.tables import Act, AuditRow, Person, SignIn, StaffInvitation
from lms.permissions import Role

PATH = "/medewerker-worden"
NO_LONGER = "Deze uitnodiging is niet meer geldig. Vraag een beheerder om een nieuwe."


def invite_staff(*, name: str, email: str, role: Role, by: Visitor, link_base: str) -> None:
    """Mail somebody a link with which they become staff; an earlier link to the same address stops.

    Raises Invalid, or Conflict when the address has an account: then its role can be changed.
    """
    name, email = clean_name(name), clean_email(email)
    if queries.find_person_by_email(email) is not None:
        raise Conflict(f"Er is al een account met {email}. Zoek het op en verander daar de rol.")
    invitation, token = _invite(name, email, role, by)
    db.session.add(
        compose(
            "staff_invitation",
            email,
            name=name,
            inviter=by.name,
            role=ROLE_LABELS[role],
            link=f"{link_base}{PATH}/{token}",
            until=short_moment(invitation.expires_at),
        )
    )
    db.session.commit()


def create_admin_link(*, name: str, email: str, link_base: str) -> str:
    """The link with which somebody becomes administrator, for whoever is at the command line of the server.

    Raises Invalid, or Conflict when the address belongs to an administrator or to a disabled account.
    """
    name, email = clean_name(name), clean_email(email)
    person = queries.find_person_by_email(email)
    if person is not None and (person.role is Role.ADMIN or person.disabled_at is not None):
        what = "is al beheerder" if person.disabled_at is None else "hoort bij een account dat dicht is"
        raise Conflict(f"{email} {what}. Kies een ander adres.")
    _, token = _invite(name, email, Role.ADMIN, None)
    db.session.commit()
    return f"{link_base}{PATH}/{token}"


def _invite(name: str, email: str, role: Role, by: Visitor | None) -> tuple[StaffInvitation, str]:
    for earlier in accounts.list_staff_invitations_to(email):
        earlier.closed_at = now()
    token, moment = new_token(), now()
    invitation = StaffInvitation(
        token_fingerprint=fingerprint(token), name=name, email=email, role=role, created_at=moment,
        expires_at=moment + STAFF_INVITATION_LIFE, invited_by_id=by.id if by else None,
    )  # fmt: skip
    db.session.add(invitation)
    db.session.flush()
    db.session.add(AuditRow.of(Act.STAFF_INVITED, invitation.id, by=by))
    return invitation, token


def withdraw_staff_invitation(invitation_id: int, *, by: Visitor) -> str:
    """Make a link of staff stop; gives the name it was for. Raises NotFound."""
    invitation = accounts.get_staff_invitation(invitation_id)
    invitation.closed_at = now()
    db.session.add(AuditRow.of(Act.STAFF_INVITATION_WITHDRAWN, invitation.id, by=by))
    name = invitation.name
    db.session.commit()
    return name


def accept_staff_invitation(token: str, *, device: str) -> SignedIn:
    """Become staff by a link: makes the account, or gives the one of this address its new role, and signs in.

    Works once. The second factor is still to be given or set up. Raises Expired.
    """
    try:
        return _accept_staff_invitation(token, device)
    except IntegrityError:
        # Somebody registered with this address at the same moment: then that is the account.
        db.session.rollback()
        return _accept_staff_invitation(token, device)


def _accept_staff_invitation(token: str, device: str) -> SignedIn:
    invitation = accounts.find_staff_invitation(token, lock=True)
    person = queries.find_person_by_email(invitation.email) if invitation else None
    if invitation is None or (person is not None and person.disabled_at is not None):
        raise Expired(NO_LONGER)
    act = Act.ACCOUNT_ROLE_CHANGED if person else Act.ACCOUNT_CREATED
    if person is None:
        person = Person(email=invitation.email, name=invitation.name, role=invitation.role, created_at=now())
        db.session.add(person)
        db.session.flush()
    invitation.closed_at, person.role = now(), invitation.role
    end_sign_ins(person.id)
    # Whoever invited did this; the link only waited.
    db.session.add(AuditRow(actor_id=invitation.invited_by_id, act=act.value, subject_id=person.id, happened_at=now()))
    sign_in, session_token = SignIn.open_for(person, own_device=False, device=device)
    db.session.add(sign_in)
    db.session.commit()
    return SignedIn(token=session_token, own_device=False)


def change_role(person_id: int, role: Role, *, by: Visitor) -> None:
    """Give somebody another role; their sessions end, so the new rights begin with a new one.

    Raises NotFound, and Invalid for one's own account, a disabled one, or when nothing would change.
    """
    person = _get_other(person_id, by)
    if person.disabled_at is not None:
        raise Invalid("Dit account is dicht. Open het eerst, dan kan je de rol veranderen.")
    if person.role is role:
        raise Invalid(f"{person.name} heeft deze rol al. Kies een andere rol.")
    person.role = role
    news = f"Je rol is nu: {ROLE_LABELS[role]}. Meld je opnieuw aan."
    if role is Role.FACILITATOR:
        # A begeleider gives no second factor, and a password that is short because of it would stand alone.
        password = own_account.find_password(person.id)
        if password is not None:
            db.session.delete(password)
            news += " Je wachtwoord is verwijderd; je kan een nieuw instellen."
        person.totp_secret = person.totp_confirmed_at = person.totp_last_step = None
        for code in own_account.list_recovery_codes(person.id):
            db.session.delete(code)
    end_sign_ins(person.id)
    db.session.add(compose("account_notice", person.email, name=person.name, news=news))
    db.session.add(AuditRow.of(Act.ACCOUNT_ROLE_CHANGED, person.id, by=by))
    db.session.commit()


def disable_account(person_id: int, *, by: Visitor) -> None:
    """Close an account: its sessions end and it gets in no more. What it did stays.

    Raises NotFound, Invalid for one's own account, and Conflict when it is closed already.
    """
    person = _get_other(person_id, by)
    if person.disabled_at is not None:
        raise Conflict("Dit account is al dicht.")
    person.disabled_at = now()
    end_sign_ins(person.id)
    db.session.add(AuditRow.of(Act.ACCOUNT_DISABLED, person.id, by=by))
    db.session.commit()


def enable_account(person_id: int, *, by: Visitor) -> None:
    """Open a closed account again. Raises NotFound, or Conflict when it is open."""
    person = _get_other(person_id, by)
    if person.disabled_at is None:
        raise Conflict("Dit account is al open.")
    person.disabled_at = None
    db.session.add(AuditRow.of(Act.ACCOUNT_ENABLED, person.id, by=by))
    db.session.commit()


def reset_second_factor(person_id: int, *, by: Visitor) -> None:
    """Forget the authenticator app and recovery codes of somebody, who sets up the second step at the next sign-in.

    Raises NotFound, Invalid for one's own account, and Conflict when there is nothing to forget.
    """
    person = _get_other(person_id, by)
    if person.totp_secret is None:
        raise Conflict(f"{person.name} heeft nog geen tweede stap. Die komt bij de volgende aanmelding vanzelf.")
    person.totp_secret = person.totp_confirmed_at = person.totp_last_step = None
    for code in own_account.list_recovery_codes(person.id):
        db.session.delete(code)
    end_sign_ins(person.id)
    news = f"{by.name} maakte je tweede stap leeg. Bij je volgende aanmelding stel je ze opnieuw in."
    db.session.add(compose("account_notice", person.email, name=person.name, news=news))
    db.session.add(AuditRow.of(Act.ACCOUNT_SECOND_FACTOR_RESET, person.id, by=by))
    db.session.commit()


def _get_other(person_id: int, by: Visitor) -> Person:
    """The account of somebody else than ``by``, who is an administrator still.

    Every administrator is locked first. Whoever acts is one, and never acts on the own account: so when two
    administrators take away each other's role at the same moment one of them comes too late, and one is left.
    """
    if by.id not in accounts.list_active_admins():
        raise NotFound
    person = queries.find_person(person_id, lock=True)
    if person is None:
        raise NotFound
    if person.id == by.id:
        raise Invalid("Dit is je eigen account. Vraag het aan een andere beheerder.")
    return person
