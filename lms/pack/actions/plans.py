"""Saving, copying, sharing and removing plans. Each function is one transaction."""

from __future__ import annotations

from lms.clock import now
from lms.content.toolbox_models import Session
from lms.database import db
from lms.errors import Conflict, Stale
from lms.pack import queries
from lms.pack.rules.planning import LABEL_LENGTH, PLANS_AT_MOST, Asked, fingerprint_of, new_share_code
from lms.pack.tables import Plan
from lms.people.queries import lock_person

COPY = " (kopie)"


def save_plan(
    asked: Asked, session: Session, *, label: str, group_id: int | None, key: str, by: int, is_first: bool = False
) -> int:
    """Keep a new plan; gives its id. The same ``key`` again is the same plan, and changes nothing.

    Raises NotFound for a group of somebody else, Conflict when there are too many plans.
    """
    lock_person(by)
    same = queries.find_plan_by_key(key, by)
    if same is not None:
        db.session.rollback()
        return same.id
    plan = _new(by, key)
    _fill(plan, asked, session, label, group_id)
    plan.is_first = is_first
    return _keep(plan)


def change_plan(
    plan_id: int, asked: Asked, session: Session, *, label: str, group_id: int | None, version: int, by: int
) -> None:
    """Keep what was changed. Raises NotFound, or Stale when ``version`` is no longer the one that is kept."""
    lock_person(by)
    plan = queries.get_plan(plan_id, by)
    if plan.version != version:
        raise Stale("Dit plan is intussen ergens anders bewaard, in een ander tabblad of op een ander toestel.")
    _fill(plan, asked, session, label, group_id)
    plan.version, plan.changed_at = plan.version + 1, now()
    db.session.commit()


def rename_plan(plan_id: int, label: str, *, by: int) -> None:
    """Raises NotFound. Only the name changes, so whoever is busy with the plan elsewhere loses nothing."""
    lock_person(by)
    queries.get_plan(plan_id, by).label = label
    db.session.commit()


def copy_plan(plan_id: int, *, key: str, by: int) -> int:
    """A copy beside the plan, without its date, which is a new lesson; gives its id. Raises NotFound, Conflict."""
    lock_person(by)
    return _copy(queries.get_plan(plan_id, by), key, by)


def copy_shared(code: str, *, key: str, by: int) -> int:
    """Take the plan of a colleague among one's own; gives its id. Raises NotFound, Conflict."""
    lock_person(by)
    return _copy(queries.get_shared(code), key, by)


def remove_plan(plan_id: int, *, by: int) -> None:
    """Raises NotFound. The link that was shared stops working with it."""
    lock_person(by)
    db.session.delete(queries.get_plan(plan_id, by))
    db.session.commit()


def share_plan(plan_id: int, *, by: int) -> None:
    """Give the plan a link for colleagues; once, however often one clicks. Raises NotFound."""
    lock_person(by)
    plan = queries.get_plan(plan_id, by)
    plan.share_code = plan.share_code or new_share_code()
    db.session.commit()


def stop_sharing(plan_id: int, *, by: int) -> None:
    """The link stops working at once; a new one is another link. Raises NotFound."""
    lock_person(by)
    queries.get_plan(plan_id, by).share_code = None
    db.session.commit()


def _new(person_id: int, key: str) -> Plan:
    moment = now()
    return Plan(person_id=person_id, key=key, is_first=False, version=1, created_at=moment, changed_at=moment)


def _fill(plan: Plan, asked: Asked, session: Session, label: str, group_id: int | None) -> None:
    group = None if group_id is None else queries.get_group(group_id, plan.person_id)
    plan.group_id = group.id if group else None
    plan.session_slug, plan.label = session.slug, label
    plan.content_digest = fingerprint_of(session)
    plan.hours, plan.day, plan.start, plan.size = list(asked.hours), asked.day, asked.start, asked.size
    plan.room, plan.devices = asked.room, [device.value for device in asked.devices]
    plan.changes = asked.changes.tokens


def _copy(source: Plan, key: str, by: int) -> int:
    same = queries.find_plan_by_key(key, by)
    if same is not None:
        db.session.rollback()
        return same.id
    plan = _new(by, key)
    for name, value in source.facts.items():
        setattr(plan, name, value)
    plan.label = source.label[: LABEL_LENGTH - len(COPY)] + COPY if source.label else ""
    return _keep(plan)


def _keep(plan: Plan) -> int:
    if queries.count_plans(plan.person_id) >= PLANS_AT_MOST:
        raise Conflict(f"Je hebt al {PLANS_AT_MOST} plannen. Verwijder eerst een oud plan.")
    db.session.add(plan)
    db.session.flush()
    plan_id = plan.id
    db.session.commit()
    return plan_id
