"""Reading a log as a phone or a form sends it: everything that is wrong at once, each with its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from lms.clock import BRUSSELS
from lms.content.toolbox_models import Session
from lms.didactics.timing.parts import parts_of
from lms.didactics.timing.plans import MINI_NAMES
from lms.errors import Invalid
from lms.pack.rules.logs import (
    BLOCKS_AT_MOST,
    HEADS_AT_MOST,
    MINUTES_AT_MOST,
    OLDEST,
    PARKED_AT_MOST,
    WORKED_LENGTH,
    BlockFacts,
    LogFacts,
    Mood,
    Outcome,
    ParkedFacts,
)
from lms.pack.rules.planning import fingerprint_of
from lms.pack.rules.questions import QUESTION_LENGTH

CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
KEYS = frozenset(
    "client_id session digest plan group day heads mood worked asked blocks parked".split()  # noqa: SIM905
)
BLOCK_KEYS = frozenset({"id", "outcome", "planned", "actual"})
PARKED_KEYS = frozenset({"client_id", "text", "exercise", "at"})
BROKEN = "Dit log is niet volledig aangekomen. Open het op je toestel en verstuur het opnieuw."


@dataclass
class LogReading:
    """``facts`` is None when something has to be mended; ``errors`` holds the field and a Dutch sentence for each.

    ``notes`` tells what could not be kept because the session was revised since it was given.
    """

    facts: LogFacts | None = None
    errors: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def told(self) -> dict[str, str]:
        """The first sentence about each field."""
        told: dict[str, str] = {}
        for name, message in self.errors:
            told.setdefault(name, message)
        return told

    def wrong(self, name: str, message: str) -> None:
        self.errors.append((name, message))


def read_client_id(given: Mapping[str, Any]) -> str:
    """The id that the phone gave its log. Raises Invalid."""
    value = given.get("client_id")
    if not isinstance(value, str) or not CLIENT_ID.fullmatch(value):
        raise Invalid(BROKEN)
    return value


def read_log(given: Mapping[str, Any], session: Session, *, moment: datetime) -> LogReading:
    """Read what was sent about ``session`` at ``moment``. Nothing of it is trusted; unknown keys are refused."""
    reading = LogReading()
    unknown = sorted(set(given) - KEYS)
    if unknown:
        reading.wrong("log", f"Het log bevat iets wat we niet kennen: {', '.join(unknown)[:80]}. {BROKEN}")
    digest = given.get("digest") or ""
    is_old = bool(digest) and digest != fingerprint_of(session)
    day = _day(reading, given.get("day"), moment)
    heads = _heads(reading, given.get("heads"))
    mood = _mood(reading, given.get("mood"))
    worked = _text(reading, "worked", given.get("worked", ""), "Wat werkte", WORKED_LENGTH)
    asked = _asked(reading, given.get("asked", []), session, is_old)
    blocks = _blocks(reading, given.get("blocks", []), session, is_old)
    parked = _parked(reading, given.get("parked", []), session, moment)
    if not reading.errors and day is not None and heads is not None:
        reading.facts = LogFacts(
            session_slug=session.slug,
            day=day,
            head_count=heads,
            mood=mood,
            worked=worked,
            asked=asked,
            blocks=blocks,
            group_id=_id(given.get("group")),
            plan_id=_id(given.get("plan")),
            content_digest=digest if is_old and re.fullmatch(r"[0-9a-f]{64}", str(digest)) else fingerprint_of(session),
            parked=parked,
        )
    return reading


def _id(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else None


def _number(value: Any) -> int | None:
    """A whole number as JSON has it, or as somebody typed it; None when it is none."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal() and len(value.strip()) < 7:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _day(reading: LogReading, value: Any, moment: datetime) -> date | None:
    today = moment.astimezone(BRUSSELS).date()
    day = None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            day = datetime.strptime(str(value or "").strip()[:12], form).date()
            break
        except ValueError:
            continue
    if day is None:
        reading.wrong("day", "Wanneer was het? Schrijf de dag zo: 30/11/2026.")
    elif day > today:
        reading.wrong("day", "Die dag moet nog komen. Noteer de dag waarop je de sessie gaf.")
    elif today - day > OLDEST:
        reading.wrong("day", "Die dag is meer dan twee jaar geleden. Kijk het jaartal na.")
    else:
        return day
    return None


def _heads(reading: LogReading, value: Any) -> int | None:
    heads = _number(value)
    if heads is None or not 1 <= heads <= HEADS_AT_MOST:
        reading.wrong("heads", f"Met hoeveel jongeren was je? Typ een getal van 1 tot {HEADS_AT_MOST}.")
        return None
    return heads


def _mood(reading: LogReading, value: Any) -> Mood | None:
    if value in (None, ""):
        return None
    mood = next((one for one in Mood if one == value), None)
    if mood is None:
        reading.wrong("mood", "Kies hoe het liep: vlot, wisselend of stroef.")
    return mood


