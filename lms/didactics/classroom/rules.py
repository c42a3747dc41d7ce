"""What every move does. The sentence behind each rule stands in ``findings``, with the lesson it comes from."""

from __future__ import annotations

from lms.content.classroom_models import QuestionKind
from lms.didactics.classroom.states import Said
from lms.didactics.classroom.tempers import MOST_THOUGHT, NATURES
from lms.didactics.classroom.unfolding import (
    SECONDS_IN_PAIRS,
    SECONDS_OF_SILENCE,
    SECONDS_OF_WRITING,
    Unfolding,
)

# The trust that each depth asks: a short word, something told, something personal.
TRUST = {1: 0, 2: 5, 3: 7}
# With this much thought somebody has more than a word.
THOUGHT_OVER = 2
# From here on being listened to gives no more trust.
TRUSTS = 8
# Who trusts less than this is touched by what happens to another.
WATCHFUL = 7
# A joker who feels at home here does not need the joke.
AT_HOME = 7


def answer(u: Unfolding, who: str) -> None:
    """Somebody begins to speak: a word, or with trust and time to think something more."""
    feeling = u.feeling(who)
    again = u.before.last is not None and u.before.last.who == who
    depth = u.open_thread(who, 1 + (feeling.trust >= TRUST[2] and feeling.thought >= THOUGHT_OVER))
    if u.state.floor is not None:
        u.put(floor=u.state.floor | {who})
    if again:
        u.note("monoloog", who)
        for other in u.state.feelings:
            if other != who:
                u.feel(other, energy=-1)
    _heard(u, who, depth)


def _heard(u: Unfolding, who: str, depth: int) -> None:
    """Being listened to gives trust; what is told has an effect on the others."""
    u.put(awaited=None, waits=0)
    if depth and u.feeling(who).trust < TRUSTS:
        u.feel(who, trust=1)
    if depth >= 2:
        _joke(u, who)


def _joke(u: Unfolding, speaker: str) -> None:
    """Who jokes for a place in the group does so when another tells something."""
    for one in u.scenario.youngsters:
        feeling = u.feeling(one.id)
        if one.temper != "grapjas" or one.id == speaker or u.state.jokes >= len(one.jokes):
            continue
        if feeling.trust < AT_HOME and feeling.energy >= 6 and u.is_likely(45, "joke", one.id):
            u.says(one.id, one.jokes[u.state.jokes], 0)
            u.put(jokes=u.state.jokes + 1, hurt=speaker)
            u.feel(speaker, trust=-1)
            u.note("steek", speaker)
            return


def leave_alone(u: Unfolding) -> None:
    """What the last turn left open is felt by whoever it was about."""
    hurt, awaited = u.before.hurt, u.before.awaited
    kind = u.move.question.kind if u.move.question else None
    if hurt is not None and kind != "afspraak":
        u.feel(hurt, trust=-1)
        u.note("steek-blijft", hurt)
    u.put(hurt=None)
    if awaited is None or u.move.kind == "wait":
        return
    u.put(awaited=None)
    if kind == "ruimte" and u.move.to == awaited:
        return
    if u.move.to == awaited:
        u.feel(awaited, trust=-1)
        u.note("stapelen", awaited)
    elif u.before.waits == 0 and u.move.kind != "format":
        u.feel(awaited, trust=-1)
        u.note("stilte-breken", awaited)


# ── questions to one ──


def ask_open(u: Unfolding, who: str) -> None:
    u.feel(who, thought=1)
    for other in u.others:
        if u.feeling(other).thought < 2:
            u.feel(other, thought=1)
    if u.is_ready(who):
        answer(u, who)
        u.note("open", who)
    else:
        u.put(awaited=who, last=None)
        u.sees(u.youngster(who).silent, who)
        u.note("denkt", who)


def follow(u: Unfolding, who: str) -> None:
    """One layer deeper, on the words that were just said, as far as trust goes."""
    said = u.before.last
    if said is None:
        raise ValueError("only what was just said can be followed")
    if u.feeling(who).trust + 1 < TRUST[u.next_depth(said)]:
        u.had_enough(who)
        u.feel(who, trust=-1)
        u.note("te-diep", who)
        return
    _heard(u, who, u.go_on(said))
    u.note("volgen", who)


