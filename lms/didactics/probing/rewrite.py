"""One better question for the whole turn, made of what is already there.

Didactic source: the course blueprint of the project: cross out your guess, keep the youngster's word, begin again
with *wat*, *hoe* or an invitation. What the learner asked well is kept; otherwise a word of the youngster is set in
an open frame. Frames quote or repeat with the youngster's own article, so the grammar always fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lms.didactics.probing.lexicon import GOOD_QUALITIES, HARD_QUALITIES, words
from lms.didactics.probing.moves import Move
from lms.didactics.probing.stems import content_words, is_same_word, stem
from lms.didactics.probing.tokens import Token, is_mark

_MINE = {"mijn": "je", "m'n": "je", "ons": "jullie", "onze": "jullie", "de": "de", "het": "het"}
# What somebody does, in a form that is the same after *als je*: the stem and what follows it.
_DOING = {
    "teken": "tekent", "kook": "kookt", "zing": "zingt", "dans": "danst", "werk": "werkt", "sport": "sport",
    "lees": "leest",
    "schrijf": "schrijft", "studeer": "studeert", "luister": "luistert", "voetbal": "voetbalt", "zwem": "zwemt",
    "fiets": "fietst",
    "game": "gamet", "twijfel": "twijfelt", "pieker": "piekert", "spijbel": "spijbelt",
    "babbel": "babbelt",
    "bak": "bakt",
    "klus": "klust", "reis": "reist", "loop": "loopt", "help": "helpt",
}  # fmt: skip
_NOT_A_THING = (
    HARD_QUALITIES
    | GOOD_QUALITIES
    | words(
        "thuis tijd les goede moment keer gewoon echt later klein groot hele moe stil weinig veel kant soort "
        "manier gevoel dag week maand jaar"
    )
)
_PEOPLE = words(
    "mama papa moeder vader ouders ma pa mams paps oma opa bomma bompa broer broers broertje broertjes zus zussen "
    "zusje nonkel tante familie vriend vriendin vrienden maten maat collega's baas leerkracht leraar juf meester lief"
)
ALWAYS = "Vertel eens wat dat voor jou betekent."

# None of these frames bends with the number of what is filled in, so *je ouders* fits as well as *je garage*.
_FRAMES = {
    "gesloten": "Vertel eens iets meer over {thing}.",
    "suggestief": "Hoe kijk jij zelf naar {thing}?",
    "geen": "Wat komt er bij je op als je aan {thing} denkt?",
    "open": "Wat komt er bij je op als je aan {thing} denkt?",
    "verwijt": "Hoe was dat voor jou, met {thing}?",
}
_DOING_FRAMES = {
    "gesloten": "Hoe is het voor jou als je {does}?",
    "suggestief": "Wat gebeurt er bij jou als je {does}?",
    "geen": "Hoe is het voor jou als je {does}?",
    "open": "Wat gebeurt er bij jou als je {does}?",
    "verwijt": "Hoe is het voor jou als je {does}?",
}
_QUOTES = {
    "gesloten": "Je zei ‘{word}’. Vertel daar eens iets meer over.",
    "suggestief": "Je zei ‘{word}’. Hoe is dat voor jou?",
    "geen": "Je zei ‘{word}’. Wat betekent dat voor jou?",
    "open": "Je zei ‘{word}’. Wat betekent dat voor jou?",
    "verwijt": "Je zei ‘{word}’. Hoe ging dat voor jou?",
}


def own_questions(question: str, kept: Sequence[Move]) -> list[str]:
    """The moves of what was typed, each as a question by itself, the last first."""
    return [_as_sentence(question[move.span[0] : move.span[1]]) for move in reversed(kept)]


def candidates(answer: str, heard: Sequence[Token], asked: Sequence[Move], situation: str) -> Iterator[str]:
    """Better questions, the best first; the last one fits any answer.

    ``asked`` are the moves of the question; ``situation`` is a key of the frames.
    """
    for does in _doings(heard):
        yield _DOING_FRAMES[situation].format(does=does)
    asked_about = [token.word for token in content_words([token for move in asked for token in move.tokens])]
    for thing in sorted(_things(answer, heard), key=lambda thing: _distance(thing, asked_about)):
        yield _FRAMES[situation].format(thing=thing)
    for word in _quotable(answer, heard):
        yield _QUOTES[situation].format(word=word)
    yield ALWAYS


def _distance(thing: str, asked_about: Sequence[str]) -> int:
    """What the learner asked about comes first, then things, then people."""
    word = thing.split()[-1].lower()
    if any(is_same_word(word, other) for other in asked_about):
        return 0
    return 2 if word in _PEOPLE else 1


def _as_sentence(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip(" ,.:;-–—?!")
    text = re.sub(r"[ ,]+(?:en|of|maar)$", "", text, flags=re.IGNORECASE)
    end = "." if re.match(r"(?:vertel|beschrijf|leg|neem|schets|ik )", text, re.IGNORECASE) else "?"
    return text[:1].upper() + text[1:] + end


def _things(answer: str, heard: Sequence[Token]) -> Iterator[str]:
    """Noun phrases of the answer with an article that fits as it stands: *mijn nonkel* becomes *je nonkel*."""
    content = {id(token) for token in content_words(heard)}
    follows = {id(left): right for left, right in pairwise(heard)}
    for left, right in pairwise(heard):
        after = follows.get(id(right))
        if (
            left.word not in _MINE
            or id(right) not in content
            or (right.word in _NOT_A_THING and right.word != "eigen")
            or right.word.endswith(("st", "ste", "ere"))
        ):
            continue
        if after is not None and id(after) in content and right.word.endswith(("e", "eigen")):
            yield f"{_MINE[left.word]} {answer[right.start : after.end]}"
            continue
        yield f"{_MINE[left.word]} {answer[right.start : right.end]}"


def _doings(heard: Sequence[Token]) -> Iterator[str]:
    for left, right in pairwise(heard):
        if left.word == "ik" and stem(right.word) in _DOING and right.word == stem(right.word):
            yield _DOING[right.word]


def _quotable(answer: str, heard: Sequence[Token]) -> Iterator[str]:
    """Content words of the answer, the last first: what was said last is freshest."""
    words = [token for token in content_words(heard) if not is_mark(token) and len(token.word) > 3]
    for token in sorted(words, key=lambda token: token.word in _NOT_A_THING):
        if len(token.word) <= 25:
            yield answer[token.start : token.end].lower()
