"""One turn while it unfolds: a sheet on which the rules write, and from which the frozen turn is made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lms.content.classroom_models import Scenario, Youngster
from lms.didactics.classroom.states import Event, Feeling, Finding, Move, Run, Said, State, Turn
from lms.didactics.classroom.tempers import MOST, MOST_THOUGHT, NATURES, chance

DEPTHS = {"kort": 1, "vertelt": 2, "persoonlijk": 3}
# Somebody speaks once speed, thought and trust together reach this.
READY = 4
SECONDS_OF_SILENCE, SECONDS_OF_WRITING, SECONDS_IN_PAIRS = 5, 45, 120
# A calm speaker says about two and a half words in a second.
WORDS_PER_SECOND = 2.5


def seconds_of(text: str) -> int:
    """How long it takes to say this, in seconds, at least one."""
    return max(1, round(len(text.split()) / WORDS_PER_SECOND))


class Unfolding:
    """Collects what happens in one turn. ``state`` is the moment so far."""

    def __init__(self, run: Run, move: Move) -> None:
        self.scenario: Scenario = run.scenario
        self.seed, self.move, self.before = run.seed, move, run.state
        self.state: State = run.state
        self.events: list[Event] = []
        self.findings: list[Finding] = []

    def freeze(self) -> Turn:
        return Turn(
            move=self.move,
            before=self.before,
            after=self.state,
            events=tuple(self.events),
            findings=tuple(self.findings),
        )

    # ── what is known ──

    @property
    def others(self) -> list[str]:
        """Everybody but the one the move is for."""
        return [one.id for one in self.scenario.youngsters if one.id != self.move.to]

    def feeling(self, who: str) -> Feeling:
        return self.state.feelings[who]

    def youngster(self, who: str) -> Youngster:
        return self.scenario.youngster(who)

    def is_likely(self, percent: int, *what: object) -> bool:
        """Chance that depends on the class and the turn, never on what else was chosen in this turn."""
        return chance(self.scenario.id, self.seed, self.before.turns, *what) < percent

    def readiness(self, who: str) -> int:
        """How near somebody is to speaking, without the mood of the moment."""
        return readiness(self.scenario, self.state, who)

    def is_ready(self, who: str) -> bool:
        return self.readiness(who) + self.is_likely(50, "ready", who) >= READY

    # ── what happens ──

    def put(self, **fields: Any) -> None:
        self.state = replace(self.state, **fields)

    def feel(self, who: str, *, energy: int = 0, trust: int = 0, thought: int = 0, **fields: Any) -> None:
        """Change the feelings of somebody by these amounts; nothing leaves its bounds."""
        old = self.feeling(who)
        new = replace(
            old,
            energy=min(MOST, max(0, old.energy + energy)),
            trust=min(MOST, max(0, old.trust + trust)),
            thought=min(MOST_THOUGHT, max(0, old.thought + thought)),
            **fields,
        )
        self.put(feelings={**self.state.feelings, who: new})

    def you(self, text: str) -> None:
        self.events.append(Event(kind="you", text=text, seconds=seconds_of(text)))

    def sees(self, text: str, who: str | None = None, seconds: int = 0) -> None:
        self.events.append(Event(kind="sees", text=text, who=who, seconds=seconds))

    def note(self, rule: str, who: str | None = None) -> None:
        self.findings.append(Finding(rule=rule, who=who))

    def says(self, who: str, text: str, depth: int) -> None:
        """Somebody speaks: airtime, and a little energy."""
        old = self.feeling(who)
        self.events.append(Event(kind="says", text=text, who=who, depth=depth, seconds=seconds_of(text)))
        self.feel(who, energy=1, spoken=old.spoken + 1, depth=max(old.depth, depth), listened=0)

    def open_thread(self, who: str, depth: int) -> int:
        """Somebody begins what is deepest and not deeper than ``depth``; gives its depth, 0 when all was said."""
        begins = [
            (DEPTHS[thread[0].depth], -number)
            for number, thread in enumerate(self.youngster(who).threads)
            if (who, number) not in self.state.opened and DEPTHS[thread[0].depth] <= depth
        ]
        if not begins:
            self.had_enough(who)
            return 0
        thread = -max(begins)[1]
        self.put(opened=self.state.opened | {(who, thread)})
        return self._line(who, thread, 0)

    def go_on(self, said: Said) -> int:
        """The next layer of what somebody said; gives its depth."""
        return self._line(said.who, said.thread, said.place + 1)

    def had_enough(self, who: str) -> None:
        self.says(who, self.youngster(who).enough, 0)
        self.put(last=None)

    def next_depth(self, said: Said) -> int:
        """The depth of the next layer, 0 when there is none."""
        thread = self.youngster(said.who).threads[said.thread]
        return DEPTHS[thread[said.place + 1].depth] if said.place + 1 < len(thread) else 0

    def _line(self, who: str, thread: int, place: int) -> int:
        lines = self.youngster(who).threads[thread]
        line = lines[place]
        self.says(who, line.text, DEPTHS[line.depth])
        self.feel(who, thought=-MOST_THOUGHT)
        follow = line.follow if place + 1 < len(lines) else None
        self.put(last=Said(who=who, thread=thread, place=place, follow=follow))
        return DEPTHS[line.depth]


def readiness(scenario: Scenario, state: State, who: str) -> int:
    """Speed, thought and trust together; tiredness holds back, and some speak sooner once others have."""
    feeling = state.feelings[who]
    nature = NATURES[scenario.youngster(who).temper]
    voices = sum(one.spoken > 0 for name, one in state.feelings.items() if name != who)
    result = nature.speed + feeling.thought + feeling.trust // 3
    return result - 2 * (feeling.energy <= 2) + (nature.joins and voices >= 2)
