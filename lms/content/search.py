"""Searching the course: a small index of words, built once for each version of the content.

Only what a lesson itself says is in it: titles, text, the questions of its exercises, the settings of its
conversations. Answers, feedback, the test and the toolbox of the pack are not, so no search can tell them.

A word is found by its beginning and by its simplest Dutch form (``bijvragen`` finds *bijvraag*), whatever its
capitals and accents.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lms.content.library import find_dialogue, once_for_each
from lms.content.models import Exercise, Lesson, Library, Module, PlayDialogue, Prose

# A longer question is cut: nobody needs more words to find a lesson.
QUERY_LENGTH = 100
MOST_WORDS = 8
SNIPPET_LENGTH = 180
SHORTEST_BEGINNING = 3

IN_TITLE, IN_HEADING, IN_EXERCISE, IN_TEXT = 12, 4, 2, 1
# The word itself says more than a word that only begins the same.
SAME_WORD = 2

# *check-in* is a word of its own, made of two others.
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_STRONG = re.compile(r"<(?:strong|h[2-6])>(.*?)</")
_TAG = re.compile(r"<[^>]*>|&[a-z#0-9]+;")
_LONG_VOWEL = re.compile(r"([aeou])\1(?=[^aeiou]$)")
_DOUBLE = re.compile(r"([^aeiou])\1$")
# They stand in every lesson, so they find nothing.
_EVERYWHERE = frozenset(
    {
        "aan", "als", "bij", "dan", "dat", "de", "der", "die", "dit", "doe", "een", "en", "er", "het", "hij", "hoe",
        "ik", "in", "is", "je", "jij", "jou", "kan", "maar", "me", "met", "mijn", "na", "naar", "niet", "nog", "of",
        "om", "ook", "op", "te", "tot", "uit", "van", "voor", "waar", "wat", "we", "wel", "wie", "ze", "zijn", "zo",
    }
)  # fmt: skip

Piece = tuple[str, bool]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A lesson that was found; its texts in pieces, each with whether it was asked for."""

    module: Module
    lesson: Lesson
    title: tuple[Piece, ...]
    module_title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Found:
    """``words``: what was searched for. ``has_all``: every lesson found has all of them."""

    words: tuple[str, ...]
    hits: tuple[Hit, ...] = ()
    has_all: bool = True


@dataclass(frozen=True)
class _Page:
    module: Module
    lesson: Lesson
    # What may be shown of it, each with its words.
    passages: tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True)
class _Words:
    pages: tuple[_Page, ...]
    # Every word in alphabetical order, so that a beginning is one stretch of it.
    sorted: tuple[str, ...]
    by_stem: dict[str, tuple[str, ...]]
    # Word -> number of the page -> how much it says there.
    weights: dict[str, dict[int, int]]


def plain(word: str) -> str:
    """A word without capitals and accents."""
    if word.isascii():
        return word.lower()
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign)).casefold()


def stem(word: str) -> str:
    """The simplest form of a plain Dutch word: *vragen* and *vraag* give the same, as do *lessen* and *les*."""
    if len(word) > 4:
        word = word[:-2] if word.endswith("en") else word[:-1] if word[-1] == "s" and word[-2] != "s" else word
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    word = _LONG_VOWEL.sub(r"\1", _DOUBLE.sub(r"\1", word))
    return word[:-1] + {"v": "f", "z": "s"}.get(word[-1], word[-1])


def _parts(word: str) -> list[str]:
    """A plain word, and the words that a hyphen joins in it."""
    return [word, *word.split("-")] if "-" in word else [word]


def _plain_words(text: str) -> list[str]:
    """Every plain word of a text that is longer than a letter."""
    return [part for word in _WORD.findall(text) for part in _parts(plain(word)) if len(part) > 1]


def _said(library: Library, exercise: Exercise) -> Iterator[str]:
    """What an exercise says before anybody answered it."""
    if isinstance(exercise, PlayDialogue):
        dialogue = find_dialogue(library, exercise.dialogue)
        if dialogue is not None:
            yield from (dialogue.title, dialogue.setting)
        return
    for name in ("scene", "question"):
        text = getattr(exercise, name, None)
        if text:
            yield str(text)


