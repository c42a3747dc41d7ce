"""Rules for the scores of a dialogue: what the turns reward and how the conversation ends tell the same story.

A learner gets no total, the ending gives the rating. So whoever says the best thing each time must end well, and
whoever pushes each time must end badly; otherwise the conversation teaches the opposite of its feedback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lms.content.drafts import Located
from lms.content.models import Dialogue, DialogueOption
from lms.content.problems import Problem
from lms.content.yaml import Steps

Choose = Callable[[Sequence[DialogueOption]], Sequence[DialogueOption]]


def check(source: Located[Dialogue]) -> Iterator[Problem]:
    """Problems of a dialogue in which every ``next`` leads somewhere."""
    yield from _check_way(source, _best, "goed", "overal het best scorende antwoord")
    yield from _check_way(source, _pushing, "zwak", "overal duwt")
    for number, turn in enumerate(source.value.turns):
        yield from _check_turn(source, ("turns", number), turn.options)
    yield from _check_last_words(source)


def _mean(option: DialogueOption) -> float:
    """From 0 (weak on everything that applies) to 2 (good on everything)."""
    return sum(option.goals.values()) / len(option.goals)


def _best(options: Sequence[DialogueOption]) -> Sequence[DialogueOption]:
    highest = max(map(_mean, options))
    return [option for option in options if _mean(option) == highest]


def _pushing(options: Sequence[DialogueOption]) -> Sequence[DialogueOption]:
    """What pushes; in a turn where nothing does, what scores least."""
    lowest = min(map(_mean, options))
    pushing = [option for option in options if option.goals.get("duwt_niet") == 0]
    return pushing or [option for option in options if _mean(option) == lowest]


def _check_way(source: Located[Dialogue], choose: Choose, rating: str, who: str) -> Iterator[Problem]:
    """Whoever chooses like this at every turn ends with ``rating``, whichever of equal options is taken."""
    dialogue = source.value
    turns = {turn.id: turn for turn in dialogue.turns}
    reached, waiting = {dialogue.start}, [dialogue.start]
    while waiting:
        for option in choose(turns[waiting.pop()].options):
            if option.next not in reached:
                reached.add(option.next)
                if option.next in turns:
                    waiting.append(option.next)
    says = "neemt" if rating == "goed" else ""
    for number, ending in enumerate(dialogue.endings):
        if ending.id in reached and ending.rating != rating:
            cause = f'wie {f"{who} {says}".strip()}, komt bij einde "{ending.id}" met rating: {ending.rating}'
            yield source.problem(("endings", number, "rating"), cause, f"rating: {rating}, of andere goals onderweg")
    if not any(ending.id in reached for ending in dialogue.endings):
        cause = f"wie {f'{who} {says}'.strip()}, komt nooit bij een einde"
        yield source.problem(("start",), cause, f"een weg naar een einde met rating: {rating}")


def _check_turn(source: Located[Dialogue], steps: Steps, options: Sequence[DialogueOption]) -> Iterator[Problem]:
    """A turn is a choice: one answer is better than another, and at least one of them does no harm."""
    if len({_mean(option) for option in options}) == 1:
        cause = "alle antwoorden van deze beurt scoren even goed"
        yield source.problem((*steps, "options"), cause, "minstens één antwoord met andere goals")
    elif all(0 in option.goals.values() for option in options):
        cause = "in deze beurt scoort elk antwoord ergens 0"
        yield source.problem((*steps, "options"), cause, "minstens één antwoord zonder 0 onder goals")


def _check_last_words(source: Located[Dialogue]) -> Iterator[Problem]:
    """The last thing said cannot be all good before a weak ending, nor all weak before a good one."""
    ratings = {ending.id: ending.rating for ending in source.value.endings}
    for number, turn in enumerate(source.value.turns):
        for position, option in enumerate(turn.options):
            rating, scores = ratings.get(option.next), set(option.goals.values())
            steps = ("turns", number, "options", position, "next")
            if (rating, scores) in (("zwak", {2}), ("goed", {0})):
                word = "goed" if scores == {2} else "zwak"
                cause = f'antwoord "{option.id}" is op alles {word} en leidt naar een einde met rating: {rating}'
                yield source.problem(steps, cause, "een ander einde of andere goals")