def ask_closed(u: Unfolding, who: str) -> None:
    """Answered fast and short, and then it is over."""
    u.says(who, u.youngster(who).nods, 1)
    u.put(last=None)
    u.note("gesloten", who)


def suggest(u: Unfolding, who: str) -> None:
    """The answer was in the question: who trusts little says yes and means nothing."""
    u.says(who, u.youngster(who).nods, 1)
    u.put(last=None)
    critical = u.youngster(who).temper == "kritisch"
    u.feel(who, trust=-1 - critical if u.feeling(who).trust < WATCHFUL else 0, thought=-MOST_THOUGHT)
    u.note("suggestief", who)


def push(u: Unfolding, who: str) -> None:
    """Pressure gives a short word at most, and everybody who is not sure sees it happen."""
    u.feel(who, trust=-2 if u.feeling(who).trust < AT_HOME else -1, thought=-MOST_THOUGHT)
    if u.feeling(who).trust >= TRUST[2]:
        u.open_thread(who, 1)
    else:
        u.says(who, u.youngster(who).refuses, 0)
    u.put(last=None)
    for other in u.others:
        if u.feeling(other).trust < WATCHFUL:
            u.feel(other, trust=-1)
    u.note("duwen", who)


def give_room(u: Unfolding, who: str) -> None:
    """Passing is fine. Who may stop, dares more the next time."""
    feeling, awaited = u.feeling(who), u.before.awaited == who
    if feeling.offered or not (awaited or feeling.trust < TRUST[2]):
        u.sees(f"{u.youngster(who).name} knikt.", who)
        u.put(last=None)
        u.note("ruimte-overbodig", who)
        return
    u.feel(who, trust=2, offered=True)
    u.note("ruimte", who)
    u.put(last=None)
    if awaited and feeling.thought >= THOUGHT_OVER and u.is_likely(50, "after all", who):
        answer(u, who)
        u.note("toch", who)
    else:
        u.sees(f"{u.youngster(who).name} knikt en ademt uit.", who)


# ── to all ──


def most_ready(u: Unfolding, names: list[str]) -> str | None:
    """Who speaks first: the readiest of these; None when nobody is."""
    ready = [name for name in names if u.is_ready(name)]
    return max(ready, key=lambda name: (u.readiness(name), u.is_likely(50, "first", name)), default=None)


def ask_all(u: Unfolding) -> None:
    """A question to all is answered by whoever is fastest."""
    for name in u.others:
        u.feel(name, thought=1)
    u.put(floor=frozenset(), last=None)
    first = most_ready(u, u.others)
    if first is None:
        u.sees("Niemand begint. Iedereen kijkt naar iets anders.")
        u.note("denkt")
        return
    answer(u, first)
    u.note("snelste", first)


def invite(u: Unfolding) -> None:
    """Who has spoken keeps back; who has not gets time."""
    heard = frozenset(name for name in u.others if u.feeling(name).spoken)
    if not heard:
        ask_all(u)
        return
    waiting = [name for name in u.others if name not in heard]
    for name in waiting:
        u.feel(name, thought=2)
    u.put(floor=heard, last=None)
    first = most_ready(u, waiting)
    if first is not None:
        answer(u, first)
        u.note("uitnodigen", first)
        return
    u.sees("Even beweegt er niemand." if waiting else "Ze kijken elkaar aan. Iedereen heeft al iets gezegd.")
    u.note("uitnodigen" if waiting else "ruimte-overbodig")


def remind(u: Unfolding) -> None:
    """The agreement once, short: it protects. Again without cause it is a sermon."""
    u.put(last=None)
    if u.before.hurt is not None:
        u.feel(u.before.hurt, trust=2)
        u.note("afspraak-beschermt", u.before.hurt)
    elif u.before.reminded:
        for name in u.others:
            u.feel(name, energy=-1)
        u.sees("Iemand zucht. Dit hebben ze al gehoord.")
        u.note("preek")
        return
    else:
        u.note("afspraak")
    u.put(reminded=True)
    for name in u.others:
        if u.feeling(name).trust < WATCHFUL:
            u.feel(name, trust=1)
    u.sees("Er wordt geknikt.")


