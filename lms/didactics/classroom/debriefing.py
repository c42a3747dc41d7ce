"""Looking back on a round: every turn with what it did, and what another move would have done in that same moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lms.didactics.classroom.findings import RULES, Remark, remarks
from lms.didactics.classroom.measures import Measures, measure
from lms.didactics.classroom.moves import list_moves, turns_of
from lms.didactics.classroom.running import make_move
from lms.didactics.classroom.states import Event, Move, Run, Turn
from lms.didactics.classroom.wording import describe

# So much more a move has to be worth before it is called better: nobody is told off for a detail.
CLEARLY = 1.5


@dataclass(frozen=True, kw_only=True)
class Other:
    """Another move in the same moment. ``is_better``: it would have done more good than the one that was made."""

    move: Move
    said: str
    heard: tuple[Event, ...]
    remarks: tuple[Remark, ...]
    is_better: bool


@dataclass(frozen=True, kw_only=True)
class Look:
    """One turn as it is looked back on; ``other`` is None when nothing else could be done."""

    number: int
    turn: Turn
    said: str
    remarks: tuple[Remark, ...]
    other: Other | None


@dataclass(frozen=True, kw_only=True)
class Debrief:
    measures: Measures
    looks: tuple[Look, ...]
    advice: str


def debrief(run: Run) -> Debrief:
    """Everything there is to say about a round."""
    looks = []
    before = Run(scenario=run.scenario, seed=run.seed, start=run.start)
    for number, turn in enumerate(run.turns, start=1):
        looks.append(
            Look(
                number=number,
                turn=turn,
                said=describe(run.scenario, turn.move),
                remarks=remarks(run.scenario, turn),
                other=_other(before, turn),
            )
        )
        before = Run(scenario=run.scenario, seed=run.seed, start=run.start, turns=run.turns[:number])
    return Debrief(measures=measure(run), looks=tuple(looks), advice=_advice(run))


def worth(turn: Turn) -> float:
    """How much good a turn did for the group, only to put moves of one moment in order; it is never shown.

    Trust weighs most, then a new voice and a first story; nearer to words and awake count a little.
    """
    good = 0.0
    for name, after in turn.after.feelings.items():
        before = turn.before.feelings[name]
        good += after.trust - before.trust
        good += 1.5 * (after.depth > 0 and before.depth == 0) + 2 * (after.depth >= 2 and before.depth < 2)
        good += (after.thought - before.thought) / 4 + (after.energy - before.energy) / 10
    return (good - 1.5 * (turn.after.hurt is not None)) / turns_of(turn.move)


def _alternatives(before: Run, made: Move) -> list[Move]:
    """What else could be done with the same people: to the same youngster, or to all."""
    state = before.state
    who = made.to or state.awaited or (state.last.who if state.last and made.kind == "wait" else None)
    same = (made.kind, made.question.kind if made.question else None)
    others = [
        move
        for move in list_moves(before.scenario, state)
        if move.kind != "close" and (move.kind, move.question.kind if move.question else None) != same
    ]
    if who is not None:
        return [move for move in others if move.to == who or move.kind == "wait"]
    return [move for move in others if move.to is None]


def _harms(turn: Turn) -> bool:
    """What does harm is never shown as the better move, however much else it gave."""
    return any(RULES[finding.rule].tone == "bad" for finding in turn.findings)


def _other(before: Run, turn: Turn) -> Other | None:
    """The best of what else could be done; when that is no better, something that would have been weaker."""
    tried = [make_move(before, move).turns[-1] for move in _alternatives(before, turn.move)]
    if turn.move.kind == "close" or not tried:
        return None
    best = max((one for one in tried if not _harms(one)), key=worth, default=tried[0])
    is_better = worth(best) > worth(turn) + CLEARLY and not _harms(best)
    weaker = [one for one in tried if worth(one) < worth(turn) - CLEARLY]
    if not is_better and not weaker:
        return None
    # Of what was weaker another one each turn, or every turn would tell the same.
    shown = best if is_better else weaker[len(before.turns) % len(weaker)]
    return Other(
        move=shown.move,
        said=describe(before.scenario, shown.move),
        heard=tuple(event for event in shown.events if event.kind != "you"),
        remarks=remarks(before.scenario, shown),
        is_better=is_better,
    )


def _advice(run: Run) -> str:
    """One thing to try next time: what is weakest first, and within it the habit that was seen most."""
    fired = Counter(finding.rule for turn in run.turns for finding in turn.findings)
    measures = measure(run)
    if measures.safety.rating != "goed":
        if fired["duwen"] or fired["suggestief"]:
            return "Vervang één vraag waarin jij al weet wat er moet komen. Zeg in de plaats: ‘Je mag ook passen.’"
        if fired["steek-blijft"]:
            return "Leg één zin klaar voor als er een steek valt. Zeg hem kort, en ga dan verder."
        if fired["stilte-breken"] or fired["stapelen"]:
            return "Stel één vraag en tel dan in je hoofd tot vijf, voor je iets anders doet."
        return "Begin met de afspraken: passen mag, en niemand geeft commentaar. Eén zin volstaat."
    if measures.airtime.rating != "goed":
        if fired["snelste"]:
            return "Spreek na de eerste stem iemand aan die nog niets zei. En zwijg dan."
        return "Kies vooraf wie je zeker wil horen, of laten passen, voor de bel gaat."
    if measures.openness.rating != "goed":
        if fired["volgen"]:
            return "Laat de groep eerst even schrijven. Dan heeft ook de trage denker iets om te vertellen."
        return "Neem uit één antwoord een woord over, en vraag er één ding over."
    if not fired["stilte-loont"] and not fired["ruimte-na"]:
        return "Probeer het eens met meer stilte: doe één keer niets waar je nu iets zei."
    return "Neem een nieuwe klas, en zoek eerst wie vandaag moe of op de hoede is."
