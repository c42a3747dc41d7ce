"""The rules by which somebody gets a reminder. When a rule is met stands in ``queries/reminders.py``."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lms.clock import BRUSSELS, short_day
from lms.monitoring.rules.attention import STUCK_AFTER, UNANSWERED_AFTER, WITHOUT_SESSION_AFTER

REMINDER = "reminder"
# Nobody gets more than one reminder in a week, whatever the rules say.
BETWEEN = timedelta(days=7)
# Who has an account and did not begin gets a few evenings first; after four months it is no longer a reminder.
NOT_BEGUN_AFTER, NOT_BEGUN_UNTIL = timedelta(days=10), timedelta(days=120)
# Whoever confirms by themselves in the first week of September needs no mail.
CONFIRM_FROM_DAY, CONFIRM_MONTH, CONFIRM_UNTIL_MONTH = 8, 9, 10
WHY_LENGTH = 300


class RuleName(enum.StrEnum):
    ASKED = "gevraagd"
    CONFIRM = "bevestigen"
    NO_SESSION = "geen-sessie"
    STUCK = "blijven-steken"
    NOT_BEGUN = "niet-begonnen"


# Rules about a question to a school or its aanspreekpunt; the others are about a person.
ABOUT_CONTACTS = frozenset({RuleName.ASKED, RuleName.CONFIRM})


class ReminderState(enum.StrEnum):
    WAITING = "wacht"
    SENT = "verstuurd"
    # What it says was no longer so when it should leave.
    DROPPED = "vervallen"
    FAILED = "mislukt"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule, in the words of the screen. ``again``: how long before the same rule may remind somebody once more.

    ``at_most``: how many times a school year. ``template``: the mail, in ``templates/mail``.
    """

    name: RuleName
    title: str
    explains: str
    after: str
    again: timedelta
    at_most: int
    template: str


def _days(term: timedelta) -> str:
    return f"{term.days} dagen"


# In the order in which they go first: who fits two of them gets the mail of the first one.
RULES = (
    Rule(
        name=RuleName.ASKED,
        title="Gevraagd als aanspreekpunt, geen antwoord",
        explains="Wie je vroeg om aanspreekpunt te worden, krijgt de vraag opnieuw, met een nieuwe link.",
        after=f"na {_days(UNANSWERED_AFTER)} zonder antwoord",
        again=timedelta(days=14),
        at_most=2,
        template="reminder_asked",
    ),
    Rule(
        name=RuleName.CONFIRM,
        title="Aanspreekpunt, nog niet bevestigd",
        explains="Een aanspreekpunt zegt elk schooljaar of het nog klopt. Wie dat vergeet, krijgt een mail.",
        after=f"vanaf {CONFIRM_FROM_DAY} september, tot eind oktober",
        again=timedelta(days=14),
        at_most=2,
        template="reminder_confirm",
    ),
    Rule(
        name=RuleName.NO_SESSION,
        title="Pakket open, nog geen sessie",
        explains="Het pakket is open, maar er is geen sessie gepland of gegeven.",
        after=f"na {_days(WITHOUT_SESSION_AFTER)} met een open pakket",
        again=timedelta(days=30),
        at_most=2,
        template="reminder_no_session",
    ),
    Rule(
        name=RuleName.STUCK,
        title="Begonnen, en blijven steken",
        explains="Iemand begon aan de navorming en kwam daarna niet verder.",
        after=f"na {_days(STUCK_AFTER)} zonder iets nieuws",
        again=timedelta(days=21),
        at_most=2,
        template="reminder_stuck",
    ),
    Rule(
        name=RuleName.NOT_BEGUN,
        title="Account gemaakt, nooit begonnen",
        explains="Iemand heeft een account, maar opende nog geen oefening van de navorming.",
        after=f"na {_days(NOT_BEGUN_AFTER)}",
        again=timedelta(days=21),
        at_most=2,
        template="reminder_not_begun",
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}


@dataclass(frozen=True, kw_only=True)
class Due:
    """Somebody who meets a rule now. ``id``: the row the rule is about, an aanspreekpunt or a person.

    ``since``: since when; ``person_id`` is None for somebody who was asked and has no account.
    """

    rule: RuleName
    id: int
    person_id: int | None
    contact_id: int | None
    name: str
    email: str
    since: datetime
    school: str | None

    @property
    def why(self) -> str:
        """Why this person gets it, in a sentence for O&S and for the person."""
        day = short_day(self.since)
        text = {
            RuleName.ASKED: f"Werd op {day} gevraagd als aanspreekpunt van {self.school} en antwoordde nog niet.",
            RuleName.CONFIRM: f"Is aanspreekpunt van {self.school} en bevestigde dit schooljaar nog niet.",
            RuleName.NO_SESSION: f"Heeft sinds {day} een open pakket en plande of gaf nog geen sessie.",
            RuleName.STUCK: f"Begon aan de navorming en kwam sinds {day} niet verder.",
            RuleName.NOT_BEGUN: f"Heeft sinds {day} een account en begon nog niet.",
        }[self.rule]
        return text[:WHY_LENGTH]


def week_of(moment: datetime) -> str:
    """The week of a moment in Brussels, as 2026-W47. One reminder a person fits in it."""
    year, week, _ = moment.astimezone(BRUSSELS).isocalendar()
    return f"{year}-W{week:02d}"


def begin_of_school_year(moment: datetime) -> datetime:
    """The first of September of the school year of this moment."""
    here = moment.astimezone(BRUSSELS)
    return datetime(here.year if here.month >= 9 else here.year - 1, 9, 1, tzinfo=BRUSSELS).astimezone(UTC)


def begin_of_day(moment: datetime) -> datetime:
    """Midnight in Brussels, before this moment."""
    day = moment.astimezone(BRUSSELS).date()
    return datetime(day.year, day.month, day.day, tzinfo=BRUSSELS).astimezone(UTC)


def is_asked_to_confirm(moment: datetime) -> bool:
    """Whether an aanspreekpunt is reminded to confirm now: from 8 September until the end of October."""
    day: date = moment.astimezone(BRUSSELS).date()
    return date(day.year, CONFIRM_MONTH, CONFIRM_FROM_DAY) <= day < date(day.year, CONFIRM_UNTIL_MONTH + 1, 1)
