"""The manual for authors cannot lie: its examples are read with the real reader, and every kind and key has one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from lms.config import ROOT
from lms.content import drafts
from lms.content.models import CompletionPart, Course, Exercise, Lesson, LessonHead, Library, Model, Module
from lms.content.problems import ContentError
from lms.content.reader import read_library

MANUAL = ROOT / "docs" / "authors.md"
# A file name in bold, and below it the file. The same name again goes on where the file stopped.
EXAMPLE = re.compile(r"^\*\*`([\w/.-]+)`\*\*[^\n]*\n\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
SMALL = "voorbeeld/"


def examples() -> dict[str, str]:
    """What the manual shows, by file name."""
    files: dict[str, str] = {}
    for name, _, text in EXAMPLE.findall(MANUAL.read_text("utf-8")):
        files[name] = files[name] + "\n" + text if name in files else text
    return files


def write_small_course(folder: Path, without: str = "") -> Path:
    for name, text in examples().items():
        if name.startswith(SMALL) and name != without:
            path = folder / name.removeprefix(SMALL)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    (folder / "navorming/welkom/kring.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


@cache
def small_course() -> Library:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        return read_library(write_small_course(Path(folder)))


def test_the_examples_are_a_course_in_which_nothing_is_wrong() -> None:
    library = small_course()
    assert len(library.course.lessons) == 4 and len(library.sessions) == 1


def test_a_mistake_in_an_example_would_be_seen(tmp_path: Path) -> None:
    """The sabotaged twin: one file less, one answer wrong."""
    with pytest.raises(ContentError):
        read_library(write_small_course(tmp_path / "a", without="voorbeeld/navorming/dialogen/d1.yaml"))
    folder = write_small_course(tmp_path / "b")
    lesson = folder / "navorming/bijvragen/oefenen.md"
    lesson.write_text(lesson.read_text("utf-8").replace("label: gesloten", "label: dicht"), "utf-8")
    with pytest.raises(ContentError):
        read_library(folder)


def kinds_of(union: Any) -> set[str]:
    members = get_args(get_args(union)[0])
    return {get_args(member.model_fields["kind"].annotation)[0] for member in members}


def test_every_kind_of_exercise_has_an_example_under_its_own_heading() -> None:
    """Whoever adds a kind adds an example: a lesson of the manual has to hold one."""
    shown = {exercise.kind for lesson in small_course().course.lessons for exercise in lesson.exercises}
    assert shown == kinds_of(Exercise)
    headings = set(re.findall(r"^### (\w+):", MANUAL.read_text("utf-8"), re.MULTILINE))
    assert headings == kinds_of(Exercise)


def test_every_kind_of_completion_has_an_example() -> None:
    assert {part.kind for part in small_course().course.completion.parts} == kinds_of(CompletionPart)


def models_in(value: Any) -> Iterator[Model]:
    if isinstance(value, Model):
        yield value
        for name in type(value).model_fields:
            yield from models_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from models_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from models_in(item)


def keys_never_shown(library: Library, written: str) -> list[str]:
    """Keys an author may write and of which the manual has no example."""
    # These are put together from several files, whose keys are looked up in the text.
    assembled = {Course: drafts.CourseFile, Module: drafts.ModuleFile, Lesson: LessonHead}
    used: dict[type[Model], set[str]] = {}
    for model in models_in(library):
        used.setdefault(type(model), set()).update(model.model_fields_set)
    missing = []
    for kind, names in used.items():
        if kind in assembled:
            names = set(re.findall(r"^(\w+):", written, re.MULTILINE))
        keys = assembled.get(kind, kind).model_fields
        if kind.__name__ not in {"Library", "Prose"}:
            missing += [f"{kind.__name__}.{name}" for name in keys if name not in names]
    return missing


def test_every_key_has_an_example() -> None:
    written = "\n".join(text for name, text in examples().items() if name.startswith(SMALL))
    assert keys_never_shown(small_course(), written) == []
    assert "Course.promised_minutes" in keys_never_shown(small_course(), written.replace("promised_minutes", "x"))


def test_the_lesson_of_the_step_by_step_goes_into_the_real_course(tmp_path: Path) -> None:
    """Word by word what the manual tells: copy the folder, make the file, add the line, check."""
    before = read_library(ROOT / "courses")
    work = Path(shutil.copytree(ROOT / "courses", tmp_path / "nieuw"))
    files = {name: text for name, text in examples().items() if not name.startswith(SMALL)}
    listed = next(name for name in files if name.endswith("module.yaml"))
    lesson = next(name for name in files if name.endswith(".md"))
    assert len(files) == 2
    (work / lesson).write_text(files[lesson], "utf-8")
    with (work / listed).open("a", encoding="utf-8") as module:
        module.write(files[listed])
    after = read_library(work)
    assert len(after.course.lessons) == len(before.course.lessons) + 1
    assert after.course.core_minutes == before.course.core_minutes


def test_the_messages_that_are_explained_are_messages_that_exist() -> None:
    explained = re.findall(
        r"^\| `([^`]+)` \| ", MANUAL.read_text("utf-8").split("## Wat de meldingen betekenen")[1], re.M
    )
    broken = yaml.safe_load((ROOT / "tests/unit/content/broken.yaml").read_text("utf-8"))
    said = "\n".join(line for one in broken for line in one["says"])
    assert len(explained) > 20
    assert [words for words in explained if words not in said] == []


def test_the_addresses_that_the_manual_allows_are_those_that_the_check_allows() -> None:
    from lms.content.rules import SITE_ADDRESSES

    links = MANUAL.read_text("utf-8").split("**Links.**")[1].split("**Afbeeldingen**")[0]
    named = set(re.findall(r"`(/[a-z/]+)`", links)) - {"/pakket/talenten"}
    assert named == SITE_ADDRESSES
