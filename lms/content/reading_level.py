"""How hard a text is to read: the formula of Flesch, as W. H. Douma fitted it to Dutch.

Douma (*De leesbaarheid van landbouwbladen*, 1960): 206.84 − 0.77 × (syllables per 100 words) − 0.93 × (words per
sentence). The outcome goes from about 0 (very hard) to 100 (very easy). The bounds of the words below are those of
Flesch's own table, in three steps. It counts lengths and knows no meaning: it warns an author and never refuses a text.

Syllables are counted in two ways, of which the higher number holds: the places where a word may be broken (pyphen,
the Dutch patterns of OpenOffice) miss *i-dee* and *o-pen*, and groups of vowels miss *mu-se-um* and *the-a-ter*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyphen

from lms.content.models import Lesson, Library, Prose, Session

# B1 reads a text of 60 or more without trouble; below 50 it asks more than a reader between two lessons gives.
EASY, HARD = 60, 50
MIN_WORDS = 30

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…:;]+(?=\s|[”’\"')]|$)|\n+")
_VOWELS = re.compile(
    r"aai|ooi|oei|eeu|ieu|aa|ai|au|ea|ee|ei|eu|éé|ie|ij|oa|oe|oo|ou|ui|uu|[aeiouyàâäáèéêëìíïîòóöôùúüû]", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
# What is written for people; ids, kinds and labels of steps are not read.
_READ = frozenset(
    (
        "about", "aim", "answer_key", "checklist", "context", "facilitator_notes", "feedback", "followup", "lead",
        "left", "lesson", "model_answer", "preparation", "question", "safety_note", "scene", "text", "variants",
    )
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReadingLevel:
    """``name`` is where it was counted, ``score`` goes from 0 (very hard) to 100 (very easy)."""

    name: str
    score: int
    words: int
    sentences: int

    @property
    def verdict(self) -> str:
        return "vlot" if self.score >= EASY else "pittig" if self.score < HARD else "gewoon"


def reading_levels(library: Library) -> list[ReadingLevel]:
    """The level of each lesson and then each session that has enough words to say something."""
    lessons = (
        (f"{module.slug}/{lesson.slug}", _texts_of_lesson(lesson))
        for module in library.course.modules
        for lesson in module.lessons
    )
    sessions = ((f"toolbox/{session.slug}", _texts_of_session(session)) for session in library.sessions)
    levels = (measure(name, texts) for name, texts in (*lessons, *sessions))
    return [level for level in levels if level is not None]


def measure(name: str, texts: Iterable[str]) -> ReadingLevel | None:
    """The level of ``texts`` together; None for fewer than MIN_WORDS words. A text ends a sentence."""
    words = syllables = sentences = 0
    for text in texts:
        for sentence in _SENTENCE_END.split(_ADDRESS.sub(" ", text)):
            found = _WORD.findall(sentence)
            words += len(found)
            syllables += sum(count_syllables(word) for word in found)
            sentences += bool(found)
    if words < MIN_WORDS:
        return None
    score = 206.84 - 0.77 * (100 * syllables / words) - 0.93 * (words / sentences)
    return ReadingLevel(name=name, score=max(0, min(100, round(score))), words=words, sentences=sentences)


@lru_cache(maxsize=20_000)
def count_syllables(word: str) -> int:
    """At least one, also for a word without vowels (*CLB*)."""
    parts = _dutch().inserted(word.lower(), "-").split("-")
    return max(1, sum(bool(_VOWELS.search(part)) for part in parts), len(_VOWELS.findall(word)))


@lru_cache(maxsize=1)
def _dutch() -> pyphen.Pyphen:
    # A break after one letter is ugly in print, but it is a syllable.
    return pyphen.Pyphen(lang="nl_NL", left=1, right=1)


def _texts_of_lesson(lesson: Lesson) -> Iterator[str]:
    for block in lesson.blocks:
        if isinstance(block, Prose):
            yield block.text
        else:
            # A case carries along the session or the formats that it is about; those are no text of the lesson.
            yield from _read_texts(block.model_dump(exclude={"taken_from", "formats"}))


def _texts_of_session(session: Session) -> Iterator[str]:
    return _read_texts(session.model_dump())


def _read_texts(data: Any, key: str = "") -> Iterator[str]:
    if isinstance(data, str):
        if key in _READ:
            yield data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _read_texts(value, name)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _read_texts(value, key)
