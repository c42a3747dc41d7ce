"""Staff see new content before it goes live; learners stay on what is live, and a preview stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from lms.app import create_app
from lms.cli import main as cli
from lms.config import Config
from lms.content.versions import Versions
from lms.learning import actions
from lms.permissions import Role
from tests.conftest import empty_database
from tests.factories import make_contact_person, make_finished, make_person, make_school
from tests.integration.test_broken_content import LESSON, NEW, OLD
from tests.rich_course import change, write_rich_course
from tests.world import Browser, database_state

pytestmark = pytest.mark.sqlite_alone

PAGES = ("/voorproef", "/voorproef/klein/eerste-les", "/voorproef/gesprek/robin", "/voorproef/inhoud/klein/kring.png")


@pytest.fixture
def previewed(config: Config, site: Flask, tmp_path: Path) -> Iterator[tuple[Flask, Path]]:
    """A site on the rich course, and the folder that is previewed: the same, with one lesson rewritten."""
    base, work = write_rich_course(tmp_path / "base"), write_rich_course(tmp_path / "work")
    own = replace(config, courses=base, data=tmp_path / "data", database_url=config.database)
    app = create_app(own, watch_content=False)
    change(work / "navorming" / "klein" / "eerste-les.md", OLD, NEW + "\n\n![Een kring met stoelen](kring.png)\n\n")
    (work / "navorming" / "klein" / "kring.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    Versions(own.content).show_preview(work)
    with app.app_context():
        yield app, work / "navorming"
        empty_database()


def staff(app: Flask) -> Browser:
    return Browser(app).sign_in(make_person(role=Role.OS_STAFF))


def test_staff_see_the_new_version_and_learners_the_old_one(previewed: tuple[Flask, Path]) -> None:
    app, _ = previewed
    learner, office = Browser(app).sign_in(make_person()), staff(app)
    page = office.get("/voorproef")
    assert "Alles is in orde" in page.text
    row = next(item for item in page.soup.select("li") if "/voorproef/klein/eerste-les" in str(item))
    assert "Veranderd" in row.get_text()
    assert len(page.soup.select("#verschil + ul li")) == 1
    assert "Veranderd" not in next(item for item in page.soup.select("li") if "tweede-les" in str(item)).get_text()
    shown = office.get("/voorproef/klein/eerste-les")
    assert NEW in shown.text and OLD not in shown.text
    assert office.get("/voorproef/inhoud/klein/kring.png").status == 200
    assert [image["src"] for image in shown.soup.select("main img")] == ["/voorproef/inhoud/klein/kring.png"]
    assert OLD in learner.get(LESSON).text and NEW not in learner.get(LESSON).text
    assert OLD in office.get(LESSON).text, "outside the preview staff see what is live"


def test_nobody_else_sees_that_there_is_a_preview(previewed: tuple[Flask, Path]) -> None:
    app, _ = previewed
    library = app.extensions["shelf"].library
    people = [make_person(), make_finished(library), make_contact_person(make_school())]
    for person in people:
        visitor = Browser(app).sign_in(person)
        for path in (*PAGES, f"/voorproef/sessie/{library.sessions[0].slug}"):
            assert visitor.get(path).status == 404
        for path in ("/navorming", LESSON, "/account", "/pakket"):
            text = visitor.get(path).text
            assert "oorproef" not in text and NEW not in text
    assert Browser(app).get("/voorproef").location.startswith("/aanmelden")


def test_what_is_wrong_is_shown_with_its_line_and_the_pages_wait(previewed: tuple[Flask, Path]) -> None:
    app, work = previewed
    office = staff(app)
    good = (work / "klein" / "eerste-les.md").read_text()
    (work / "klein" / "eerste-les.md").write_text(good.replace("    correct: true\n", ""))
    page = office.get("/voorproef")
    assert "navorming/klein/eerste-les.md:" in page.text and "geen enkel antwoord is juist" in page.text
    assert office.get("/voorproef/klein/eerste-les").status == 404
    (work / "klein" / "eerste-les.md").write_text(good)
    assert "Alles is in orde" in office.get("/voorproef").text, "a mended file is seen at the next look"


def test_an_id_that_people_used_and_that_is_gone_is_told(previewed: tuple[Flask, Path]) -> None:
    app, work = previewed
    actions.submit_answer(app.extensions["shelf"].library, "x1", {"choice": "a"}, key="k", by=make_person().id)
    change(work / "klein" / "eerste-les.md", "id: x1\n", "id: x-ander\n")
    assert 'de oefening "x1" is weg, maar er deed 1 iemand er al iets mee' in staff(app).get("/voorproef").text


def test_walking_through_stores_nothing(previewed: tuple[Flask, Path]) -> None:
    app, _ = previewed
    office = staff(app)
    office.get("/voorproef")
    before = database_state()
    lesson = office.get("/voorproef/klein/eerste-les")
    assert lesson.soup.select("fieldset[disabled] form button"), "the exercise is shown, and cannot be sent"
    assert not [
        button
        for button in lesson.soup.select("button")
        if not button.find_parent("fieldset", disabled=True) and button.find_parent("main")
    ]
    assert "Robin kiest waarover het gaat." in lesson.text, "what each answer leads to"
    step = office.get("/voorproef/gesprek/robin")
    for _ in range(10):
        link = step.soup.select_one("#keuzes + ul a")
        if link is None:
            break
        step = office.get(str(link["href"]))
    assert "Zo loopt het af" in step.text
    assert office.get("/voorproef/gesprek/robin?weg=bestaat-niet").status == 404
    assert office.get("/voorproef/gesprek/robin?weg=" + "a~" * 50).status == 404
    for path in ("/voorproef/klein/alle-soorten", "/voorproef/klein/zwaar", "/voorproef/gesprek/sam"):
        assert office.get(path).status == 200
    session = app.extensions["shelf"].library.sessions[0].slug
    assert office.get(f"/voorproef/sessie/{session}").status == 200
    assert database_state() == before


def test_what_rules_judge_is_told_as_a_learner_would_read_it(previewed: tuple[Flask, Path]) -> None:
    app, _ = previewed
    page = staff(app).get("/voorproef/klein/alle-soorten")
    told = [" ".join(item.get_text(" ").split()) for item in page.soup.select("details li")]
    assert any("Iets wat niet kan Niet juist: dit botst met tijd. Uitleg bij wat niet kan." in line for line in told)
    assert any("Iets wat kan Juist. Uitleg bij wat kan." in line for line in told)
    assert any("Over het geheel" in line and "Uitleg over de tijd." in line for line in told)
    assert sum("Zo doet het beste plan het ook." in line for line in told) == 3


def test_links_in_a_lesson_stay_inside_the_preview(previewed: tuple[Flask, Path]) -> None:
    app, _ = previewed
    links = [link["href"] for link in staff(app).get("/voorproef/klein/tweede-les").soup.select(".prose a")]
    assert "/voorproef/klein/eerste-les" in links and not [
        link for link in links if link.startswith("/navorming/klein")
    ]


def test_images_of_the_preview_leave_its_folder_only_as_images(previewed: tuple[Flask, Path]) -> None:
    app, _ = previewed
    office = staff(app)
    for name in ("course.yaml", "klein/eerste-les.md", "../base/navorming/course.yaml", "klein/geen.png"):
        assert office.get(f"/voorproef/inhoud/{name}").status == 404


def test_the_command_starts_and_stops_it(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_ENV", "development")
    monkeypatch.setenv("LMS_DATA", str(tmp_path / "data"))
    work = write_rich_course(tmp_path / "work")
    versions = Versions(tmp_path / "data" / "content")
    change(work / "navorming" / "klein" / "eerste-les.md", "    correct: true\n", "")
    started = CliRunner().invoke(cli, ["preview", str(work)])
    assert started.exit_code == 0 and "/voorproef" in started.stdout
    assert "navorming/klein/eerste-les.md:" in started.stderr
    assert versions.previewed() == work.resolve()
    assert CliRunner().invoke(cli, ["preview", "--stop"]).exit_code == 0
    assert versions.previewed() is None
    for words in (["preview"], ["preview", str(work), "--stop"]):
        assert CliRunner().invoke(cli, words).exit_code == 1
    assert CliRunner().invoke(cli, ["preview", str(tmp_path / "weg")]).exit_code == 2


def test_without_a_folder_there_is_no_preview(rich: Flask) -> None:
    office = staff(rich)
    assert "Er is geen voorproef" in office.get("/voorproef").text
    assert "oorproef" not in office.get("/scholen").text
    assert office.get("/voorproef/klein/eerste-les").status == 404
