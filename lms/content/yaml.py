"""A strict YAML loader that remembers on which line everything stands.

YAML guesses: ``12:30`` becomes 750, ``NO`` becomes false and of two equal keys the first one vanishes. Here only
``true``, ``false``, ``null``, integers and decimals are anything but text, and whatever could surprise an author
(tabs, equal keys, tags, anchors, several documents) is a problem with its line. Anchors being refused, no small
file can grow into a large one.

The tree is built from parser events, so the C parser and the Python parser lead through the same code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from lms.content.problems import Problem

# The keys and positions that lead to a value.
Steps = tuple[str | int, ...]

FAST_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLAIN_PARSER: Any = yaml.SafeLoader

MAX_DEPTH = 20

# Control characters, line ends of other alphabets and marks that turn the reading direction: nobody sees them, and
# they would make line numbers or meaning differ from what the author sees.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}

# What the Python parser says, and what an author can do about it.
_QUOTES = "aanhalingstekens rond die tekst"
_INDENT = ("de inspringing of de aanhalingstekens kloppen niet", "gelijke inspringing voor wat bij elkaar hoort")
_EXPLANATIONS = {
    "mapping values are not allowed": ("een dubbelpunt waar dat niet kan", _QUOTES),
    "while scanning a quoted scalar": ("een aanhalingsteken wordt niet gesloten", "een aanhalingsteken op het einde"),
    "unknown escape character": ("een onbekend teken na een backslash", "een dubbele backslash"),
    "while parsing a flow sequence": ("een lijst tussen [ ] is niet goed gesloten", "komma's ertussen en een ] erna"),
    "while parsing a flow mapping": ("sleutels tussen { } zijn niet goed gesloten", "komma's ertussen en een } erna"),
    "could not find expected ':'": ("een sleutel zonder dubbelpunt", "sleutel: waarde"),
    "while scanning an alias": ("een waarde begint met *", _QUOTES),
    "while scanning an anchor": ("een waarde begint met &", _QUOTES),
    "cannot start any token": ("een waarde begint met een teken dat in YAML iets anders betekent", _QUOTES),
    "expected <block end>": _INDENT,
    "expected '<document start>'": _INDENT,
}
# For these the place where the trouble began says more than the place where the parser gave up.
_BEGIN_MATTERS = ("while scanning a quoted scalar", "while parsing a flow", "could not find expected ':'")


@dataclass(frozen=True)
class Document:
    """Plain data (dict, list, str, int, float, bool, None) and the line of every key and list item."""

    data: Any
    lines: dict[Steps, int]

    def line(self, steps: Steps = ()) -> int:
        """The line of what ``steps`` leads to, or of the nearest thing around it that has a line."""
        while steps and steps not in self.lines:
            steps = steps[:-1]
        return self.lines.get(steps, 1)


def load(text: str, file: str, problems: list[Problem], *, first_line: int = 1, parser: Any = None) -> Document | None:
    """The document in ``text``, or None with the reasons added to ``problems``.

    ``first_line`` is the line of the file on which ``text`` begins, for YAML inside a Markdown file.
    """
    found: list[Problem] = []
    builder = _Builder(file, first_line, found)
    tab = text.find("\t")
    if tab >= 0:
        line = first_line + text.count("\n", 0, tab)
        found.append(Problem(file, line, "er staat een tab", "spaties"))
    else:
        try:
            for event in yaml.parse(text, Loader=parser or FAST_PARSER):
                builder.take(event)
        except _StopReading:
            pass
        except yaml.YAMLError as error:
            found.append(_explain(text, file, first_line, error))
    if not found and not builder.has_content:
        found.append(Problem(file, first_line, "hier staat niets", "sleutels met een waarde"))
    problems.extend(found)
    return None if found else Document(builder.data, builder.lines)


def _explain(text: str, file: str, first_line: int, error: yaml.YAMLError) -> Problem:
    """The problem in plain words; the Python parser is asked again because it says more, and always the same."""
    try:
        for _ in yaml.parse(text, Loader=PLAIN_PARSER):
            pass
    except yaml.YAMLError as plain_error:
        error = plain_error
    context = getattr(error, "context", None) or ""
    said = f"{context} {getattr(error, 'problem', None) or ''}"
    mark = getattr(error, "problem_mark", None)
    begin = getattr(error, "context_mark", None)
    if begin is not None and any(words in said for words in _BEGIN_MATTERS):
        mark = begin
    line = first_line + (mark.line if mark is not None else 0)
    for words, (cause, expected) in _EXPLANATIONS.items():
        if words in said:
            return Problem(file, line, cause, expected)
    return Problem(file, line, "dit is geen geldige YAML", "sleutel: waarde (kijk ook naar de regel erboven)")


class _StopReading(Exception):
    """What follows cannot be understood any more; the problem has been noted."""


@dataclass
class _Frame:
    """A mapping or list that is still open."""

    container: dict[str, Any] | list[Any]
    steps: Steps
    key: str | None = None

    def next_steps(self) -> Steps:
        if isinstance(self.container, list):
            return (*self.steps, len(self.container))
        return (*self.steps, self.key or "")


@dataclass
class _Builder:
    file: str
    first_line: int
    problems: list[Problem]
    data: Any = None
    has_content: bool = False
    lines: dict[Steps, int] = field(default_factory=dict)
    frames: list[_Frame] = field(default_factory=list)
    documents: int = 0

    def take(self, event: Any) -> None:
        line = self.first_line + event.start_mark.line
        if isinstance(event, yaml.DocumentStartEvent):
            self._begin_document(event, line)
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(line, f"er staat een verwijzing (*{event.anchor})", "de waarde zelf, voluit geschreven")
            self._place(None, line)
        elif isinstance(event, yaml.ScalarEvent):
            self._check_properties(event, line)
            self._scalar(event, line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._check_properties(event, line)
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.frames.pop()

    def _refuse(self, line: int, cause: str, expected: str) -> None:
        self.problems.append(Problem(self.file, line, cause, expected))

    def _begin_document(self, event: Any, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self._refuse(line, "na --- begint een tweede document", "één document per bestand")
            raise _StopReading
        if event.version or event.tags:
            self._refuse(line, "er staat een YAML-aanwijzing met %", "gewone sleutels en waarden")

    def _check_properties(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            self._refuse(line, f"er staat een anker (&{event.anchor})", "de waarde zelf, voluit geschreven")
        if event.tag is not None:
            expected = "een waarde zonder label (een tekst met ! tussen aanhalingstekens)"
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(line, f"er staat een YAML-label ({shown})", expected)

    def _scalar(self, event: Any, line: int) -> None:
        if INVISIBLE.search(event.value):
            self._refuse(line, "in deze tekst zit een onzichtbaar teken (met een backslash)", "gewone tekst")
        frame = self.frames[-1] if self.frames else None
        value = event.value if event.style else _resolve(event.value)
        if frame is None or isinstance(frame.container, list) or frame.key is not None:
            self._place(value, line)
            return
        if not isinstance(value, str):
            shown = "een lege sleutel" if value is None else f"de sleutel {event.value}"
            self._refuse(line, f"{shown} is geen tekst", "een sleutel in letters, of tussen aanhalingstekens")
        frame.key = event.value
        steps = frame.next_steps()
        if event.value in frame.container:
            first = self.lines[steps]
            cause = f'sleutel "{event.value}" staat hier twee keer (ook op regel {first})'
            self._refuse(line, cause, "elke sleutel één keer")
        else:
            self.lines[steps] = line

    def _open(self, container: dict[str, Any] | list[Any], line: int) -> None:
        steps = self._place(container, line)
        if len(self.frames) >= MAX_DEPTH:
            self._refuse(line, f"dit zit meer dan {MAX_DEPTH} niveaus diep", "minder niveaus in elkaar")
            raise _StopReading
        self.frames.append(_Frame(container, steps))

    def _place(self, value: Any, line: int) -> Steps:
        """Put a value where it belongs and say which steps lead to it."""
        self.has_content = self.has_content or value is not None
        if not self.frames:
            self.data = value
            self.lines[()] = line
            return ()
        frame = self.frames[-1]
        if isinstance(frame.container, dict) and frame.key is None:
            self._refuse(line, "een sleutel is hier een lijst of een verwijzing", "een sleutel in letters")
            raise _StopReading
        steps = frame.next_steps()
        self.lines.setdefault(steps, line)
        if isinstance(frame.container, list):
            frame.container.append(value)
        else:
            frame.container.setdefault(frame.key or "", value)
            frame.key = None
        return steps


def _resolve(word: str) -> str | int | float | bool | None:
    """The value of an unquoted word."""
    if word in _WORDS:
        return _WORDS[word]
    if _INTEGER.fullmatch(word):
        return int(word)
    if _DECIMAL.fullmatch(word):
        return float(word)
    return word


def walk(data: Any, steps: Steps) -> Iterator[Any]:
    """The values met on the way along ``steps``, as far as they exist."""
    for step in steps:
        if isinstance(data, list):
            exists = isinstance(step, int) and step < len(data)
        else:
            exists = isinstance(data, dict) and step in data
        if not exists:
            return
        data = data[step]
        yield data
