"""The branching conversations with a youngster, as frozen objects: what stands below ``dialogen``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lms.content.basis import Identifier, Model, Text
from lms.content.exercise_models import ChoiceOption

Goal = Literal["opent", "volgt", "duwt_niet", "veilig"]


class DialogueOption(Model):
    """What the learner may say. ``goals`` score 0 (niet), 1 (half) or 2 (goed); absent = does not apply."""

    id: Identifier
    text: Text
    variants: dict[Identifier, Text] = Field(default_factory=dict)
    next: Identifier
    goals: dict[Goal, Annotated[int, Field(ge=0, le=2, strict=True)]] = Field(min_length=1)
    feedback: Text


class DialogueTurn(Model):
    id: Identifier
    speaker: Text
    text: Text
    options: tuple[DialogueOption, ...] = Field(min_length=2)


class Ending(Model):
    id: Identifier
    rating: Literal["goed", "matig", "zwak"]
    text: Text


class CareRoute(Model):
    """Whom to go to with a youngster who may not be safe, in one setting."""

    setting: Identifier
    label: Text
    go_to: Text
    then: Text


class WrittenVariant(Model):
    """A text with one question that counts as having played the dialogue."""

    id: Identifier
    text: tuple[Text, ...] = Field(min_length=1)
    question: Text
    options: tuple[ChoiceOption, ...] = Field(min_length=2)


class Dialogue(Model):
    id: Identifier
    slug: Identifier
    title: Text
    setting: Text
    about: Text | None = None
    sensitive: bool = False
    routes: tuple[CareRoute, ...] = ()
    start: Identifier
    turns: tuple[DialogueTurn, ...] = Field(min_length=1)
    endings: tuple[Ending, ...] = Field(min_length=1)
    written_variant: WrittenVariant | None = None
