"""What can be done at a moment of the round."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.classroom_models import Scenario
from lms.didactics.classroom.states import Lost, Move, State

WAIT, CLOSE = Move(kind="wait"), Move(kind="close")
# A conversation in pairs takes the time of two moves.
TURNS = {"duo": 2, "schrijven": 1}


def turns_of(move: Move) -> int:
    """How many turns of the round a move takes."""
    return TURNS[move.format.kind] if move.format else 1


def list_moves(scenario: Scenario, state: State) -> list[Move]:
    """Every move that can be made now, in the order of the content; none once the round is closed."""
    if state.closed:
        return []
    if state.turns >= scenario.turns:
        return [CLOSE]
    return [*_questions(scenario, state), WAIT, *_formats(scenario, state), CLOSE]


def _questions(scenario: Scenario, state: State) -> Iterator[Move]:
    for one in scenario.youngsters:
        if state.last is not None and state.last.who == one.id and state.last.follow:
            yield Move(kind="follow", to=one.id)
        for question in scenario.questions:
            if not question.to_all:
                yield Move(kind="ask", to=one.id, question=question)
    for question in scenario.questions:
        if question.to_all:
            yield Move(kind="ask", question=question)


def _formats(scenario: Scenario, state: State) -> Iterator[Move]:
    left = scenario.turns - state.turns
    for one in scenario.formats:
        move = Move(kind="format", format=one)
        if one.id not in state.formats and turns_of(move) <= left:
            yield move


def get_move(scenario: Scenario, state: State, name: str) -> Move:
    """The move with this id. Raises Lost when it cannot be made now, or does not exist any more."""
    for move in list_moves(scenario, state):
        if move.id == name:
            return move
    raise Lost(name)
