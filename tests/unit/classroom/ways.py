"""Ways of leading a round, as somebody with one habit would."""

from __future__ import annotations

from collections.abc import Callable

from lms.didactics.classroom.moves import list_moves
from lms.didactics.classroom.states import Move, Run

Way = Callable[[Run], Move]


def pick(run: Run, kind: str, to: str | None = None) -> Move | None:
    """A move that asks a question of this kind to this youngster (None: to all), or None when it cannot be made."""
    moves = list_moves(run.scenario, run.state)
    return next((one for one in moves if one.question and one.question.kind == kind and one.to == to), None)


def plain(run: Run, name: str) -> Move | None:
    return next((one for one in list_moves(run.scenario, run.state) if one.id == name), None)


def close(run: Run) -> Move:
    move = plain(run, "close")
    assert move
    return move


def loudest(run: Run) -> str:
    return next(one.id for one in run.scenario.youngsters if one.temper == "prater")


def always_push(run: Run) -> Move:
    """Goes round the circle and pushes each in turn."""
    who = run.scenario.youngsters[len(run.turns) % 6].id
    return pick(run, "duwend", who) or close(run)


def only_the_loudest(run: Run) -> Move:
    who = loudest(run)
    return plain(run, f"follow:{who}") or pick(run, "open", who) or close(run)


def follow_the_youngsters(run: Run) -> Move:
    """Makes it safe, lets them write, asks who was not heard, waits, takes up their words, and lets them pass."""
    state = run.state
    if state.turns >= run.scenario.turns:
        return close(run)
    if not run.turns or state.hurt:
        return pick(run, "afspraak") or close(run)
    writing = next(
        (one for one in list_moves(run.scenario, state) if one.format and one.format.kind == "schrijven"), None
    )
    if writing:
        return writing
    if state.awaited:
        return plain(run, "wait") if not state.waits else pick(run, "ruimte", state.awaited)  # type: ignore[return-value]
    last = state.last
    if last and last.follow and state.feelings[last.who].depth < 2:
        return plain(run, f"follow:{last.who}") or close(run)
    unheard = [name for name, one in state.feelings.items() if not one.spoken and not one.offered]
    unheard.sort(key=lambda name: -state.feelings[name].trust)
    if unheard:
        return pick(run, "open", unheard[0]) or close(run)
    return close(run)


def never_stop(run: Run) -> Move:
    """Keeps silent until the bell, and then some."""
    return plain(run, "wait") or close(run)
