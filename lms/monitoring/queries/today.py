"""The lines of the work list: one statement per group at any size, each with the number of all its lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from lms.database import db
from lms.learning.tables import Completion, Evidence
from lms.monitoring.queries import attention, vacant
from lms.monitoring.queries.totals import totals
from lms.monitoring.rules.attention import is_reported, today
from lms.monitoring.rules.today import Found, Line, Waiting
from lms.pack.tables import Question
from lms.people.tables import Person
from lms.schools.tables import Contact, ContactNote, InvitedColleague, Membership, School, Succession


@dataclass(frozen=True, kw_only=True)
class Look:
    """From when and for whom to look. ``mine``: the id of somebody of O&S who wants the own schools alone."""

    moment: datetime
    mine: int | None
    limit: int
    offset: int = 0

    def schools(self) -> ColumnElement[bool]:
        """Over ``School``: followed now, and by whom it is asked for."""
        followed = attention.is_followed(self.moment)
        return followed if self.mine is None else and_(followed, School.owner_id == self.mine)

    def of_my_people(self, person_id: Any) -> ColumnElement[bool]:
        """That somebody works at a school that is asked for: nothing new, but it shows the database where to begin."""
        if self.mine is None:
            return true()
        mine = (
            select(Membership.person_id)
            .join(School, School.id == Membership.school_id)
            .where(School.owner_id == self.mine, Membership.ended_at.is_(None))
        )
        return person_id.in_(mine)  # type: ignore[no-any-return]


def _found(
    waiting: Waiting,
    statement: Select[Any],
    look: Look,
    then: Callable[[Any], Select[Any]] | None = None,
    *,
    known: tuple[int, ...] | None = None,
) -> Found:
    """Run a statement that has ``since`` and perhaps ``ref``, ``name``, ``email``, ``text`` and ``owner``.

    ``then`` adds what need not be looked up before it is known which lines are shown. ``known``: the total, when the
    statement does not have all lines.
    """
    asked = _asked(waiting, look)
    known = known or totals.get(*asked)
    counted = statement if known is not None else statement.add_columns(func.count().over().label("total"))
    shown = counted.limit(look.limit).offset(look.offset)
    rows = db.session.execute(shown if then is None else then(shown.subquery())).all()
    if known is None:
        known = (rows[0].total if rows else 0,)
        totals.keep(*asked, totals=known)
    names = ("ref", "name", "email", "text", "owner")
    lines = [_line(waiting, row, {name: row._mapping[name] for name in names if name in row._mapping}) for row in rows]
    return Found(waiting=waiting, lines=lines, total=known[0])


def _asked(waiting: Waiting, look: Look) -> tuple[Hashable, ...]:
    """What a total is kept by."""
    return (waiting, look.mine, today(look.moment))


def _line(waiting: Waiting, row: Any, more: dict[str, Any]) -> Line:
    since = today(row.since) if isinstance(row.since, datetime) else row.since
    return Line(
        waiting=waiting,
        school_id=row.school_id,
        school=row.school or "",
        municipality=row.municipality or "",
        since=since,
        **more,
    )


def _of_school(*columns: Any) -> Select[Any]:
    return select(
        School.id.label("school_id"), School.name.label("school"), School.municipality.label("municipality"), *columns
    )


def list_actions(look: Look) -> Found:
    """What was promised for today or before, the oldest first."""
    whose: ColumnElement[bool] = true()
    if look.mine is not None:
        whose = or_(
            ContactNote.owner_id == look.mine, and_(ContactNote.owner_id.is_(None), School.owner_id == look.mine)
        )
    statement = (
        _of_school(
            ContactNote.next_on.label("since"),
            ContactNote.id.label("ref"),
            ContactNote.next_action.label("text"),
            Person.name.label("owner"),
        )
        .join(ContactNote, ContactNote.school_id == School.id)
        .outerjoin(Person, Person.id == ContactNote.owner_id)
        .where(
            ContactNote.done_at.is_(None),
            ContactNote.next_on <= today(look.moment),
            attention.is_followed(look.moment),
            whose,
        )
        .order_by(ContactNote.next_on, ContactNote.id)
    )
    return _found(Waiting.ACTION, statement, look)


def list_again(look: Look) -> Found:
    """Schools that said *later*, and whose day is there."""
    statement = (
        _of_school(School.interest_until.label("since"), School.id.label("ref"), School.interest_reason.label("text"))
        .where(attention.may_be_asked_again(look.moment), look.schools())
        .order_by(School.interest_until, School.id)
    )
    return _found(Waiting.AGAIN, statement, look)


def list_questions(look: Look) -> Found:
    """Questions that begeleiders sent to O&S. What they ask is read where they are answered."""
    mine = true() if look.mine is None else or_(School.owner_id == look.mine, Question.owner_id == look.mine)
    statement = (
        _of_school(
            Question.sent_at.label("since"),
            Question.id.label("ref"),
            Person.name.label("name"),
            Person.email.label("email"),
            Question.session_slug.label("text"),
        )
        .select_from(Question)
        .join(Person, Person.id == Question.person_id)
        .outerjoin(School, School.id == Question.school_id)
        .where(attention.waits_for_answer(), mine)
        .order_by(Question.sent_at, Question.id)
    )
    return _found(Waiting.QUESTION, statement, look)


def list_vacant(look: Look) -> Found:
    """Schools without aanspreekpunt: those that lost one first, then those where people are busy already."""

    def with_names(lacking: Any) -> Select[Any]:
        known = [column for column in lacking.c if column.name in ("ref", "since", "total")]
        told = _of_school(*known, vacant.why(lacking), vacant.last_name())
        return told.join(lacking, lacking.c.ref == School.id).order_by(*vacant.order_of(lacking))

    known = totals.get(*_asked(Waiting.VACANT, look))
    if known is not None:
        # Their number is known, so it is enough to look among those that come first, as long as these fill the page.
        lost = vacant.vacant_schools(look.schools(), only_lost=True)
        found = _found(Waiting.VACANT, lost, look, with_names, known=known)
        if len(found.lines) == look.limit:
            return found
    return _found(Waiting.VACANT, vacant.vacant_schools(look.schools()), look, with_names)


def list_unanswered(look: Look) -> Found:
    """Who was asked to be the aanspreekpunt, to take over, or to join as a colleague, more than a week ago."""

    def of(table: Any, since: Any, kind: str, condition: ColumnElement[bool]) -> Select[Any]:
        return (
            _of_school(
                since.label("since"),
                table.id.label("ref"),
                table.name.label("name"),
                table.email.label("email"),
                cast(literal(kind), String).label("text"),
            )
            # Every row has its school. Written this way the few that were asked are walked along, and not all schools.
            .select_from(table)
            .outerjoin(School, School.id == table.school_id)
            .where(condition, look.schools())
        )

    late = attention.is_unanswered_successor(look.moment)
    all_of_them = union_all(
        of(Contact, Contact.appointed_at, "contact", attention.is_unanswered(look.moment)),
        of(Succession, Succession.asked_at, "successor", late),
        _unanswered_colleagues(look),
    ).subquery()
    order = all_of_them.c.text == "colleagues", all_of_them.c.since, all_of_them.c.ref
    return _found(Waiting.UNANSWERED, select(*all_of_them.c).order_by(*order), look)


def _unanswered_colleagues(look: Look) -> Select[Any]:
    """Colleagues who were invited and are not in, one line a school; ``name`` says how many."""
    return (
        _of_school(
            func.min(InvitedColleague.sent_at).label("since"),
            School.id.label("ref"),
            cast(func.count(), String).label("name"),
            cast(literal(""), String).label("email"),
            cast(literal("colleagues"), String).label("text"),
        )
        .select_from(InvitedColleague)
        .outerjoin(School, School.id == InvitedColleague.school_id)
        .where(attention.is_unanswered_colleague(look.moment), look.schools())
        .group_by(School.id, School.name, School.municipality)
    )


def list_without_session(look: Look) -> Found:
    """Who has had the pack for a month, and gave and planned nothing."""
    statement = (
        _of_begeleider(Completion.completed_at.label("since"))
        .join(Completion, Completion.person_id == Person.id)
        .where(attention.waits_for_session(look.moment), look.schools(), look.of_my_people(Completion.person_id))
        .order_by(Completion.completed_at.desc(), Person.id, School.id)
    )
    return _found(Waiting.NO_SESSION, statement, look)


def list_stuck(look: Look) -> Found:
    """Who began and shows nothing new; whoever stopped last is the easiest to reach."""
    statement = (
        _of_begeleider(Evidence.shown_at.label("since"))
        .join(Evidence, Evidence.person_id == Person.id)
        .where(attention.is_where_somebody_stopped(look.moment), look.schools(), look.of_my_people(Evidence.person_id))
        .order_by(Evidence.shown_at.desc(), Person.id, School.id)
    )
    return _found(Waiting.STUCK, statement, look)


def _of_begeleider(since: Any) -> Select[Any]:
    return (
        _of_school(since, Person.id.label("ref"), Person.name.label("name"), Person.email.label("email"))
        .join(Membership, and_(Membership.school_id == School.id, Membership.ended_at.is_(None)))
        .join(Person, Person.id == Membership.person_id)
    )


def list_unconfirmed(look: Look) -> Found:
    """Who did not say yet to be the aanspreekpunt this school year; only from October on."""
    if not is_reported(look.moment):
        return Found(waiting=Waiting.UNCONFIRMED, lines=[], total=0)
    since = attention.said_yes()
    statement = (
        _of_school(
            since.label("since"),
            Contact.id.label("ref"),
            Contact.name.label("name"),
            Contact.email.label("email"),
        )
        .join(Contact, Contact.school_id == School.id)
        .where(attention.is_unconfirmed(look.moment), look.schools())
        .order_by(since, Contact.id)
    )
    return _found(Waiting.UNCONFIRMED, statement, look)


GROUPS: dict[Waiting, Callable[[Look], Found]] = {
    Waiting.ACTION: list_actions,
    Waiting.AGAIN: list_again,
    Waiting.QUESTION: list_questions,
    Waiting.VACANT: list_vacant,
    Waiting.UNANSWERED: list_unanswered,
    Waiting.NO_SESSION: list_without_session,
    Waiting.STUCK: list_stuck,
    Waiting.UNCONFIRMED: list_unconfirmed,
}
