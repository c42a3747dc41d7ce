"""Content goes live by a command: checked, at once for all processes, without a restart, and back again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lms import schema
from lms.app import create_app
from lms.config import Config
from lms.database import db
from lms.learning import actions
from tests.factories import make_person
from tests.integration.test_broken_content import LESSON, NEW, OLD, command, until
from tests.rich_course import change, write_rich_course
from tests.server import Server, let_in, own_config


@pytest.mark.slow
@pytest.mark.sqlite_alone
def test_a_running_site_takes_what_goes_live_and_goes_back(
    config: Config, new_database: Callable[[], str], tmp_path: Path
) -> None:
    base = write_rich_course(tmp_path / "base")
    own = own_config(config, tmp_path / "data", new_database(), base)
    settings = {
        "LMS_COURSES": str(base), "LMS_DATA": str(own.data), "LMS_DATABASE_URL": own.database_url,
    }  # fmt: skip
    app = create_app(own, watch_content=False)
    with app.app_context():
        schema.migrate(db.engine)
        person = make_person()
        token = let_in(person.id)
        actions.submit_answer(app.extensions["shelf"].library, "x1", {"choice": "a"}, key="k", by=person.id)
        db.session.remove()
        db.engine.dispose()

    work = write_rich_course(tmp_path / "work")
    lesson = work / "navorming" / "klein" / "eerste-les.md"
    change(lesson, OLD, NEW)
    with Server(own) as server:
        learner = server.call(token)
        assert OLD in learner.get(LESSON)[1]

        kept = lesson.read_text()
        lesson.write_text(kept.replace("    correct: true\n", ""))
        broken = command("go-live", str(work), **settings)
        assert broken.code == 1 and "navorming/klein/eerste-les.md:" in broken.errors
        assert "Traceback" not in broken.errors

        lesson.write_text(kept.replace("id: x1\n", "id: x-ander\n"))
        forgetful = command("go-live", str(work), **settings)
        assert forgetful.code == 1
        assert (
            'navorming/moved.yaml:1: de oefening "x1" is weg, maar er deed 1 iemand er al iets mee' in forgetful.errors
        )
        assert OLD in learner.get(LESSON)[1]

        (work / "navorming" / "moved.yaml").write_text("exercises: {x1: x-ander}\n")
        done = command("go-live", str(work), **settings)
        assert done.code == 0, done.errors
        until(lambda: NEW in learner.get(LESSON)[1], seconds=10)

        shown = command("go-live", **settings)
        assert shown.code == 0 and shown.out.startswith("live ")

        back = command("go-live", "--back", **settings)
        assert back.code == 0 and "base" in back.out, back.errors
        until(lambda: OLD in learner.get(LESSON)[1], seconds=10)

    nothing = command("go-live", "--back", **settings)
    assert nothing.code == 1 and "geen vorige versie" in nothing.errors
    assert command("go-live", **settings).out.startswith(f"Live staat de map {base}")
    assert command("go-live", str(tmp_path / "weg"), **settings).code == 2
    assert command("go-live", "--back", str(work), **settings).code == 1


@pytest.mark.slow
def test_a_database_of_another_release_is_told(tmp_path: Path) -> None:
    work = write_rich_course(tmp_path / "work")
    done = command("go-live", str(work), LMS_COURSES=str(work), LMS_DATA=str(tmp_path / "data"))
    assert done.code == 2 and "lms init" in done.errors
