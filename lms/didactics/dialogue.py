"""A branching classroom conversation as a state machine over content.

Didactic rule (course blueprint, dialogues): several goals are scored per turn and never added up; the
ending gives the rating. A slip can be repaired, so any turn may be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.models import Dialogue, DialogueOption, DialogueTurn, Ending


class Lost(Exception):
    """What was said no longer exists in the content: the conversation has to start again."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One turn that was played: what the youngster said, what the learner answered."""

    turn: DialogueTurn
    option: DialogueOption


@dataclass(frozen=True, kw_only=True)
class State:
    """Where a conversation stands: what was said, and the open turn or the ending."""

    exchanges: tuple[Exchange, ...]
    turn: DialogueTurn | None
    ending: Ending | None


def replay(dialogue: Dialogue, said: list[tuple[str, str]]) -> State:
    """Play the ids (turn, option) in ``said`` from the start. Raises Lost when they do not fit the content."""
    turns = {turn.id: turn for turn in dialogue.turns}
    endings = {ending.id: ending for ending in dialogue.endings}
    here = dialogue.start
    exchanges = []
    for turn_id, option_id in said:
        turn = turns.get(here)
        option = next((option for option in turn.options if option.id == option_id), None) if turn else None
        if turn is None or option is None or turn_id != here:
            raise Lost
        exchanges.append(Exchange(turn=turn, option=option))
        here = option.next
    if here not in turns and here not in endings:
        raise Lost
    return State(exchanges=tuple(exchanges), turn=turns.get(here), ending=endings.get(here))


def longest_way(dialogue: Dialogue) -> int:
    """The largest number of turns from start to an ending without coming back to a turn, for *beurt 2 van 5*."""
    turns = {turn.id: turn for turn in dialogue.turns}

    def walk(here: str, seen: frozenset[str]) -> int:
        if here not in turns or here in seen:
            return 0
        return 1 + max(walk(option.next, seen | {here}) for option in turns[here].options)

    return walk(dialogue.start, frozenset())
