"""From the files under ``courses/`` to one Library, or to every problem at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lms.content import markdown, moved_rules, rules, snapshot, yaml
from lms.content.case_places import place
from lms.content.classroom_models import Scenario
from lms.content.drafts import (
    CardsFile,
    CourseFile,
    Draft,
    FormatsFile,
    LessonDraft,
    Located,
    ModuleDraft,
    ModuleFile,
    Part,
)
from lms.content.models import (
    Course,
    Dialogue,
    Exercise,
    Lesson,
    LessonHead,
    Library,
    Module,
    Moved,
    Prose,
    Test,
)
from lms.content.problems import ContentError, Problem
from lms.content.toolbox_models import Minis, Session
from lms.content.validation import validate

__all__ = ["ContentError", "Problem", "read_library"]

COURSE = "navorming"
DIALOGUES = f"{COURSE}/dialogen"
CLASSROOMS = f"{COURSE}/klassen"
TOOLBOX = "toolbox"
FORMATS = "werkvormen.yaml"


def read_library(folder: Path) -> Library:
    """Everything below ``folder`` as one Library.

    Raises ContentError with the problems of all files: one broken file does not hide what is wrong in another.
    """
    problems: list[Problem] = []
    files = snapshot.take(folder, problems)
    draft = _Reading(files, problems).draft()
    problems.extend(rules.check(draft))
    if problems:
        raise ContentError(problems)
    return _assemble(draft, files.digest)


class _Reading:
    """One run over the files: collects the draft and the problems."""

    def __init__(self, files: snapshot.Snapshot, problems: list[Problem]) -> None:
        self.files = files
        self.problems = problems
        self.result = Draft()

    def draft(self) -> Draft:
        result = self.result
        result.course = self._file(f"{COURSE}/course.yaml", CourseFile)
        result.test = self._file(f"{COURSE}/test.yaml", Test)
        if moved_rules.FILE in self.files.names:
            result.moved = self._file(moved_rules.FILE, Moved)
        result.toolbox = self._file(f"{TOOLBOX}/toolbox.yaml", CardsFile, "sessions")
        self._modules()
        self._dialogues()
        self._classrooms()
        self._sessions()
        # A course may do without the catalogue; a case that names a format then has a problem of its own.
        if FORMATS in self.files.names:
            result.formats = self._file(FORMATS, FormatsFile, "formats")
        return result

    def _refuse(self, file: str, line: int, cause: str, expected: str) -> None:
        self.problems.append(Problem(file, line, cause, expected))

    def _file(self, file: str, model: Any, part: Part | None = None) -> Located[Any] | None:
        """One YAML file as ``model``; if it cannot be read, ``part`` is not complete."""
        located = None
        if file not in self.files.names:
            self._refuse(file, 1, "het bestand ontbreekt", "dit bestand (zie docs/authors.md)")
        elif file in self.files.texts:
            located = self._located(self.files.texts[file], file, 1, model)
        if located is None and part is not None:
            self.result.incomplete.add(part)
        return located

    def _located(self, text: str, file: str, first_line: int, model: Any) -> Located[Any] | None:
        document = yaml.load(text, file, self.problems, first_line=first_line)
        value = None if document is None else validate(model, document, file, self.problems)
        return None if document is None or value is None else Located(value, file, document)

    def _modules(self) -> None:
        course = self.result.course
        files = [name.split("/") for name in self.files.below(COURSE)]
        present = {steps[1] for steps in files if steps[2:] == ["module.yaml"]}
        if course is None:
            # Which modules belong to the course is unknown, but what is wrong in them can still be told.
            self.result.incomplete.update(("modules", "lessons", "exercises"))
            names = sorted(present)
        else:
            names = list(dict.fromkeys(course.value.modules))
        for name in sorted(present.difference(names)):
            expected = f'de map "{name}" onder modules in {COURSE}/course.yaml'
            self._refuse(f"{COURSE}/{name}/module.yaml", 1, "deze module staat niet in course.yaml", expected)
        for number, name in enumerate(names):
            file = f"{COURSE}/{name}/module.yaml"
            if file in self.files.names or course is None:
                self._module(name)
            else:
                line = course.line("modules", number)
                self._refuse(course.file, line, f'de module "{name}" heeft geen bestand', file)
                self.result.incomplete.update(("modules", "lessons", "exercises"))

    def _module(self, name: str) -> None:
        head = self._file(f"{COURSE}/{name}/module.yaml", ModuleFile, "modules")
        present = [file for file in self.files.below(f"{COURSE}/{name}") if file.endswith(".md")]
        if head is None:
            self.result.incomplete.update(("lessons", "exercises"))
            for file in present:
                self._lesson(file)
            return
        lessons = []
        listed = [f"{COURSE}/{name}/{lesson}" for lesson in head.value.lessons]
        for number, file in enumerate(listed):
            if file in listed[:number]:
                continue
            if file in self.files.names:
                lessons.append(self._lesson(file))
            else:
                self.result.incomplete.update(("lessons", "exercises"))
                line = head.line("lessons", number)
                self._refuse(head.file, line, f'de les "{head.value.lessons[number]}" heeft geen bestand', file)
        for file in present:
            if file not in listed:
                expected = f"de bestandsnaam onder lessons in {head.file}"
                self._refuse(file, 1, "deze les staat niet in module.yaml", expected)
                # What this lesson brings is missed elsewhere only until it is listed.
                self._lesson(file)
                self.result.incomplete.update(("lessons", "exercises"))
        self.result.modules.append(ModuleDraft(head, tuple(lessons)))

    def _lesson(self, file: str) -> LessonDraft:
        text = self.files.texts.get(file)
        if text is None:
            self.result.incomplete.update(("lessons", "exercises"))
            return LessonDraft(file, None, (), ())
        front, body_text, body_line = self._split(text, file)
        if front is None:
            # Where the text begins is a guess, so an exercise may be missed that is there.
            self.result.incomplete.add("exercises")
        head = None if front is None else self._located(front, file, 2, LessonHead)
        if head is None:
            self.result.incomplete.add("lessons")
        body = markdown.read_body(
            body_text, file, self.problems, first_line=body_line, image_exists=self.files.names.__contains__
        )
        if not body.parts and front is not None:
            self._refuse(file, body_line, "de les is leeg", "tekst of een oefening onder de kop")
        blocks: list[Prose | Located[Exercise]] = []
        for part in body.parts:
            if isinstance(part, Prose):
                blocks.append(part)
                continue
            exercise = self._located(part.yaml, file, part.line, Exercise)
            if exercise is None:
                self.result.incomplete.add("exercises")
            else:
                blocks.append(exercise)
        return LessonDraft(file, head, tuple(blocks), tuple(body.links))

    def _split(self, text: str, file: str) -> tuple[str | None, str, int]:
        """The front matter, the text below it, and the line on which that text begins."""
        lines = text.split("\n")
        if lines[0].rstrip() != "---":
            self._refuse(file, 1, "de les begint niet met ---", "een kop tussen twee regels met ---")
            return None, text, 1
        for number, line in enumerate(lines[1:], start=1):
            if line.rstrip() == "---":
                return "\n".join(lines[1:number]) + "\n", "\n".join(lines[number + 1 :]), number + 2
        self._refuse(file, 1, "de kop van de les wordt niet gesloten", "een tweede regel met --- na de kop")
        return None, "", 1

    def _dialogues(self) -> None:
        for file in self.files.below(DIALOGUES):
            if not file.endswith(".yaml"):
                self._refuse(file, 1, "dit bestand is geen gesprek", "alleen .yaml-bestanden in deze map")
                continue
            dialogue = self._file(file, Dialogue, "dialogues")
            if dialogue is not None:
                self.result.dialogues.append(dialogue)

    def _classrooms(self) -> None:
        for file in self.files.below(CLASSROOMS):
            if not file.endswith(".yaml"):
                self._refuse(file, 1, "dit bestand is geen klas", "alleen .yaml-bestanden in deze map")
                continue
            classroom = self._file(file, Scenario, "classrooms")
            if classroom is not None:
                self.result.classrooms.append(classroom)

    def _sessions(self) -> None:
        folders = {name.split("/")[1] for name in self.files.below(TOOLBOX) if name.count("/") > 1}
        for folder in sorted(folders):
            session = self._file(f"{TOOLBOX}/{folder}/sessie.yaml", Session, "sessions")
            if session is not None:
                self.result.sessions.append(session)


def _assemble(draft: Draft, digest: str) -> Library:
    """The Library of a draft in which no rule found a problem."""
    if draft.course is None or draft.test is None or draft.toolbox is None:
        raise ValueError("a draft without course, test or toolbox has problems and is never assembled")
    keys = dict(draft.course.value)
    keys["modules"] = tuple(_module(module, draft) for module in draft.modules)
    course = Course(
        **keys,
        dialogues=tuple(dialogue.value for dialogue in draft.dialogues),
        test=draft.test.value,
        moved=draft.moved.value if draft.moved else Moved(),
    )
    sessions = sorted((session.value for session in draft.sessions), key=lambda session: session.number)
    toolbox = draft.toolbox.value
    minis = Minis(checkin=toolbox.mini_checkin, checkout=toolbox.mini_checkout)
    return Library(
        course=course,
        cards=toolbox.cards,
        minis=minis,
        sessions=tuple(sessions),
        formats=draft.formats.value.formats if draft.formats else (),
        digest=digest,
    )


def _module(module: ModuleDraft, draft: Draft) -> Module:
    keys = dict(module.head.value)
    keys["lessons"] = tuple(_lesson(lesson, draft) for lesson in module.lessons)
    return Module(**keys)


def _lesson(lesson: LessonDraft, draft: Draft) -> Lesson:
    if lesson.head is None:
        raise ValueError("a lesson without front matter has problems and is never assembled")
    blocks = tuple(place(block.value, draft) if isinstance(block, Located) else block for block in lesson.blocks)
    return Lesson(**dict(lesson.head.value), blocks=blocks)
