"""Groups and plans: what may be typed, clock times, and which session of a group comes next."""

from __future__ import annotations

import enum
import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args

from lms.clock import BRUSSELS
from lms.content.format_models import ActivityFormat, Need, Situation
from lms.content.toolbox_models import Session
from lms.didactics.first_names import likely_first_name
from lms.didactics.formats import find_broken
from lms.didactics.timing.changes import Changes
from lms.didactics.timing.hours import hours_text
from lms.didactics.timing.plans import Block
from lms.errors import Invalid

LABEL_LENGTH = 80
# Nobody plans a lesson further away than the school year after this one.
FURTHEST = timedelta(days=730)
PLANS_AT_MOST = 200
GROUPS_AT_MOST = 60


class Room(enum.StrEnum):
    """What the room lets people do; a werkvorm that asks for space needs the first."""

    FREE = "vrij"
    TIGHT = "krap"


class Device(enum.StrEnum):
    """What there is to look at; the values are those of ``needs`` of a werkvorm."""

    PHONES = "gsm"
    SCREEN = "scherm"


ROOM_LABELS = {Room.FREE: "Er is vrije ruimte om te bewegen", Room.TIGHT: "De banken blijven staan"}
DEVICE_LABELS = {Device.PHONES: "De jongeren hebben een gsm", Device.SCREEN: "Er is een scherm of bord"}


def school_year_of(day: date) -> int:
    """The year in which the school year of this day began; it runs from 1 September until 31 August."""
    return day.year if day.month >= 9 else day.year - 1


def school_year_label(year: int) -> str:
    return f"{year}–{year + 1}"


def new_share_code() -> str:
    """What stands in the address of a shared plan: 128 bits, so nobody guesses it."""
    return secrets.token_urlsafe(16)


def name_warning(text: str, known: str = "") -> str | None:
    """A gentle sentence when a text holds what is probably a first name; it never blocks. ``known``: one's own name.

    Source: privacy rule of the project, youngsters are counted and never named.
    """
    name = likely_first_name(text, known)
    if name is None:
        return None
    return f"Staat er met ‘{name}’ een naam van een jongere? Noem liever de klas of het uur. Bewaard is het wel."


def read_day(text: str, today: date) -> date | None:
    """A day as browsers send it (2026-11-30) or as people write it (30/11/2026); None when it is left open."""
    text = text.strip()
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if abs(day - today) <= FURTHEST:
            return day
        raise Invalid(f"{text} ligt te ver weg. Kijk het jaartal na.")
    raise Invalid("Die datum bestaat niet. Schrijf ze zo: 30/11/2026.")


def check_start(day: date | None, start: time | None) -> None:
    """Raises Invalid for an hour that the clock skips or has twice in the night in which it changes."""
    if day is None or start is None:
        return
    here = datetime.combine(day, start, BRUSSELS)
    there_and_back = here.astimezone(UTC).astimezone(BRUSSELS)
    if there_and_back.time() != start or here.utcoffset() != here.replace(fold=1).utcoffset():
        raise Invalid("In die nacht verandert het uur: dit tijdstip bestaat niet, of twee keer. Kies een ander uur.")


def clock(start: time, minutes: int) -> str:
    """The time so many minutes after the start, as it is written here: *10.25*."""
    moment = datetime.combine(datetime.min, start) + timedelta(minutes=minutes)
    return f"{moment.hour}.{moment.minute:02d}"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody asks the planner. ``hours``: minutes per lesson hour; day and start as the timetable has them."""

    hours: tuple[int, ...]
    day: date | None = None
    start: time | None = None
    size: int | None = None
    room: Room | None = None
    devices: tuple[Device, ...] = ()
    changes: Changes = field(default_factory=Changes)

    @property
    def address(self) -> dict[str, Any]:
        """The same as the query of an address of the planner."""
        values = {
            "uren": hours_text(self.hours),
            "datum": self.day.isoformat() if self.day else None,
            "start": clock(self.start, 0) if self.start else None,
            "aantal": self.size,
            "ruimte": self.room.value if self.room else None,
            "toestel": [device.value for device in self.devices],
            "w": self.changes.tokens,
        }
        return {name: value for name, value in values.items() if value not in (None, [])}


def fingerprint_of(session: Session) -> str:
    """Changes when a session does, so that a kept plan can tell. What youngsters get on paper changes no plan."""
    return hashlib.sha256(session.model_dump_json(exclude={"sheet"}).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class FormatChoice:
    """A werkvorm for an exercise, and what stands in its way here and now, in Dutch sentences."""

    activity: ActivityFormat
    problems: tuple[str, ...]


def format_choices(
    formats: Iterable[ActivityFormat], exercise_id: str, minutes: int, asked: Asked
) -> tuple[FormatChoice, ...]:
    """The werkvormen that the catalogue made for this exercise, so with the same goal; those that fit here first."""
    missing = {need for need in ("gsm", "scherm") if need not in asked.devices}
    if asked.room is Room.TIGHT:
        missing.add("ruimte")
    found = []
    for activity in formats:
        if exercise_id not in activity.suits:
            continue
        least = max(activity.group.min, activity.per_set.min if activity.per_set else 1)
        situation = Situation(
            exercise=exercise_id,
            size=asked.size or least,
            minutes=max(1, minutes),
            available=tuple(need for need in get_args(Need) if need not in missing),
        )
        problems = tuple(broken.text for broken in find_broken(activity, situation))
        found.append(FormatChoice(activity=activity, problems=problems))
    return tuple(sorted(found, key=lambda one: bool(one.problems)))


@dataclass(frozen=True, kw_only=True)
class Row:
    """A block with the minute of its lesson hour at which it begins, and clock times when the start is known."""

    block: Block
    begins: int
    clock: str | None
    until: str | None

    @property
    def ends(self) -> int:
        return self.begins + self.block.minutes


def rows_of(blocks: Sequence[Block], hours: Sequence[int], start: time | None) -> Iterator[Row]:
    """The blocks with their times. A lesson hour begins when the one before it ends by the bell."""
    passed: dict[int, int] = {}
    for block in blocks:
        begins = passed.get(block.hour, 0)
        passed[block.hour] = begins + block.minutes
        bell = sum(hours[: block.hour - 1])
        yield Row(
            block=block,
            begins=begins,
            clock=clock(start, bell + begins) if start else None,
            until=clock(start, bell + begins + block.minutes) if start else None,
        )


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The plan of a group for one session; ``day`` is None while it has no date."""

    id: int
    session_slug: str
    day: date | None
    start: time | None


@dataclass(frozen=True, kw_only=True)
class Done:
    """The last time that a session was given to a group; ``id`` is that of the log."""

    id: int
    session_slug: str
    day: date


def next_session(
    slugs: Sequence[str], planned: Mapping[str, Planned], done: Mapping[str, Done] | None = None
) -> str | None:
    """The first session of the toolbox that a group still has to plan; None when each is planned or done."""
    return next((slug for slug in slugs if slug not in planned and slug not in (done or {})), None)


def next_planned(slugs: Sequence[str], planned: Mapping[str, Planned], done: Mapping[str, Done]) -> Planned | None:
    """The plan that comes next for a group: of the first session that is planned and not done yet."""
    return next((planned[slug] for slug in slugs if slug in planned and slug not in done), None)
