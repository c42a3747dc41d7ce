"""Exercises that are judged by rules instead of by a key: a session that has to fit, and a group that needs a format.

In a file a case only names the session or the formats it is about; in the Library it carries them along (``Placed…``),
so that an answer can be judged without looking anything up.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lms.content.basis import Identifier, Model, Text
from lms.content.format_models import ActivityFormat, Constraint, Situation
from lms.content.toolbox_models import Minis, Session, ToolboxExercise


class TimingCase(Model):
    """Choose per exercise what to do with it. ``available``: minutes left; ``done``: exercises that are behind us."""

    id: Identifier
    kind: Literal["timing"]
    scene: Text | None = None
    question: Text
    session: Identifier
    available: Annotated[int, Field(ge=1, le=300, strict=True)]
    done: tuple[Identifier, ...] = ()
    feedback: Text


class PlacedTimingCase(TimingCase):
    taken_from: Session
    minis: Minis

    @property
    def ahead(self) -> tuple[ToolboxExercise, ...]:
        """The exercises that are still to come."""
        return tuple(exercise for exercise in self.taken_from.exercises if exercise.id not in self.done)


class FormatOption(Model):
    """A format of the catalogue, or a way of working in words (``text``) of which the author says what it ``breaks``.

    ``usable``: nothing is broken, and yet it is not the best here (*deels juist*).
    """

    id: Identifier
    format: Identifier | None = None
    text: Text | None = None
    breaks: tuple[Constraint, ...] = ()
    usable: bool = False
    feedback: Text


class FormatCase(Model):
    """Choose a format for a described group."""

    id: Identifier
    kind: Literal["format"]
    scene: Text | None = None
    question: Text
    situation: Situation
    options: tuple[FormatOption, ...] = Field(min_length=2)


class PlacedFormatCase(FormatCase):
    formats: tuple[ActivityFormat, ...]

    def format_of(self, option: FormatOption) -> ActivityFormat | None:
        return next((one for one in self.formats if one.id == option.format), None)

    def text_of(self, option: FormatOption) -> str:
        """What stands on screen for an option: its own words, or the name of the format."""
        activity = self.format_of(option)
        return option.text or (activity.name if activity else "")


class PlanTask(Model):
    """The final task: a plan for the learner's own group, in their own time. At most one in a course."""

    id: Identifier
    kind: Literal["plan"]
    question: Text
    feedback: Text


class PlacedPlanTask(PlanTask):
    taken_from: tuple[Session, ...]
    minis: Minis