@once_for_each
def _words(library: Library) -> _Words:
    pages: list[_Page] = []
    weights: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for module in library.course.modules:
        for lesson in module.lessons:
            number, passages = len(pages), []
            texts = [(lesson.title, IN_TITLE), (module.title, IN_HEADING)]
            for block in lesson.blocks:
                if isinstance(block, Prose):
                    passages += block.text.split("\n")
                    texts.append((block.text, IN_TEXT))
                    texts += [(_TAG.sub(" ", strong), IN_HEADING) for strong in _STRONG.findall(block.html)]
                else:
                    said = list(_said(library, block))
                    passages += said
                    texts += [(text, IN_EXERCISE) for text in said]
            for text, weight in texts:
                for word in _plain_words(text):
                    weights[word][number] += weight
            pages.append(_Page(module, lesson, tuple((text, frozenset(_plain_words(text))) for text in passages)))
    by_stem: defaultdict[str, list[str]] = defaultdict(list)
    for word in weights:
        by_stem[stem(word)].append(word)
    return _Words(
        pages=tuple(pages),
        sorted=tuple(sorted(weights)),
        by_stem={name: tuple(words) for name, words in by_stem.items()},
        weights={word: dict(counts) for word, counts in weights.items()},
    )


def asked_words(query: str) -> tuple[str, ...]:
    """The words of a question that can find something, each once."""
    if len(query) > QUERY_LENGTH:
        query = query[:QUERY_LENGTH].rpartition(" ")[0]
    words = [plain(word) for word in _WORD.findall(unicodedata.normalize("NFC", query))]
    return tuple(dict.fromkeys(word for word in words if len(word) > 1 and word not in _EVERYWHERE))[:MOST_WORDS]


def _matching(words: _Words, asked: str) -> dict[str, int]:
    """The words of the course that ``asked`` finds, with how much each counts."""
    found = {}
    if len(asked) >= SHORTEST_BEGINNING:
        place = bisect_left(words.sorted, asked)
        while place < len(words.sorted) and words.sorted[place].startswith(asked):
            found[words.sorted[place]] = 1
            place += 1
    for word in words.by_stem.get(stem(asked), ()):
        found[word] = SAME_WORD
    if not found and "-" in asked:
        for part in asked.split("-"):
            found |= _matching(words, part)
    return found


def search(library: Library, query: str) -> Found:
    """The lessons that say what was asked, the best first.

    Where no lesson has all the words, those that have the most of them.
    """
    asked, words = asked_words(query), _words(library)
    scores: Counter[int] = Counter()
    having: Counter[int] = Counter()
    matching: set[str] = set()
    for word in asked:
        pages: Counter[int] = Counter()
        for found, worth in _matching(words, word).items():
            matching.add(found)
            for number, weight in words.weights[found].items():
                pages[number] += weight * worth
        scores.update(pages)
        having.update(pages.keys())
    most = max(having.values(), default=0)
    numbers = sorted((number for number in having if having[number] == most), key=lambda number: -scores[number])
    return Found(
        words=asked,
        hits=tuple(_hit(words.pages[number], matching) for number in numbers),
        has_all=most == len(asked),
    )


def _hit(page: _Page, matching: set[str]) -> Hit:
    best, _ = max(page.passages, key=lambda passage: len(matching & passage[1]), default=("", None))
    return Hit(
        module=page.module,
        lesson=page.lesson,
        title=_pieces(page.lesson.title, matching),
        module_title=_pieces(page.module.title, matching),
        snippet=_pieces(_cut(best, matching), matching),
    )


def _is_asked(word: str, matching: set[str]) -> bool:
    return not matching.isdisjoint(_parts(plain(word)))


def _pieces(text: str, matching: set[str]) -> tuple[Piece, ...]:
    """The text in pieces, those that were asked for marked."""
    pieces: list[Piece] = []
    end = 0
    for word in _WORD.finditer(text):
        if _is_asked(word.group(), matching):
            pieces += [(text[end : word.start()], False), (word.group(), True)]
            end = word.end()
    return tuple(piece for piece in (*pieces, (text[end:], False)) if piece[0])


def _cut(text: str, matching: set[str]) -> str:
    """At most a few lines round the first word that was asked for."""
    if len(text) <= SNIPPET_LENGTH:
        return text
    first = next(
        (word.start() for word in _WORD.finditer(text) if not matching.isdisjoint(_parts(plain(word.group())))), 0
    )
    begin = max(0, min(first - SNIPPET_LENGTH // 3, len(text) - SNIPPET_LENGTH))
    part = text[begin : begin + SNIPPET_LENGTH]
    if begin:
        part = "… " + part.partition(" ")[2]
    return part if begin + SNIPPET_LENGTH >= len(text) else part.rpartition(" ")[0] + " …"
