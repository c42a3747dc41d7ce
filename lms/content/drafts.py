"""What the files say one by one, each value still knowing its place, before the rules across files have run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field, StringConstraints

from lms.content.classroom_models import Scenario
from lms.content.format_models import ActivityFormat
from lms.content.models import CourseHead, Dialogue, Exercise, LessonHead, Model, ModuleHead, Moved, Prose, Test
from lms.content.problems import Problem
from lms.content.toolbox_models import Limits, Session, SessionCard
from lms.content.yaml import Document, Steps

# Plain names only: no separators and no leading dot, so a name can never lead out of its folder.
FOLDER_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"
LESSON_FILE_PATTERN = r"^[a-z0-9][a-z0-9_-]*\.md$"
FolderName = Annotated[str, StringConstraints(pattern=FOLDER_PATTERN, max_length=80)]
LessonFileName = Annotated[str, StringConstraints(pattern=LESSON_FILE_PATTERN, max_length=80)]


class CourseFile(CourseHead):
    """``course.yaml``: the modules are folders."""

    modules: tuple[FolderName, ...] = Field(min_length=1)


class ModuleFile(ModuleHead):
    """``module.yaml``: the lessons are files."""

    lessons: tuple[LessonFileName, ...] = Field(min_length=1)


class FormatsFile(Model):
    """``werkvormen.yaml``."""

    formats: tuple[ActivityFormat, ...]


class CardsFile(Model):
    """``toolbox.yaml``."""

    cards: tuple[SessionCard, ...] = Field(min_length=1)
    mini_checkin: Limits
    mini_checkout: Limits


Value = TypeVar("Value")


@dataclass(frozen=True)
class Located(Generic[Value]):
    """A value that was read, with the file and the lines it came from."""

    value: Value
    file: str
    document: Document

    def line(self, *steps: str | int) -> int:
        return self.document.line(steps)

    def place(self, steps: Steps) -> str:
        return f"{self.file}:{self.document.line(steps)}"

    def problem(self, steps: Steps, cause: str, expected: str) -> Problem:
        return Problem(self.file, self.document.line(steps), cause, expected)


@dataclass(frozen=True)
class Link:
    """An internal address in the text of a lesson."""

    address: str
    line: int


@dataclass(frozen=True)
class LessonDraft:
    """A lesson file. ``head`` is None when the front matter could not be read; the body was read all the same."""

    file: str
    head: Located[LessonHead] | None
    blocks: tuple[Prose | Located[Exercise], ...]
    links: tuple[Link, ...]

    @property
    def exercises(self) -> tuple[Located[Any], ...]:
        return tuple(block for block in self.blocks if isinstance(block, Located))


@dataclass(frozen=True)
class ModuleDraft:
    head: Located[ModuleFile]
    lessons: tuple[LessonDraft, ...]


Part = Literal["modules", "lessons", "exercises", "dialogues", "classrooms", "sessions", "formats"]


@dataclass
class Draft:
    """Everything that could be read.

    ``incomplete`` names the parts of which something could not be read: a rule that asks whether a name exists
    keeps silent about those, so that one broken file does not blame others.
    """

    course: Located[CourseFile] | None = None
    modules: list[ModuleDraft] = field(default_factory=list)
    dialogues: list[Located[Dialogue]] = field(default_factory=list)
    classrooms: list[Located[Scenario]] = field(default_factory=list)
    test: Located[Test] | None = None
    moved: Located[Moved] | None = None
    toolbox: Located[CardsFile] | None = None
    sessions: list[Located[Session]] = field(default_factory=list)
    formats: Located[FormatsFile] | None = None
    incomplete: set[Part] = field(default_factory=set)

    @property
    def lessons(self) -> list[LessonDraft]:
        return [lesson for module in self.modules for lesson in module.lessons]
