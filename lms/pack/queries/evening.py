"""Questions about the mail on the evening before a session."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, select

from lms.clock import now
from lms.database import db
from lms.pack.queries.calendar import may_use_pack
from lms.pack.rules.evening import SETTLED, TomorrowsPlan, tomorrow
from lms.pack.tables import EveningMail, Group, Plan, SessionLog
from lms.people.tables import Person


def _is_wanted() -> ColumnElement[bool]:
    """Over ``Plan`` joined with its ``Person``: the session was not given yet, and its owner wants to hear of it."""
    return and_(
        may_use_pack(),
        Person.evening_stopped_at.is_(None),
        ~exists().where(SessionLog.plan_id == Plan.id).correlate(Plan),
    )


def list_plans_for(day: date, *, limit: int) -> list[TomorrowsPlan]:
    """Plans for this day whose owner was not mailed about it yet, in one statement."""
    moment = now()
    mailed = exists().where(EveningMail.plan_id == Plan.id, EveningMail.day == day).correlate(Plan)
    rows = db.session.execute(
        select(Plan, Group.label, Person.id, Person.name, Person.email)
        .join(Person, Person.id == Plan.person_id)
        .outerjoin(Group, Group.id == Plan.group_id)
        .where(Plan.day == day, Plan.changed_at <= moment - SETTLED, _is_wanted(), ~mailed)
        .order_by(Plan.id)
        .limit(limit)
    )
    return [
        TomorrowsPlan(
            id=plan.id, version=plan.version, session_slug=plan.session_slug, day=day, asked=plan.asked,
            group_label=label, person_id=person_id, name=name, email=email,
        )
        for plan, label, person_id, name, email in rows
    ]  # fmt: skip


def is_still_wanted(mail_id: int) -> bool:
    """Whether what the mail says is still so: the same plan, still tomorrow, and still wanted."""
    return bool(
        db.session.scalar(
            select(EveningMail.id)
            .join(Plan, Plan.id == EveningMail.plan_id)
            .join(Person, Person.id == Plan.person_id)
            .where(
                EveningMail.id == mail_id,
                EveningMail.day == tomorrow(now()),
                Plan.day == EveningMail.day,
                Plan.version == EveningMail.version,
                _is_wanted(),
            )
        )
    )


def find_evening_mail(mail_id: int) -> EveningMail | None:
    return db.session.get(EveningMail, mail_id)
