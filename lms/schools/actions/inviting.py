"""Inviting by mail: colleagues, and the link that an aanspreekpunt gets too. Each function is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.clock import now, short_day
from lms.database import db
from lms.errors import Conflict
from lms.mail import compose
from lms.people.rules import Visitor, fingerprint, new_token
from lms.people.tables import Act, AuditRow
from lms.schools import queries
from lms.schools.queries import invitations
from lms.schools.rules import INVITATION_LIFE
from lms.schools.tables import Contact, Invitation, InvitedColleague, School


@dataclass(frozen=True, kw_only=True)
class Invited:
    """What came of a list of addresses: who got a mail, who works there already, who had a mail within the day."""

    mailed: list[str]
    working: list[str]
    mailed_before: list[str]


def invite_colleagues(school_id: int, names: Mapping[str, str], *, by: Visitor, link_base: str) -> Invited:
    """Mail an invitation to every address of ``names`` (address to name, which may be empty). Raises NotFound.

    Whoever was invited before and is not in yet gets a new link, but nobody gets more than one such mail a day.
    """
    queries.lock_school(school_id)
    school = queries.get_visible_school(school_id, by)
    working = invitations.working_at(school_id, names)
    before = invitations.mailed_today(names) - working
    known = invitations.invitees_of(school_id, names)
    mailed = [email for email in names if email not in working | before]
    for email in mailed:
        moment = now()
        colleague = known.get(email) or InvitedColleague(school_id=school_id, email=email, name="", invited_at=moment)
        colleague.name = names[email] or colleague.name
        colleague.sent_at = moment
        db.session.add(colleague)
        db.session.flush()
        mail_link(colleague, school, inviter=by.name, link_base=link_base)
    if mailed:
        db.session.add(AuditRow.of(Act.COLLEAGUES_INVITED, school.id, by=by))
    db.session.commit()
    return Invited(
        mailed=mailed,
        working=[email for email in names if email in working],
        mailed_before=[email for email in names if email in before],
    )


def invite_colleague_again(invitee_id: int, school_id: int, *, by: Visitor, link_base: str) -> str:
    """Send the invitation again with a new link, the old one stops working. Gives the address.

    Raises NotFound, or Conflict when this address had such a mail within the day.
    """
    school = queries.get_visible_school(school_id, by)
    colleague = invitations.get_invitee(invitee_id, school_id)
    if invitations.mailed_today([colleague.email]):
        raise Conflict(f"{colleague.email} kreeg vandaag al een uitnodiging. Probeer het morgen opnieuw.")
    colleague.sent_at = now()
    mail_link(colleague, school, inviter=by.name, link_base=link_base)
    db.session.add(AuditRow.of(Act.COLLEAGUE_INVITED_AGAIN, colleague.id, by=by))
    email = colleague.email
    db.session.commit()
    return email


def withdraw_invitation(invitee_id: int, school_id: int, *, by: Visitor) -> str:
    """Take an invitation back; its link stops working. Gives the address. Raises NotFound."""
    queries.get_visible_school(school_id, by)
    colleague = invitations.get_invitee(invitee_id, school_id)
    colleague.withdrawn_at = now()
    db.session.add(AuditRow.of(Act.INVITATION_WITHDRAWN, colleague.id, by=by))
    email = colleague.email
    db.session.commit()
    return email


def mail_link(invited: Contact | InvitedColleague, school: School, *, inviter: str, link_base: str) -> None:
    """Mail the only link that works from now on, to be the aanspreekpunt or to join as a colleague.

    It does not commit: the link belongs to the transaction of who asks for it.
    """
    is_contact = isinstance(invited, Contact)
    whose = {"contact_id" if is_contact else "colleague_id": invited.id}
    for earlier in invitations.list_usable_invitations(**whose):
        earlier.used_at = now()
    token, moment = new_token(), now()
    until = moment + INVITATION_LIFE
    db.session.add(Invitation(token_fingerprint=fingerprint(token), created_at=moment, expires_at=until, **whose))
    db.session.add(
        compose(
            "invitation" if is_contact else "colleague_invitation",
            invited.email,
            name=invited.name,
            school=f"{school.name} ({school.municipality})",
            inviter=inviter,
            link=f"{link_base}/uitnodiging/{token}",
            until=short_day(until),
        )
    )
