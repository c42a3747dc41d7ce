"""In words: how a youngster sits there, as a begeleider would see it and never as a number, and what a move is."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.classroom_models import Scenario
from lms.didactics.classroom.states import Move, State
from lms.didactics.classroom.unfolding import READY, readiness

LOW, HIGH = 3, 7


@dataclass(frozen=True, kw_only=True)
class Sight:
    """``sign``: what stands out now, if anything. ``heard``: what they said so far."""

    energy: str
    trust: str
    sign: str | None
    heard: str


def _step(value: int, low: str, middle: str, high: str) -> str:
    return low if value <= LOW else high if value >= HIGH else middle


def energy_in_words(value: int) -> str:
    return _step(value, "laag", "gewoon", "hoog")


def trust_in_words(value: int) -> str:
    return _step(value, "op de hoede", "afwachtend", "op het gemak")


def look_at(scenario: Scenario, state: State, who: str) -> Sight:
    feeling = state.feelings[who]
    times = "Nog niets gezegd" if not feeling.spoken else f"{feeling.spoken} keer aan het woord"
    return Sight(
        energy=energy_in_words(feeling.energy),
        trust=trust_in_words(feeling.trust),
        sign=_sign(scenario, state, who),
        heard="Weet dat passen mag" if feeling.offered and not feeling.spoken else times,
    )


def _sign(scenario: Scenario, state: State, who: str) -> str | None:
    feeling = state.feelings[who]
    if state.hurt == who:
        return "lacht mee, maar niet echt"
    if state.awaited == who:
        return "denkt na over je vraag"
    if feeling.trust <= 2:
        return "kijkt weg"
    # Without thought only the very fast show that they want to.
    eager = READY if feeling.thought >= 2 else READY + 2
    if not feeling.spoken and readiness(scenario, state, who) >= eager:
        return "lijkt iets te willen zeggen"
    if feeling.thought >= 2:
        return "is aan het nadenken"
    return None


def describe(scenario: Scenario, move: Move) -> str:
    """A move in a few Dutch words, without what was said."""
    name = scenario.youngster(move.to).name if move.to else ""
    match move.kind:
        case "follow":
            return f"Doorvragen bij {name}"
        case "wait":
            return "Wachten en zwijgen"
        case "close":
            return "De ronde afsluiten"
        case "format":
            return "Eerst schrijven" if move.format and move.format.kind == "schrijven" else "Eerst per twee"
    kind = move.question.kind if move.question else "open"
    return {
        "open": f"Een open vraag aan {name or 'iedereen'}",
        "gesloten": f"Een gesloten vraag aan {name}",
        "suggestief": f"Een suggestieve vraag aan {name}",
        "duwend": f"{name} onder druk zetten",
        "ruimte": f"{name} laten passen",
        "uitnodigend": "Plaats maken voor wie nog niets zei",
        "afspraak": "Een afspraak noemen",
    }[kind]


def describe_all(scenario: Scenario) -> dict[str, str]:
    """Every move that may ever be kept of this scenario, by its id."""
    moves = [Move(kind="wait"), Move(kind="close"), *(Move(kind="format", format=one) for one in scenario.formats)]
    for youngster in scenario.youngsters:
        moves.append(Move(kind="follow", to=youngster.id))
        moves += [Move(kind="ask", to=youngster.id, question=one) for one in scenario.questions if not one.to_all]
    moves += [Move(kind="ask", question=one) for one in scenario.questions if one.to_all]
    return {move.id: describe(scenario, move) for move in moves}
