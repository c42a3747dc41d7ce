"""Why a session does not fit: which minimum finds no place."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.toolbox_models import Limits, Session
from lms.didactics.timing.parts import Part, optional_ids, without
from lms.didactics.timing.plans import DoesNotFit
from lms.didactics.timing.words import listed, minutes_text


def does_not_fit(
    session: Session, parts: Sequence[Part], hours: Sequence[int], limits: tuple[Limits, Limits]
) -> DoesNotFit:
    """The error for a session of which not even the core fits in ``hours``, with the first minimum without a place."""
    home = [part for part in parts if part.step is not None and part.goes_home]
    core = without(parts, dropped=optional_ids(session), at_home=[part.id for part in home])
    least = sum(part.floor for part in core)
    needs = listed([f"{part.name} {part.floor}" for part in core])
    at_home = f" (met {listed([part.name for part in home])} thuis)" if home else ""
    if len(hours) == 1:
        short = f"{session.short_title} past niet in {minutes_text(hours[0])}."
    else:
        short = f"{session.short_title} past niet in lesuren van {listed([str(hour) for hour in hours])} minuten."
    culprit = _without_place(core, hours, limits)
    return DoesNotFit(
        f"{short} Voor {culprit.name} (minstens {minutes_text(culprit.floor)}) is geen plaats. "
        f"De kern{at_home} vraagt minstens {minutes_text(least)}: {needs}."
        + (_between_hours(limits) if len(hours) > 1 else "")
    )


def _between_hours(limits: tuple[Limits, Limits]) -> str:
    opening, closing = limits[0].min, limits[1].min
    return (
        f" Bij elke knip komen daar een mini-check-out van {minutes_text(closing)} "
        f"en een mini-check-in van {minutes_text(opening)} bij."
    )


def _without_place(core: Sequence[Part], hours: Sequence[int], limits: tuple[Limits, Limits]) -> Part:
    """The first part for which there is no room when every part takes its minimum, as early as it can.

    Behind every part the closing of its hour is kept free, so that a part in the middle is blamed before the check-out.
    """
    opening, closing = limits[0].min, limits[1].min
    hour, free = 0, hours[0]
    for place, part in enumerate(core):
        while part.floor + _after(core[place + 1 :], free - part.floor, closing) > free:
            hour += 1
            if hour >= len(hours):
                return part
            free = hours[hour] - opening
        free -= part.floor
    return core[-1]


def _after(rest: Sequence[Part], free: int, closing: int) -> int:
    """What has to stay free behind a part: the mini check-out, or no more than the check-out itself asks."""
    everything = sum(part.floor for part in rest)
    if everything <= free:
        return 0
    return min(closing, rest[-1].floor) if rest else 0
