"""Every mistake is told with its file, its line, its cause and what was expected."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from lms.content.reader import ContentError, read_library

BROKEN: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("broken.yaml").read_text("utf-8"))


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_library(folder)
    return [str(problem) for problem in caught.value.problems]


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, f"the good tree changed: {old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken["name"])
def test_a_mistake_is_told_with_file_line_cause_and_expectation(tree: Path, broken: dict[str, Any]) -> None:
    change(tree, broken["file"], broken["old"], broken["new"])
    assert problems_of(tree) == broken["says"]


def test_there_are_enough_mistakes_in_the_table() -> None:
    assert len({broken["name"] for broken in BROKEN}) == len(BROKEN) >= 100


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        (
            "navorming/bijvragen/module.yaml",
            "id: m2\ntitle: caf\u00e9\n".encode("latin-1"),
            "navorming/bijvragen/module.yaml:2: er staat een teken dat geen UTF-8 is, "
            "verwacht een bestand bewaard als UTF-8",
        ),
        (
            "navorming/welkom/start.md",
            b"---\nid: m1-l1\n---\nAl\x00les.\n",
            "navorming/welkom/start.md:4: er staat een onzichtbaar teken (U+0000), "
            "verwacht gewone letters, leestekens en spaties",
        ),
        (
            "navorming/test.yaml",
            b"# " + b"a" * 1_000_000,
            "navorming/test.yaml:1: het bestand is 1000002 bytes groot, verwacht hoogstens 1 MB",
        ),
        (
            "navorming/test.yaml",
            b"",
            "navorming/test.yaml:1: hier staat niets, verwacht sleutels met een waarde",
        ),
        (
            "navorming/test.yaml",
            b"- a\n- b\n",
            "navorming/test.yaml:1: dit is een lijst, verwacht sleutels met een waarde",
        ),
        (
            "navorming/dialogen/d3.yml",
            b"id: d3\n",
            "navorming/dialogen/d3.yml:1: dit bestand is geen gesprek, verwacht alleen .yaml-bestanden in deze map",
        ),
        (
            "toolbox/talenten/session.yaml",
            b"slug: talenten\n",
            "toolbox/talenten/sessie.yaml:1: het bestand ontbreekt, verwacht dit bestand (zie docs/authors.md)",
        ),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_told_too(tree: Path, file: str, content: bytes, says: str) -> None:
    (tree / file).parent.mkdir(exist_ok=True)
    (tree / file).write_bytes(content)
    assert problems_of(tree) == [says]


@pytest.mark.parametrize("file", ["navorming/course.yaml", "navorming/test.yaml", "toolbox/toolbox.yaml"])
def test_a_file_that_must_exist_is_missed_and_nothing_else_is_blamed(tree: Path, file: str) -> None:
    (tree / file).unlink()
    assert problems_of(tree) == [f"{file}:1: het bestand ontbreekt, verwacht dit bestand (zie docs/authors.md)"]


def test_a_lesson_of_a_forgotten_module_folder_is_told(tree: Path) -> None:
    shutil.copytree(tree / "navorming/welkom", tree / "navorming/vergeten")
    assert problems_of(tree) == [
        "navorming/vergeten/module.yaml:1: deze module staat niet in course.yaml, "
        'verwacht de map "vergeten" onder modules in navorming/course.yaml'
    ]


def test_all_problems_of_all_files_are_told_in_one_run(tree: Path) -> None:
    change(tree, "navorming/course.yaml", "version: 1", "version: een")
    change(tree, "navorming/welkom/start.md", "minutes: 3", "minutes: 30")
    change(tree, "navorming/welkom/start.md", "Welkom.", "<b>Welkom.</b>")
    change(tree, "navorming/bijvragen/wat-een-bijvraag-doet.md", "label: open", "label: half")
    change(tree, "navorming/bijvragen/gesprekken.md", "kind: reflection", "kind: reflectie")
    change(tree, "navorming/dialogen/d1.yaml", "next: n2", "next: n7")
    change(tree, "navorming/test.yaml", "  - id: q2", "\t- id: q2")
    change(tree, "toolbox/wie-ben-jij/sessie.yaml", "minutes: 20", "minutes: 25")
    change(tree, "toolbox/toolbox.yaml", "number: 2", "number: 1")
    assert [line.split(": ")[0] for line in problems_of(tree)] == [
        "navorming/bijvragen/gesprekken.md:32",
        "navorming/bijvragen/wat-een-bijvraag-doet.md:38",
        "navorming/course.yaml:3",
        "navorming/dialogen/d1.yaml:11",
        "navorming/test.yaml:14",
        "navorming/welkom/start.md:5",
        "navorming/welkom/start.md:10",
        "toolbox/toolbox.yaml:3",
        "toolbox/wie-ben-jij/sessie.yaml:8",
    ]


def test_several_mistakes_in_one_file_are_all_told(tree: Path) -> None:
    change(tree, "navorming/dialogen/d2.yaml", "rating: goed", "rating: middel")
    change(tree, "navorming/dialogen/d2.yaml", "title: Jade", "titel: Jade")
    change(tree, "navorming/dialogen/d2.yaml", "opent: 2", "opent: 5")
    assert problems_of(tree) == [
        'navorming/dialogen/d2.yaml:3: onbekende sleutel "titel", verwacht een van: '
        "id, slug, title, setting, about, sensitive, routes, start, turns, endings, written_variant",
        'navorming/dialogen/d2.yaml:14: "opent" is 5, verwacht hoogstens 2',
        'navorming/dialogen/d2.yaml:17: "rating" is "middel", verwacht een van: goed, matig, zwak',
    ]


@pytest.mark.parametrize(
    "file",
    [
        "navorming/welkom/start.md",
        "navorming/bijvragen/wat-een-bijvraag-doet.md",
        "navorming/bijvragen/gesprekken.md",
        "navorming/bijvragen/module.yaml",
        "navorming/dialogen/d1.yaml",
        "navorming/dialogen/d2.yaml",
        "toolbox/wie-ben-jij/sessie.yaml",
    ],
)
def test_a_file_that_cannot_be_read_does_not_blame_the_files_that_name_what_it_holds(tree: Path, file: str) -> None:
    (tree / file).write_bytes(b"\xff")
    assert {line.split(":")[0] for line in problems_of(tree)} == {file}


def test_a_folder_that_does_not_exist_names_the_files_that_are_missed(tmp_path: Path) -> None:
    said = problems_of(tmp_path / "nowhere")
    assert "navorming/course.yaml:1: het bestand ontbreekt, verwacht dit bestand (zie docs/authors.md)" in said
