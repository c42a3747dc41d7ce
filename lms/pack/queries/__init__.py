"""Questions about groups and plans. Everybody sees their own, and a plan that was shared by its link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from lms.database import db
from lms.errors import NotFound
from lms.pack.rules.planning import Done, Planned
from lms.pack.tables import Group, Plan, SessionLog
from lms.schools.rules import SchoolKind
from lms.schools.tables import School


@dataclass(frozen=True, kw_only=True)
class GroupCard:
    """A group with its plan per session, the one that was saved last, and the last time each session was given."""

    id: int
    label: str
    school_id: int | None
    school_name: str | None
    school_year: int
    kind: SchoolKind
    planned: dict[str, Planned]
    done: dict[str, Done]


def find_group(group_id: int | None, person_id: int) -> Group | None:
    """This group, if it is theirs."""
    if group_id is None:
        return None
    return db.session.scalar(select(Group).where(Group.id == group_id, Group.person_id == person_id))


def get_group(group_id: int, person_id: int) -> Group:
    """Raises NotFound, also for a group of somebody else."""
    group = find_group(group_id, person_id)
    if group is None:
        raise NotFound
    return group


def find_same_group(person_id: int, school_year: int, label: str) -> Group | None:
    return db.session.scalar(
        select(Group).where(Group.person_id == person_id, Group.school_year == school_year, Group.label == label)
    )


def count_groups(person_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Group).where(Group.person_id == person_id)) or 0


def list_groups(person_id: int) -> list[GroupCard]:
    """The groups of somebody with what is planned and done: the newest school year first, in three statements."""
    planned: dict[int, dict[str, Planned]] = {}
    for plan in db.session.scalars(
        select(Plan).where(Plan.person_id == person_id, Plan.group_id.is_not(None)).order_by(Plan.changed_at, Plan.id)
    ):
        card = Planned(id=plan.id, session_slug=plan.session_slug, day=plan.day, start=plan.start)
        planned.setdefault(plan.group_id or 0, {})[plan.session_slug] = card
    done: dict[int, dict[str, Done]] = {}
    for log in db.session.execute(
        select(SessionLog.id, SessionLog.group_id, SessionLog.session_slug, SessionLog.day)
        .where(SessionLog.person_id == person_id, SessionLog.group_id.is_not(None))
        .order_by(SessionLog.day, SessionLog.id)
    ):
        given = Done(id=log.id, session_slug=log.session_slug, day=log.day)
        done.setdefault(log.group_id, {})[log.session_slug] = given
    rows = db.session.execute(
        select(Group, School.name)
        .outerjoin(School, School.id == Group.school_id)
        .where(Group.person_id == person_id)
        .order_by(Group.school_year.desc(), func.lower(Group.label), Group.id)
    )
    return [
        GroupCard(
            id=group.id,
            label=group.label,
            school_id=group.school_id,
            school_name=name,
            school_year=group.school_year,
            kind=group.kind,
            planned=planned.get(group.id, {}),
            done=done.get(group.id, {}),
        )
        for group, name in rows
    ]


# ── plans ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class PlanCard:
    """A plan in a list, with the label of its group. ``given_on``: the last day that it was given, by the log."""

    plan: Plan
    group_label: str | None
    given_on: date | None


def find_plan(plan_id: int | None, person_id: int) -> Plan | None:
    """This plan, if it is theirs."""
    if plan_id is None:
        return None
    return db.session.scalar(select(Plan).where(Plan.id == plan_id, Plan.person_id == person_id))


def get_plan(plan_id: int, person_id: int) -> Plan:
    """Raises NotFound, also for a plan of somebody else."""
    plan = find_plan(plan_id, person_id)
    if plan is None:
        raise NotFound
    return plan


def find_plan_by_key(key: str, person_id: int) -> Plan | None:
    return db.session.scalar(select(Plan).where(Plan.key == key, Plan.person_id == person_id))


def get_shared(code: str) -> Plan:
    """The plan behind a link that somebody shared. Raises NotFound."""
    plan = db.session.scalar(select(Plan).where(Plan.share_code == code))
    if plan is None:
        raise NotFound
    return plan


def count_plans(person_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Plan).where(Plan.person_id == person_id)) or 0


def has_first_plan(person_id: int) -> bool:
    """Whether the plan of the final task is among the plans already."""
    return bool(db.session.scalar(select(Plan.id).where(Plan.person_id == person_id, Plan.is_first).limit(1)))


def list_plans(person_id: int) -> list[PlanCard]:
    """The plans of somebody: first what is still to be given, and of both what was saved last first."""
    given = select(func.max(SessionLog.day)).where(SessionLog.plan_id == Plan.id).scalar_subquery()
    rows = db.session.execute(
        select(Plan, Group.label, given)
        .outerjoin(Group, Group.id == Plan.group_id)
        .where(Plan.person_id == person_id)
        .order_by(given.is_not(None), Plan.changed_at.desc(), Plan.id.desc())
    )
    return [PlanCard(plan=plan, group_label=label, given_on=day) for plan, label, day in rows]