def _text(reading: LogReading, name: str, value: Any, what: str, length: int) -> str:
    """Text with line breaks; what nobody can see is taken out, so it is not refused for a stray mark."""
    if not isinstance(value, str):
        reading.wrong(name, BROKEN)
        return ""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(char for char in value if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs"})
    text = text.strip()
    if len(text) > length:
        over = len(text) - length
        reading.wrong(name, f"{what}: dat zijn {over} tekens te veel. Gebruik er hoogstens {length}.")
    return text


def _list(reading: LogReading, name: str, value: Any, most: int) -> Sequence[Any]:
    if not isinstance(value, list) or len(value) > most:
        reading.wrong(name, BROKEN)
        return []
    return value


def _asked(reading: LogReading, value: Any, session: Session, is_old: bool) -> tuple[str, ...]:
    known = {
        variant for one in session.exercises for question in one.probing_questions for variant in question.variants
    }
    items = _list(reading, "asked", value, 200)
    given = list(dict.fromkeys(one for one in items if isinstance(one, str)))
    kept = tuple(one for one in given if one in known)
    if len(given) < len(set(map(str, items))) or (len(kept) < len(given) and not is_old):
        reading.wrong("asked", "Een bijvraag hoort niet bij deze sessie. Vink ze opnieuw aan.")
    elif len(kept) < len(given):
        reading.notes.append("De sessie is herzien. Een bijvraag die er niet meer in staat, telt niet mee.")
    return kept


def _blocks(reading: LogReading, value: Any, session: Session, is_old: bool) -> tuple[BlockFacts, ...]:
    known = {part.id for part in parts_of(session)} | {one.id for one in session.exercises} | set(MINI_NAMES)
    found, strange, seen = [], 0, set[str]()
    for place, item in enumerate(_list(reading, "blocks", value, BLOCKS_AT_MOST)):
        if not isinstance(item, dict) or set(item) - BLOCK_KEYS or not isinstance(item.get("id"), str):
            reading.wrong("blocks", BROKEN)
            return ()
        # A mini block may stand in every lesson hour; everything else is there once.
        is_double = item["id"] in seen and item["id"] not in MINI_NAMES
        if item["id"] not in known or is_double:
            strange += 1
            continue
        seen.add(item["id"])
        block = _block(reading, item, place)
        if block is not None:
            found.append(block)
    if strange and not is_old:
        reading.wrong("blocks", "Een oefening hoort niet bij deze sessie. Begin het log opnieuw vanaf je plan.")
    elif strange:
        reading.notes.append("De sessie is herzien. Een oefening die er niet meer in staat, telt niet mee.")
    return tuple(found)


def _block(reading: LogReading, item: Mapping[str, Any], place: int) -> BlockFacts | None:
    planned, actual = _number(item.get("planned")), _number(item.get("actual"))
    outcome = next((one for one in Outcome if one == item.get("outcome")), None)
    is_open = item.get("actual") in (None, "")
    if outcome is None:
        reading.wrong(f"blocks-{place}", "Kies wat er met deze oefening gebeurde.")
        return None
    if planned is None or not 0 <= planned <= MINUTES_AT_MOST:
        reading.wrong(f"blocks-{place}", BROKEN)
        return None
    if not is_open and (actual is None or not 0 <= actual <= MINUTES_AT_MOST):
        reading.wrong(f"blocks-{place}", f"Typ hele minuten, van 0 tot {MINUTES_AT_MOST}, of laat het leeg.")
        return None
    return BlockFacts(
        block_id=item["id"],
        exercise_id=item["id"].partition(".")[0],
        outcome=outcome,
        planned=planned,
        # What was not done in class took no time there.
        actual=actual if outcome is Outcome.DONE else None,
    )


def _parked(reading: LogReading, value: Any, session: Session, moment: datetime) -> tuple[ParkedFacts, ...]:
    known = {one.id for one in session.exercises}
    found: dict[str, ParkedFacts] = {}
    for place, item in enumerate(_list(reading, "parked", value, PARKED_AT_MOST)):
        own = item.get("client_id") if isinstance(item, dict) else None
        if not isinstance(own, str) or not CLIENT_ID.fullmatch(own) or set(item) - PARKED_KEYS:
            reading.wrong("parked", BROKEN)
            return ()
        text = " ".join(_text(reading, f"parked-{place}", item.get("text"), "De vraag", QUESTION_LENGTH).split())
        if not text:
            # An empty line is nothing to keep.
            continue
        exercise = str(item.get("exercise") or "").partition(".")[0]
        found[own] = ParkedFacts(
            client_id=own,
            text=text,
            exercise_id=exercise if exercise in known else None,
            parked_at=_moment(item.get("at"), moment),
        )
    return tuple(found.values())


def _moment(value: Any, latest: datetime) -> datetime:
    """When a question was parked by the clock of the phone; a clock that is wrong counts as now."""
    try:
        moment = datetime.fromisoformat(str(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return latest
    return moment if latest - OLDEST <= moment <= latest else latest
