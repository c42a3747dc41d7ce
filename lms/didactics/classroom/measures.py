"""What came of a round: airtime, openness and safety. Three judgements that are never added up.

Source: the goals of the dialogues (opens, follows, does not push, keeps it safe), carried over to a group: a round is
good when most were heard and nobody took it over, when several told something, and when it is safe at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lms.didactics.classroom.states import Run, State

Rating = Literal["goed", "matig", "zwak"]

# Of the six, so many were heard or were told that passing is fine.
MANY_VOICES, FEW_VOICES = 5, 3
# Share of the talking time of the youngsters, in percent, of whoever talked most.
FAIR_SHARE, LARGE_SHARE = 40, 60
# So many told something: a story, or something personal.
MANY_TOLD, FEW_TOLD = 4, 2
# Mean trust, and the trust below which somebody has shut the door.
SAFE, UNSAFE, SHUT = 6.0, 4.5, 3


@dataclass(frozen=True, kw_only=True)
class Measure:
    rating: Rating
    text: str


@dataclass(frozen=True, kw_only=True)
class Measures:
    """``seconds`` by youngster; ``mine``: of the begeleider; ``apart``: silence, writing and pairs."""

    airtime: Measure
    openness: Measure
    safety: Measure
    seconds: Mapping[str, int]
    mine: int
    apart: int

    @property
    def spoken(self) -> int:
        """Seconds of talk of all youngsters together."""
        return sum(self.seconds.values())

    @property
    def total(self) -> int:
        return self.spoken + self.mine + self.apart

    @property
    def is_all_good(self) -> bool:
        return {self.airtime.rating, self.openness.rating, self.safety.rating} == {"goed"}


def mean_trust(state: State) -> float:
    return sum(one.trust for one in state.feelings.values()) / len(state.feelings)


def measure(run: Run) -> Measures:
    """The measures of a round so far; of a closed one, how it ended."""
    events = [event for turn in run.turns for event in turn.events]
    seconds = {
        one.id: sum(event.seconds for event in events if event.kind == "says" and event.who == one.id)
        for one in run.scenario.youngsters
    }
    return Measures(
        airtime=_airtime(run, seconds),
        openness=_openness(run.state),
        safety=_safety(run.state),
        seconds=seconds,
        mine=sum(event.seconds for event in events if event.kind == "you"),
        apart=sum(event.seconds for event in events if event.kind == "sees"),
    )


def share(seconds: Mapping[str, int], who: str) -> int:
    """The part of the youngsters' talking time that somebody took, in whole percents."""
    total = sum(seconds.values())
    return round(100 * seconds[who] / total) if total else 0


def _people(number: int) -> str:
    words = ["Niemand", "Eén jongere", "Twee jongeren", "Drie jongeren", "Vier jongeren", "Vijf jongeren", "Alle zes"]
    return words[number]


def _airtime(run: Run, seconds: Mapping[str, int]) -> Measure:
    feelings = run.state.feelings
    # Refusing and joking take time, and are no voice in the round.
    voices = sum(one.depth > 0 for one in feelings.values())
    chances = sum(one.depth > 0 or one.offered for one in feelings.values())
    if not voices:
        return Measure(rating="zwak", text="Geen enkele jongere vertelde iets van zichzelf.")
    loudest = max(run.scenario.youngsters, key=lambda one: seconds[one.id])
    most = share(seconds, loudest.id)
    told = "zei" if voices == 1 else "zeiden"
    text = f"{_people(voices)} {told} iets van zichzelf. {loudest.name} had {most} % van de spreektijd."
    if chances > voices:
        text += f" {_people(chances - voices)} hoorde{'' if chances - voices == 1 else 'n'} van jou dat passen mag."
    if chances >= MANY_VOICES and most <= FAIR_SHARE:
        return Measure(rating="goed", text=text)
    return Measure(rating="zwak" if chances < FEW_VOICES or most >= LARGE_SHARE else "matig", text=text)


def _openness(state: State) -> Measure:
    told = sum(one.depth >= 2 for one in state.feelings.values())
    personal = sum(one.depth == 3 for one in state.feelings.values())
    text = f"{_people(told)} {'vertelden' if told > 1 else 'vertelde'} iets meer dan een paar woorden."
    if personal:
        text += f" {_people(personal)} {'deelden' if personal > 1 else 'deelde'} iets persoonlijks."
    return Measure(rating="goed" if told >= MANY_TOLD else "matig" if told >= FEW_TOLD else "zwak", text=text)


def _safety(state: State) -> Measure:
    shut = sum(one.trust < SHUT for one in state.feelings.values())
    mean = mean_trust(state)
    if mean >= SAFE and not shut:
        return Measure(rating="goed", text="Niemand sloot zich af. De meesten zaten op hun gemak.")
    if mean < UNSAFE or shut > 1:
        closed = f"{_people(shut)} {'sloten' if shut > 1 else 'sloot'} zich af. " if shut else ""
        return Measure(rating="zwak", text=f"{closed}De groep is op haar hoede.")
    text = "Eén jongere sloot zich af." if shut else "De groep kijkt de kat nog uit de boom."
    return Measure(rating="matig", text=text)
