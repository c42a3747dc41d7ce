"""The exercises of a lesson, and of a test, as frozen objects.

The rules behind the kinds come from the course blueprint of the project: every wrong choice says why and gives a
better sentence, and "deels juist" (``usable``) is a choice of its own.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lms.content.basis import Identifier, Model, Text
from lms.content.case_models import FormatCase, PlanTask, TimingCase
from lms.content.classroom_models import PlayClassroom
from lms.content.rehearsal_models import Rehearsal


class ChoiceOption(Model):
    id: Identifier
    text: Text
    correct: bool = False
    usable: bool = False
    feedback: Text


class Choice(Model):
    """One right option; ``usable`` options count as *deels juist*."""

    id: Identifier
    kind: Literal["choice"]
    scene: Text | None = None
    question: Text
    options: tuple[ChoiceOption, ...] = Field(min_length=2)


class MultipleOption(Model):
    id: Identifier
    text: Text
    correct: bool
    feedback: Text


class Multiple(Model):
    """Every option is judged on its own: rightly ticked or rightly left."""

    id: Identifier
    kind: Literal["multiple"]
    scene: Text | None = None
    question: Text
    options: tuple[MultipleOption, ...] = Field(min_length=2)


class Label(Model):
    id: Identifier
    text: Text


class ClassifyItem(Model):
    id: Identifier
    context: Text | None = None
    text: Text
    label: Identifier
    feedback: Text


class Classify(Model):
    """Put each item under one label (for instance open, gesloten or suggestief)."""

    id: Identifier
    kind: Literal["classify"]
    scene: Text | None = None
    question: Text
    labels: tuple[Label, ...] = Field(min_length=2)
    items: tuple[ClassifyItem, ...] = Field(min_length=1)


class MatchPair(Model):
    id: Identifier
    left: Text
    accept: tuple[Identifier, ...] = Field(min_length=1)
    feedback: Text


class Match(Model):
    """For each pair choose a value of ``right``; ``accept`` lists every value that counts."""

    id: Identifier
    kind: Literal["match"]
    scene: Text | None = None
    question: Text
    right: tuple[Label, ...] = Field(min_length=2)
    pairs: tuple[MatchPair, ...] = Field(min_length=1)


class OrderItem(Model):
    id: Identifier
    text: Text
    feedback: Text


class Order(Model):
    """The items stand in the right order; the screen shuffles them."""

    id: Identifier
    kind: Literal["order"]
    scene: Text | None = None
    question: Text
    items: tuple[OrderItem, ...] = Field(min_length=3)
    feedback: Text


class Reflection(Model):
    """Free text, private to the learner; never judged, only held beside a model answer."""

    id: Identifier
    kind: Literal["reflection"]
    scene: Text | None = None
    question: Text
    followup: Text | None = None
    model_answer: Text
    checklist: tuple[Text, ...] = Field(min_length=1)


class OwnQuestion(Model):
    """The learner types a bijvraag to what a youngster says. The rules judge it; it never decides about passing.

    ``scene`` says where and when, ``speaker`` who talks, ``answer`` what the youngster says.
    """

    id: Identifier
    kind: Literal["own_question"]
    scene: Text
    speaker: Text
    answer: Text
    question: Text


class PlayDialogue(Model):
    """Places a dialogue of ``dialogen/`` in a lesson."""

    id: Identifier
    kind: Literal["dialogue"]
    dialogue: Identifier


Exercise = Annotated[
    Choice
    | Multiple
    | Classify
    | Match
    | Order
    | Reflection
    | OwnQuestion
    | PlayDialogue
    | TimingCase
    | FormatCase
    | PlanTask
    | PlayClassroom
    | Rehearsal,
    Field(discriminator="kind"),
]

# What is played on a page of its own; everything else is answered by a form of its own.
PLAYED = (PlayDialogue, PlayClassroom, Rehearsal)
