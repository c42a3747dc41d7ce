"""The sessions of the toolbox as frozen objects: what stands below ``courses/toolbox``. Durations are whole minutes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lms.content.basis import Identifier, Minutes, Model, Text
from lms.content.sheet_models import ParticipantSheet

Source = Literal["toolbox", "aangevuld"]


class Limits(Model):
    """The shortest and the longest a block may be, in minutes."""

    min: Annotated[int, Field(ge=1, le=60, strict=True)]
    max: Annotated[int, Field(ge=1, le=60, strict=True)]


class Minis(Model):
    """The short opening of a later lesson hour and the short closing of an earlier one, when a session is split."""

    checkin: Limits
    checkout: Limits


class Step(Model):
    """``minutes`` and ``min_minutes`` stand only with the steps of an exercise that may be split.

    ``home``: the step may be done at home, and its minutes then fall away in class. ``fixed``: never shorter.
    """

    label: Identifier
    text: Text
    minutes: Annotated[int, Field(ge=1, le=180, strict=True)] | None = None
    min_minutes: Annotated[int, Field(ge=1, le=180, strict=True)] | None = None
    home: bool = False
    fixed: bool = False


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
    """One exercise of a session. ``min_minutes``: the shortest useful time if it is kept.

    ``splittable``: the labels of its steps, when these may be planned apart, over lesson hours.
    ``home_saves_minutes``: what is won in class when ``at_home_part`` is done at home.
    """

    id: Identifier
    name: Text
    minutes: Annotated[int, Field(ge=1, le=180, strict=True)]
    min_minutes: Annotated[int, Field(ge=1, le=180, strict=True)]
    core: bool
    droppable: bool = False
    splittable: tuple[Identifier, ...] = ()
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
    home_saves_minutes: Annotated[int, Field(ge=1, le=180, strict=True)] | None = None


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
    # What participants get on paper; a session may do without.
    sheet: ParticipantSheet | None = None


class SessionCard(Model):
    """What anyone may know of a session before the pack is open (``toolbox/toolbox.yaml``)."""

    slug: Identifier
    number: Annotated[int, Field(ge=1, le=4, strict=True)]
    short_title: Text
    summary: Text
    minutes: Minutes
