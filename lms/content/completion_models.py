"""What counts as having done the course, as frozen objects."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lms.content.basis import Identifier, Model, Text


class CoreExercises(Model):
    """Every exercise of every core lesson answered (a lesson without exercise: marked as read)."""

    id: Identifier
    kind: Literal["core_exercises"]
    text: Text


class DialoguesPlayed(Model):
    """Each dialogue of ``needs`` played to an ending, or its written variant answered."""

    id: Identifier
    kind: Literal["dialogues_played"]
    text: Text
    needs: tuple[Identifier, ...] = Field(min_length=1)


class TestPassed(Model):
    id: Identifier
    kind: Literal["test_passed"]
    text: Text


CompletionPart = Annotated[CoreExercises | DialoguesPlayed | TestPassed, Field(discriminator="kind")]


class CompletionRule(Model):
    """What counts as evidence. ``version`` is stored with each completion, so a later rule re-locks nothing."""

    version: Annotated[int, Field(ge=1, strict=True)]
    parts: tuple[CompletionPart, ...] = Field(min_length=1)
