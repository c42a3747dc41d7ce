"""Rules for rehearsals: the session fits in the hours, what disrupts it can happen, and some day runs late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lms.content.drafts import CardsFile, Draft, Located
from lms.content.naming import Named, once, once_among, quoted
from lms.content.problems import Problem
from lms.content.rehearsal_models import Rehearsal
from lms.content.toolbox_models import Session

OPENING = "mini-checkin"


def check(draft: Draft) -> Iterator[Problem]:
    sources = [one for lesson in draft.lessons for one in lesson.exercises if isinstance(one.value, Rehearsal)]
    yield from once("de slug van een doorloop", (Named(one.value.slug, one, ("slug",)) for one in sources))
    sessions = {one.value.slug: one.value for one in draft.sessions}
    for source in sources:
        rehearsal: Rehearsal = source.value
        ids = (one.id for one in rehearsal.disruptions)
        yield from once_among("het id van een storing", ids, source, ("disruptions",))
        session = sessions.get(rehearsal.session)
        if session is None:
            if "sessions" not in draft.incomplete:
                cause = f'de sessie "{rehearsal.session}" bestaat niet'
                yield source.problem(("session",), cause, "de slug van een sessie" + quoted(sessions))
            continue
        yield from _check_disruptions(source, session)
        if draft.toolbox is not None:
            yield from _check_hours(source, session, draft.toolbox.value)


def _check_disruptions(source: Located[Rehearsal], session: Session) -> Iterator[Problem]:
    known = {exercise.id for exercise in session.exercises[:-1]}
    known |= {f"{exercise.id}.{label}" for exercise in session.exercises[:-1] for label in exercise.splittable}
    if len(source.value.hours) > 1:
        known.add(OPENING)
    for number, disruption in enumerate(source.value.disruptions):
        if disruption.minutes.min > disruption.minutes.max:
            cause = f"min is {disruption.minutes.min}"
            yield source.problem(
                ("disruptions", number, "minutes", "min"),
                cause,
                f"hoogstens {disruption.minutes.max}, het getal bij max",
            )
        for place, name in enumerate(disruption.during):
            if name not in known:
                cause = f'"{name}" kan hier niet uitlopen'
                expected = "een oefening of stap van de sessie, niet de check-out" + quoted(known)
                yield source.problem(("disruptions", number, "during", place), cause, expected)


def _check_hours(source: Located[Rehearsal], session: Session, toolbox: CardsFile) -> Iterator[Problem]:
    rehearsal, opening, closing = source.value, toolbox.mini_checkin.min, toolbox.mini_checkout.min
    hours = [hour.minutes for hour in rehearsal.hours]
    if not fits_in(session, hours, opening, closing):
        needs = sum(part.minutes for part in _parts(session) if not part.may_stay_out)
        cause = f"de kern van de sessie past niet in {' + '.join(map(str, hours))} minuten"
        yield source.problem(("hours",), cause, f"meer minuten: de kern vraagt er {needs}, plus een begin en een einde")
    room = sum(hours) - (len(hours) - 1) * (opening + closing) - session.total_minutes
    if sum(one.minutes.max for one in rehearsal.disruptions) <= room:
        cause = f"er loopt nooit iets uit: met alle storingen samen zijn er nog minuten over ({room} vrij)"
        yield source.problem(("disruptions",), cause, "minder minuten in hours, of langere storingen")


@dataclass(frozen=True, kw_only=True)
class _Part:
    """An exercise or a step at its minimum; ``works``: neither check-in nor check-out."""

    minutes: int
    works: bool
    may_stay_out: bool


def _parts(session: Session) -> list[_Part]:
    ends = (session.exercises[0].id, session.exercises[-1].id)
    parts = []
    for exercise in session.exercises:
        works, droppable = exercise.id not in ends, exercise.droppable
        if exercise.splittable:
            parts += [
                _Part(minutes=step.min_minutes or 0, works=works, may_stay_out=droppable or step.home)
                for step in exercise.steps
            ]
        else:
            parts.append(_Part(minutes=exercise.min_minutes, works=works, may_stay_out=droppable))
    return parts


def fits_in(session: Session, hours: Sequence[int], opening: int, closing: int) -> bool:
    """Whether the session goes in lesson hours of so many minutes: exactly when the planner finds a plan.

    ``opening`` and ``closing`` are the least minutes of what stands between hours. Every hour that is used holds
    something that works, which may be an exercise that could have stayed out.
    """
    parts = _parts(session)

    def fits(begin: int, hour: int, first: int) -> bool:
        return any(
            _least(parts[begin:end]) + first + (0 if end == len(parts) else closing) <= hours[used]
            and (end == len(parts) or fits(end, used + 1, opening))
            for used in range(hour, len(hours))
            for end in range(begin + 1, len(parts) + 1)
        )

    return fits(0, 0, 0)


def _least(parts: Sequence[_Part]) -> float:
    """The least minutes of a stretch of parts with at least one that works; without any it fits nowhere."""
    least = sum(part.minutes for part in parts if not part.may_stay_out)
    if any(part.works and not part.may_stay_out for part in parts):
        return least
    return least + min((part.minutes for part in parts if part.works), default=float("inf"))
