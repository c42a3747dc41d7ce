"""A session that runs minute by minute while things overrun, and is planned again at each boundary that runs late.

Source: requirement A6. Where a run stands follows from the exercise, the day and the decisions alone, so nothing but
the decisions has to be kept. Didactic rules: the check-out is protected, so what holds up a block stops where the
check-out needs its minimum; the bell is hard, so what is not done by then is lost, because a group has a bus to catch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from lms.content.rehearsal_models import PlacedRehearsal
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.overruns import Overrun, draw_overruns, name_of
from lms.didactics.timing.plans import Block, Plan
from lms.didactics.timing.postponing import Blocks, floor_of, postpone
from lms.didactics.timing.replanning import replan

Choice = Literal["go_on", "shorten", "home", "skip", "later"]
CHOICES: Mapping[Choice, str] = {
    "go_on": "Ga door zoals gepland",
    "shorten": "Kort in",
    "home": "Geef iets mee naar huis",
    "skip": "Laat iets weg",
    "later": "Schuif iets door naar het volgende lesuur",
}
Fate = Literal["done", "broken", "lost", "home", "skipped"]


class Lost(Exception):
    """The decisions do not fit the exercise as it is now: the run has to start again."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A block as it went, in minutes of lesson hour ``hour`` (from 1). ``extra``: what the overrun took of it.

    ``broken``: the bell rang in the middle; ``lost``: it rang before.
    """

    block: Block
    hour: int
    start: int
    end: int
    fate: Fate
    overrun: Overrun | None = None
    extra: int = 0

    @property
    def own(self) -> int:
        """The minutes that went to the block itself."""
        return self.end - self.start - self.extra


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One thing to decide, and in sentences what it changes; ``hours`` is None when it does not help (``reason``)."""

    choice: Choice
    hours: tuple[Blocks, ...] | None
    lines: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A boundary that runs late. ``behind``: minutes behind the plan; ``late``: minutes short before the bell.

    ``bell_in`` is the block in which the bell will ring when nothing changes. ``chosen`` is None while it is open.
    """

    hour: int
    minute: int
    behind: int
    late: int
    bell_in: Block
    offers: tuple[Offer, ...]
    chosen: Choice | None = None


@dataclass(frozen=True, kw_only=True)
class Point:
    """Where a run stands: the plan of each hour as it is now, what went by, and the moment that asks a decision."""

    hours: tuple[Blocks, ...]
    hour: int = 0
    place: int = 0
    minute: int = 0
    trail: tuple[Stretch, ...] = ()
    moments: tuple[Moment, ...] = ()
    open: Moment | None = None

    @property
    def is_over(self) -> bool:
        return self.hour == len(self.hours)

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(moment.chosen for moment in self.moments if moment.chosen is not None)


@dataclass(frozen=True)
class Day:
    """A rehearsal on one day: its plan and what will hold it up."""

    rehearsal: PlacedRehearsal
    number: int

    @cached_property
    def plan(self) -> Plan:
        return fit(self.rehearsal.taken_from, self.rehearsal.minutes, self.rehearsal.minis)

    @cached_property
    def overruns(self) -> Mapping[str, Overrun]:
        return draw_overruns(self.rehearsal, self.plan, self.number)

    def start(self) -> Point:
        """The run until the first boundary that runs late, or until its end."""
        hours = range(1, len(self.rehearsal.hours) + 1)
        return self._run(Point(hours=tuple(tuple(b for b in self.plan.blocks if b.hour == hour) for hour in hours)))

    def decide(self, point: Point, choice: str) -> Point:
        """The run after a decision at the open moment. Raises Lost when there is none or this is not offered."""
        moment = point.open
        offer = next((one for one in moment.offers if one.choice == choice), None) if moment else None
        if moment is None or offer is None or offer.hours is None:
            raise Lost
        decided = replace(moment, chosen=offer.choice)
        return self._run(replace(point, hours=offer.hours, open=None, moments=(*point.moments, decided)))

    def play(self, choices: Sequence[str]) -> Point:
        """The run after these decisions. Raises Lost when they do not fit."""
        point = self.start()
        for choice in choices:
            point = self.decide(point, choice)
        return point

    # ── minute by minute ───────────────────────────────────────────────────

    def _run(self, point: Point) -> Point:
        while not point.is_over and point.open is None:
            if point.place == len(point.hours[point.hour]):
                point = replace(point, hour=point.hour + 1, place=0, minute=0)
            else:
                point = self._step(point)
        return point

    def _step(self, point: Point) -> Point:
        stretch = self._stretch(point)
        after = replace(point, place=point.place + 1, minute=stretch.end, trail=(*point.trail, stretch))
        return replace(after, open=self._moment(after, stretch)) if stretch.fate == "done" else after

    def _stretch(self, point: Point) -> Stretch:
        blocks, bell = point.hours[point.hour], self.rehearsal.minutes[point.hour]
        block = blocks[point.place]
        end, extra, overrun = point.minute, 0, None
        fate: Fate = "lost"
        if not block.in_class:
            fate = "home" if block.status == "home" else "skipped"
        elif point.minute < bell:
            end = point.minute + block.minutes
            overrun = self.overruns.get(name_of(block))
            if overrun is not None:
                closing = next(one for one in reversed(blocks) if one.in_class)
                floor = floor_of(self.rehearsal.taken_from, self.rehearsal.minis, closing)
                extra = max(0, min(overrun.minutes, bell - floor - end))
            fate, end = ("done" if end <= bell else "broken"), min(bell, end + extra)
        return Stretch(
            block=block, hour=point.hour + 1, start=point.minute, end=end, fate=fate, extra=extra,
            overrun=overrun if extra else None,
        )  # fmt: skip

    def _moment(self, point: Point, stretch: Stretch) -> Moment | None:
        """The decision after a block, when what still comes in this hour does not fit before the bell."""
        blocks, bell = point.hours[point.hour], self.rehearsal.minutes[point.hour]
        ahead = [block for block in blocks[point.place :] if block.in_class]
        late = point.minute + sum(block.minutes for block in ahead) - bell
        if not ahead or late <= 0 or point.minute >= bell:
            return None
        planned = sum(block.minutes for block in blocks[: point.place])
        return Moment(
            hour=point.hour + 1,
            minute=point.minute,
            behind=point.minute - planned,
            late=late,
            bell_in=_rings_in(ahead, bell - point.minute),
            offers=tuple(self._offers(point, stretch)),
        )

    def _offers(self, point: Point, stretch: Stretch) -> Iterator[Offer]:
        yield Offer(choice="go_on", hours=point.hours)
        rehearsal, hour, bell = self.rehearsal, point.hour, self.rehearsal.minutes[point.hour]
        session, minis, blocks = rehearsal.taken_from, rehearsal.minis, point.hours[hour]
        done = point.place - 1
        result = replan(
            session, blocks, running=done, started=stretch.start, minute=point.minute, bell=bell, minis=minis
        )
        for proposal in result.proposals:
            hours = _with(point.hours, hour, proposal.blocks) if proposal.blocks is not None else None
            lines = tuple(cut.text for cut in proposal.cuts)
            yield Offer(choice=proposal.kind, hours=hours, lines=lines, reason=proposal.reason)
        if hour + 1 < len(point.hours) and point.hours[hour + 1]:
            moved = postpone(
                session, minis, blocks, point.hours[hour + 1], done=done, spent=point.minute - stretch.start,
                room=bell - point.minute, bell=rehearsal.minutes[hour + 1],
            )  # fmt: skip
            hours = _with(point.hours, hour, *moved.blocks) if moved.blocks is not None else None
            yield Offer(choice="later", hours=hours, lines=moved.lines, reason=moved.reason)


def _with(hours: tuple[Blocks, ...], hour: int, *new: Sequence[Block]) -> tuple[Blocks, ...]:
    return (*hours[:hour], *(tuple(blocks) for blocks in new), *hours[hour + len(new) :])


def _rings_in(ahead: Sequence[Block], room: int) -> Block:
    """The first block that is not done in ``room`` minutes; the caller knows that there is one."""
    for block in ahead:
        room -= block.minutes
        if room < 0:
            return block
    raise ValueError("everything is done before the bell")