ONE = {"open": ask_open, "gesloten": ask_closed, "suggestief": suggest, "duwend": push, "ruimte": give_room}
ALL = {"open": ask_all, "uitnodigend": invite, "afspraak": remind}


def ask(u: Unfolding, kind: QuestionKind, who: str | None) -> None:
    if who is None:
        ALL[kind](u)
        return
    # Whoever speaks to one takes the question to all back.
    u.put(floor=None)
    ONE[kind](u, who)


# ── without words ──


def wait(u: Unfolding) -> None:
    """Five counts. What silence does depends on whether a question stands."""
    u.sees("Je telt in je hoofd tot vijf.", seconds=SECONDS_OF_SILENCE)
    if u.before.awaited is not None:
        _wait_for_one(u, u.before.awaited)
    elif u.before.floor is not None:
        _wait_for_all(u, u.before.floor)
    elif u.before.last is not None and u.before.waits == 0:
        _wait_after(u, u.before.last)
    else:
        for name in u.others:
            u.feel(name, energy=-1)
        u.sees("Er schuift een stoel. Niemand weet wat er gevraagd is.")
        u.put(waits=u.before.waits + 1, last=None)
        u.note("stilte-zonder-vraag")


def _wait_for_one(u: Unfolding, who: str) -> None:
    u.feel(who, thought=2)
    if u.is_ready(who):
        answer(u, who)
        u.note("stilte-loont", who)
        return
    u.put(waits=u.before.waits + 1)
    if u.before.waits:
        u.feel(who, trust=-1)
        u.sees(f"{u.youngster(who).name} kijkt weg. De stilte weegt.", who)
        u.note("stilte-drukt", who)
    else:
        u.sees(f"{u.youngster(who).name} denkt nog na.", who)
        u.note("denkt", who)


def _wait_for_all(u: Unfolding, answered: frozenset[str]) -> None:
    silent = [name for name in u.others if name not in answered]
    for name in silent:
        thinks = NATURES[u.youngster(name).temper].thinks
        u.feel(name, thought=1 + thinks)
    first = most_ready(u, silent)
    if first is not None:
        answer(u, first)
        u.note("stilte-loont", first)
        return
    if u.before.waits:
        for name in u.others:
            u.feel(name, energy=-1)
    u.put(waits=u.before.waits + 1, last=None)
    u.sees("Het blijft stil. Een paar kijken naar hun blad.")
    u.note("stilte-drukt" if u.before.waits else "denkt")


def _wait_after(u: Unfolding, said: Said) -> None:
    """After an answer silence is an invitation to go on, for whoever wants to."""
    who, depth = said.who, u.next_depth(said)
    if depth and u.feeling(who).trust >= TRUST[depth] and u.is_likely(60, "goes on", who):
        _heard(u, who, u.go_on(said))
        u.note("ruimte-na", who)
        return
    u.put(waits=1)
    u.sees(f"{u.youngster(who).name} heeft gezegd wat er te zeggen was.", who)
    u.note("stilte-rust", who)


def change_format(u: Unfolding) -> None:
    """Writing gives time to think; pairs make it small and wake everybody up."""
    form = u.move.format
    if form is None:
        raise ValueError("a change of format names a format")
    u.put(formats=u.state.formats | {form.id}, floor=None, last=None, waits=0)
    for name in u.others:
        if form.kind == "duo":
            u.feel(name, energy=2, trust=1, thought=2, listened=0)
        else:
            u.feel(name, trust=int(NATURES[u.youngster(name).temper].thinks), thought=2)
    if form.kind == "duo":
        u.sees("Er komt geroezemoes. Overal praat er iemand.", seconds=SECONDS_IN_PAIRS)
    else:
        u.sees("Het wordt stil. Zes pennen bewegen, de ene wat trager dan de andere.", seconds=SECONDS_OF_WRITING)
    u.note(form.kind)
