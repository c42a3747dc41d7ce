"""Making one school of two that are the same, in one transaction: everything moves, nothing is thrown away."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from lms.clock import now
from lms.database import db
from lms.errors import Conflict, Invalid
from lms.monitoring.queries import merging as queries
from lms.monitoring.tables.progression import ProgressionReason
from lms.people.rules import Visitor
from lms.people.tables import Act, AuditRow
from lms.schools.queries.register import lock_visible_school, tables_of_schools
from lms.schools.tables import EndedLink, MergedSchool, School, Succession

# Tables where a school may stand once per something: each is made ready below before its rows move.
MADE_READY = frozenset({"membership", "contact", "invited_colleague", "succession", "progression"})
COUNTS = ("started", "finished", "visited", "enrolled", "working", "elsewhere", "not_known")
CHANGED = "Iemand anders veranderde intussen een van beide scholen. Kijk nog eens na en beslis dan."


def merge_schools(kept_id: int, gone_id: int, *, versions: tuple[int, int], contact_of: int | None, by: Visitor) -> str:
    """Move everything of ``gone_id`` to ``kept_id`` and take ``gone_id`` off the register; gives the name that stays.

    ``versions``: those of both schools as they were shown. ``contact_of``: of which school the aanspreekpunt stays when
    both have one. Raises NotFound, Invalid when that was not chosen, or Conflict when somebody was first.
    """
    if kept_id == gone_id:
        raise Invalid("Een school kan je niet met zichzelf samenvoegen.")
    queries.lock_both(kept_id, gone_id)
    # As they are now that both are locked: the page may have read them before.
    kept, gone = lock_visible_school(kept_id, by), lock_visible_school(gone_id, by)
    if (kept.version, gone.version) != versions:
        raise Conflict(CHANGED)
    _one_contact(kept_id, gone_id, contact_of)
    _one_membership_each(kept_id, gone_id)
    _one_invitation_each(kept_id, gone_id)
    _add_progressions(kept_id, gone_id)
    db.session.flush()
    _move_all(kept_id, gone_id)
    db.session.add(EndedLink(school_id=kept_id, code=gone.link_code, ended_at=now(), still_leads=True))
    db.session.add(
        MergedSchool(
            former_id=gone_id, into_id=kept_id, name=gone.name, municipality=gone.municipality, number=gone.number,
            by_id=by.id, merged_at=now(),
        )
    )  # fmt: skip
    taken = {
        column: getattr(kept, column) or getattr(gone, column)
        for column in ("street", "postcode", "number", "owner_id")
    }
    db.session.execute(delete(School).where(School.id == gone_id).execution_options(synchronize_session=False))
    db.session.execute(
        update(School)
        .where(School.id == kept_id)
        .values(**taken, version=School.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.add(AuditRow.of(Act.SCHOOL_MERGED, kept_id, by=by))
    name = kept.name
    db.session.commit()
    return name


def _one_contact(kept_id: int, gone_id: int, contact_of: int | None) -> None:
    """One aanspreekpunt stays; the other one's appointment ends and stays in the history."""
    both = {school_id: queries.find_open_contact_of(school_id) for school_id in (kept_id, gone_id)}
    if all(both.values()) and contact_of not in both:
        raise Invalid("Beide scholen hebben een aanspreekpunt. Kies wie het blijft.")
    stays = both[contact_of] if all(both.values()) and contact_of is not None else both[kept_id] or both[gone_id]
    for contact in both.values():
        if contact is not None and contact is not stays:
            contact.ended_at = now()
    # A question to take over goes on only for who stays.
    _take_back(
        Succession.school_id.in_([kept_id, gone_id]),
        *([Succession.contact_id != stays.id] if stays is not None else []),
    )


def _take_back(*conditions: object) -> None:
    db.session.execute(
        update(Succession)
        .where(Succession.is_open(), *conditions)  # type: ignore[arg-type]
        .values(withdrawn_at=now())
        .execution_options(synchronize_session=False)
    )


def _one_membership_each(kept_id: int, gone_id: int) -> None:
    """Who works at both works at one, since the earliest day."""
    here = {membership.person_id: membership for membership in queries.list_open_memberships(kept_id)}
    for membership in queries.list_open_memberships(gone_id):
        double = here.get(membership.person_id)
        if double is not None:
            double.started_at = min(double.started_at, membership.started_at)
            db.session.delete(membership)


def _one_invitation_each(kept_id: int, gone_id: int) -> None:
    """Who was invited by both keeps one link; the other is taken back."""
    here = {invitee.email for invitee in queries.list_open_invitees(kept_id)}
    for invitee in queries.list_open_invitees(gone_id):
        if invitee.email in here:
            invitee.withdrawn_at = now()


def _add_progressions(kept_id: int, gone_id: int) -> None:
    """Counts of the same school year are added up: each school counted its own youngsters."""
    here = {row.school_year: row for row in queries.list_progressions(kept_id)}
    for row in queries.list_progressions(gone_id):
        same = here.get(row.school_year)
        if same is None:
            continue
        for column in COUNTS:
            setattr(same, column, getattr(same, column) + getattr(row, column))
        same.version, same.changed_at = same.version + 1, now()
        _add_reasons(same.id, row.id)
        db.session.flush()
        db.session.delete(row)


def _add_reasons(same_id: int, gone_id: int) -> None:
    here = {
        one.reason: one
        for one in db.session.scalars(select(ProgressionReason).where(ProgressionReason.progression_id == same_id))
    }
    for one in db.session.scalars(select(ProgressionReason).where(ProgressionReason.progression_id == gone_id)):
        if one.reason in here:
            here[one.reason].count += one.count
        else:
            one.progression_id = same_id


def _move_all(kept_id: int, gone_id: int) -> None:
    """Every row of every table. Figures that are gathered anew go with the school instead."""
    for table, column, goes_along in tables_of_schools():
        if not goes_along or table.name == EndedLink.__tablename__:
            db.session.execute(update(table).where(table.c[column] == gone_id).values({column: kept_id}))
