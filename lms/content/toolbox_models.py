"""The sessions of the toolbox as frozen objects: what stands below ``courses/toolbox``. Durations are whole minutes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lms.content.basis import Identifier, Minutes, Model, Text

Source = Literal["toolbox", "aangevuld"]


class Step(Model):
    label: Identifier
    text: Text


class ProbingQuestion(Model):
    """A *bijvraag* of a fiche. ``source``: from the toolbox itself, or added by us."""

    intent: Text
    variants: tuple[Text, ...] = Field(min_length=1)
    source: Source


class QuestionList(Model):
    """A list for participants. ``in_answer_key``: each item has its answer in the ``answer_key`` of the exercise."""

    title: Text
    in_answer_key: bool = False
    items: tuple[Text, ...] = Field(min_length=1)


class ToolboxExercise(Model):
    """One exercise of a session. ``min_minutes``: the shortest useful time if it is kept."""

    id: Identifier
    name: Text
    minutes: Annotated[int, Field(ge=1, le=180, strict=True)]
    min_minutes: Annotated[int, Field(ge=1, le=180, strict=True)]
    core: bool
    droppable: bool = False
    materials: tuple[Text, ...] = ()
    methods: tuple[Text, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    lists: tuple[QuestionList, ...] = ()
    facilitator_notes: Text
    safety_note: Text | None = None
    probing_questions: tuple[ProbingQuestion, ...] = ()
    answer_key: tuple[Text, ...] = ()
    at_home: Literal["none", "partial", "full"] = "none"
    at_home_part: Text | None = None


class Session(Model):
    """One of the four sessions of the toolbox."""

    slug: Identifier
    number: Annotated[int, Field(ge=1, le=4, strict=True)]
    title: Text
    short_title: Text
    subtitle: Text | None = None
    theme: Text
    aim: Text
    lead: Text
    definition: Text | None = None
    total_minutes: Minutes
    preparation: tuple[Text, ...] = ()
    exercises: tuple[ToolboxExercise, ...] = Field(min_length=3)


class SessionCard(Model):
    """What anyone may know of a session before the pack is open (``toolbox/toolbox.yaml``)."""

    slug: Identifier
    number: Annotated[int, Field(ge=1, le=4, strict=True)]
    short_title: Text
    summary: Text
    minutes: Minutes
