"""The sheet for participants of a session: what youngsters get on paper, to write on.

A sheet takes its lists from the exercises of the session and brings words of its own, so nothing that is meant for
begeleiders can come along: there is no key that points to it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lms.content.basis import Identifier, Model, Text

Few = Annotated[int, Field(ge=1, le=12, strict=True)]


class Writing(Model):
    """Empty lines to write on."""

    kind: Literal["lines"]
    label: Text | None = None
    count: Few


class Listed(Model):
    """A list of the exercise to read, numbered; ``tick`` puts so many boxes before each item, in columns."""

    kind: Literal["list"]
    label: Text | None = None
    list: Text
    tick: Annotated[int, Field(ge=0, le=2, strict=True)] = 0


class Table(Model):
    """A table to fill in. Its rows are the items of ``list``, or so many empty ones; one of both."""

    kind: Literal["table"]
    label: Text | None = None
    columns: tuple[Text, ...] = Field(min_length=1, max_length=5)
    list: Text | None = None
    rows: Few | None = None


class Circles(Model):
    """The items of a list as circles round a word, with room to write in each."""

    kind: Literal["circles"]
    label: Text | None = None
    list: Text
    middle: Text


class Scores(Model):
    """Each item of a list with the numbers 1 to ``highest`` to circle."""

    kind: Literal["scores"]
    label: Text | None = None
    list: Text
    highest: Annotated[int, Field(ge=2, le=10, strict=True)]


class Boxes(Model):
    """Boxes to write or draw in, next to each other: with these titles, or with the items of ``list``."""

    kind: Literal["boxes"]
    label: Text | None = None
    titles: tuple[Text, ...] = Field(default=(), max_length=10)
    list: Text | None = None


class Body(Model):
    """The outline of a body to draw on, beside the items of a list."""

    kind: Literal["body"]
    label: Text | None = None
    list: Text


class Matching(Model):
    """Two lists to connect with lines."""

    kind: Literal["match"]
    label: Text | None = None
    left: Text
    right: Text


SheetBlock = Annotated[
    Writing | Listed | Table | Circles | Scores | Boxes | Body | Matching, Field(discriminator="kind")
]


class SheetPart(Model):
    """What stands on the sheet for one exercise. ``text`` speaks to the youngster."""

    exercise: Identifier
    text: Text
    blocks: tuple[SheetBlock, ...] = Field(min_length=1)


class ParticipantSheet(Model):
    """``intro`` stands below the title of the session."""

    intro: Text
    parts: tuple[SheetPart, ...] = Field(min_length=1)
