"""From typed text to words with their place: the spelling of Flanders, clitics and small typing errors evened out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from lms.didactics.probing.lexicon import MENDED, NOT_MENDED, SPELLINGS

_TOKEN = re.compile(r"'[tksn]\b|[^\W_]+(?:['-][^\W_]+)*|[.?!…,:;–—]+|\s-\s", re.IGNORECASE)
# A quotation is what somebody else said; a lonely apostrophe (*'t*) does not open one.
_QUOTATION = re.compile(r"[“„\"«]([^“”„\"«»]{1,200})[”“\"»]|(?<!\w)['‘](?![tksnTKSN]\b)([^'‘’]{1,80})['’](?!\w)")
_STOPS = frozenset(".?!…;")


@dataclass(frozen=True, slots=True)
class Token:
    """``word`` as the rules know it, and where it stands in what was typed (characters, end not included)."""

    word: str
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words and commas between two full stops; ``asks`` when it ends with a question mark."""

    tokens: tuple[Token, ...]
    asks: bool


def plain(word: str) -> str:
    """The word in small letters, without accents and with a straight apostrophe."""
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter)).casefold()


def _one_edit_away(left: str, right: str) -> bool:
    """Whether one letter was changed, left out, added or swapped with its neighbour."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    if len(left) == len(right):
        swapped = left[start + 1 : start + 2] + left[start : start + 1] + left[start + 2 :]
        return left[start + 1 :] == right[start + 1 :] or swapped == right[start:]
    short, long = sorted((left, right), key=len)
    return short[start:] == long[start + 1 :]


@lru_cache(maxsize=8192)
def known_spelling(word: str) -> str:
    """The spelling the rules know: dialect, clitics and one typing error in a function word are evened out."""
    word = plain(word).replace("’", "'")
    if word in SPELLINGS:
        return SPELLINGS[word]
    if 4 <= len(word) <= 12 and word not in MENDED | NOT_MENDED:
        for right in MENDED:
            if word[0] == right[0] and len(right) >= 5 and word[-1] == right[-1] and _one_edit_away(word, right):
                return right
    return word


def read_tokens(text: str) -> list[Token]:
    """All words and marks of ``text``, in order."""
    # A curly apostrophe is one character too, so every place stays where it was.
    text = text.replace("’", "'").replace("`", "'").replace("\x00", " ")
    quotations = [match.span() for match in _QUOTATION.finditer(text)]
    if sum(end - start for start, end in quotations) > 0.9 * len(text.strip().rstrip(".?! ")):
        quotations = []  # The whole question was typed between quotation marks.
    tokens = []
    for match in _TOKEN.finditer(text):
        quoted = any(start <= match.start() < end for start, end in quotations)
        for word in known_spelling(match.group().strip()).split():
            tokens.append(Token(word, match.start(), match.end(), quoted))
    return tokens


def is_mark(token: Token) -> bool:
    return not (token.word[0].isalnum() or token.word[0] == "'")


def read_sentences(text: str) -> list[Sentence]:
    """The sentences of ``text``, without empty ones. Marks inside a quotation end nothing."""
    sentences: list[Sentence] = []
    current: list[Token] = []

    def close(mark: str) -> None:
        if any(not is_mark(token) for token in current):
            sentences.append(Sentence(tuple(current), "?" in mark))
        current.clear()

    for token in read_tokens(text):
        if is_mark(token) and not token.quoted and _STOPS & set(token.word):
            close(token.word)
        else:
            current.append(token)
    close("")
    return sentences
