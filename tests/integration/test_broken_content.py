"""A mistake in a course file: authors and O&S read where it is, and learners notice nothing."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from lms import schema
from lms.app import create_app
from lms.cli import main as cli
from lms.config import Config
from lms.content.problems import ContentError
from lms.database import db
from lms.permissions import Role
from tests import nursery
from tests.factories import make_person
from tests.rich_course import change, write_rich_course
from tests.server import Client, Server, let_in, own_config
from tests.visitor import Browser

pytestmark = pytest.mark.sqlite_alone

LESSON = "/navorming/klein/eerste-les"
OLD, NEW = "Robin toont een foto en wacht.", "Robin legt een foto op tafel en wacht."

Break = Callable[[Path], None]


def spoil_yaml(course: Path) -> None:
    change(course / "test.yaml", "pass_score: 2", "pass_score: [2")


def two_lessons_with_one_id(course: Path) -> None:
    change(course / "klein" / "tweede-les.md", "id: m1-l2", "id: m1-l1")


def no_right_answer(course: Path) -> None:
    change(course / "klein" / "eerste-les.md", "    correct: true\n", "")


def lesson_gone(course: Path) -> None:
    (course / "klein" / "tweede-les.md").unlink()


def dead_link(course: Path) -> None:
    change(course / "klein" / "tweede-les.md", "(/navorming/klein/eerste-les)", "(/navorming/klein/bestaat-niet)")


def turn_to_nowhere(course: Path) -> None:
    change(course / "dialogen" / "d-mini.yaml", "next: e_goed", "next: e_weg")


def not_text(course: Path) -> None:
    (course / "klein" / "eerste-les.md").write_bytes(b"\xff\xfe\x00kapot")


# How to spoil the course, and the file that has to be named.
BREAKS: list[tuple[Break, str]] = [
    (spoil_yaml, "navorming/test.yaml"),
    (two_lessons_with_one_id, "navorming/klein/tweede-les.md"),
    (no_right_answer, "navorming/klein/eerste-les.md"),
    (lesson_gone, "navorming/klein/module.yaml"),
    (dead_link, "navorming/klein/tweede-les.md"),
    (turn_to_nowhere, "navorming/dialogen/d-mini.yaml"),
    (not_text, "navorming/klein/eerste-les.md"),
]
every_break = pytest.mark.parametrize(("spoil", "file"), BREAKS, ids=[spoil.__name__ for spoil, _ in BREAKS])


def command(*words: str, **settings: str) -> nursery.Told:
    """Run ``lms`` as an administrator does."""
    return nursery.command(list(words), nursery.environ_with({"LMS_ENV": "development", **settings})).end()


def invoke(*words: str) -> Result:
    """The same command inside this process, which starts faster."""
    return CliRunner().invoke(cli, list(words))


def line_of(text: str, file: str) -> int:
    """The line number that ``text`` names for a file."""
    named = next(line for line in text.splitlines() if line.startswith(file + ":"))
    number = int(named.split(":")[1])
    assert number >= 1
    return number


@every_break
def test_the_last_good_version_stays_and_staff_read_where_it_is_wrong(
    editable: tuple[Flask, Path], spoil: Break, file: str
) -> None:
    app, course = editable
    shelf = app.extensions["shelf"]
    learner = Browser(app).sign_in(make_person())
    before = learner.get(LESSON)
    assert before.status == 200 and OLD in before.text
    good = shelf.library

    spoil(course)
    assert shelf.is_stale()
    assert shelf.reload()
    assert shelf.library is good
    page = learner.get(LESSON)
    assert page.status == 200 and OLD in page.text

    staff = Browser(app).sign_in(make_person(role=Role.OS_STAFF))
    shown = staff.get("/scholen")
    listed = [item.get_text() for item in shown.soup.select("[aria-labelledby=inhoudsfout] li")]
    assert line_of("\n".join(listed), file)
    assert file not in learner.get("/navorming").text, "a begeleider has no use for it"


@every_break
def test_the_check_names_file_and_line_and_fails(tmp_path: Path, spoil: Break, file: str) -> None:
    folder = write_rich_course(tmp_path / "courses")
    spoil(folder / "navorming")
    done = invoke("check-courses", str(folder))
    assert done.exit_code == 1, done.output
    number = line_of(done.stderr, file)
    assert not done.stdout

    done = invoke("check-courses", str(folder), "--json")
    assert done.exit_code == 1
    problems = json.loads(done.stdout)
    assert any(problem["file"] == file and problem["line"] == number for problem in problems)
    assert all(problem["cause"] and set(problem) == {"file", "line", "cause", "expected"} for problem in problems)


def test_all_mistakes_are_named_in_one_run(tmp_path: Path) -> None:
    folder = write_rich_course(tmp_path / "courses")
    for spoil in (no_right_answer, dead_link, turn_to_nowhere):
        spoil(folder / "navorming")
    done = invoke("check-courses", str(folder))
    for file in ("klein/eerste-les.md", "klein/tweede-les.md", "dialogen/d-mini.yaml"):
        assert line_of(done.stderr, f"navorming/{file}")


def test_the_line_is_the_line_of_the_mistake(tmp_path: Path) -> None:
    folder = write_rich_course(tmp_path / "courses")
    file = folder / "navorming" / "klein" / "tweede-les.md"
    dead_link(folder / "navorming")
    expected = next(
        number for number, line in enumerate(file.read_text().splitlines(), start=1) if "bestaat-niet" in line
    )
    assert line_of(invoke("check-courses", str(folder)).stderr, "navorming/klein/tweede-les.md") == expected


@pytest.mark.slow
@pytest.mark.sqlite_alone
def test_good_content_passes_the_check(tmp_path: Path) -> None:
    folder = write_rich_course(tmp_path / "courses")
    done = invoke("check-courses", str(folder))
    assert done.exit_code == 0 and "In orde" in done.stdout
    assert json.loads(invoke("check-courses", str(folder), "--json").stdout) == []
    # The folder of the setting is the one that is checked when none is named.
    dead_link(folder / "navorming")
    told = command("check-courses", LMS_COURSES=str(folder))
    assert told.code == 1 and "Traceback" not in told.errors
    assert line_of(told.errors, "navorming/klein/tweede-les.md")
    assert command("check-courses").code == 0


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = invoke("check-courses", str(tmp_path / "weg"))
    assert done.exit_code == 2 and "bestaat niet" in done.stderr


@pytest.mark.slow
@pytest.mark.sqlite_alone
def test_a_site_with_only_broken_content_does_not_start(tmp_path: Path) -> None:
    folder = write_rich_course(tmp_path / "courses")
    for spoil in (no_right_answer, turn_to_nowhere):
        spoil(folder / "navorming")
    for words in (["init"], ["run", "--port", "1"]):
        told = command(*words, LMS_COURSES=str(folder), LMS_DATA=str(tmp_path / "data"))
        assert told.code == 1, told.errors
        assert line_of(told.errors, "navorming/klein/eerste-les.md")
        assert line_of(told.errors, "navorming/dialogen/d-mini.yaml")
        assert "Traceback" not in told.errors


def test_the_factory_refuses_too(config: Config, tmp_path: Path) -> None:
    folder = write_rich_course(tmp_path / "courses")
    spoil_yaml(folder / "navorming")
    with pytest.raises(ContentError) as caught:
        create_app(replace(config, courses=folder), watch_content=False)
    assert caught.value.problems[0].file == "navorming/test.yaml"


def until(looks_right: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what the running site does by itself."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if looks_right():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def problems_of(client: Client) -> int:
    return int(json.loads(client.get("/healthz")[1])["content_problems"])


@pytest.mark.slow
@pytest.mark.sqlite_alone
def test_a_running_site_survives_a_mistake_and_takes_the_mended_version(
    config: Config, new_database: Callable[[], str], tmp_path: Path
) -> None:
    """The real server on another content folder: good, broken, mended, all without a restart."""
    folder = write_rich_course(tmp_path / "elsewhere")
    own = own_config(config, tmp_path / "data", new_database(), folder)
    app = create_app(own, watch_content=False)
    with app.app_context():
        schema.migrate(db.engine)
        learner_token = let_in(make_person().id)
        staff_token = let_in(make_person(role=Role.OS_STAFF).id)
        db.session.remove()
        db.engine.dispose()
    with Server(own) as server:
        learner, staff = server.call(learner_token), server.call(staff_token)
        status, text = learner.get(LESSON)
        assert status == 200 and OLD in text

        lesson = folder / "navorming" / "klein" / "eerste-les.md"
        kept = lesson.read_text()
        lesson.write_text(kept.replace(OLD, NEW).replace("    correct: true\n", ""))
        # Each worker of the site looks at the files by itself, and the two connections may end at different ones.
        until(lambda: problems_of(learner) > 0)
        until(lambda: "navorming/klein/eerste-les.md:" in staff.get("/scholen")[1])
        for client in (learner, staff):
            status, text = client.get(LESSON)
            assert status == 200 and OLD in text and NEW not in text

        lesson.write_text(kept.replace(OLD, NEW))
        until(lambda: problems_of(learner) == 0)
        status, text = learner.get(LESSON)
        assert status == 200 and NEW in text and OLD not in text
        until(lambda: "inhoudsfout" not in staff.get("/scholen")[1])

        # A folder that is taken away for a moment is a mistake like another.
        shutil.move(folder, tmp_path / "away")
        until(lambda: problems_of(learner) > 0)
        assert learner.get(LESSON)[0] == 200
        shutil.move(tmp_path / "away", folder)
        until(lambda: problems_of(learner) == 0)


def test_the_check_prints_how_easily_each_lesson_reads_and_never_fails_on_it(tmp_path: Path) -> None:
    folder = write_rich_course(tmp_path / "courses")
    hard = (
        "Desbetreffende verantwoordelijkheidsoverwegingen operationaliseren interdisciplinaire samenwerkingsverbanden "
    )
    change(folder / "navorming" / "klein" / "lezen.md", "Lees dit en ga verder.", hard * 8 + ".")
    done = invoke("check-courses", str(folder), "--reading-level")
    assert done.exit_code == 0, done.output
    assert "Flesch-Douma" in done.stdout
    row = next(line for line in done.stdout.splitlines() if line.endswith("klein/lezen"))
    assert row.split()[:2] == ["0", "pittig"]
    warned = invoke("check-courses", str(folder)).stdout.splitlines()[-1]
    assert warned.startswith("Let op: ") and "klein/lezen (0)" in warned
