"""A run from its seed: the same scenario, seed and moves always give the same class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lms.content.classroom_models import Scenario
from lms.didactics.classroom import rules
from lms.didactics.classroom.moves import get_move, turns_of
from lms.didactics.classroom.states import Feeling, Move, Run, State
from lms.didactics.classroom.tempers import NATURES, of_the_day
from lms.didactics.classroom.unfolding import Unfolding

# Who only listens for so many turns loses some energy.
TOO_LONG = 4


def begin(scenario: Scenario, seed: int) -> Run:
    """A class at its first moment, each youngster as they are that day."""
    feelings = {
        one.id: Feeling(
            energy=NATURES[one.temper].energy + of_the_day(scenario.id, seed, "energy", one.id),
            trust=NATURES[one.temper].trust + of_the_day(scenario.id, seed, "trust", one.id),
        )
        for one in scenario.youngsters
    }
    return Run(scenario=scenario, seed=seed, start=State(feelings=feelings))


def replay(scenario: Scenario, seed: int, moves: Iterable[str]) -> Run:
    """The run in which these moves were made. Raises Lost when one of them no longer fits the content."""
    run = begin(scenario, seed)
    for name in moves:
        run = make_move(run, get_move(scenario, run.state, name))
    return run


def make_move(run: Run, move: Move) -> Run:
    """The run with one move more. ``move`` is one of ``list_moves``."""
    u = Unfolding(run, move)
    rules.leave_alone(u)
    if move.kind != "wait":
        u.put(waits=0)
    _words_of(u)
    match move.kind:
        case "ask" if move.question is not None:
            rules.ask(u, move.question.kind, move.to)
        case "follow" if move.to is not None:
            rules.follow(u, move.to)
        case "wait":
            rules.wait(u)
        case "format":
            rules.change_format(u)
        case "close":
            u.put(closed=True, awaited=None, floor=None, last=None)
    _listen(u)
    u.put(turns=run.state.turns + turns_of(move))
    return replace(run, turns=(*run.turns, u.freeze()))


def _words_of(u: Unfolding) -> None:
    """What the begeleider says with this move."""
    move, last = u.move, u.before.last
    if move.question is not None:
        name = f"{u.youngster(move.to).name}, " if move.to else ""
        text = move.question.text
        u.you(name + text[0].lower() + text[1:] if name else text)
    elif move.kind == "follow" and last is not None and last.follow is not None:
        u.you(last.follow)
    elif move.format is not None:
        u.you(move.format.text)
    elif move.kind == "close":
        u.you(u.scenario.closing)


def _listen(u: Unfolding) -> None:
    """Who did not speak in this turn listened; long listening makes tired."""
    spoke = {event.who for event in u.events if event.kind == "says"}
    for name in u.state.feelings:
        if name in spoke:
            continue
        listened = u.feeling(name).listened + 1
        if listened >= TOO_LONG:
            u.feel(name, energy=-1, listened=0)
        else:
            u.feel(name, listened=listened)
