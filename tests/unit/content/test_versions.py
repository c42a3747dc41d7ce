"""A version goes live whole or not at all, wherever the process that puts it live is killed."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lms.content.problems import ContentError, Problem
from lms.content.reader import read_library
from lms.content.shelf import Shelf
from lms.content.versions import KEPT, NothingBefore, Versions

FIRST = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "data" / "content")


def change(tree: Path, title: str) -> None:
    file = tree / "navorming/course.yaml"
    lines = file.read_text("utf-8").split("\n")
    lines[1] = f"title: {title}"
    file.write_text("\n".join(lines), "utf-8")


def live_title(versions: Versions) -> str | None:
    folder = versions.live()
    return None if folder is None else read_library(folder).course.title


def test_what_was_put_live_no_longer_depends_on_where_it_came_from(tree: Path, versions: Versions) -> None:
    assert versions.live() is None
    versions.put_live(tree, FIRST)
    shutil.rmtree(tree)
    assert live_title(versions) == "Een kleine cursus"


def test_one_can_go_back_step_by_step_to_the_content_of_the_settings(tree: Path, versions: Versions) -> None:
    for number, title in enumerate(("Een", "Twee", "Drie")):
        change(tree, title)
        versions.put_live(tree, FIRST + timedelta(days=number))
    for title in ("Twee", "Een"):
        versions.go_back()
        assert live_title(versions) == title
    assert versions.go_back() is None and versions.live() is None
    with pytest.raises(NothingBefore):
        versions.go_back()


def test_something_wrong_changes_nothing_and_leaves_nothing(tree: Path, versions: Versions) -> None:
    versions.put_live(tree, FIRST)
    change(tree, "")
    with pytest.raises(ContentError):
        versions.put_live(tree, FIRST + timedelta(days=1))
    change(tree, "Goed, maar niet nu")
    with pytest.raises(ContentError):
        versions.put_live(tree, FIRST + timedelta(days=2), lambda _: [Problem("x", 1, "nee", "ja")])
    assert live_title(versions) == "Een kleine cursus"
    assert [path.name for path in versions.folder.iterdir() if path.is_dir()] == versions.names


def test_only_a_few_versions_stay(tree: Path, versions: Versions) -> None:
    for number in range(KEPT + 3):
        change(tree, f"Versie {number}")
        versions.put_live(tree, FIRST + timedelta(days=number))
    assert len(versions.names) == KEPT
    assert sorted(path.name for path in versions.folder.iterdir() if path.is_dir()) == versions.names
    assert live_title(versions) == f"Versie {KEPT + 2}"


def test_hidden_files_stay_behind(tree: Path, versions: Versions) -> None:
    (tree / ".git").mkdir()
    (tree / ".git" / "config").write_text("x")
    versions.put_live(tree, FIRST)
    live = versions.live()
    assert live is not None and not (live / ".git").exists()


def test_the_shelf_follows_and_serves_images_of_the_version_it_shows(tree: Path, versions: Versions) -> None:
    shelf = Shelf(lambda: versions.live() or tree)
    shelf.load()
    assert shelf.folder == tree
    work = Path(shutil.copytree(tree, tree.parent / "work"))
    change(work, "Nieuw")
    versions.put_live(work, FIRST)
    assert shelf.is_stale() and shelf.reload() == ()
    assert (shelf.library.course.title, shelf.folder) == ("Nieuw", versions.live())
    change(work, "Nog bezig")
    assert not shelf.is_stale(), "the copy is live, not the folder in which an author works on"
    versions.go_back()
    assert shelf.is_stale() and shelf.reload() == ()
    assert (shelf.library.course.title, shelf.folder) == ("Een kleine cursus", tree)


def test_two_that_go_live_at_once_take_turns(tree: Path, versions: Versions) -> None:
    def put(number: int) -> None:
        Versions(versions.folder).put_live(tree, FIRST + timedelta(days=number))

    threads = [threading.Thread(target=put, args=(number,)) for number in range(KEPT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(versions.names) == KEPT and all((versions.folder / name).is_dir() for name in versions.names)


def killed_before(step: int, versions: Versions, tree: Path, back: bool) -> bool:
    """Do it in a process that is killed before its file operation number ``step``; gives whether it was."""
    child = os.fork()
    if child == 0:  # pragma: no cover - the child
        steps = iter(range(step))

        def count(event: str, arguments: tuple[object, ...]) -> None:
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            changes = event in {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.copyfile", "shutil.rmtree"}
            if (writes or changes) and next(steps, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(count)
            if back:
                versions.go_back()
            else:
                versions.put_live(tree, FIRST + timedelta(days=1, seconds=step))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.slow
@pytest.mark.parametrize("back", [False, True], ids=["forward", "back"])
def test_killed_anywhere_the_old_or_the_new_version_is_live(tree: Path, tmp_path: Path, back: bool) -> None:
    """Before every single file operation, one after the other, until there is none left to be killed before."""
    seen: list[str | None] = []
    for step in range(500):
        versions = Versions(tmp_path / f"run{step}")
        change(tree, "Oud")
        versions.put_live(tree, FIRST - timedelta(days=1))
        if back:
            change(tree, "Ouder nog")
            versions.put_live(tree, FIRST)
        change(tree, "Nieuw")
        killed = killed_before(step, versions, tree, back)
        seen.append(live_title(versions))
        if not killed:
            break
        # The next run is not hindered by what the killed one left, and clears it away.
        versions.put_live(tree, FIRST + timedelta(days=2))
        assert live_title(versions) == "Nieuw"
        assert sorted(path.name for path in versions.folder.iterdir() if path.is_dir()) == versions.names
        shutil.rmtree(versions.folder)
    assert not killed and len(seen) > (3 if back else 20)
    old, new = ("Ouder nog", "Oud") if back else ("Oud", "Nieuw")
    assert set(seen) == {old, new}
    assert seen == sorted(seen, key=[old, new].index), "once new, new"


def test_without_the_one_step_half_a_list_would_be_live(tree: Path, versions: Versions) -> None:
    """The sabotaged twin: a list that is written in place can be found half."""
    versions.put_live(tree, FIRST)
    whole = (versions.folder / "live.json").read_text()
    (versions.folder / "live.json").write_text(whole[: len(whole) // 2])
    with pytest.raises(ValueError):
        versions.live()
