"""The mail on the evening before a session, written once for each plan and day."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from lms.clock import now
from lms.content.library import find_session
from lms.content.models import Library
from lms.database import db
from lms.didactics.timing.adjusting import adjust
from lms.didactics.timing.plans import DoesNotFit
from lms.mail import MailState, OutboxMail, compose
from lms.pack.queries.evening import find_evening_mail
from lms.pack.rules.evening import EVENING, TomorrowsPlan, plan_lines
from lms.pack.rules.planning import clock, rows_of
from lms.pack.tables import EveningMail


def mail_evening(plan: TomorrowsPlan, library: Library, *, link_base: str, stop_url: str) -> bool:
    """Write the mail about tomorrow; gives False when another worker did. It is looked at again when it leaves."""
    mail = _compose(plan, library, link_base=link_base, stop_url=stop_url)
    row = EveningMail(plan_id=plan.id, person_id=plan.person_id, day=plan.day, version=plan.version, composed_at=now())
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        # Another worker was first, or the plan was removed since we looked.
        db.session.rollback()
        return False
    mail.condition, mail.condition_id = EVENING, row.id
    db.session.add(mail)
    db.session.commit()
    return True


def _compose(plan: TomorrowsPlan, library: Library, *, link_base: str, stop_url: str) -> OutboxMail:
    session, asked, lines = find_session(library, plan.session_slug), plan.asked, []
    if session is not None:
        try:
            adjusted = adjust(session, asked.hours, library.minis, asked.changes.decisions)
            lines = list(plan_lines(rows_of(adjusted.plan.blocks, asked.hours, asked.start)))
        except DoesNotFit:
            # The session changed since the plan was saved; the page of the plan says so.
            lines = []
    return compose(
        "evening_before",
        plan.email,
        stop_url=stop_url,
        name=plan.name,
        number=session.number if session else None,
        title=session.short_title if session else None,
        group=plan.group_label,
        start=clock(asked.start, 0) if asked.start else None,
        until=clock(asked.start, sum(asked.hours)) if asked.start else None,
        lines=lines,
        plan_url=f"{link_base}/pakket/planner/plan/{plan.id}",
        live_url=f"{link_base}/live/{plan.id}",
        fiche_url=f"{link_base}/pakket/{session.slug}" if session else None,
    )


def settle_evening(mail_id: int, state: MailState) -> None:
    """Write down what became of the mail. It does not commit: it belongs to the transaction of the outbox.

    What did not leave because the plan changed is forgotten, so that the plan as it is now may still be mailed.
    """
    row = find_evening_mail(mail_id)
    if row is None:
        return
    if state is MailState.CANCELLED:
        db.session.delete(row)
    elif state is MailState.SENT:
        row.sent_at = now()
