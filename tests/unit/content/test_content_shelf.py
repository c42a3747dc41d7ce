"""The shelf shows the last good version, whole, whatever happens to the files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lms.content import snapshot
from lms.content.models import Library
from lms.content.problems import Problem
from lms.content.reader import ContentError, read_library
from lms.content.shelf import Shelf

# These hold the version number in the concurrency test: one in each kind of file.
VERSIONED = (
    ("navorming/welkom/module.yaml", "Waar je begint."),
    ("navorming/bijvragen/wat-een-bijvraag-doet.md", "Een bijvraag opent het gesprek."),
    ("navorming/dialogen/d1.yaml", "Milan vertelt."),
    ("toolbox/wie-ben-jij/sessie.yaml", "Een reis van toen naar nu."),
)


def retitle(tree: Path, title: str) -> None:
    path = tree / "navorming/course.yaml"
    lines = path.read_text("utf-8").split("\n")
    lines[1] = f"title: {title}"
    path.write_text("\n".join(lines), "utf-8")


def test_a_shelf_that_has_nothing_good_refuses_to_start(tree: Path) -> None:
    retitle(tree, "")
    shelf = Shelf(tree)
    with pytest.raises(ContentError) as caught:
        shelf.load()
    assert [str(problem) for problem in caught.value.problems] == [
        'navorming/course.yaml:2: "title" is leeg, verwacht tekst'
    ]
    with pytest.raises(RuntimeError):
        _ = shelf.library
    with pytest.raises(RuntimeError):
        shelf.reload()
    retitle(tree, "Hersteld")
    assert shelf.load().course.title == "Hersteld"


def test_a_broken_file_leaves_the_last_good_version_live_until_it_is_mended(tree: Path) -> None:
    shelf = Shelf(tree)
    good = shelf.load()
    retitle(tree, "[stuk")
    problems = shelf.reload()
    assert shelf.library is good
    assert shelf.problems == problems
    assert [(problem.file, problem.line) for problem in problems] == [("navorming/course.yaml", 2)]
    retitle(tree, "Gemaakt")
    assert shelf.reload() == ()
    assert shelf.problems == ()
    assert shelf.library.course.title == "Gemaakt"
    assert good.course.title == "Een kleine cursus"


def test_a_change_is_noticed_once_whether_it_is_good_or_not(tree: Path) -> None:
    shelf = Shelf(tree)
    assert shelf.is_stale()
    shelf.load()
    assert not shelf.is_stale()
    for title in ("Langere titel", "[stuk", "Weer goed"):
        retitle(tree, title)
        assert shelf.is_stale()
        shelf.reload()
        assert not shelf.is_stale()
    (tree / "nieuw.txt").write_text("x", "utf-8")
    assert shelf.is_stale()
    shelf.reload()
    (tree / "nieuw.txt").unlink()
    assert shelf.is_stale()


def test_files_that_did_not_really_change_keep_the_same_object(tree: Path) -> None:
    shelf = Shelf(tree)
    first = shelf.load()
    (tree / "navorming/course.yaml").touch()
    shelf.reload()
    assert shelf.library is first
    assert shelf.load() is first


def test_a_version_is_not_taken_while_its_files_are_being_written(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the first and the last file that is read an author saves two files: reading starts again."""
    shelf = Shelf(tree)
    shelf.load()
    take = snapshot.take
    tries = []

    def read_while_writing(folder: Path, problems: list[Problem]) -> snapshot.Snapshot:
        found = take(folder, problems)
        tries.append(1)
        if len(tries) == 1:
            retitle(tree, "Tijdens het lezen")
        return found

    monkeypatch.setattr(snapshot, "take", read_while_writing)
    shelf.reload()
    assert len(tries) == 2
    assert shelf.library.course.title == "Tijdens het lezen"


def versions_in(library: Library) -> set[str]:
    """The version each part of a library says it is."""
    course = library.course
    texts = (
        course.modules[0].summary,
        course.modules[1].lessons[0].blocks[0].text,  # type: ignore[union-attr]
        course.dialogues[0].endings[0].text,
        library.sessions[0].lead,
    )
    return {text.rstrip(".").rpartition(" ")[2] for text in texts}


def swap_while_reading(tree: Path, rounds: int, take: Callable[[Shelf], Library]) -> tuple[list[set[str]], set[str]]:
    """Publish ``rounds`` versions under the eyes of four readers: the mixtures they saw, and all versions they saw."""
    originals = {name: (tree / name).read_text("utf-8") for name, _ in VERSIONED}

    def write(version: str) -> None:
        for name, words in VERSIONED:
            new = originals[name].replace(words, f"{words[:-1]} {version}.")
            assert new != originals[name]
            (tree / name).write_text(new, "utf-8")

    write("v0")
    shelf = Shelf(tree)
    shelf.load()
    seen: set[str] = set()
    mixed: list[set[str]] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.0005):
            found = versions_in(take(shelf))
            if len(found) != 1:
                mixed.append(found)
            seen.update(found)

    readers = [threading.Thread(target=look) for _ in range(4)]
    try:
        for reader in readers:
            reader.start()
        for number in range(1, rounds + 1):
            write(f"v{number}")
            if number % 10 == 0:
                # A broken version in between must not be seen either.
                retitle(tree, "[stuk")
                assert shelf.reload() != ()
                assert versions_in(shelf.library) == {f"v{number - 1}"}
                retitle(tree, "Heel")
            assert shelf.reload() == ()
            assert versions_in(shelf.library) == {f"v{number}"}
    finally:
        done.set()
        for reader in readers:
            reader.join()
    return mixed, seen


@pytest.mark.slow
def test_readers_during_two_hundred_swaps_never_see_a_mixture(tree: Path) -> None:
    mixed, seen = swap_while_reading(tree, 200, lambda shelf: shelf.library)
    assert mixed == []
    assert len(seen) > 100


def test_a_reader_that_asks_twice_for_one_page_would_see_a_mixture(tree: Path) -> None:
    """The twin of the test above: it can tell a mixture from a whole version."""

    def take_in_halves(shelf: Shelf) -> Library:
        course = shelf.library.course
        time.sleep(0.005)
        return shelf.library.model_copy(update={"course": course})

    mixed, _ = swap_while_reading(tree, 40, take_in_halves)
    assert mixed


def test_many_threads_may_reload_at_once(tree: Path) -> None:
    shelf = Shelf(tree)
    shelf.load()
    retitle(tree, "Samen")
    threads = [threading.Thread(target=shelf.reload) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf.library == read_library(tree)
    assert shelf.library.course.title == "Samen"
    assert not shelf.is_stale()
