"""What the page of a school says first: where the school is, and the one thing to do next."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms.monitoring.rules import Colleague, names_of
from lms.monitoring.rules.attention import STUCK_AFTER, UNANSWERED_AFTER, today


@dataclass(frozen=True, kw_only=True)
class Contacted:
    """The aanspreekpunt of a school, or who was asked. ``is_closed``: the account behind it was closed."""

    id: int
    name: str
    email: str
    person_id: int | None
    appointed_at: datetime
    accepted_at: datetime | None
    confirmed_at: datetime | None
    is_closed: bool
    needs_confirmation: bool


@dataclass(frozen=True, kw_only=True)
class Successor:
    """Somebody who was asked to take over and did not answer yet."""

    id: int
    name: str
    email: str
    asked_at: datetime
    sent_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class SchoolHead:
    """What stands at the top of the page of a school."""

    id: int
    name: str
    kind: str
    municipality: str
    link_code: str
    owner_id: int | None
    owner_name: str | None
    # *geen*, *later*, or nothing while the school may be asked.
    interest: str | None
    interest_reason: str
    interest_until: date | None
    erased: int
    contact: Contacted | None
    successor: Successor | None
    vacant_since: datetime | None
    contacted_at: datetime | None
    contacted_on: date | None

    @property
    def is_vacant(self) -> bool:
        return self.contact is None or self.contact.is_closed


class AgendaKind(enum.StrEnum):
    PLANNED = "planned"
    GIVEN = "given"
    ACTION = "action"


@dataclass(frozen=True, kw_only=True)
class AgendaItem:
    """A session that was given or is planned, or an action of O&S. ``number``: youngsters, or of a plan how many."""

    kind: AgendaKind
    ref: int
    day: date
    what: str
    who: str | None
    number: int | None


@dataclass(frozen=True, kw_only=True)
class NextAction:
    """One sentence, and which one button stands below it. ``note`` is said beside it; ``email`` whom a mail goes to."""

    text: str
    button: str
    note: str = ""
    email: str = ""
    action: AgendaItem | None = None


def next_action(
    head: SchoolHead,
    colleagues: Sequence[Colleague],
    agenda: Sequence[AgendaItem],
    invited: int,
    moment: datetime,
) -> NextAction:
    """The one thing O&S can do now for a school: what was promised first, then what holds the school up most."""
    day = today(moment)
    if head.interest == "geen":
        return NextAction(text="Deze school doet niet mee.", note=head.interest_reason, button="take_up")
    if head.interest == "later" and head.interest_until and head.interest_until > day:
        return NextAction(text="Deze school wil later meedoen.", note=head.interest_reason, button="take_up")
    promised = min((item for item in agenda if item.kind is AgendaKind.ACTION), key=lambda it: it.day, default=None)
    if promised is not None:
        return NextAction(text=promised.what, button="done", action=promised)
    return _about_contact(head, moment) or _about_people(head, colleagues, agenda, invited, moment)


def _about_contact(head: SchoolHead, moment: datetime) -> NextAction | None:
    contact = head.contact
    if contact is None:
        return NextAction(text="Duid iemand aan als aanspreekpunt.", button="appoint")
    if contact.is_closed:
        return NextAction(text=f"Het account van {contact.name} is gesloten. Zoek iemand anders.", button="end")
    if contact.accepted_at is None:
        waits = contact.appointed_at < moment - UNANSWERED_AFTER
        text = f"{contact.name} antwoordde nog niet op de vraag om aanspreekpunt te worden."
        return NextAction(text=text, button="ask_again" if waits else "note")
    if head.successor is not None:
        return NextAction(text=f"Wacht op {head.successor.name}, die gevraagd is om over te nemen.", button="note")
    if contact.needs_confirmation:
        text = f"Vraag {contact.name} of die ook dit schooljaar aanspreekpunt is."
        return NextAction(text=text, button="mail", email=contact.email)
    return None


def _about_people(
    head: SchoolHead, colleagues: Sequence[Colleague], agenda: Sequence[AgendaItem], invited: int, moment: datetime
) -> NextAction:
    assert head.contact is not None
    contact = head.contact
    done = [one for one in colleagues if one.completed_at is not None]
    given = [item for item in agenda if item.kind is AgendaKind.GIVEN]
    planned = [item for item in agenda if item.kind is AgendaKind.PLANNED]
    if given:
        newest = max(given, key=lambda item: item.day)
        return NextAction(text=f"Vraag hoe de sessie van {_short(newest.day)} ging.", button="note")
    if planned:
        return NextAction(text=f"Vraag of alles klaar is voor de sessie van {_short(planned[0].day)}.", button="note")
    if done:
        first = done[0]
        text = f"Het pakket is open bij {names_of([one.name for one in done])}. Vraag wanneer de eerste sessie is."
        return NextAction(text=text, button="mail", email=first.email)
    stuck = [one for one in colleagues if one.last_at is not None and one.last_at < moment - STUCK_AFTER]
    if stuck:
        verb = "staat" if len(stuck) == 1 else "staan"
        text = f"{names_of([one.name for one in stuck])} {verb} stil in de navorming. Vraag wat er helpt."
        return NextAction(text=text, button="mail", email=stuck[0].email)
    if any(one.last_at is not None for one in colleagues):
        return NextAction(text="De navorming loopt. Er is nu niets dringends.", button="note")
    if colleagues and not (len(colleagues) == 1 and colleagues[0].id == contact.person_id):
        text = f"Nog niemand begon aan de navorming. Vraag {contact.name} hoe je kan helpen."
        return NextAction(text=text, button="mail", email=contact.email)
    if invited:
        return NextAction(
            text="Er zijn collega’s uitgenodigd. Vraag of de mail aankwam.", button="mail", email=contact.email
        )
    text = f"Vraag {contact.name} wie van de collega’s mee begint."
    return NextAction(text=text, button="mail", email=contact.email)


def _short(day: date) -> str:
    return f"{day.day}/{day.month}"


def days_late(day: date, moment: datetime) -> int:
    """How many days ago this day was; 0 for today and later."""
    return max(0, (today(moment) - day) // timedelta(days=1))
