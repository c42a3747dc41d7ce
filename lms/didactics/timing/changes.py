"""What a begeleider changes in a plan: how it is written in an address, and which change the toolbox does not allow.

A change is about an exercise, or about one step of an exercise that may be split. Written: ``s1-verleden:25``
(minutes), ``:thuis``, ``:deel`` (the part that the toolbox names is done at home), ``:weg``, ``:klas`` (it stays in
class) and ``:vorm-w05`` (another werkvorm).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lms.content.toolbox_models import Session, ToolboxExercise
from lms.didactics.timing.parts import Part, ends, is_core, parts_of
from lms.didactics.timing.words import minutes_text

Word = Literal["home", "part", "skip", "class"]
Decision = int | Word
_WORDS: Mapping[str, Word] = {"thuis": "home", "deel": "part", "weg": "skip", "klas": "class"}
_TOKENS = {word: token for token, word in _WORDS.items()}
_TOKEN = re.compile(r"([a-z0-9][a-z0-9.-]{0,63}):(?:(\d{1,3})|(thuis|deel|weg|klas)|vorm-([a-z0-9-]{1,64}))")
LONGEST_BLOCK = 180
# More than any session has blocks; an address with more was not made by the planner.
MOST = 40


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Decisions about time and place, and other werkvormen, by the id of their block; in the order they were made."""

    decisions: Mapping[str, Decision] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)

    @property
    def tokens(self) -> list[str]:
        return [
            *(f"{name}:{_written(decision)}" for name, decision in self.decisions.items()),
            *(f"{name}:vorm-{activity}" for name, activity in self.formats.items()),
        ]

    def decide(self, block_id: str, decision: Decision | None) -> Changes:
        """With this decision about a block; None takes what was decided back."""
        rest = {name: old for name, old in self.decisions.items() if name != block_id}
        return Changes(decisions=rest if decision is None else rest | {block_id: decision}, formats=self.formats)

    def swap(self, exercise_id: str, activity_id: str | None) -> Changes:
        """With this werkvorm for an exercise; None is the one of the toolbox again."""
        rest = {name: old for name, old in self.formats.items() if name != exercise_id}
        return Changes(
            decisions=self.decisions, formats=rest if activity_id is None else rest | {exercise_id: activity_id}
        )


def _written(decision: Decision) -> str:
    return str(decision) if isinstance(decision, int) else _TOKENS[decision]


def read_changes(tokens: Iterable[str]) -> Changes:
    """Changes as they are written; what is not written so is no change. The last word about a block counts."""
    changes = Changes()
    for token in list(tokens)[:MOST]:
        found = _TOKEN.fullmatch(token)
        if found is None:
            continue
        name, count, word, activity = found.groups()
        if activity:
            changes = changes.swap(name, activity)
        else:
            changes = changes.decide(name, int(count) if count else _WORDS[word])
    return changes


def refuse(session: Session, block_id: str, decision: Decision) -> str | None:
    """Why the toolbox does not allow this, in a Dutch sentence; None when it does.

    Source: the rules of the planner (B4): core in class at its minimum or more, at home only what the toolbox says.
    """
    parts = [part for part in parts_of(session) if block_id in (part.id, part.exercise.id)]
    if not parts:
        return "Een oefening die je veranderde, staat niet meer in deze sessie."
    exercise, name = parts[0].exercise, parts[0].name if block_id == parts[0].id else parts[0].exercise.name
    if isinstance(decision, int):
        return _refuse_minutes(parts, name, decision)
    if decision == "class":
        return None
    is_step = block_id != exercise.id
    if is_step and decision == "home":
        return None if parts[0].goes_home else f"{name} kan niet thuis."
    if decision == "part":
        return None if part_at_home(exercise) and not is_step else f"Van {name} kan geen deel naar huis."
    if is_core(session, exercise) or is_step:
        return _why_it_stays(session, exercise, name)
    if decision == "home" and exercise.at_home != "full":
        return f"{name} kan niet helemaal thuis. Kort het in, of laat het weg."
    return None


def _refuse_minutes(parts: list[Part], name: str, minutes: int) -> str | None:
    floor, whole = sum(part.floor for part in parts), sum(part.minutes for part in parts)
    if minutes < floor:
        return f"{name} vraagt minstens {minutes_text(floor)}."
    if all(part.step is not None and part.step.fixed for part in parts) and minutes != whole:
        return f"{name} duurt {minutes_text(whole)}; langer of korter kan niet."
    if minutes > LONGEST_BLOCK:
        return f"{name} kan hoogstens {minutes_text(LONGEST_BLOCK)} duren."
    return None


def _why_it_stays(session: Session, exercise: ToolboxExercise, name: str) -> str:
    opening, closing = ends(session)
    if exercise.id == opening:
        return "De check-in blijft: daarmee begint de groep echt."
    if exercise.id == closing:
        return "De check-out blijft: zonder eindig je midden in een gesprek."
    return f"{name} hoort bij de kern en blijft in de klas."


def part_at_home(exercise: ToolboxExercise) -> int | None:
    """Minutes in class when the part that the toolbox names is done at home; None when it names none."""
    if exercise.at_home != "partial" or not exercise.home_saves_minutes or exercise.splittable:
        return None
    left = max(exercise.min_minutes, exercise.minutes - exercise.home_saves_minutes)
    return left if left < exercise.minutes else None
