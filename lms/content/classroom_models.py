"""A class to practise with: six youngsters, what each of them may say, and what the begeleider can do.

A scenario of ``klassen/`` is data only; the rules that bring it to life stand in ``didactics/classroom``. In a file an
exercise only names its scenario; in the Library it carries it along (``PlacedClassroom``), so that a run can be played
without looking anything up.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lms.content.basis import Identifier, Model, Text

Temper = Literal["prater", "stille", "denker", "grapjas", "kritisch", "volger", "moe"]
Depth = Literal["kort", "vertelt", "persoonlijk"]
QuestionKind = Literal["open", "gesloten", "suggestief", "duwend", "ruimte", "uitnodigend", "afspraak"]
FormatKind = Literal["schrijven", "duo"]

# Whom a question of each kind is for. An open one may be for one youngster or for all of them.
FOR_ONE: frozenset[QuestionKind] = frozenset(("open", "gesloten", "suggestief", "duwend", "ruimte"))
FOR_ALL: frozenset[QuestionKind] = frozenset(("open", "uitnodigend", "afspraak"))


class Line(Model):
    """Something a youngster may say, once. ``follow``: the bijvraag on these words, which the next line answers."""

    depth: Depth
    text: Text
    follow: Text | None = None


class Youngster(Model):
    """A fictional youngster, by first name only. ``about``: the temper in one line.

    Each of ``threads`` is what comes out layer by layer: a first line, and what follows when somebody takes it up.
    ``silent`` tells what one sees when no answer comes, ``nods`` answers a closed question, ``refuses`` somebody who
    pushes, and ``enough`` a question too many.
    """

    id: Identifier
    name: Text
    temper: Temper
    about: Text
    threads: tuple[tuple[Line, ...], ...] = Field(min_length=1)
    silent: Text
    nods: Text
    refuses: Text
    enough: Text
    jokes: tuple[Text, ...] = ()


class ClassQuestion(Model):
    """What the begeleider can say, to one youngster or to all (``to_all``)."""

    id: Identifier
    kind: QuestionKind
    to_all: bool = False
    text: Text


class ClassFormat(Model):
    """Another way of working, once per round."""

    id: Identifier
    kind: FormatKind
    text: Text


class Scenario(Model):
    """A round with six youngsters. ``turns``: how many moves fit before the bell."""

    id: Identifier
    slug: Identifier
    title: Text
    setting: Text
    aim: Text
    turns: Annotated[int, Field(ge=8, le=20, strict=True)]
    youngsters: tuple[Youngster, ...] = Field(min_length=6, max_length=6)
    questions: tuple[ClassQuestion, ...] = Field(min_length=1)
    formats: tuple[ClassFormat, ...] = ()
    closing: Text

    def youngster(self, name: str) -> Youngster:
        """The youngster with this id. Raises KeyError when there is none."""
        return {one.id: one for one in self.youngsters}[name]


class PlayClassroom(Model):
    """Places a scenario of ``klassen/`` in a lesson."""

    id: Identifier
    kind: Literal["classroom"]
    classroom: Identifier


class PlacedClassroom(PlayClassroom):
    scenario: Scenario

    @property
    def question(self) -> str:
        """What the exercise is called wherever exercises are listed."""
        return self.scenario.title

    @property
    def scene(self) -> str:
        return self.scenario.setting
