"""What the course files say, as frozen objects.

Every file under ``courses/`` is read into one of these models. Unknown keys are refused, so a typing
error in a key never passes silently. All durations are whole minutes. Here stand the course and the Library; this
module is the door to the rest too: ``exercise_models``, ``case_models`` (exercises that rules judge),
``completion_models``, ``dialogue_models``, ``classroom_models``, ``rehearsal_models``, ``toolbox_models`` (the
sessions) and ``format_models`` (the catalogue of werkvormen).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from lms.content.basis import Identifier as Identifier
from lms.content.basis import Minutes as Minutes
from lms.content.basis import Model as Model
from lms.content.basis import Text as Text
from lms.content.case_models import FormatCase as FormatCase
from lms.content.case_models import FormatOption as FormatOption
from lms.content.case_models import PlacedFormatCase as PlacedFormatCase
from lms.content.case_models import PlacedTimingCase as PlacedTimingCase
from lms.content.case_models import PlanTask as PlanTask
from lms.content.case_models import TimingCase as TimingCase
from lms.content.classroom_models import PlacedClassroom as PlacedClassroom
from lms.content.classroom_models import PlayClassroom as PlayClassroom
from lms.content.completion_models import CompletionPart as CompletionPart
from lms.content.completion_models import CompletionRule as CompletionRule
from lms.content.completion_models import CoreExercises as CoreExercises
from lms.content.completion_models import DialoguesPlayed as DialoguesPlayed
from lms.content.completion_models import TestPassed as TestPassed
from lms.content.dialogue_models import CareRoute as CareRoute
from lms.content.dialogue_models import Dialogue as Dialogue
from lms.content.dialogue_models import DialogueOption as DialogueOption
from lms.content.dialogue_models import DialogueTurn as DialogueTurn
from lms.content.dialogue_models import Ending as Ending
from lms.content.dialogue_models import Goal as Goal
from lms.content.dialogue_models import WrittenVariant as WrittenVariant
from lms.content.exercise_models import PLAYED as PLAYED
from lms.content.exercise_models import Choice as Choice
from lms.content.exercise_models import ChoiceOption as ChoiceOption
from lms.content.exercise_models import Classify as Classify
from lms.content.exercise_models import ClassifyItem as ClassifyItem
from lms.content.exercise_models import Exercise as Exercise
from lms.content.exercise_models import Label as Label
from lms.content.exercise_models import Match as Match
from lms.content.exercise_models import MatchPair as MatchPair
from lms.content.exercise_models import Multiple as Multiple
from lms.content.exercise_models import MultipleOption as MultipleOption
from lms.content.exercise_models import Order as Order
from lms.content.exercise_models import OrderItem as OrderItem
from lms.content.exercise_models import OwnQuestion as OwnQuestion
from lms.content.exercise_models import PlayDialogue as PlayDialogue
from lms.content.exercise_models import Reflection as Reflection
from lms.content.format_models import ActivityFormat as ActivityFormat
from lms.content.format_models import Situation as Situation
from lms.content.rehearsal_models import PlacedRehearsal as PlacedRehearsal
from lms.content.rehearsal_models import Rehearsal as Rehearsal
from lms.content.toolbox_models import Limits as Limits
from lms.content.toolbox_models import Minis as Minis
from lms.content.toolbox_models import ProbingQuestion as ProbingQuestion
from lms.content.toolbox_models import QuestionList as QuestionList
from lms.content.toolbox_models import Session as Session
from lms.content.toolbox_models import SessionCard as SessionCard
from lms.content.toolbox_models import Step as Step
from lms.content.toolbox_models import ToolboxExercise as ToolboxExercise

# ── course ─────────────────────────────────────────────────────────────────


class Prose(Model):
    """A stretch of a lesson, already turned from Markdown into safe HTML."""

    html: str
    text: str


class LessonHead(Model):
    """The front matter of a lesson."""

    id: Identifier
    slug: Identifier
    title: Text
    minutes: Annotated[int, Field(ge=3, le=12, strict=True)]
    route: Literal["kern", "verdieping"]
    objectives: tuple[Identifier, ...] = ()


class Lesson(LessonHead):
    # Prose and exercises in reading order.
    blocks: tuple[Prose | Exercise, ...] = ()

    @property
    def is_core(self) -> bool:
        return self.route == "kern"

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return tuple(block for block in self.blocks if not isinstance(block, Prose))


class ChoiceGroup(Model):
    """Lessons of equal length of which one is enough: the one a person does first counts as the core lesson.

    ``default`` is the lesson that stands in for the choice until one is done. ``shared_intro`` is shown above
    each of them, so that whatever is chosen covers what all must know.
    """

    id: Identifier
    question: Text
    rule: Text
    lessons: tuple[Identifier, ...] = Field(min_length=2)
    default: Identifier
    shared_intro: tuple[Text, ...] = ()


class ModuleHead(Model):
    """What ``module.yaml`` says of a module itself."""

    id: Identifier
    slug: Identifier
    title: Text
    summary: Text
    # The module that has to be done first; otherwise the order of modules is free.
    after: Identifier | None = None
    choice_group: ChoiceGroup | None = None


class Module(ModuleHead):
    lessons: tuple[Lesson, ...] = Field(min_length=1)

    def alternatives(self, lesson: Lesson) -> tuple[Lesson, ...]:
        """The lessons of which one is enough: the choice group of ``lesson``, or the lesson alone."""
        group = self.choice_group
        if group is None or lesson.id not in group.lessons:
            return (lesson,)
        return tuple(item for item in self.lessons if item.id in group.lessons)

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def core_minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons if lesson.is_core)


class Objective(Model):
    id: Identifier
    module: Identifier
    text: Text


class TestItem(Model):
    id: Identifier
    module: Identifier
    lesson: Identifier
    critical: bool = False
    question: Text
    options: tuple[ChoiceOption, ...] = Field(min_length=2)


class Test(Model):
    """The final test: ``draw`` says how many items of each module, critical items always among them."""

    id: Identifier
    title: Text
    minutes: Minutes
    draw: dict[Identifier, Annotated[int, Field(ge=1, strict=True)]]
    pass_score: Annotated[int, Field(ge=1, strict=True)]
    items: tuple[TestItem, ...] = Field(min_length=1)

    @property
    def questions(self) -> int:
        return sum(self.draw.values())


# Stands in ``moved.yaml`` for an id that nothing takes the place of.
GONE = "gone"


class Moved(Model):
    """``moved.yaml``: ids that are no longer used, each with the id it has now, or ``gone``."""

    exercises: dict[Identifier, Identifier] = Field(default_factory=dict)
    lessons: dict[Identifier, Identifier] = Field(default_factory=dict)
    dialogues: dict[Identifier, Identifier] = Field(default_factory=dict)

    @cached_property
    def refs(self) -> Mapping[str, str | None]:
        """Old reference to new reference (None: gone), as evidence names them: ``exercise:…``."""
        parts = {"exercise": self.exercises, "lesson": self.lessons, "dialogue": self.dialogues}
        return {
            f"{kind}:{old}": None if new == GONE else f"{kind}:{new}"
            for kind, names in parts.items()
            for old, new in names.items()
        }


class CourseHead(Model):
    """What ``course.yaml`` says of the course itself."""

    id: Identifier
    title: Text
    version: Annotated[int, Field(ge=1, strict=True)]
    duration_text: Text
    # What the core route should last: a promise that the check holds against ``core_minutes``.
    promised_minutes: Minutes | None = None
    objectives: tuple[Objective, ...]
    completion: CompletionRule
    # The exercise of the toolbox that everyone may see before completing the course.
    sample_exercise: Identifier


class Course(CourseHead):
    modules: tuple[Module, ...] = Field(min_length=1)
    dialogues: tuple[Dialogue, ...] = ()
    test: Test
    moved: Moved = Field(default_factory=Moved)

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def core_minutes(self) -> int:
        """Minutes of the core route, the final test included."""
        return sum(module.core_minutes for module in self.modules) + self.test.minutes


# ── everything ─────────────────────────────────────────────────────────────


class Library(Model):
    """Everything under ``courses/``, read as one: it goes live as a whole or not at all."""

    course: Course
    cards: tuple[SessionCard, ...] = Field(min_length=1)
    minis: Minis
    sessions: tuple[Session, ...] = Field(min_length=1)
    formats: tuple[ActivityFormat, ...] = ()
    # Fingerprint of the files, stored with each attempt.
    digest: str
