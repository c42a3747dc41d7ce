"""Reminders: writing them, what became of them, and the switch of each rule."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from lms.clock import now, short_day
from lms.database import db
from lms.mail import MailState, OutboxMail, compose
from lms.monitoring.queries import reminders as queries
from lms.monitoring.rules.reminders import BY_NAME, REMINDER, Due, ReminderState, RuleName, week_of
from lms.monitoring.tables.reminders import Reminder, ReminderSwitch
from lms.people.rules import Visitor, fingerprint, new_token
from lms.people.tables import Act, AuditRow
from lms.schools.rules import INVITATION_LIFE
from lms.schools.tables import Invitation


def switch_rule(name: RuleName, *, on: bool, by: Visitor) -> None:
    """Turn a rule on or off. The same again changes nothing."""
    switch = queries.find_switch(name)
    if switch is None:
        switch = ReminderSwitch(rule=name, is_on=False, changed_at=now())
        db.session.add(switch)
        try:
            db.session.flush()
        except IntegrityError:
            # Somebody else of the staff pressed the button at the same moment.
            db.session.rollback()
            switch = queries.find_switch(name)
            assert switch is not None
    if switch.is_on != on:
        switch.is_on, switch.changed_at = on, now()
        act = Act.REMINDERS_SWITCHED_ON if on else Act.REMINDERS_SWITCHED_OFF
        db.session.add(AuditRow.of(act, switch.id, by=by))
    db.session.commit()


def compose_mail(due: Due, *, link_base: str, stop_url: str, contact: str, token: str = "") -> OutboxMail:
    """The mail of a rule; nothing is kept. ``contact``: where to ask something; ``token``: for whoever was asked."""
    return compose(
        BY_NAME[due.rule].template,
        due.email,
        stop_url=stop_url,
        name=due.name,
        since=short_day(due.since),
        school=due.school,
        contact=contact,
        course_link=f"{link_base}/navorming",
        planner_link=f"{link_base}/pakket/planner",
        school_link=f"{link_base}/mijn-school",
        link=f"{link_base}/uitnodiging/{token}",
        until=short_day(now() + INVITATION_LIFE),
    )


def write_reminder(due: Due, *, link_base: str, stop_url: str, contact: str) -> bool:
    """Keep a reminder and its mail; gives False when this person got one this week already, from another worker too.

    It is looked at again when it leaves.
    """
    moment, token = now(), new_token()
    row = Reminder(
        rule=due.rule, person_id=due.person_id, contact_id=due.contact_id, name=due.name, email=due.email, why=due.why,
        week=week_of(moment), state=ReminderState.WAITING, composed_at=moment,
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        return False
    if due.rule is RuleName.ASKED:
        link = Invitation(
            contact_id=due.contact_id, token_fingerprint=fingerprint(token), created_at=moment,
            expires_at=moment + INVITATION_LIFE,
        )  # fmt: skip
        db.session.add(link)
        db.session.flush()
        row.invitation_id = link.id
    mail = compose_mail(due, link_base=link_base, stop_url=stop_url, contact=contact, token=token)
    mail.condition, mail.condition_id = REMINDER, row.id
    db.session.add(mail)
    db.session.commit()
    return True


_BECAME = {
    MailState.SENT: ReminderState.SENT,
    MailState.CANCELLED: ReminderState.DROPPED,
    MailState.FAILED: ReminderState.FAILED,
}


def settle_reminder(reminder_id: int, state: MailState) -> None:
    """Write down what became of a reminder. It does not commit: it belongs to the transaction of the outbox.

    One that never left does not count for its week. One that left holds the only link that works from now on.
    """
    row = queries.find_reminder(reminder_id)
    if row is None:
        return
    row.state, row.settled_at = _BECAME[state], now()
    if state is MailState.CANCELLED:
        row.week = None
    if row.invitation_id is not None:
        own = db.session.get(Invitation, row.invitation_id)
        ended = queries.list_other_links(row) if state is MailState.SENT else [own] if own is not None else []
        for link in ended:
            link.used_at = link.used_at or now()
